"""Opening hours as pure data: lunch, holidays, summer time, rounding, what fits."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.appointments.hours import Department, Hours, SpecialHours
from backend.appointments.slots import (
    QUARTER,
    Limits,
    Timing,
    ceil_quarter,
    floor_quarter,
    near,
    nearest_quarter,
)

LUNCH = (("09:00", "12:00"), ("13:30", "18:00"))
WEDNESDAY = date(2026, 11, 25)


def open_hours(zone: str = "Asia/Shanghai", **special: SpecialHours) -> Hours:
    """Sales with a lunch break Monday to Saturday, service without one on weekdays."""
    weekly: dict[tuple[Department, int], object] = {("sales", day): LUNCH for day in range(6)}
    weekly |= {("service", day): (("08:00", "17:00"),) for day in range(5)}
    days = {date.fromisoformat(day.replace("_", "-")[1:]): span for day, span in special.items()}
    return Hours(zone, weekly, days)  # type: ignore[arg-type]


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def test_spans_are_moments_in_utc() -> None:
    spans = open_hours().spans(WEDNESDAY, "sales")

    assert spans == [
        (datetime(2026, 11, 25, 1, tzinfo=UTC), datetime(2026, 11, 25, 4, tzinfo=UTC)),
        (datetime(2026, 11, 25, 5, 30, tzinfo=UTC), datetime(2026, 11, 25, 10, tzinfo=UTC)),
    ]
    assert all(moment.tzinfo == UTC for span in spans for moment in span)
    assert open_hours().spans(date(2026, 11, 29), "sales") == []


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("09:00", "12:00", True),
        ("08:59", "09:30", False),
        ("11:30", "12:00", True),
        ("11:31", "12:01", False),
        ("11:30", "13:45", False),
        ("13:30", "18:00", True),
        ("17:45", "18:15", False),
    ],
)
def test_open_means_one_span_holds_it_all(start: str, end: str, expected: bool) -> None:
    begins, ends = shanghai(f"2026-11-25T{start}"), shanghai(f"2026-11-25T{end}")
    assert open_hours().is_open(begins, ends, "sales") is expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("11:30", "13:45", True),
        ("11:30", "12:00", True),
        ("11:30", "12:15", True),
        ("11:30", "13:30", True),
        ("12:00", "14:00", False),
        ("13:30", "18:00", True),
        ("13:30", "18:15", False),
    ],
)
def test_work_may_run_into_and_over_a_break(start: str, end: str, expected: bool) -> None:
    begins, ends = shanghai(f"2026-11-25T{start}"), shanghai(f"2026-11-25T{end}")
    assert open_hours().is_open_over_breaks(begins, ends, "sales") is expected


def test_a_special_day_replaces_both_departments() -> None:
    closed = SpecialHours(None, "元旦", "New Year")
    short = SpecialHours(("10:00", "16:00"))
    hours = open_hours(d2026_11_25=closed, d2026_11_29=short)

    assert hours.spans(WEDNESDAY, "sales") == hours.spans(WEDNESDAY, "service") == []
    assert hours.special(WEDNESDAY) == closed
    sunday = date(2026, 11, 29)
    assert hours.spans(sunday, "service") == [
        (shanghai("2026-11-29T10:00"), shanghai("2026-11-29T16:00"))
    ]
    assert hours.special(date(2026, 11, 26)) is None


def test_adjoining_spans_are_one() -> None:
    hours = Hours("UTC", {("sales", 2): (("12:00", "18:00"), ("09:00", "12:00"))})

    assert len(hours.spans(WEDNESDAY, "sales")) == 1
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert hours.is_open(noon - timedelta(minutes=15), noon + timedelta(minutes=15), "sales")


def test_open_until_midnight() -> None:
    hours = Hours("UTC", {("sales", 2): (("09:00", "24:00"),)})

    assert hours.spans(WEDNESDAY, "sales")[0][1] == datetime(2026, 11, 26, tzinfo=UTC)


def test_the_next_opening() -> None:
    hours = open_hours(d2026_11_27=SpecialHours(None))

    def ask(text: str) -> datetime | None:
        return hours.next_open(shanghai(text), "sales")

    assert ask("2026-11-25T10:00") == shanghai("2026-11-25T10:00")
    assert ask("2026-11-25T12:00") == shanghai("2026-11-25T13:30")
    assert ask("2026-11-25T18:00") == shanghai("2026-11-26T09:00")
    assert ask("2026-11-26T20:00") == shanghai("2026-11-28T09:00")
    assert ask("2026-11-28T18:00") == shanghai("2026-11-30T09:00")
    assert Hours("UTC", {}).next_open(shanghai("2026-11-25T10:00"), "sales") is None


def test_hours_follow_the_wall_clock_through_summer_time() -> None:
    hours = open_hours("Europe/Berlin")
    friday, monday = date(2026, 3, 27), date(2026, 3, 30)

    assert hours.spans(friday, "sales")[0][0] == datetime(2026, 3, 27, 8, tzinfo=UTC)
    assert hours.spans(monday, "sales")[0][0] == datetime(2026, 3, 30, 7, tzinfo=UTC)
    night = Hours("Europe/Berlin", {("sales", 6): (("00:00", "06:00"),)})
    (spring,) = night.spans(date(2026, 3, 29), "sales")
    (autumn,) = night.spans(date(2026, 10, 25), "sales")
    assert spring[1] - spring[0] == timedelta(hours=5)
    assert autumn[1] - autumn[0] == timedelta(hours=7)
    assert hours.wall(hours.at(monday, time(15))) == time(15)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_rounding_stays_on_the_grid_and_near(moment: datetime) -> None:
    down, up, nearest = floor_quarter(moment), ceil_quarter(moment), nearest_quarter(moment)

    assert down <= moment <= up
    assert up - down in (timedelta(), QUARTER)
    assert nearest in (down, up)
    assert abs(nearest - moment) <= QUARTER / 2
    assert down.minute % 15 == down.second == down.microsecond == 0


@given(st.integers(15, 600), st.integers(0, 60), st.booleans())
def test_whatever_is_offered_fits(minutes: int, buffer: int, over_breaks: bool) -> None:
    length = timedelta(minutes=minutes)
    timing = Timing(open_hours(), "sales", length, timedelta(minutes=buffer), over_breaks)
    offered = timing.starts(WEDNESDAY)

    every = [shanghai("2026-11-25T00:00") + QUARTER * n for n in range(96)]
    assert offered == [start for start in every if timing.fits(start)]
    for start in offered:
        quarters = timing.quarters(start)
        assert quarters[0] == start
        assert quarters[-1] < start + length + timedelta(minutes=buffer) <= quarters[-1] + QUARTER


def test_days_are_searched_from_the_day_asked_for() -> None:
    limits = Limits(shanghai("2026-11-25T12:00"), date(2026, 12, 9))

    days = [day for part in limits.days_near(date(2026, 11, 28), WEDNESDAY) for day in part]

    assert days[0] == date(2026, 11, 28)
    assert days[11:] == [date(2026, 12, 9), *(date(2026, 11, n) for n in (27, 26, 25))]
    assert len(set(days)) == 15
    beyond = next(limits.days_near(date(2027, 1, 1), WEDNESDAY))
    assert beyond[0] == date(2026, 12, 9)
    past = next(limits.days_near(date(2026, 1, 1), WEDNESDAY))
    assert past[0] == WEDNESDAY


def test_near_keeps_the_hour_on_another_day() -> None:
    timing = Timing(open_hours(), "sales", timedelta(minutes=30))
    thursday = date(2026, 11, 26)

    found = near(timing, thursday, shanghai("2026-11-25T15:00"), timing.starts(thursday))

    assert found[:3] == [shanghai(f"2026-11-26T{t}") for t in ("15:00", "14:45", "15:15")]
