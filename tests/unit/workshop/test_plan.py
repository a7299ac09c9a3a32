"""What is due at a mileage or an age: pure arithmetic on intervals."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.models import ServiceItem, Vehicle
from backend.workshop.capacity import visit_length
from backend.workshop.history import MOST_KM_A_DAY, OwnCar, Reading
from backend.workshop.plan import Car, Done, Interval, marks, plan

TODAY = date(2026, 11, 25)


def item(code: str, km: int | None, months: int | None = None, *covers: str) -> Interval:
    return Interval(ServiceItem(code=code, covers=list(covers), position=1), km, months)


OIL, BRAKE, WASH = item("oil", 10_000, 12), item("brake", 40_000, 24), item("wash", None)
MENU = (OIL, BRAKE, WASH)


def at(km: int | None, age: date | None = None, **done: Done) -> Car:
    return Car(TODAY, km, age, done)


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
    found = plan(MENU, at(km))

    assert [d.item.code for d in found.due] == due
    assert found.next_km == next_km


def test_items_of_the_next_mark() -> None:
    assert [i.code for i in plan(MENU, at(35_000)).next_items] == ["oil", "brake"]
    assert [i.code for i in plan(MENU, at(15_000)).next_items] == ["oil"]
    assert plan([WASH], at(15_000, date(2025, 11, 25))).next_items == ()


def test_due_by_age_though_little_was_driven() -> None:
    found = plan(MENU, at(3_000, date(2025, 11, 25)))

    assert [(d.item.code, d.at_km, d.on) for d in found.due] == [("oil", None, TODAY)]
    assert [(c.item.code, c.on) for c in found.next] == [
        ("oil", date(2027, 11, 25)),
        ("brake", date(2027, 11, 25)),
    ]
    assert plan(MENU, at(3_000, date(2026, 2, 20))).due == ()


def test_without_mileage_age_alone_decides() -> None:
    found = plan(MENU, at(None, date(2024, 11, 25)))

    assert found.due_codes == ["oil", "brake"]
    assert found.next_km is None
    assert found.next_on == date(2027, 11, 25)


@pytest.mark.parametrize(
    ("km", "due", "next_km"),
    [
        (18_000, [], 23_500),
        (22_499, [], 23_500),
        (22_500, ["oil"], 32_500),
        (30_000, ["oil"], None),
    ],
)
def test_marks_count_from_when_it_was_done(km: int, due: list[str], next_km: int | None) -> None:
    found = plan([OIL], at(km, oil=Done(date(2026, 6, 1), 13_500)))

    assert found.due_codes == due
    if next_km is not None:
        assert found.next_km == next_km


def test_done_long_ago_is_due_by_date_whatever_was_driven() -> None:
    found = plan([OIL], at(14_000, oil=Done(date(2025, 12, 20), 13_500)))

    assert [(d.item.code, d.at_km, d.on) for d in found.due] == [("oil", None, date(2026, 12, 20))]


def test_what_an_item_includes_was_done_with_it() -> None:
    big = item("big", 20_000, None, "oil")
    done = Done(date(2026, 11, 1), 20_000)

    assert plan([OIL, big], at(20_500, big=done)).due == ()
    # Due together, only the larger one is proposed.
    assert plan([OIL, big], at(20_000)).due_codes == ["big"]


def test_a_car_that_is_not_on_the_road_yet_has_no_age() -> None:
    assert at(None, date(2027, 1, 1)).age_months is None


def car(*readings: tuple[int, date], new: date | None = None) -> OwnCar:
    return OwnCar(Vehicle(in_service_on=new), None, tuple(Reading(*r) for r in readings), {}, None)


def test_the_rate_comes_from_the_cars_own_readings() -> None:
    own = car((10_000, date(2026, 1, 1)), (16_000, date(2026, 5, 1)))

    assert own.rate() == 50
    assert own.estimate(date(2026, 5, 11)) == 16_500
    assert own.reaches(20_000) == date(2026, 5, 1) + timedelta(days=80)


def test_one_reading_and_the_first_registration_are_enough() -> None:
    assert car((10_000, date(2026, 5, 1)), new=date(2025, 10, 13)).rate() == 50


@pytest.mark.parametrize(
    "own",
    [
        car(),
        car((10_000, date(2026, 5, 1))),
        car((10_000, date(2026, 5, 1)), (10_300, date(2026, 5, 20))),
        car((10_000, date(2026, 5, 1)), (10_000 + MOST_KM_A_DAY * 40, date(2026, 6, 1))),
    ],
    ids=["nothing", "one reading", "too near", "a mistake"],
)
def test_without_a_rate_no_day_is_claimed(own: OwnCar) -> None:
    assert own.rate() is None
    assert own.reaches(20_000) is None


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
