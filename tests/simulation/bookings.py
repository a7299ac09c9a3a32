"""The goals of those who book a drive or a visit, and change, move, cancel or leave it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from tests.simulation import wording
from tests.simulation.answering import Answering
from tests.simulation.goals import Records


@dataclass
class Booking(Answering):
    """What a test drive and a visit share: car, time, name, phone, a correction, a yes or a no."""

    corrects: bool = False
    digresses: bool = False
    gives_up: bool = False
    later: str = ""
    """`cancel` or `move`: what he does with the booking once he has it."""
    moved_to: datetime | None = None
    known: bool = False
    """Name and phone were told for the booking before."""
    booked: bool = False
    booked_after: int = 0
    """Messages until it was booked, besides those that the assistant did not ask for: a question
    in between, a correction, another car."""
    booked_in_all: int = 0
    """The same with those."""
    _detours: int = 0
    changes_car: bool = False
    """Takes another car when he sees the summary."""
    _asides: int = 0
    _stopped: bool = False
    _checked: int = 0
    _proposed: bool = False
    _over: bool = False
    _summary: str = ""

    intent = ""
    path = ""
    models: ClassVar[tuple[str, ...]] = ()

    def keep(self) -> tuple[str, ...]:
        return (*super().keep(), self.car.name(self.person.english))

    def react(self, asked: list[str], text: str, buttons: list[str]) -> str | None:
        p = self.person
        first = next((one for one in asked if one not in ("what_for",)), None)
        if not self.booked and "booked" in asked:
            self.booked, self.booked_in_all = True, self.turns
            self.booked_after = self.turns - self._detours
            return self._afterwards()
        if self.booked:
            return self._manages(asked, text, buttons)
        if self._stopped:
            return None
        if first == "summary":
            return self._confirm(text)
        if "what_for" in asked:
            return self.wish_word()
        # In the middle of it: sometimes something else comes to mind.
        if first in ("time", "name", "phone", "plate") and self.turns >= 2:
            if self.gives_up:
                self._stopped = True
                return p.pick(
                    ["算了，不约了", "先不弄了", "不用了，取消吧"],
                    ["never mind", "forget it, cancel that", "actually stop, I don't want to book"],
                )
            if self.digresses and not self._asides:
                self._asides += 1
                self._detours += 1
                name = self.car.name(p.english)
                return p.pick(
                    [
                        "你们几点关门",
                        "店在哪里",
                        "对了，质保几年",
                        f"{name}落地多少钱",
                        "要带什么证件",
                    ],
                    [
                        "what time do you close?",
                        "where are you located?",
                        "how long is the warranty?",
                        f"how much is the {name} on the road?",
                    ],
                )
            if self.corrects and first in ("name", "phone") and self._asides < 2:
                self._asides = 2
                self._detours += 1
                said = self.another_time()
                return p.pick(
                    [f"不对，是{said}", f"改成{said}吧"],
                    [f"no, make it {said}", f"sorry, I meant {said}"],
                )
        answer = self.answer(asked, text, buttons)
        if answer is not None:
            return answer
        if "unsure" in asked:
            return self.again()
        return self.again() if self.tries < 4 else None

    def _confirm(self, text: str) -> str:
        """Reads the summary as one does who does not want to come for nothing."""
        p = self.person
        self._checked += 1
        self._summary = text
        if self._checked > 4:
            return p.either("确认", "yes")
        stamp = self.person.either(
            f"{self.when.month}月{self.when.day}日", f"{self.when.day} {self.when:%b}"
        )
        if stamp not in text or f"{self.when:%H:%M}" not in text:
            return p.either(
                f"时间不对，是{self.said(self.when)}",
                f"the time is wrong, it's {self.said(self.when)}",
            )
        if self.car.name(p.english) not in text:
            name = self.car.name(p.english)
            return p.either(f"车型不对，是{name}", f"wrong car, it's the {name}")
        if p.name not in text:
            return p.either(f"名字不对，我叫{p.name}", f"my name is {p.name}")
        if p.phone not in text:
            return p.either(f"电话不对，是{p.phone}", f"the phone is {p.phone}")
        wrong = self.wrong_in_summary(text)
        if wrong:
            return wrong
        if self.changes_car:
            self.changes_car = False
            self._detours += 1
            others = [car for car in wording.cars() if car.code in self.models]
            self.car = p.rng.choice([car for car in others if car.code != self.car.code])
            name = self.car.name(p.english)
            return p.pick(
                [f"还是换成{name}吧", f"车型改成{name}"], [f"actually, make it the {name}"]
            )
        if self.gives_up:
            self._stopped = True
            return p.pick(["[取消]", "算了不约了"], ["[Cancel]", "forget it"])
        return p.pick(
            ["确认", "[确认预约]", "没问题", "对的", "可以，就这样", "好的"],
            ["yes", "[Confirm]", "yes please", "correct", "looks good", "confirm"],
        )

    def wrong_in_summary(self, text: str) -> str | None:
        return None

    def _afterwards(self) -> str | None:
        p, english = self.person, self.person.english
        if self.later == "cancel":
            held = wording.openers(
                "manage_booking", english, None, "取消|cancel|can't come", "改|保养|service|怎么"
            )
            return p.rng.choice([*held, p.either("我去不了了，帮我取消吧", "please cancel it")])
        if self.later == "move":
            self.moved_to = wording.day_after(self.when, p.rng.randint(1, 5))
            said = self.said(self.moved_to)
            return p.pick(
                [f"改到{said}", f"我想改个时间，改到{said}"],
                [f"can we move it to {said}?", f"please change it to {said}"],
            )
        self.done = True
        return None

    def _manages(self, asked: list[str], text: str, buttons: list[str]) -> str | None:
        p = self.person
        if "cancelled" in asked:
            self._over = self.done = True
            return None
        if "moved" in asked:
            self.when = self.moved_to or self.when
            self._over = self.done = True
            return None
        if {"cancel", "move"} & set(asked):
            return p.pick(["是的", "确定", "对"], ["yes", "yes please", "yes, do that"])
        if "other_time" in asked and self.moved_to:
            self.moved_to = wording.day_after(self.moved_to, 1).replace(hour=10, minute=0)
            return p.either(
                f"那改到{self.said(self.moved_to)}", f"then move it to {self.said(self.moved_to)}"
            )
        if "time" in asked and self.moved_to:
            return self.said(self.moved_to)
        if self.tries < 8:
            self.tries += 1
            if self.later == "cancel":
                return p.either("取消我的预约", "cancel my booking")
            if self.moved_to:
                return p.either(
                    f"把我的预约改到{self.said(self.moved_to)}",
                    f"move my booking to {self.said(self.moved_to)}",
                )
        return None

    def check(self, records: Records, owner: str) -> None:
        rows = [row for row in records[self.path] if self.is_this(row)]
        if self.gives_up:
            if records[self.path]:
                self.wrong(f"booked although called off: {records[self.path]}")
            else:
                self.result = "reached"
            return
        if not rows:
            if records[self.path] and not self.known:
                self.wrong(f"booked {records[self.path]}")
            else:
                self.missed("nothing booked")
            return
        row = rows[-1]
        differs = list(self.differences(row))
        if differs:
            self.wrong("; ".join(differs))
        elif len(rows) > 1:
            self.wrong(f"{len(rows)} bookings")
        elif self.later == "cancel" and row["state"] != "cancelled":
            self.missed("not cancelled")
        elif self.later == "move" and not self._over:
            self.missed("not moved")
        else:
            self.result = "reached"

    def is_this(self, row: dict[str, Any]) -> bool:
        return True

    def differences(self, row: dict[str, Any]) -> "list[str]":
        found = []
        at = datetime.fromisoformat(row["starts_at"])
        if at.replace(tzinfo=None) != self.when.replace(tzinfo=None):
            found.append(f"at {at:%m-%d %H:%M}, meant {self.when:%m-%d %H:%M}")
        if (row["model"] or {}).get("code") != self.car.code:
            found.append(f"model {row['model']}, meant {self.car.code}")
        if row["customer"]["name"] != self.person.name:
            found.append(f"name {row['customer']['name']}, meant {self.person.name}")
        if row["customer"]["phone"] != f"+86{self.person.phone}":
            found.append(f"phone {row['customer']['phone']}, meant {self.person.phone}")
        return found
