"""What a customer answers to the questions of a booking.

Most answer all that they were asked in one message, in an order of their own; some only one thing
of it, and leave the rest to be asked again.
"""

import random
import re
from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation import wording
from tests.simulation.goals import Goal
from tests.simulation.wording import Car

TIME_AND_CAR = ("items", "model", "time", "other_time")
CONTACT = ("plate", "name", "phone")


@dataclass
class Answering(Goal):
    """One who wants to come: with or for which car, when, and who he is."""

    car: Car = field(default_factory=lambda: wording.cars()[0])
    when: datetime = field(default_factory=datetime.now)
    halves: bool = False
    """Says the day first, and the hour when it is asked for."""
    _half: bool = False

    def said(self, when: datetime) -> str:
        return wording.said_time(when, self.person.rng, self.person.english)

    def another_time(self) -> str:
        """A time that he can do as well, and from now on the one he means."""
        days = self.person.rng.randint(1, 6)
        self.when = wording.day_after(self.when, days).replace(
            hour=self.person.rng.choice((9, 10, 11, 14, 15)), minute=0
        )
        return self.said(self.when)

    @abstractmethod
    def wish_word(self) -> str:
        """What he wants to come for, in a word."""

    def answer(self, asked: list[str], text: str, buttons: list[str]) -> str | None:
        """To what was asked, all of it or only one thing; None when nothing was that he knows."""
        p = self.person
        wanted = [one for one in dict.fromkeys(asked) if one in (*TIME_AND_CAR, *CONTACT)]
        if "other_time" in wanted and "time" in wanted:
            wanted.remove("time")
        if not wanted:
            return p.either("确认", "yes") if {"yes_or_change", "change"} & set(asked) else None
        if p.single:
            wanted = [p.rng.choice(wanted)]
        elif p.rng.random() < 0.5:
            p.rng.shuffle(wanted)
        if wanted == ["name"]:
            return p.pick([p.name, f"我叫{p.name}"], [p.name, f"my name is {p.name}"])
        said = [self.part(one, text, buttons) for one in wanted]
        pressed = next((one for one in said if one.startswith("[")), None)
        return pressed or p.pick(["，", "，", " "], [", "]).join(said)

    def part(self, asked: str, text: str, buttons: list[str]) -> str:
        """To one thing that was asked."""
        p, name = self.person, self.car.name(self.person.english)
        if asked == "model":
            return p.pick([name, name, f"{name}吧"], [name, f"the {name}"])
        if asked == "time":
            return self._said_by_halves(text)
        if asked == "other_time":
            offered = [b for b in buttons if re.fullmatch(r"\d\d:\d\d", b)]
            day = wording.said_day(self.when, random.Random(0), p.english)
            if offered and f"{self.when.day}" in day and self._times_of_own_day(text):
                self.when = self.when.replace(hour=int(offered[0][:2]), minute=int(offered[0][3:]))
                return f"[{offered[0]}]"
            return self.another_time()
        if asked == "name":
            return p.pick([p.name, p.name, f"我叫{p.name}"], [p.name, p.name, f"I'm {p.name}"])
        if asked == "phone":
            number = p.said_phone()
            return p.pick([number, number, f"手机{number}"], [number, number, f"phone {number}"])
        return p.plate

    def _said_by_halves(self, text: str) -> str:
        p = self.person
        if self.halves and not self._half:
            self._half = True
            return wording.said_day(self.when, p.rng, p.english)
        if self._half and re.search(r"几点方便|[Ww]hat time on", text):
            self._half = False
            return wording.said_hour(self.when, p.rng, p.english)
        return self.said(self.when)

    def _times_of_own_day(self, text: str) -> bool:
        zh, en = f"{self.when.month}月{self.when.day}日", f"{self.when.day} {self.when:%b}"
        lines = [line for line in text.splitlines() if re.search(r"\d\d:\d\d、|\d\d:\d\d, ", line)]
        return bool(lines) and (zh in lines[0] or en in lines[0])
