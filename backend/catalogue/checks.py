"""What rows say about each other: references, repeated keys, overlapping validity."""

from collections.abc import Callable, Hashable, Iterable
from datetime import date
from itertools import pairwise
from typing import TypeVar
from unicodedata import normalize

from backend.catalogue.fields import parts
from backend.catalogue.rows import RawTables
from backend.catalogue.schema import (
    DemoCarRow,
    Fact,
    OpeningHoursRow,
    PriceRow,
    PromotionRow,
    Row,
    ServicePriceRow,
    TrimRow,
)
from backend.catalogue.typed import Placed

F = TypeVar("F", bound=Fact)
R = TypeVar("R", bound=Row)

UNIQUE = {
    "features": "code", "models": "code", "trims": "code", "promotions": "code",
    "finance_plans": "code", "fees": "code", "service_items": "code", "statements": "code",
    "trade_in_ranges": "code",
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
    service_prices: list[Placed[ServicePriceRow]],
    demo_cars: list[Placed[DemoCarRow]],
) -> None:
    """Leaves a problem in `raw` for each contradiction."""
    _repeated_keys(raw)
    _references(raw)
    _names(raw)
    _hours(raw, opening_hours)
    once(raw, demo_cars, lambda row: row.plate, "plate")
    no_overlap(raw, prices, lambda row: row.trim, "price")
    _service_prices(raw, service_prices)
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


def _service_prices(raw: RawTables, rows: list[Placed[ServicePriceRow]]) -> None:
    single: dict[tuple[str, str], list[Placed[ServicePriceRow]]] = {}
    for placed in rows:
        for model in placed.row.models or [""]:
            single.setdefault((placed.row.item, model), []).append(placed)
    for same in single.values():
        no_overlap(raw, same, lambda row: row.item, "price")
