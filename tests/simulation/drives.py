"""The goal of a test drive."""

from dataclasses import dataclass
from typing import Any

from tests.simulation import wording
from tests.simulation.bookings import Booking
from tests.simulation.visits import PETROL

DRIVABLE = (*PETROL, "xinghe-e3", "xinghe-e5", "xinghe-x7", "guitu-m8")
"""Models with a demo car."""


@dataclass
class Drive(Booking):
    """Books a test drive."""

    intent = "book_test_drive"
    path = "test-drives"
    models = DRIVABLE

    def differences(self, row: dict[str, Any]) -> list[str]:
        found = super().differences(row)
        shown = row["trim"]["name_en" if self.person.english else "name_zh"]
        if self.later != "move" and shown not in self._summary:
            found.append(f"the {shown}, which the summary did not show")
        return found

    def wish_word(self) -> str:
        return self.person.either("试驾", "a test drive")

    def sentences(self) -> list[str]:
        p, name = self.person, self.car.name(self.person.english)
        lacks = "朋友|我妈|我爸|报名|带|今天|空|下班|sign me"
        held = wording.openers(self.intent, p.english, self.car, lacks=lacks)
        p.rng.shuffle(held)
        said = self.said(self.when)
        contact = (
            ""
            if self.known
            else p.either(f"，我叫{p.name}，电话{p.phone}", f", I'm {p.name}, {p.phone}")
        )
        plain = [
            p.either(
                f"想约{said}试驾{name}",
                f"I'd like to test drive the {name} on {said}".replace("on tomorrow", "tomorrow"),
            ),
            p.either(f"{said}试驾{name}{contact}", f"Test drive of the {name}, {said}{contact}"),
        ]
        if not p.brief and p.rng.random() < 0.7:
            return [p.rng.choice(plain), *plain]
        return [*held[:1], *plain]
