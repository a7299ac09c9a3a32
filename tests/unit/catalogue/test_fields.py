"""One cell at a time: what people write and what it becomes."""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.catalogue import fields


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        (89800, 8980000),
        ("89800", 8980000),
        ("89,800.50", 8980050),
        ("１２９８００", 12980000),
        (0, 0),
        (129800.30000000001, 12980030),
        (" 5000 ", 500000),
    ],
)
def test_yuan_become_fen(written: object, fen: int) -> None:
    assert fields.fen(written) == fen


@pytest.mark.parametrize(
    "written", ["12.98万", "1.234", -1, "abc", "", True, "nan", "inf", "1,2", 30_000_000, None]
)
def test_what_is_no_amount_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        fields.fen(written)


@given(st.integers(min_value=0, max_value=fields.MAX_YUAN * 100))
def test_every_amount_in_fen_survives_being_written_in_yuan(amount: int) -> None:
    assert fields.fen(f"{amount // 100}.{amount % 100:02d}") == amount
    assert fields.fen(amount / 100) == amount


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (fields.basis_points, 3.5, 350),
        (fields.basis_points, "2.99", 299),
        (fields.basis_points, 0.0299 * 100, 299),
        (fields.day, "2026-11-01", date(2026, 11, 1)),
        (fields.day, "2026/11/1", date(2026, 11, 1)),
        (fields.day, datetime(2026, 11, 1), date(2026, 11, 1)),
        (fields.last_day, "none", None),
        (fields.last_day, "不限", None),
        (fields.moment, "2026-11-01 09:30", datetime(2026, 11, 1, 9, 30)),
        (fields.wall_clock, "9:00", "09:00"),
        (fields.wall_clock, time(17, 30), "17:30"),
        (fields.weekdays, "mon-fri", [0, 1, 2, 3, 4]),
        (fields.weekdays, ["sun", "sat"], [5, 6]),
        (fields.months, "12 | 24、36", [12, 24, 36]),
        (fields.months, 12, [12]),
        (fields.steps, "5: 950 | 9：1100", [(5, 95000), (9, 110000)]),
        (fields.steps, [[5, 950], [9, 1100]], [(5, 95000), (9, 110000)]),
        (fields.yes_or_no, "否", False),
        (fields.yes_or_no, True, True),
        (fields.names, "天窗；全景天窗\n sunroof ", ["天窗", "全景天窗", "sunroof"]),
        (fields.filled, "\u3000山屿 ", "山屿"),
        (fields.filled, 5008.0, "5008"),
        (fields.code, " xinghe-e5 ", "xinghe-e5"),
    ],
)
def test_other_cells(read: Callable[[object], object], written: object, value: object) -> None:
    assert read(written) == value


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (fields.basis_points, "3.555"),
        (fields.basis_points, 101),
        (fields.day, "2026-02-30"),
        (fields.day, datetime(2026, 11, 1, 9)),
        (fields.day, 46327),
        (fields.moment, "yesterday"),
        (fields.wall_clock, "24:00"),
        (fields.wall_clock, 720),
        (fields.weekdays, "fri-mon"),
        (fields.weekdays, "mon-wed | tue"),
        (fields.weekdays, "周一"),
        (fields.months, "36 | 12"),
        (fields.months, 122436),
        (fields.steps, "9: 1100 | 5: 950"),
        (fields.steps, "950"),
        (fields.yes_or_no, "maybe"),
        (fields.filled, "  "),
        (fields.filled, "a\x00b"),
        (fields.filled, "长" * (fields.MAX_TEXT + 1)),
        (fields.filled, date(2026, 1, 2)),
        (fields.code, "Qinglan"),
        (fields.code, "a b"),
        (fields.whole, "2.5"),
    ],
)
def test_what_makes_no_sense_is_refused(read: Callable[[object], object], written: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(written)
