"""By when a person is promised: within opening hours, to the minute, whatever the clock shows."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backend.appointments.hours import Hours, SpecialHours
from backend.conversations.promises import DANGER, ORDINARY, URGENT, Pace, pace_of, promise

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = {("sales", day): [("09:00", "12:00"), ("13:30", "18:00")] for day in range(6)}
HOURS = Hours(
    "Asia/Shanghai",
    WEEK,  # type: ignore[arg-type]  # the literal types of the keys are lost in the comprehension
    {date(2026, 11, 28): SpecialHours(None, "盘点", "Stocktaking")},
)
"""Monday to Saturday with a lunch break, Sunday closed, and a Saturday on which it is closed."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "due", "opens"),
    [
        # A Wednesday.
        ("25 10:00", "25 10:15", None),
        ("25 10:00:01", "25 10:16", None),
        ("25 11:45", "25 12:00", None),
        # Not before the break: after it.
        ("25 11:46", "25 14:00", "25 13:30"),
        ("25 12:30", "25 14:00", "25 13:30"),
        ("25 13:30", "25 13:45", None),
        ("25 17:50", "26 09:30", "26 09:00"),
        ("25 18:00", "26 09:30", "26 09:00"),
        ("25 23:59", "26 09:30", "26 09:00"),
        ("26 00:01", "26 09:30", "26 09:00"),
        ("26 08:59", "26 09:30", "26 09:00"),
        # Saturday for stocktaking, Sunday as ever.
        ("27 17:59", "30 09:30", "30 09:00"),
        ("28 10:00", "30 09:30", "30 09:00"),
    ],
)
def test_an_ordinary_promise(now: str, due: str, opens: str | None) -> None:
    made = promise(HOURS, at(now))
    assert made is not None
    assert made.due_at == at(due)
    assert made.opens_at == (at(opens) if opens else None)


def test_danger_is_sooner() -> None:
    made = promise(HOURS, at("25 10:00"), pace_of(DANGER))
    assert made is not None
    assert made.due_at == at("25 10:05")
    night = promise(HOURS, at("25 20:00"), pace_of(DANGER))
    assert night is not None
    assert night.due_at == at("26 09:10")
    assert (pace_of("handover"), pace_of("fault")) == (ORDINARY, ORDINARY)
    assert URGENT.there < ORDINARY.there
    assert URGENT.opening < ORDINARY.opening


def test_never_after_closing() -> None:
    """A span shorter than the pace: by its end."""
    hours = Hours("Asia/Shanghai", {("sales", 3): [("09:00", "09:20")]})
    made = promise(hours, at("25 10:00"))
    assert made is not None
    assert made.due_at == at("26 09:20")


def test_always_within_opening_hours() -> None:
    moment = at("23 00:00")
    while moment < at("30 23:00"):
        made = promise(HOURS, moment)
        assert made is not None
        assert made.due_at > moment
        assert HOURS.is_open(made.due_at - timedelta(minutes=1), made.due_at, "sales")
        if made.opens_at is not None:
            assert moment < made.opens_at < made.due_at
        moment += timedelta(minutes=7)


def test_open_around_the_clock_has_no_closing_at_midnight() -> None:
    hours = Hours(
        "Asia/Shanghai",
        {("sales", day): [("00:00", "24:00")] for day in range(7)},
    )
    made = promise(hours, at("25 23:50"))
    assert made is not None
    assert (made.due_at, made.opens_at) == (at("26 00:05"), None)


def test_a_change_of_the_clock_moves_with_the_wall() -> None:
    """In Berlin the night of 25 October 2026 has an hour more."""
    berlin = ZoneInfo("Europe/Berlin")
    hours = Hours(
        "Europe/Berlin",
        {("sales", day): [("09:00", "18:00")] for day in range(7)},
    )
    made = promise(hours, datetime(2026, 10, 24, 20, tzinfo=berlin))
    assert made is not None
    assert made.due_at == datetime(2026, 10, 25, 9, 30, tzinfo=berlin)


def test_nothing_is_promised_where_nobody_ever_comes() -> None:
    assert promise(Hours("Asia/Shanghai", {}), at("25 10:00")) is None


def test_a_pace_of_nothing_is_now() -> None:
    made = promise(HOURS, at("25 10:00"), Pace(timedelta(0), timedelta(0)))
    assert made is not None
    assert made.due_at == at("25 10:00")
