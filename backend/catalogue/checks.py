"""What rows say about each other: references, repeated keys, overlapping validity."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeVar
from unicodedata import normalize

from backend.catalogue.fields import parts
from backend.catalogue.rows import RawTables
from backend.catalogue.schema import (
    ComplaintRuleRow,
    DemoCarRow,
    Fact,
    FeeRow,
    FinancePlanRow,
    OpeningHoursRow,
    PriceRow,
    PromotionRow,
    Row,
    ServiceIntervalRow,
    ServiceItemRow,
    ServicePriceRow,
    StatementRow,
    TechnicianRow,
    TrimRow,
)
from backend.catalogue.typed import Placed

F = TypeVar("F", bound=Fact)
R = TypeVar("R", bound=Row)

UNIQUE = {
    "features": "code", "models": "code", "trims": "code", "service_items": "code",
    "technicians": "code", "trade_in_ranges": "code",
    "special_days": "day", "staff": "username", "demo_cars": "vin",
}  # fmt: skip

REFERENCES = (
    ("trims", "model", "models"),
    ("prices", "trim", "trims"),
    ("promotions", "model", "models"),
    ("promotions", "trim", "trims"),
    ("finance_plans", "models", "models"),
    ("service_prices", "item", "service_items"),
    ("service_prices", "models", "models"),
    ("service_intervals", "item", "service_items"),
    ("service_intervals", "models", "models"),
    ("service_items", "covers", "service_items"),
    ("demo_cars", "trim", "trims"),
    ("feature_values", "feature", "features"),
)
"""(table, column, table whose codes it names)."""

NAMED = ("models", "trims", "features", "service_items")

ORDINARY_WORDS = {
    "汽车", "车子", "车型", "车辆", "新车", "这款", "那款", "这个", "那个", "价格", "多少", "试驾",
    "保养", "car", "cars", "vehicle", "the", "this", "that", "price", "model", "trim", "new",
}  # fmt: skip
"""Words of any sentence: as the name of something they would be found everywhere."""


def codes(raw: RawTables, table: str) -> set[str]:
    """The codes of all rows of `table`, also of those with mistakes: a reference to such a
    row is not a second mistake."""
    return {str(row.values.get("code", "")).strip() for row in raw.tables.get(table, [])}


def check(
    raw: RawTables,
    *,
    opening_hours: list[Placed[OpeningHoursRow]],
    trims: list[Placed[TrimRow]],
    prices: list[Placed[PriceRow]],
    promotions: list[Placed[PromotionRow]],
    service_items: list[Placed[ServiceItemRow]],
    finance_plans: list[Placed[FinancePlanRow]],
    fees: list[Placed[FeeRow]],
    statements: list[Placed[StatementRow]],
    service_prices: list[Placed[ServicePriceRow]],
    service_intervals: list[Placed[ServiceIntervalRow]],
    technicians: list[Placed[TechnicianRow]],
    demo_cars: list[Placed[DemoCarRow]],
    complaint_rules: list[Placed[ComplaintRuleRow]],
) -> None:
    """Leaves a problem in `raw` for each contradiction."""
    _repeated_keys(raw)
    _references(raw)
    _names(raw)
    _hours(raw, opening_hours)
    once(raw, demo_cars, lambda row: row.plate, "plate")
    no_overlap(raw, prices, lambda row: row.trim, "price")
    no_overlap(raw, complaint_rules, lambda row: row.severity, "rule")
    _of_models(raw, service_prices, "price")
    _of_models(raw, service_intervals, "interval")
    _intervals(raw, service_items, service_intervals)
    _skills(raw, service_items, technicians)
    no_overlap(raw, promotions, lambda row: row.code, "promotion")
    no_overlap(raw, finance_plans, lambda row: row.code, "plan")
    no_overlap(raw, fees, lambda row: row.code, "fee")
    no_overlap(raw, statements, lambda row: row.code, "statement")
    model_of = {placed.row.code: placed.row.model for placed in trims}
    for placed in promotions:
        model, trim = placed.row.model, placed.row.trim
        if model and trim in model_of and model_of[trim] != model:
            raw.refuse(placed.raw.at("trim"), f"the trim {trim!r} is not one of {model!r}")


def once(
    raw: RawTables, rows: Iterable[Placed[R]], key: Callable[[R], Hashable], field: str
) -> None:
    seen: dict[Hashable, str] = {}
    for placed in rows:
        value = key(placed.row)
        if value in seen:
            raw.refuse(placed.raw.at(field), f"{field} {value!r} stands already at {seen[value]}")
        else:
            seen[value] = placed.raw.at(field)


def no_overlap(
    raw: RawTables, rows: Iterable[Placed[F]], key: Callable[[F], Hashable], what: str
) -> None:
    """Two facts about the same thing must never hold on the same day."""
    by_key: dict[Hashable, list[Placed[F]]] = {}
    for placed in rows:
        by_key.setdefault(key(placed.row), []).append(placed)
    for same in by_key.values():
        same.sort(key=lambda placed: placed.row.valid_from or date.min)
        for earlier, later in pairwise(same):
            if (earlier.row.valid_until or date.max) >= (later.row.valid_from or date.min):
                raw.refuse(
                    later.raw.place,
                    f"this {what} begins before the one at {earlier.raw.place} has ended",
                )


def _repeated_keys(raw: RawTables) -> None:
    for table, field in UNIQUE.items():
        seen: dict[str, str] = {}
        for row in raw.tables.get(table, []):
            value = str(row.values.get(field, "")).strip()
            if value and value in seen:
                raw.refuse(row.at(field), f"{field} {value!r} stands already at {seen[value]}")
            seen.setdefault(value, row.at(field))
    for owner in raw.tables.get("trims", []):
        code = str(owner.values.get("code", "")).strip()
        if code in codes(raw, "models"):
            raw.refuse(owner.at("code"), f"{code!r} is the code of a model already")


def _references(raw: RawTables) -> None:
    for table, field, target in REFERENCES:
        if raw.unread(target):
            continue
        known = codes(raw, target)
        for row in raw.tables.get(table, []):
            for value in parts(row.values[field]) if field in row.values else []:
                if str(value).strip() not in known:
                    raw.refuse(row.at(field), f"{field} {str(value)!r} is not in {target}")


def folded(name: str) -> str:
    """How names are compared: width and case say nothing."""
    return normalize("NFKC", name).casefold().strip()


def _names(raw: RawTables) -> None:
    for table in NAMED:
        for row in raw.tables.get(table, []):
            seen: set[str] = set()
            for part in parts(row.values.get("aliases", [])):
                name = folded(str(part))
                if len(name) < 2:
                    raw.refuse(row.at("aliases"), f"the alias {part!r} is a single character")
                elif name in ORDINARY_WORDS:
                    raw.refuse(row.at("aliases"), f"the alias {part!r} is an ordinary word")
                elif name in seen:
                    raw.refuse(row.at("aliases"), f"the alias {part!r} stands here twice")
                seen.add(name)


def _hours(raw: RawTables, rows: list[Placed[OpeningHoursRow]]) -> None:
    taken: dict[tuple[str, int], list[Placed[OpeningHoursRow]]] = {}
    for placed in rows:
        for weekday in placed.row.weekdays:
            for other in taken.setdefault((placed.row.department, weekday), []):
                if other.row.opens < placed.row.closes and placed.row.opens < other.row.closes:
                    raw.refuse(
                        placed.raw.place, f"these hours overlap with those at {other.raw.place}"
                    )
            taken[placed.row.department, weekday].append(placed)


def _of_models(
    raw: RawTables,
    rows: Sequence[Placed[ServicePriceRow]] | Sequence[Placed[ServiceIntervalRow]],
    what: str,
) -> None:
    """Of one item and one model only one may hold on a day, and only one general one."""
    single: dict[tuple[str, str], list[Placed[Fact]]] = {}
    for placed in rows:
        for model in placed.row.models or [""]:
            one = Placed[Fact](placed.row, placed.raw)
            single.setdefault((placed.row.item, model), []).append(one)
    for same in single.values():
        no_overlap(raw, same, lambda _row: "", what)


def _intervals(
    raw: RawTables,
    items: list[Placed[ServiceItemRow]],
    intervals: list[Placed[ServiceIntervalRow]],
) -> None:
    """The interval on an item is a short way to write its general one: both must agree."""
    general: dict[str, list[ServiceIntervalRow]] = {}
    for placed in intervals:
        if not placed.row.models:
            general.setdefault(placed.row.item, []).append(placed.row)
    for one in items:
        row, rows = one.row, general.get(one.row.code)
        written = (row.interval_km, row.interval_months)
        if (
            rows
            and any(written)
            and written not in [(r.interval_km, r.interval_months) for r in rows]
        ):
            raw.refuse(
                one.raw.at("interval_km"), "this interval is none of those in service_intervals"
            )


def _skills(
    raw: RawTables,
    items: list[Placed[ServiceItemRow]],
    technicians: list[Placed[TechnicianRow]],
) -> None:
    """Work that nobody can do could never be booked."""
    there = [placed.row for placed in technicians if placed.row.active]
    known = {skill for row in there for skill in row.skills}
    for placed in items if there else []:
        if placed.row.skill and placed.row.skill not in known:
            raw.refuse(
                placed.raw.at("skill"), f"no active technician has the skill {placed.row.skill!r}"
            )
