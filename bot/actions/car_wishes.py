"""What a customer wants a car to be, as it adds up over the conversation."""

import re
from dataclasses import dataclass, field, fields, replace
from typing import Any

from backend.catalogue.service import PricedTrim
from bot.actions.cars import energies_of
from bot.actions.context import Turn
from bot.actions.prices import named_seats

ROOM = 1.1
"""An approximate budget of 20 takes cars up to 22; cheaper ones are never left out."""

KINDS = ("budget", "gearbox", "features", "energies", "seats", "bodies")
"""In the order in which customers bend them."""

_AUTOMATIC = re.compile(
    r"自动[挡档波]|\bautomatics?\b(?! (?:park|emergency|head|climate|wiper))", re.I
)
_MANUAL = re.compile(
    r"手动[挡档波]|\bmanual(?: (?:gearbox|transmission|car))?\b|\bstick shift\b", re.I
)
_ANY_PRICE = re.compile(r"不限预算|预算不限|价格无所谓|\b(?:no budget|money is no)\b", re.I)
_ANEW = re.compile(r"重新(?:推荐|选|来|找)|换个条件|\bstart (?:over|again)\b", re.I)


@dataclass
class Wishes:
    """What a car must be. Amounts in fen; empty means no matter.

    `goal` is the sum a customer wants to spend, where he named one and no bound.
    """

    low: int | None = None
    high: int | None = None
    goal: int | None = None
    bodies: list[str] = field(default_factory=list)
    energies: list[str] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    seats: int | None = None
    gearbox: str | None = None

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
        """What this message adds or changes; each kind replaces what was said of it before."""
        if _ANEW.search(turn.text):
            vars(self).update(vars(Wishes()))
        if _ANY_PRICE.search(turn.text):
            self.low = self.high = self.goal = None
        for money in turn.found("money"):
            if money.get("role") in ("down_payment", "monthly") or money.get("currency") == "USD":
                continue
            low, high, amount = money.get("min"), money.get("max"), money.get("amount")
            goal = None
            if amount and not low and not high:
                goal = amount
                high = round(amount * ROOM) if money.get("approximate") else amount
            self.low, self.high, self.goal = low, high, goal
        if bodies := turn.found("body"):
            self.bodies = [str(body) for body in bodies]
        if energies := turn.found("energy"):
            self.energies = [e for value in energies for e in energies_of(value)]
        if seats := named_seats(turn.text):
            self.seats = seats
        if features := turn.found("feature"):
            wanted = [str(code) for code in features if code != "transmission"]
            self.features = wanted or self.features
        if _AUTOMATIC.search(turn.text):
            self.gearbox = "automatic"
        elif _MANUAL.search(turn.text):
            self.gearbox = "manual"

    def names(self, kind: str) -> bool:
        """Whether a wish of this kind was said; `budget` covers the amounts."""
        if kind == "budget":
            return self.low is not None or self.high is not None
        return bool(getattr(self, kind))

    def without(self, kind: str) -> "Wishes":
        """The same wishes but for one kind."""
        if kind == "budget":
            return replace(self, low=None, high=None, goal=None)
        empty: Any = None if kind in ("seats", "gearbox") else []
        changes: dict[str, Any] = {kind: empty}
        return replace(self, **changes)

    def fits(self, known: PricedTrim, has: set[str]) -> bool:
        """`has`: codes of the wanted features that a valid record gives the trim."""
        amount = known.price.amount if known.price else None
        return (
            (not self.bodies or known.trim.model.body in self.bodies)
            and (not self.energies or known.trim.energy in self.energies)
            and (self.high is None or (amount is not None and amount <= self.high))
            and (self.low is None or (amount is not None and amount >= self.low))
            and (self.seats is None or known.trim.seats >= self.seats)
            and (self.gearbox is None or self.gearbox in has)
            and set(self.features) <= has
        )
