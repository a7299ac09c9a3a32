"""What is due at a mileage: pure arithmetic on intervals."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.models import ServiceItem
from backend.workshop.capacity import visit_length
from backend.workshop.plan import marks, plan


def item(code: str, km: int | None, months: int | None = None) -> ServiceItem:
    return ServiceItem(code=code, interval_km=km, interval_months=months, position=1)


OIL, BRAKE, WASH = item("oil", 10_000, 12), item("brake", 40_000, 24), item("wash", None)
MENU = (OIL, BRAKE, WASH)


@pytest.mark.parametrize(
    ("km", "due", "next_km"),
    [
        (0, [], 10_000),
        (8_999, [], 10_000),
        (9_000, ["oil"], 20_000),
        (10_000, ["oil"], 20_000),
        (11_000, ["oil"], 20_000),
        (11_001, [], 20_000),
        (38_000, ["brake"], 40_000),
        (39_500, ["oil", "brake"], 50_000),
        (42_001, [], 50_000),
    ],
)
def test_due_by_mileage(km: int, due: list[str], next_km: int) -> None:
    found = plan(MENU, km, None)

    assert [d.item.code for d in found.due] == due
    assert found.next_km == next_km


def test_items_of_the_next_mark() -> None:
    assert [i.code for i in plan(MENU, 35_000, None).next_items] == ["oil", "brake"]
    assert [i.code for i in plan(MENU, 15_000, None).next_items] == ["oil"]
    assert plan([WASH], 15_000, 12).next_items == ()


def test_due_by_age_though_little_was_driven() -> None:
    found = plan(MENU, 3_000, 12)

    assert [(d.item.code, d.at_km, d.at_months) for d in found.due] == [("oil", None, 12)]
    assert [(c.item.code, c.at_months) for c in found.next] == [("oil", 24), ("brake", 24)]
    assert plan(MENU, 3_000, 9).due == ()


@given(st.integers(0, 1_000_000), st.integers(1_000, 100_000))
def test_marks_are_multiples_around_the_value(value: int, interval: int) -> None:
    tolerance = interval // 10
    due, coming = marks(value, interval, tolerance)

    assert coming % interval == 0
    assert 0 < coming - value <= interval + tolerance
    if due is not None:
        assert due > 0
        assert due % interval == 0
        assert abs(due - value) <= tolerance
        assert coming == due + interval


@pytest.mark.parametrize(
    ("minutes", "length"), [(1, 30), (30, 30), (31, 45), (45, 45), (70, 75), (120, 120)]
)
def test_a_visit_is_whole_quarters(minutes: int, length: int) -> None:
    assert visit_length(minutes) == timedelta(minutes=length)
