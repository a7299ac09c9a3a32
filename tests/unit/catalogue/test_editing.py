"""Editing a catalogue row by row: pure, on the tables of the small dealership."""

from datetime import date

import pytest

from backend.catalogue import editing, preview, standing
from backend.catalogue.reading import read_folder
from backend.catalogue.rows import RawTables
from backend.catalogue.schema import FACTS, TABLES
from backend.catalogue.validate import validate
from backend.console.problems import PATTERNS, worded
from tests.unit.catalogue.folders import SMALL

TODAY = date(2026, 11, 25)


@pytest.fixture
def raw() -> RawTables:
    """As the store gives it: defaults merged."""
    tables = read_folder(SMALL)
    validate(tables)
    for sheet in FACTS:
        for row in tables.tables[sheet]:
            row.values.setdefault("approved", "yes")
    return tables


def firsts(raw: RawTables, sheet: str, ref: str) -> list[tuple[str, str]]:
    return [
        (editing.text_of(row.values.get("valid_from")), editing.text_of(editing.last_day(row)))
        for row in editing.periods(raw, sheet, ref)
    ]


def test_a_later_beginning_ends_the_one_before(raw: RawTables) -> None:
    values = {"price": "1", "source": "x", "valid_from": "2026-12-01", "valid_until": "2026-12-31"}
    editing.put(raw, "prices", "alpha-base", values, date(2026, 10, 1))
    assert firsts(raw, "prices", "alpha-base") == [
        ("2026-10-01", "2026-11-30"), ("2026-12-01", "2026-12-31"), ("2027-01-01", ""),
    ]  # fmt: skip


def test_the_same_beginning_takes_its_place(raw: RawTables) -> None:
    for first in ("2026-10-01", "2026-09-01"):
        values = {"price": "1", "source": "x", "valid_from": first}
        start = date.fromisoformat(firsts(raw, "prices", "beta-base")[0][0])
        editing.put(raw, "prices", "beta-base", values, start)
        assert firsts(raw, "prices", "beta-base") == [(first, "")]


def test_what_was_never_approved_is_replaced(raw: RawTables) -> None:
    (row,) = editing.periods(raw, "prices", "beta-base")
    row.values["approved"] = "no"
    values = {"price": "1", "source": "x", "valid_from": "2026-12-01"}
    editing.put(raw, "prices", "beta-base", values, date(2026, 10, 1))
    assert firsts(raw, "prices", "beta-base") == [("2026-12-01", "")]


@pytest.mark.parametrize(
    ("first", "last", "approved", "withdrawn", "state"),
    [
        ("2026-01-01", "", "yes", False, "valid"),
        ("2026-11-25", "2026-12-10", "yes", False, "valid"),
        ("2026-01-01", "2026-12-09", "yes", False, "expiring"),
        ("2026-01-01", "2026-11-25", "yes", False, "expiring"),
        ("2026-01-01", "2026-11-24", "yes", False, "expired"),
        ("2026-11-26", "", "yes", False, "scheduled"),
        ("2026-01-01", "", "no", False, "unapproved"),
        ("2026-01-01", "", "no", True, "withdrawn"),
    ],
)
def test_states(
    raw: RawTables, first: str, last: str, approved: str, withdrawn: bool, state: str
) -> None:
    (row,) = editing.periods(raw, "prices", "beta-base")
    row.values |= {"valid_from": first, "valid_until": last, "approved": approved}
    assert editing.state_of(row, TODAY, withdrawn) == state


@pytest.mark.parametrize("sheet", editing.SHEETS)
def test_what_a_form_shows_reads_back_the_same(raw: RawTables, sheet: str) -> None:
    """No figure and no list changes by being opened and saved."""
    if sheet == "feature_values":
        return
    before = [dict(row.values) for row in raw.tables[sheet]]
    kind = TABLES[sheet]
    for row, own in zip(list(raw.tables[sheet]), before, strict=True):
        written = editing.written(sheet, row)
        ref = editing.ref_of(sheet, row)
        if sheet == "service_prices" and "|" in ref:
            continue
        again = {**own, **{name: text for name, text in written.items() if text}}
        assert kind.model_validate(again) == kind.model_validate(own)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("sheet", editing.SHEETS)
def test_everything_that_is_valid_can_be_said(raw: RawTables, sheet: str, language: str) -> None:
    for row in raw.tables[sheet]:
        if sheet == "feature_values" and row.values["scope"] not in ("alpha-base", "alpha-high"):
            continue
        if sheet in ("models", "trims", "features", "service_items") and not row.values.get(
            "aliases"
        ):
            continue
        said = preview.say(sheet, row, raw, language, TODAY)
        assert said and "None" not in said, (sheet, row.values)


def test_a_name_for_nothing() -> None:
    for sheet, ref in (("prices", ""), ("prices", "a.b"), ("prices", "A"), ("fees", "a/b"),
                       ("service_prices", "oil"), ("feature_values", "a.")):  # fmt: skip
        with pytest.raises(ValueError):
            editing.keys_of(sheet, ref)
    assert editing.keys_of("service_prices", "oil.") == {"item": "oil", "models": ""}


def test_problems_in_the_words_of_the_reader() -> None:
    told = {"price": ["price: 'x' is not a number"], "": ["source is missing, here and …", "odd"]}
    assert worded(told, "zh", ("price", "source")) == {
        "price": ["要填数字。"], "source": ["请填写来源。"], "": ["填写不正确：odd"],
    }  # fmt: skip
    assert worded(told, "en", ("price",)) == {
        "price": ["A number is needed."],
        "": ["Say where it comes from.", "odd"],
    }
    assert all(zh and en and zh != en for _, _, zh, en in PATTERNS)


def test_what_needs_care(raw: RawTables) -> None:
    def care(sheet: str, ref: str, today: date) -> bool:
        rows = editing.periods(raw, sheet, ref)
        return standing.entry(sheet, ref, rows, today, standing.Known()).needs_care

    # The next price is known already. An offer that is over needs nobody.
    assert not care("prices", "alpha-base", date(2026, 12, 20))
    assert care("promotions", "beta-cash", date(2026, 12, 20))
    assert not care("promotions", "beta-cash", date(2027, 1, 1))
    (row,) = editing.periods(raw, "statements", "warranty")
    row.values["valid_until"] = "2026-12-31"
    assert care("statements", "warranty", date(2026, 12, 20))
    assert care("statements", "warranty", date(2027, 1, 1))
    assert not care("statements", "warranty", TODAY)
