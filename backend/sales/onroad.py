"""The on-road price (落地价): the car and every tax, fee and insurance, line by line.

The rules are rows of `fee_rules` with source and validity; here stands only how a rule of
each kind computes. All amounts in fen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.service import valid
from backend.models import FeeRule, Promotion, Trim


@dataclass(frozen=True)
class Line:
    """One line of the bill. `optional` lines the buyer may decline or buy elsewhere."""

    code: str
    name_zh: str
    name_en: str
    amount: int
    optional: bool
    rule: FeeRule


@dataclass(frozen=True)
class OnRoadPrice:
    """`total` counts every line; `required` leaves the optional ones out."""

    list_price: int
    discount: int
    discounts: tuple[Promotion, ...]
    lines: tuple[Line, ...]

    @property
    def car(self) -> int:
        """What is paid for the car itself."""
        return self.list_price - self.discount

    @property
    def required(self) -> int:
        return self.car + sum(line.amount for line in self.lines if not line.optional)

    @property
    def total(self) -> int:
        return self.car + sum(line.amount for line in self.lines)


def _round(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def _step(steps: Sequence[Sequence[int]], value: int) -> int:
    """The amount of the first step whose bound is not below `value`; the last one beyond."""
    for bound, amount in steps:
        if value <= bound:
            return amount
    return steps[-1][1]


def fee(rule: FeeRule, trim: Trim, paid: int) -> int:
    """What `rule` charges for a `trim` bought for `paid` fen, VAT included."""
    numbers = rule.params
    if rule.rule == "fixed":
        return int(numbers["amount"])
    if rule.rule == "by_seats":
        return _step(numbers["up_to"], trim.seats)
    if rule.rule == "by_displacement":
        return _step(numbers["up_to"], trim.displacement_ml)
    if rule.rule == "percent_of_price":
        share = Decimal(paid) * int(numbers["rate_bp"]) / 10000
        return _round(share) + int(numbers.get("base", 0))
    if rule.rule == "purchase_tax":
        net = Decimal(paid) * 10000 / (10000 + int(numbers["vat_bp"]))
        full = net * int(numbers["rate_bp"]) / 10000
        due = full * int(numbers.get("share_bp", 10000)) / 10000
        relief = full - due
        most = numbers.get("relief_max")
        if most is not None:
            relief = min(relief, Decimal(int(most)))
        return _round(full - relief)
    raise ValueError(f"no such rule: {rule.rule}")


async def on_road_price(
    session: AsyncSession,
    today: date,
    trim: Trim,
    list_price: int,
    discounts: Sequence[Promotion] = (),
) -> OnRoadPrice | None:
    """Every line for one trim; None when a line has rules but none valid today applies.

    `discounts` are the cash promotions that lower the price of the car, and with it the tax.
    """
    rules = (await session.scalars(select(FeeRule).order_by(FeeRule.position, FeeRule.id))).all()
    current = set(await session.scalars(select(FeeRule.id).where(valid(FeeRule, today))))
    discount = min(sum(p.amount or 0 for p in discounts), list_price)
    paid = list_price - discount
    lines: dict[str, Line] = {}
    wanted: list[str] = []
    for rule in rules:
        if rule.energies and trim.energy not in rule.energies:
            continue
        if rule.line not in wanted:
            wanted.append(rule.line)
        if rule.line in lines or rule.id not in current:
            continue
        lines[rule.line] = Line(
            rule.line, rule.name_zh, rule.name_en, fee(rule, trim, paid), rule.optional, rule
        )
    if not wanted or any(line not in lines for line in wanted):
        # A total with a line missing would be a hidden fee.
        return None
    return OnRoadPrice(
        list_price, discount, tuple(discounts), tuple(lines[line] for line in wanted)
    )
