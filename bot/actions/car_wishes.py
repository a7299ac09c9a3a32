"""What a customer wants a car to be, as it adds up over the conversation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from backend.catalogue.service import PricedTrim
from bot.actions import wish_details, wish_words
from bot.actions.car_records import Label, Record
from bot.actions.cars import energies_of
from bot.actions.context import Turn
from bot.actions.prices import named_seats

ROOM = 1.1
"""An approximate budget of 20 takes cars up to 22; cheaper ones are never left out."""

KINDS = (
    "budget", "monthly", "gearbox", "bounds", "features", "labels", "sizes", "drive", "energies",
    "seats", "bodies",
)  # fmt: skip
"""In the order in which customers bend them."""

_AUTOMATIC = re.compile(
    r"自动[挡档波]|\bautomatics?\b(?! (?:park|emergency|head|climate|wiper))", re.I
)
_MANUAL = re.compile(
    r"手动[挡档波]|\bmanual(?: (?:gearbox|transmission|car))?\b|\bstick shift\b", re.I
)
_ANY_PRICE = re.compile(
    r"不限预算|预算(?:不限|不是问题|无所谓|随意)|价格无所谓"
    r"|\b(?:no budget|money is no|(?:budget|money|price) (?:doesn'?t|does not) matter)\b",
    re.I,
)
_ANY_BODY = re.compile(r"(?:什么)?(?:车身|车型|类型)(?:都行|都可以|不限|无所谓)|\bany body\b", re.I)
_ANEW = re.compile(r"重新(?:推荐|选|来|找)|换个条件|\bstart (?:over|again)\b", re.I)


def sets_bound(turn: Turn) -> bool:
    """Whether a figure is to be at least or at most so much: 续航要500以上."""
    number = wish_words.lone_number(turn.text, turn.entities)
    return bool(turn.found("feature") and wish_words.side_of(turn.text) and number)


def names_gearbox(text: str) -> bool:
    return bool(_AUTOMATIC.search(text) or _MANUAL.search(text))


_BARE_BUDGET = re.compile(
    r"(?:预算|价位|价格|总价)[^\d，。,.]{0,6}(?P<a>\d{1,3}(?:\.\d)?)(?=\W|$|吧|了|啊|以内|左右|呢)"
    r"|(?:加|提|放宽|涨|提高|增加|可以|能)到(?P<b>\d{1,3}(?:\.\d)?)(?=\W|$|吧|了|啊|以内|左右|呢)"
    r"|(?<![\d.])(?P<c>\d{1,2}(?:\.\d)?)(?:个)?(?:以内|以下|之内|封顶|左右|上下)"
)
_ABOUT = re.compile(r"左右|上下|差不多|大概|大约")
TEN_THOUSAND = 1_000_000
"""万, in fen."""


def _bare_budget(turn: Turn) -> int | None:
    """预算可以到25, without the 万 that nobody says; in fen."""
    found = None if turn.found("money") else _BARE_BUDGET.search(turn.text)
    if found is None or not 3 <= (amount := float(found["a"] or found["b"] or found["c"])) <= 300:
        return None
    return round(amount * TEN_THOUSAND)


@dataclass
class Wishes:
    """What a car must be. Amounts in fen; empty means no matter.

    `goal` is the sum a customer wants to spend, where he named one and no bound. `sizes` and
    `drive` are codes of `wish_words`. `labels` are texts of the catalogue, `labels` of one feature
    being alternatives. What begins with `no_` must not be.
    """

    low: int | None = None
    high: int | None = None
    goal: int | None = None
    monthly: int | None = None
    bodies: list[str] = field(default_factory=list)
    energies: list[str] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    labels: list[list[str]] = field(default_factory=list)
    """Code of the feature, Chinese, English; without a code: words of the customer's own."""
    seats: int | None = None
    gearbox: str | None = None
    drive: str | None = None
    uses: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    """Codes of the figures that matter to the customer: 后备箱要大."""
    bounds: list[list[str]] = field(default_factory=list)
    """Limits of figures: code of the feature, `least` or `most`, the number."""
    no_bodies: list[str] = field(default_factory=list)
    no_energies: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> "Wishes":
        """The wishes of the turns before; what is unknown in them is passed over."""
        names = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in (kept or {}).items() if name in names})

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def kept(self) -> dict[str, Any]:
        return dict(vars(self))

    def update(self, turn: Turn) -> None:
        """What this message adds, changes, refuses or drops; each kind replaces what was said of
        it before."""
        if _ANEW.search(turn.text):
            vars(self).update(vars(Wishes()))
        self._amounts(turn)
        self._choice(turn, "body", "bodies", "no_bodies")
        self._choice(turn, "energy", "energies", "no_energies")
        self._equipment(turn)
        text = "" if turn.pressed else turn.text
        if _ANY_BODY.search(text):
            self.bodies, self.no_bodies = [], []
        if wish_details.seats_dropped(text):
            self.seats = wish_words.people(text)
        elif seats := named_seats(text) or wish_words.people(text):
            self.seats = seats
        if found := wish_words.sizes(text):
            self.sizes = found
        if wish_words.drive_dropped(text):
            self.drive = None
        elif found_drive := wish_words.drive(text):
            self.drive = found_drive
        if uses := wish_words.uses(text):
            self.uses = uses
        if wish_details.cannot_charge(text):
            self.energies = [one for one in self.energies if one != "electric"]
            self.no_energies = list(dict.fromkeys((*self.no_energies, "electric")))
        if _AUTOMATIC.search(text):
            self.gearbox = "automatic"
        elif _MANUAL.search(text):
            self.gearbox = "manual"

    def _amounts(self, turn: Turn) -> None:
        if _ANY_PRICE.search(turn.text):
            self.low = self.high = self.goal = None
        if not turn.pressed and (bare := _bare_budget(turn)):
            about = _ABOUT.search(turn.text) is not None
            self.low, self.high, self.monthly = None, round(bare * ROOM) if about else bare, None
            self.goal = bare if about else None
        for money in turn.found("money"):
            if money.get("currency") == "USD" or money.get("role") == "down_payment":
                continue
            low, high, amount = money.get("min"), money.get("max"), money.get("amount")
            if money.get("role") == "monthly":
                self.monthly = high or amount or low
                # What one pays a month takes the place of a budget that was named before.
                self.low = self.high = self.goal = None
                continue
            goal = None
            if amount and not low and not high:
                goal = amount
                high = round(amount * ROOM) if money.get("approximate") else amount
            self.low, self.high, self.goal = low, high, goal
            self.monthly = None

    def _choice(self, turn: Turn, kind: str, wanted: str, not_wanted: str) -> None:
        """Bodies or energies: those named are wanted, those refused are out from then on."""
        said: list[str] = []
        refused: list[str] = []
        dropped: list[str] = []
        for entity in turn.entities:
            if entity.get("entity") != kind:
                continue
            start, end = wish_words.place(entity)
            codes = list(energies_of(entity["value"])) if kind == "energy" else [entity["value"]]
            if turn.pressed or not end:
                said += codes
            elif wish_words.refused(turn.text, start, end):
                refused += codes
            elif wish_words.dropped(turn.text, end):
                dropped += codes
            else:
                said += codes
        before = [code for code in getattr(self, wanted) if code not in (*refused, *dropped)]
        out = [code for code in getattr(self, not_wanted) if code not in (*said, *dropped)]
        setattr(self, wanted, list(dict.fromkeys(said)) or before)
        setattr(self, not_wanted, list(dict.fromkeys((*out, *refused))))

    def _equipment(self, turn: Turn) -> None:
        """Equipment adds up: who asks for a sunroof and then for heated seats wants both."""
        for entity in turn.entities:
            if entity.get("entity") != "feature":
                continue
            start, end = wish_words.place(entity)
            code = str(entity["value"])
            given_up = end and (
                wish_words.refused(turn.text, start, end) or wish_words.dropped(turn.text, end)
            )
            self.features = [one for one in self.features if one != code]
            if not given_up:
                self.features.append(code)

    def sort_out(self, kinds: dict[str, str]) -> None:
        """Of what was named only equipment is had or not; a figure can be better or worse, and
        what is told in words is wished for by its value. `kinds`: feature → its kind."""
        figures = [code for code in self.features if kinds.get(code) == "number"]
        self.figures = list(dict.fromkeys((*self.figures, *figures)))
        self.features = [code for code in self.features if kinds.get(code) == "flag"]

    def take_labels(self, named: Sequence[Label]) -> None:
        """The labels of a message take the place of those of the same feature before."""
        codes = {label.code for label in named}
        kept = [label for label in self.labels if label[0] not in codes]
        self.labels = [*kept, *([label.code, label.zh, label.en] for label in named)]

    def names(self, kind: str) -> bool:
        """Whether a wish of this kind was said; `budget` covers the amounts."""
        if kind == "budget":
            return self.low is not None or self.high is not None
        return bool(getattr(self, kind))

    def changed(self, before: "Wishes") -> set[str]:
        """The kinds in which they are not what they were."""
        kinds = {kind for kind in KINDS if kind != "budget" and self.names(kind)}
        changed = {kind for kind in kinds if getattr(self, kind) != getattr(before, kind)}
        budget = (self.low, self.high) != (before.low, before.high) and self.names("budget")
        return changed | ({"budget"} if budget else set())

    def without(self, *kinds: str) -> "Wishes":
        """The same wishes but for some kinds."""
        changes: dict[str, Any] = {}
        for kind in kinds:
            if kind == "budget":
                changes |= {"low": None, "high": None, "goal": None}
            else:
                changes[kind] = [] if isinstance(getattr(self, kind), list) else None
        return replace(self, **changes)

    def fits(self, known: PricedTrim, record: Record) -> bool:
        """Whether the records say so; `monthly` is for whoever knows the plans."""
        amount = known.price.amount if known.price else None
        trim = known.trim
        return (
            (not self.bodies or trim.model.body in self.bodies)
            and trim.model.body not in self.no_bodies
            and (not self.energies or trim.energy in self.energies)
            and trim.energy not in self.no_energies
            and (self.high is None or (amount is not None and amount <= self.high))
            and (self.low is None or (amount is not None and amount >= self.low))
            and (self.seats is None or trim.seats >= self.seats)
            and (self.gearbox is None or self.gearbox == record.gearbox)
            and (self.drive is None or _drives(self.drive, record.drive))
            and (not self.sizes or wish_words.same_size(self.sizes, record.sizes))
            and set(self.features) <= record.has
            and self._labelled(record)
            and all(_within(bound, record) for bound in self.bounds)
        )

    def _labelled(self, record: Record) -> bool:
        by_code: dict[str, list[list[str]]] = {}
        for label in self.labels:
            by_code.setdefault(label[0], []).append(label)
        return all(
            any(record.labels.get(code, ("", ""))[0] == label[1] for label in wanted)
            if code
            else record.says([label[1] for label in wanted])
            for code, wanted in by_code.items()
        )


def _within(bound: Sequence[str], record: Record) -> bool:
    code, side, number = bound
    has = record.number(code)
    if has is None:
        return False
    return has >= Decimal(number) if side == "least" else has <= Decimal(number)


def _drives(wanted: str, recorded: str | None) -> bool:
    if wanted == wish_words.TWO:
        return recorded in (wish_words.TWO, wish_words.FRONT, wish_words.REAR)
    return recorded == wanted
