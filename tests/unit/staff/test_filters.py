"""What staff type into search fields and addresses."""

from datetime import UTC, datetime

import pytest

from backend.errors import InvalidError
from backend.staff.filters import Cursor, clean, compact, moment, normal_phone, phone_part

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    "text",
    [
        "13800000001",
        "+8613800000001",
        " 8613800000001",
        "138 0000 0001",
        "138-0000-0001",
        "008613800000001",
        "１３８０００００００１",
    ],
)
def test_a_chinese_mobile_number_in_any_spelling(text: str) -> None:
    assert normal_phone(text) == "+8613800000001"


def test_a_foreign_number_keeps_its_country() -> None:
    assert normal_phone("+1 415 555 0100") == "+14155550100"


@pytest.mark.parametrize("text", ["", "abc", "12", "+", "1" * 40, "' OR 1=1", "\ud800"])
def test_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        normal_phone(text)


def test_parts_of_phones() -> None:
    assert phone_part("0001") == "0001"
    assert phone_part("138 0000") == "1380000"
    assert phone_part("+86138") == "86138"
    assert phone_part("12") is None
    assert phone_part("山屿") is None
    assert phone_part("TD261125-0001") is None


def test_plates_and_search_words() -> None:
    assert compact("浙a·123 45") == "浙A12345"
    assert clean("  a\x00b ") == "ab"
    assert len(clean("x" * 500)) == 100


@pytest.mark.parametrize(
    ("text", "end", "expected"),
    [
        ("2026-11-28", False, datetime(2026, 11, 27, 16, tzinfo=UTC)),
        ("2026-11-28", True, datetime(2026, 11, 28, 16, tzinfo=UTC)),
        ("2026-11-28T15:00", False, datetime(2026, 11, 28, 7, tzinfo=UTC)),
        ("2026-11-28T15:00:00+01:00", False, datetime(2026, 11, 28, 14, tzinfo=UTC)),
        ("2026-11-28T15:00:00 08:00", False, datetime(2026, 11, 28, 7, tzinfo=UTC)),
        ("2026-11-28T07:00:00Z", True, datetime(2026, 11, 28, 7, 0, 0, 1, tzinfo=UTC)),
    ],
)
def test_days_and_moments(text: str, end: bool, expected: datetime) -> None:
    assert moment(text, ZONE, end=end) == expected


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "0001-01-01", "2026-11-28T25:00"])
def test_dates_that_are_none(text: str) -> None:
    with pytest.raises(InvalidError):
        moment(text, ZONE)


def test_the_last_day_of_the_calendar_has_no_next() -> None:
    with pytest.raises(InvalidError):
        moment("9999-12-31", ZONE, end=True)


def test_a_cursor_comes_back_as_it_was() -> None:
    at = datetime(2026, 11, 25, 2, 0, 0, 123456, tzinfo=UTC)
    assert Cursor.decode(Cursor(at, 12).encode(), int) == Cursor(at, 12)
    assert Cursor.decode(Cursor(at, "c0ffee").encode(), str) == Cursor(at, "c0ffee")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!!",
        "bm9uc2Vuc2U",
        "WzEsMl0",
        "é",
        Cursor(datetime(2026, 1, 1, tzinfo=UTC), "abc").encode(),
        Cursor(datetime(2026, 1, 1, tzinfo=UTC), 2**40).encode(),
        Cursor(datetime(2026, 1, 1, tzinfo=UTC), -1).encode(),
    ],
)
def test_what_is_no_cursor_of_a_numbered_list(text: str) -> None:
    with pytest.raises(InvalidError):
        Cursor.decode(text, int)
