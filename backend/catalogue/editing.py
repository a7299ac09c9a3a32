"""Editing the tables of a catalogue row by row: what a fact is about, its periods, a new one.

Pure: works on what `dumping` has read, in the words of the importer, so that the importer's
checks hold for what is edited by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from backend.catalogue import fields
from backend.catalogue.rows import Problem, RawRow, RawTables
from backend.catalogue.schema import TABLES

PROVENANCE = ("source", "source_en", "valid_from", "valid_until")
EXPIRING = timedelta(days=14)
"""How long before its end a fact asks for attention."""
EDITED = "edited"
"""The place of the edited row: `edited:FIELD` for one of its fields."""
LONGEST = 60

State = Literal["valid", "expiring", "scheduled", "expired", "withdrawn", "unapproved"]
STATES: tuple[State, ...] = (
    "valid", "expiring", "scheduled", "expired", "withdrawn", "unapproved",
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """`key` names what a row is about, `fields` is what is said of it."""

    key: tuple[str, ...]
    fields: tuple[str, ...]
    fact: bool = True

    @property
    def editable(self) -> tuple[str, ...]:
        return self.fields + (PROVENANCE if self.fact else ())


SHEETS: Mapping[str, Sheet] = {
    "prices": Sheet(("trim",), ("price",)),
    "promotions": Sheet(
        ("code",),
        ("kind", "title_zh", "title_en", "text_zh", "text_en", "model", "trim", "amount"),
    ),
    "finance_plans": Sheet(
        ("code",),
        ("name_zh", "name_en", "annual_rate_percent", "min_down_percent", "months", "fee",
         "models"),
    ),
    "fees": Sheet(
        ("code",),
        ("line", "name_zh", "name_en", "rule", "amount", "rate_percent", "vat_percent",
         "share_percent", "relief_max", "up_to", "base", "energies", "optional"),
    ),
    "statements": Sheet(("code",), ("text_zh", "text_en")),
    "service_prices": Sheet(("item", "models"), ("parts", "labour")),
    "feature_values": Sheet(("scope", "feature"), ("value", "value_en")),
    "models": Sheet(("code",), ("aliases",), fact=False),
    "trims": Sheet(("code",), ("aliases",), fact=False),
    "features": Sheet(("code",), ("aliases",), fact=False),
    "service_items": Sheet(("code",), ("aliases",), fact=False),
}  # fmt: skip


def text_of(value: object) -> str:
    """A cell as a person writes it into a form: `168800`, `12 | 24`, `5: 950 | 9: 1100`."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " | ".join(
            ": ".join(text_of(part) for part in one) if isinstance(one, list) else text_of(one)
            for one in value
        )
    if isinstance(value, float):
        return f"{value:.12g}"
    return value.isoformat() if isinstance(value, date) else str(value)


def written(sheet: str, row: RawRow) -> dict[str, str]:
    """What a form shows of a row."""
    return {name: text_of(row.values.get(name)) for name in SHEETS[sheet].editable}


def ref_of(sheet: str, row: RawRow) -> str:
    """What a row is about: its codes, joined by a dot, which no code contains."""
    return ".".join(text_of(row.values.get(name)) for name in SHEETS[sheet].key)


def keys_of(sheet: str, ref: str) -> dict[str, str]:
    """The inverse of `ref_of`. Raises ValueError for what names nothing of this sheet."""
    parts = ref.split(".")
    if sheet not in SHEETS or len(parts) != len(SHEETS[sheet].key):
        raise ValueError(f"{ref!r} names nothing in {sheet}")
    for name, part in zip(SHEETS[sheet].key, parts, strict=True):
        # Only the model of a service price may be missing: then it holds for all.
        if part or name != "models":
            fields.code(part)
    return dict(zip(SHEETS[sheet].key, parts, strict=True))


def periods(raw: RawTables, sheet: str, ref: str) -> list[RawRow]:
    """The rows about one thing, the earliest first."""
    found = [row for row in raw.tables.get(sheet, []) if ref_of(sheet, row) == ref]
    return sorted(found, key=lambda row: first_day(row) or date.min)


def first_day(row: RawRow) -> date | None:
    return _day(row.values.get("valid_from"))


def last_day(row: RawRow) -> date | None:
    return _day(row.values.get("valid_until"))


def _day(value: object) -> date | None:
    try:
        return fields.last_day(value) if value not in (None, "") else None
    except ValueError:
        return None


def approved(row: RawRow) -> bool:
    return text_of(row.values.get("approved")) == "yes"


def state_of(row: RawRow, today: date, withdrawn: bool = False) -> State:
    """How a fact stands on a day."""
    if not approved(row):
        return "withdrawn" if withdrawn else "unapproved"
    start, end = first_day(row), last_day(row)
    if start is not None and start > today:
        return "scheduled"
    if end is not None and end < today:
        return "expired"
    return "expiring" if end is not None and end <= today + EXPIRING else "valid"


def put(
    raw: RawTables,
    sheet: str,
    ref: str,
    values: Mapping[str, str],
    base_from: date | None = None,
    *,
    approval: tuple[str, datetime] | None = None,
) -> RawRow:
    """Puts what was written into the tables, as the row that it becomes once approved.

    An approved period that has begun earlier ends the day before the new one begins; else the
    new row takes the place of the one that was edited. Nothing is checked here.
    """
    table = raw.tables.setdefault(sheet, [])
    if not SHEETS[sheet].fact:
        return _put_names(raw, sheet, ref, values)
    row = _edited(sheet, ref, values)
    if approval is not None:
        row.put("approved_by", approval[0], EDITED)
        row.put("approved_at", approval[1].isoformat(), EDITED)
        row.put("approved", "yes", EDITED)
    else:
        row.put("approved", "no", EDITED)
    own = periods(raw, sheet, ref)
    base = next((one for one in own if base_from and first_day(one) == base_from), None)
    start = first_day(row)
    if base is not None and base_from and approved(base) and start and start > base_from:
        end = last_day(base)
        if end is None or end >= start:
            base.put("valid_until", start - timedelta(days=1), base.at("valid_until"))
        table.insert(_index(table, base) + 1, row)
    elif base is not None:
        table[_index(table, base)] = row
    elif own:
        # Beside its own: the order of fees and plans has a meaning.
        table.insert(_index(table, own[-1]) + 1, row)
    else:
        table.append(row)
    return row


def withdraw(raw: RawTables, sheet: str, ref: str, valid_from: date) -> RawRow | None:
    """Takes the approval from one period; None when there is no such approved one."""
    for row in periods(raw, sheet, ref):
        if first_day(row) == valid_from and approved(row):
            row.put("approved", "no", row.place)
            return row
    return None


def own_problems(raw: RawTables, problems: list[Problem]) -> dict[str, list[str]]:
    """Problems by field of the edited row; under "" those that are about all of it or arise
    elsewhere because of it."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        place, _, name = problem.place.partition(":")
        field = name if place == EDITED else ""
        found.setdefault(field, []).append(problem.message)
    return found


def _edited(sheet: str, ref: str, values: Mapping[str, str]) -> RawRow:
    row = RawRow(EDITED)
    kinds: Mapping[str, Any] = TABLES[sheet].model_fields
    for name in SHEETS[sheet].key:
        row.places[name] = EDITED
    for name in kinds:
        row.places.setdefault(name, f"{EDITED}:{name}")
    for name, text in {**keys_of(sheet, ref), **values}.items():
        if name in kinds and text.strip():
            row.put(name, text.strip(), row.places[name])
    return row


def _put_names(raw: RawTables, sheet: str, ref: str, values: Mapping[str, str]) -> RawRow:
    (row,) = periods(raw, sheet, ref)
    row.place = EDITED
    row.places = {name: f"{EDITED}:{name}" for name in TABLES[sheet].model_fields}
    names = fields.parts(values.get("aliases", ""))
    if names:
        row.put("aliases", names, f"{EDITED}:aliases")
    else:
        row.values.pop("aliases", None)
    return row


def _index(table: list[RawRow], row: RawRow) -> int:
    """Of this very row: two rows may hold the same."""
    return next(number for number, one in enumerate(table) if one is row)
