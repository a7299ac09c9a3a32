"""The register of named rules: every way in which a figure may be computed from valid records.

Reckoned with exact fractions and another way than the services take, so that the two check each
other. A new calculation that is said to customers gets a rule here, by its name; a figure that no
record and no rule accounts for fails the tests.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

from backend.models import FeeRule, FinancePlan, ServiceInterval, ServicePrice, Trim
from backend.site.texts import UNITS_EN
from tests.integration.actions import reckon
from tests.integration.actions.figures.reading import Figure, days, figures, money, number, percent
from tests.integration.actions.figures.records import Records

HUNDRED_YUAN = 10_000
"""In fen: down payments that are worked out backwards are whole hundreds of yuan."""
USUAL_TERM = 36


@dataclass(frozen=True)
class Case:
    """What one statement may be about: these trims, asked by a customer who named `said`."""

    records: Records
    trims: tuple[Trim, ...]
    said: tuple[Figure, ...] = ()
    booking: bool = False
    """Whether times are offered or arranged."""

    def named(self, kind: str) -> list[Fraction]:
        return [f.value for f in self.said if f.kind == kind and isinstance(f.value, Fraction)]

    @cached_property
    def priced(self) -> list[tuple[Trim, int]]:
        """The trims with a valid price, and what is paid for the car."""
        found = [(t, self.records.prices[t.id]) for t in self.trims if t.id in self.records.prices]
        return [(trim, price.amount - self.records.discount(trim)) for trim, price in found]

    def plans(self, trim: Trim) -> list[FinancePlan]:
        model = self.records.models[trim.model_id].code
        return [p for p in self.records.plans if not p.model_codes or model in p.model_codes]


Rule = Callable[[Case], Iterable[Figure]]
RULES: dict[str, Rule] = {}
ABOUT: dict[str, re.Pattern[str]] = {}
"""Words without which a text is not computed by a rule: no instalment without a loan."""

LOAN = r"首付|月供|贷|分期|期数|利率|免息|期$|instal|loan|financ|down|a month|months?|term"
ON_ROAD = r"落地|税|保险|交强|商业险|上牌|合计|on-road|tax|insurance|registration|total with"
SERVICE = r"保养|工时|配件|检查|维修|机油|合计|共|公里|servic|labour|parts|km|total|check|repair"


SAID: set[str] = set()
"""Rules that compute with what the customer named."""


def rule(name: str, about: str = "", *, said: bool = False) -> Callable[[Rule], Rule]:
    def register(made: Rule) -> Rule:
        if said:
            SAID.add(name)
        RULES[name] = made
        ABOUT[name] = re.compile(about, re.I | re.M)
        return made

    return register


# ---- what records say ----


@rule("the customer's own figures", said=True)
def own(case: Case) -> Iterator[Figure]:
    yield from case.said
    for value in case.named("money"):
        yield number(value / 100)


@rule("the list price of a trim")
def price(case: Case) -> Iterator[Figure]:
    for trim in case.trims:
        if trim.id in case.records.prices:
            yield money(case.records.prices[trim.id].amount)


@rule("a feature, the seats or the year of a trim")
def feature(case: Case) -> Iterator[Figure]:
    for trim in case.trims:
        yield from (number(trim.seats, "seat"), number(trim.seats), number(trim.model_year))
        for value in case.records.values.get(trim.id, ()):
            feature = case.records.features[value.feature_id]
            units = (feature.unit, UNITS_EN.get(feature.unit, feature.unit))
            for text in (value.value, value.value_en):
                for unit in units:
                    yield from figures(f"{text} {unit}")


@rule("the amount of an offer")
def offer(case: Case) -> Iterator[Figure]:
    models = {trim.model_id for trim in case.trims}
    for row in case.records.promotions:
        if row.model_id is not None and row.model_id not in models:
            continue
        if row.amount:
            yield money(row.amount)


@rule("a finance plan: its rate, share, terms and fee", LOAN)
def plan(case: Case) -> Iterator[Figure]:
    for row in {p.id: p for t in case.trims for p in case.plans(t)}.values():
        yield percent(Fraction(row.annual_rate_bp, 100))
        yield percent(Fraction(row.min_down_bp, 100))
        yield money(row.fee)
        for months in row.months:
            yield from (number(months, "month"), number(months))


@rule("the last day of a fact")
def last_day(case: Case) -> Iterator[Figure]:
    trims = {trim.id for trim in case.trims} | {None}
    models = {trim.model_id for trim in case.trims} | {None}
    for fact in case.records.facts:
        if isinstance(fact, (FeeRule, ServicePrice)):
            continue
        of_trim = getattr(fact, "trim_id", None) in trims
        if fact.valid_until and of_trim and getattr(fact, "model_id", None) in models:
            yield from days(fact.valid_until)


@rule("the last day of a fee", ON_ROAD)
def last_day_of_fee(case: Case) -> Iterator[Figure]:
    for row in case.records.fees:
        yield from days(row.valid_until) if row.valid_until else ()


@rule("the last day of a price of the workshop", SERVICE)
def last_day_of_service(case: Case) -> Iterator[Figure]:
    for row in case.records.costs:
        yield from days(row.valid_until) if row.valid_until else ()


@rule("the dealership's record: hours, holidays, limits")
def dealership(case: Case) -> Iterator[Figure]:
    for span in case.records.hours:
        yield from (Figure("time", time.fromisoformat(at)) for at in (span.opens, span.closes))
    for special in case.records.special:
        yield from days(special.day)
        for at in (special.opens, special.closes):
            if at:
                yield Figure("time", time.fromisoformat(at))
    place = case.records.place
    yield from (
        number(place.test_drive_minutes, "minute"),
        number(place.booking_lead_minutes, "minute"),
        number(place.booking_horizon_days, "day"),
    )


@rule("the service menu: prices, intervals, minutes", SERVICE)
def menu(case: Case) -> Iterator[Figure]:
    for item in case.records.items.values():
        counts = (
            (item.interval_km, "km"), (item.interval_months, "month"), (item.minutes, "minute"),
        )  # fmt: skip
        yield from (number(count, unit) for count, unit in counts if count)
    for cost in _costs(case):
        yield from (money(cost.parts), money(cost.labour))


@rule(
    "the marks of the schedule: whole multiples of an interval, up to the next", SERVICE, said=True
)
def marks(case: Case) -> Iterator[Figure]:
    models = {trim.model_id for trim in case.trims} | {None}
    steps = {
        row.interval_km
        for row in case.records.others
        if isinstance(row, ServiceInterval) and row.interval_km and row.model_id in models
    }
    for shown in case.named("number"):
        for step in steps:
            last = int(shown // step) * step
            yield from (number(mark, "km") for mark in (last, last + step) if mark)


@rule("a valuation of old cars")
def valuation(case: Case) -> Iterator[Figure]:
    for row in case.records.others:
        for name in ("low", "high"):
            if isinstance(getattr(row, name, None), int):
                yield money(getattr(row, name))


# ---- what is computed from them ----


def _costs(case: Case) -> list[Any]:
    models = {trim.model_id for trim in case.trims} | {None}
    return [cost for cost in case.records.costs if cost.model_id in models]


def charge(row: FeeRule, trim: Trim, paid: int) -> int:
    """What a row of the fees charges, in fen."""
    n = row.params
    if row.rule == "fixed":
        return int(n["amount"])
    if row.rule in ("by_seats", "by_displacement"):
        value = trim.seats if row.rule == "by_seats" else trim.displacement_ml
        return int(next((fen for bound, fen in n["up_to"] if value <= bound), n["up_to"][-1][1]))
    if row.rule == "percent_of_price":
        return reckon.rounded(Fraction(paid * n["rate_bp"], 10_000)) + int(n.get("base", 0))
    full = Fraction(paid * n["rate_bp"], 10_000 + n["vat_bp"])
    spared = full * Fraction(10_000 - n.get("share_bp", 10_000), 10_000)
    if "relief_max" in n:
        spared = min(spared, Fraction(n["relief_max"]))
    return reckon.rounded(full - spared)


def bill(case: Case, trim: Trim, paid: int) -> dict[str, tuple[FeeRule, int]]:
    lines: dict[str, tuple[FeeRule, int]] = {}
    for row in case.records.fees:
        if not row.energies or trim.energy in row.energies:
            lines.setdefault(row.line, (row, charge(row, trim, paid)))
    return lines


@rule("the price after cash offers, and what they take off")
def reduced(case: Case) -> Iterator[Figure]:
    for trim, paid in case.priced:
        yield from (money(paid), money(case.records.discount(trim)))


@rule("a line of the on-road price: tax, insurance, fee", ON_ROAD)
def fee_line(case: Case) -> Iterator[Figure]:
    for trim, paid in case.priced:
        yield from (money(fen) for _, fen in bill(case, trim, paid).values())


@rule("the sum of the on-road price, with and without what is optional", ON_ROAD)
def on_road(case: Case) -> Iterator[Figure]:
    for trim, paid in case.priced:
        lines = bill(case, trim, paid).values()
        yield money(paid + sum(fen for row, fen in lines if not row.optional))
        yield money(paid + sum(fen for _, fen in lines))


@rule("the difference of two prices", r"贵|便宜|差|more|less|cheaper|difference")
def difference(case: Case) -> Iterator[Figure]:
    prices = [case.records.prices[trim.id].amount for trim, _ in case.priced]
    for known in (prices, [paid for _, paid in case.priced]):
        yield from (money(abs(a - b)) for a, b in combinations(known, 2))


@rule("the difference of two figures of one feature")
def apart(case: Case) -> Iterator[Figure]:
    known: dict[int, set[Fraction]] = {}
    for trim in case.trims:
        for value in case.records.values.get(trim.id, ()):
            if case.records.features[value.feature_id].kind == "number":
                known.setdefault(value.feature_id, set()).add(Fraction(value.value))
    for code, values in known.items():
        feature = case.records.features[code]
        for a, b in combinations(sorted(values), 2):
            for unit in (feature.unit, UNITS_EN.get(feature.unit, feature.unit)):
                yield from figures(f"{float(b - a):.10g} {unit}")


@rule("how many details of two trims differ beyond those told", r"不同|differ")
def details(case: Case) -> Iterator[Figure]:
    for a, b in combinations(case.trims, 2):
        if a.model_id == b.model_id:
            own = [
                {v.feature_id: v.value for v in case.records.values.get(t.id, ())} for t in (a, b)
            ]
            same = own[0].keys() & own[1].keys()
            apart = sum(own[0][code] != own[1][code] for code in same)
            yield from (number(apart - told) for told in range(apart))


@rule("a down payment: the least of a plan, a share or an amount named", LOAN, said=True)
def down(case: Case) -> Iterator[Figure]:
    for trim, paid in case.priced:
        for fen in downs(case, trim, paid):
            yield money(fen)
            yield percent(Fraction(round(Fraction(fen * 10_000, paid)), 100))


def downs(case: Case, trim: Trim, paid: int) -> set[int]:
    """The down payments that a loan for `trim` may be reckoned with, in fen."""
    found = {reckon_up(Fraction(paid * p.min_down_bp, 10_000)) for p in case.plans(trim)}
    found |= {reckon_up(paid * share / 100) for share in case.named("percent")}
    for fen in case.named("money"):
        found |= {int(fen), paid - int(fen)}
        found |= {fen_down for fen_down, _, _ in solved(case, trim, paid, int(fen))}
    return {fen for fen in found if 0 <= fen < paid}


def solved(case: Case, trim: Trim, paid: int, monthly: int) -> list[tuple[int, FinancePlan, int]]:
    """The smallest down payment that keeps the instalment within `monthly`, plan by plan."""
    found = []
    for row in case.plans(trim):
        for months in row.months:
            most = worth(monthly, months, row.annual_rate_bp)
            need = max(paid - most, reckon_up(Fraction(paid * row.min_down_bp, 10_000)), 0)
            found.append((-(-need // HUNDRED_YUAN) * HUNDRED_YUAN, row, months))
    return found


def worth(monthly: int, months: int, rate_bp: int) -> int:
    """What can be borrowed for an instalment: its discounted sum, cut to the fen."""
    rate = Fraction(rate_bp, 120_000)
    return int(monthly * ((1 - (1 + rate) ** -months) / rate if rate else months))


def reckon_up(value: Fraction | float) -> int:
    exact = Fraction(value)
    return -(-exact.numerator // exact.denominator)


@rule("the instalment, total interest and yearly rate of a loan", LOAN, said=True)
def loan(case: Case) -> Iterator[Figure]:
    for trim, paid in case.priced:
        for row in case.plans(trim):
            for fen in downs(case, trim, paid):
                if fen * 10_000 < paid * row.min_down_bp:
                    continue
                for months in row.months:
                    yield from _of_loan(paid - fen, months, row)


_LOANS: dict[tuple[int, int, int, int], list[Figure]] = {}


def _of_loan(principal: int, months: int, row: FinancePlan) -> list[Figure]:
    key = (principal, months, row.annual_rate_bp, row.fee)
    if key not in _LOANS:
        each = instalment(principal, months, row.annual_rate_bp)
        rate = Fraction(row.annual_rate_bp, 120_000)
        # The balance before the last month, by the closed form, bears interest once more.
        grown = (1 + rate) ** (months - 1)
        paid = each * ((grown - 1) / rate if rate else months - 1)
        last = reckon.rounded((principal * grown - paid) * (1 + rate))
        interest = each * (months - 1) + last - principal
        _LOANS[key] = [money(each), money(interest), money(principal)]
        if principal > row.fee:
            yearly = effective(principal - row.fee, each, last, months)
            _LOANS[key].append(percent(f"{yearly:.2f}"))
    return _LOANS[key]


def instalment(principal: int, months: int, rate_bp: int) -> int:
    """The equal instalment in fen, by the closed form of the discounted sum."""
    rate = Fraction(rate_bp, 120_000)
    if not rate:
        return reckon.rounded(Fraction(principal, months))
    grown = (1 + rate) ** months
    return reckon.rounded(principal * rate * grown / (grown - 1))


def effective(received: int, each: int, last: int, months: int) -> float:
    """The yearly rate in percent that makes the payments worth what was received, by Newton's
    method on the monthly factor of discount."""
    if each * (months - 1) + last <= received:
        return 0.0
    factor = 0.995
    for _ in range(60):
        powers = [factor**month for month in range(months + 1)]
        value = each * sum(powers[1:-1]) + last * powers[-1]
        slope = each * sum(m * powers[m - 1] for m in range(1, months)) + last * months * powers[-2]
        step = (value - received) / slope
        factor -= step
        if abs(step) < 1e-14:
            break
    return float((factor**-12 - 1) * 100)


@rule("the cost of an item, and of a visit by the schedule", SERVICE, said=True)
def visit(case: Case) -> Iterator[Figure]:
    for cost in _costs(case):
        yield money(cost.parts + cost.labour)
    marks = {int(value) for value in case.named("number")} | {10_000, 20_000, 40_000, 60_000}
    models: Sequence[int | None] = [*{trim.model_id for trim in case.trims}, None]
    for model in models:
        energies = {t.energy for t in case.trims if t.model_id == model} | {"petrol"}
        for km in marks:
            for energy in energies:
                yield from map(money, _due(case, model, km, energy))


def _due(case: Case, model: int | None, km: int, energy: str) -> Iterator[int]:
    """The sums of what is due at `km`: of parts, of labour, of both."""
    due = {
        item.code: item
        for item in case.records.items.values()
        if item.interval_km
        and km % item.interval_km == 0
        and (not item.energies or energy in item.energies)
    }
    covered = {code for item in due.values() for code in item.covers}
    costs = [_cost(case, item.id, model) for code, item in due.items() if code not in covered]
    known = [cost for cost in costs if cost]
    parts, labour = sum(c.parts for c in known), sum(c.labour for c in known)
    yield from (parts, labour, parts + labour)


def _cost(case: Case, item: int, model: int | None) -> Any:
    own = [c for c in case.records.costs if c.item_id == item and c.model_id == model]
    general = [c for c in case.records.costs if c.item_id == item and c.model_id is None]
    return next(iter((own or general)[-1:]), None)


BOOKABLE = "a time that can be booked: a quarter of an hour while open, within the horizon"


@rule(BOOKABLE)
def bookable(case: Case) -> Iterator[Figure]:
    if not case.booking:
        return
    today: date = case.records.today
    for ahead in range(case.records.place.booking_horizon_days + 2):
        yield from days(today + timedelta(days=ahead))
    opens = min(time.fromisoformat(span.opens) for span in case.records.hours)
    closes = max(time.fromisoformat(span.closes) for span in case.records.hours)
    for quarter in range(24 * 4):
        at = time(quarter // 4, quarter % 4 * 15)
        if opens <= at <= closes:
            yield Figure("time", at)
