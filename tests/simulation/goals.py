"""What customers want: each goal knows what it says, how it answers and how it is checked.

A goal is `reached`, `missed`, or has left a `wrong` record or told a wrong figure.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from tests.conversations.live.figures import Figures, dearest, evaluate, money, numbers
from tests.simulation import wording
from tests.simulation.person import Person
from tests.simulation.wording import Car

Records = dict[str, list[dict[str, Any]]]
"""The `test-drives`, `service-bookings` and `complaints` of one conversation."""


@dataclass
class Goal(ABC):
    """`result` and `why` are set by `check`, `turns` by whoever plays it."""

    person: Person
    turns: int = 0
    result: str = "missed"
    why: str = ""
    done: bool = False
    tries: int = 0

    @property
    def name(self) -> str:
        return type(self).__name__.lower()

    @abstractmethod
    def sentences(self) -> list[str]:
        """Ways to say it, the held-back ones first, at the end one that nobody misunderstands."""

    def begin(self) -> str:
        return self.again()

    def again(self) -> str:
        """The next way to say it, when the one before was not understood."""
        ways = self.sentences()
        self.tries += 1
        # The first in any wording; whoever was not understood puts it plainly.
        return ways[0] if self.tries == 1 else ways[min(self.tries, len(ways)) - 1]

    @abstractmethod
    def react(self, asked: list[str], text: str, buttons: list[str]) -> str | None:
        """What he says next, `[title]` for a button; None when there is nothing more to say."""

    @abstractmethod
    def check(self, records: Records, owner: str) -> None:
        """Sets `result` by the records in the store."""

    def keep(self) -> tuple[str, ...]:
        """Words that carry a value and are typed rightly."""
        return (self.person.name, self.person.phone, self.person.plate)

    def missed(self, why: str) -> None:
        self.result, self.why = "missed", why

    def wrong(self, why: str) -> None:
        self.result, self.why = "wrong", why


@dataclass
class Figure(Goal):
    """Knows what a car costs, what it is on the road, or a property of it."""

    car: Car = field(default_factory=lambda: wording.cars()[0])
    kind: str = "price"
    heard: str = ""

    FEATURES: ClassVar = {
        "trunk_volume": ("后备箱多大", "how big is the boot"),
        "wheelbase": ("轴距是多少", "what's the wheelbase"),
        "length": ("车长多少", "how long is it"),
    }

    def expected(self) -> Figures:
        if self.kind == "onroad":
            return evaluate(f"onroad {dearest(self.car.code)}")
        kind = "price" if self.kind == "price" else f"feature {self.kind}"
        return evaluate(f"{kind} {self.car.code}")

    def sentences(self) -> list[str]:
        car, english = self.car.name(self.person.english), self.person.english
        if self.kind == "price":
            plain = [f"{car}多少钱", f"{car}的价格是多少"]
            plain_en = [f"How much is the {car}?", f"what is the list price of the {car}"]
            lacks = "最低|最贵|便宜|差|贵多少|选装|颜色|cheap|extra|option|difference|more|paint"
            held = wording.openers("ask_price", english, self.car, lacks=lacks)
            held = [one for one in held if car in one]
            self.person.rng.shuffle(held)
            return [*held[:1], *(plain_en if english else plain)]
        if self.kind == "onroad":
            zh_ways = [f"{car}最高配落地多少钱", f"{car}顶配落地价是多少"]
            top = f"What is the on-the-road price of the top trim of the {car}?"
            return [top, top] if english else zh_ways
        zh, en = self.FEATURES[self.kind]
        return [f"{en.rstrip('?')} on the {car}?", f"{car}: {en}?"] if english else [
            f"{car}{zh}", f"请问{car}的{zh}"
        ]  # fmt: skip

    def keep(self) -> tuple[str, ...]:
        return (*super().keep(), self.car.name(self.person.english))

    def react(self, asked: list[str], text: str, buttons: list[str]) -> str | None:
        self.heard = text
        if self.expected() <= numbers(text):
            self.done = True
            return None
        if "model" in asked[:1]:
            return self.car.name(self.person.english)
        return self.again() if self.tries < 4 else None

    def check(self, records: Records, owner: str) -> None:
        told = money(self.heard) if self.kind in ("price", "onroad") else set()
        if self.done:
            self.result = "reached"
        elif (
            told and not told & self.expected() and self.car.name(self.person.english) in self.heard
        ):
            self.wrong(f"told {sorted(told)} of {self.car.code}")
        else:
            self.missed(f"{self.kind} of {self.car.code} not told")


@dataclass
class Advice(Goal):
    """Is recommended cars within a budget, of a body style."""

    budget: int = 20
    body: str = "suv"
    cards: str = ""

    BODIES: ClassVar = {"suv": ("SUV", "SUV"), "sedan": ("轿车", "sedan")}

    def sentences(self) -> list[str]:
        zh, en = self.BODIES[self.body]
        held = wording.openers("recommend_model", self.person.english, lacks="比|对比|compare|or")
        self.person.rng.shuffle(held)
        first = held[:1] if self.person.brief else []
        return first + (
            [
                f"a {en} under {self.budget}0k please",
                f"recommend a {en} up to {self.budget}0,000 yuan",
            ]
            if self.person.english
            else [
                f"{self.budget}万以内的{zh}有推荐的吗",
                f"推荐一款{zh}，预算不超过{self.budget}万",
            ]
        )

    def react(self, asked: list[str], text: str, buttons: list[str]) -> str | None:
        prices = {figure for figure in money(text) if figure > 50_000}
        limit = Decimal(self.budget * 10_000)
        zh, en = self.BODIES[self.body]
        fits = prices and limit in prices | {limit} and (zh in text or en in text)
        if fits and min(prices) <= limit and str(self.budget) in text:
            self.done = True
            return None
        return self.again() if self.tries < 5 else None

    def check(self, records: Records, owner: str) -> None:
        if self.done:
            self.result = "reached"
        else:
            self.missed(f"no {self.body} within {self.budget} told")


@dataclass
class Complain(Goal):
    """Complains and asks where it stands."""

    leaves_phone: bool = True
    lodged: bool = False
    stands: bool = False
    story: str = ""
    _asked: int = 0

    STORIES = (
        ("上周在你们店保养，等了四个小时还没人理我", "I waited four hours and nobody cared"),
        ("销售说好送的贴膜提车时不给了", "the salesman promised window film and then refused it"),
        ("喷的漆色差很明显，根本没法看", "the respray doesn't match, it looks terrible"),
    )  # fmt: skip

    def sentences(self) -> list[str]:
        held = wording.openers("complaint", self.person.english)
        self.person.rng.shuffle(held)
        self.story = self.story or self.person.either(*self.person.rng.choice(self.STORIES))
        return [
            *held[:1],
            self.person.either(f"我要投诉，{self.story}", f"I want to complain: {self.story}"),
        ]

    def react(self, asked: list[str], text: str, buttons: list[str]) -> str | None:
        p = self.person
        if self.lodged and "status" in asked:
            self.stands = self.done = True
            return None
        if "lodged" in asked:
            self.lodged = True
        if "story" in asked[:1]:
            return self.story
        if "contact" in asked:
            return (
                p.said_phone()
                if self.leaves_phone
                else p.pick(["不用了", "不留了"], ["no thanks", "no"])
            )
        if self.lodged:
            held = wording.openers("complaint_status", p.english, lacks="他|她|编号|number|CP")
            p.rng.shuffle(held)
            self._asked += 1
            plain = p.either("我的投诉处理到哪一步了", "what is the status of my complaint?")
            return None if self._asked > 3 else held[0] if held and self._asked == 1 else plain
        return self.again() if self.tries < 4 else None

    def check(self, records: Records, owner: str) -> None:
        rows = records["complaints"]
        phone = f"+86{self.person.phone}" if self.leaves_phone else None
        if not rows:
            self.missed("no complaint")
        elif len(rows) > 1:
            self.wrong(f"{len(rows)} complaints")
        elif rows[0]["contact_phone"] != phone:
            self.wrong(f"phone {rows[0]['contact_phone']}, meant {phone}")
        elif not self.stands:
            self.missed("not told where it stands")
        else:
            self.result = "reached"


@dataclass
class Fault(Goal):
    """Reports a fault and wants to know what to do."""

    told: bool = False

    def sentences(self) -> list[str]:
        held = wording.openers("report_fault", self.person.english)
        self.person.rng.shuffle(held)
        return [*held[:1], self.person.either("刹车有异响", "my brakes make a noise")]

    def react(self, asked: list[str], text: str, buttons: list[str]) -> str | None:
        self.told = self.told or "400-000-1235" in text
        if self.told:
            self.done = True
            return None
        if "person" in asked:
            return None
        return self.again() if self.tries < 3 else None

    def check(self, records: Records, owner: str) -> None:
        if self.told:
            self.result = "reached"
        else:
            self.missed("not told what to do")


@dataclass
class Colleague(Goal):
    """Wants a person."""

    called: bool = False

    def sentences(self) -> list[str]:
        held = wording.openers("human_handoff", self.person.english)
        self.person.rng.shuffle(held)
        return [*held[:1], self.person.either("转人工", "I want to talk to a person")]

    def react(self, asked: list[str], text: str, buttons: list[str]) -> str | None:
        self.called = self.called or "person" in asked
        return None if self.called or self.tries > 2 else self.again()

    def check(self, records: Records, owner: str) -> None:
        if owner in ("waiting", "staff"):
            self.result = "reached"
        else:
            self.missed(f"the conversation is with {owner}")
