"""Who talks, in the dialogues of a run."""

import random
from dataclasses import dataclass


@dataclass
class Person:
    """Names and numbers are his own in all of a run."""

    rng: random.Random
    english: bool
    name: str
    phone: str
    plate: str
    noise: float
    """How badly he types, 0 to 1."""
    brief: bool
    """Begins with his wish alone; others say all they know at once."""
    single: bool = False
    """Answers one thing of what he was asked; others all of it in one message."""

    def either(self, zh: str, en: str) -> str:
        return en if self.english else zh

    def pick(self, zh: list[str], en: list[str]) -> str:
        return self.rng.choice(en if self.english else zh)

    def said_phone(self) -> str:
        number = self.phone
        spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
        ways = [
            number,
            number,
            spaced,
            number.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        ]
        return self.rng.choice(ways[: 3 if self.english else 4])
