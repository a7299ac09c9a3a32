"""Small decisions of the actions: which times are offered, what counts as a complaint."""

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.complaint import tells_a_story
from bot.actions.time_cards import APART, TIMES, spread
from tests.unit.actions.test_wording import turn

QUARTERS = [
    datetime(2026, 11, 28, 1, tzinfo=timezone.utc) + timedelta(minutes=15 * n) for n in range(36)
]


def clocks(times: list[datetime]) -> list[str]:
    return [f"{turn().local(when):%H:%M}" for when in times]


@pytest.mark.parametrize("start", [0, 1, 2, 5])
def test_whole_and_half_hours_from_the_whole_day_are_offered(start: int) -> None:
    day = QUARTERS[start:]
    offered = spread(day, turn())
    assert len(offered) == TIMES
    assert {turn().local(when).minute for when in offered} <= {0, 30}
    # Nothing before the first and after the last that fits was left out.
    assert offered[0] - day[0] < APART
    assert day[-1] - offered[-1] < APART


def test_all_are_offered_where_there_are_few() -> None:
    assert clocks(spread(QUARTERS[:16], turn())) == ["09:00", "10:00", "11:00", "12:00"]


def test_odd_quarters_are_offered_where_there_is_nothing_else() -> None:
    odd = [when for when in QUARTERS[:16] if when.minute in (15, 45)]
    assert clocks(spread(odd, turn())) == ["09:15", "10:15", "11:15", "12:15"]


@given(st.sets(st.sampled_from(QUARTERS)))
def test_offers_are_free_times_apart_from_each_other(free: set[datetime]) -> None:
    offered = spread(sorted(free), turn())
    assert set(offered) <= free
    assert bool(offered) == bool(free)
    assert len(offered) <= TIMES
    assert all(later - earlier >= APART for earlier, later in pairwise(offered))


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉", "投诉", "我想投诉你们店", "你好，我要投诉一下。", "投诉！！",
        "I want to make a complaint", "complaint", "I'd like to file a complaint please",
        "/complaint", "唉",
    ],
)  # fmt: skip
def test_bare_complaints(text: str) -> None:
    assert not tells_a_story(text)


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉，昨天保养把我车刮了", "投诉你们销售态度差", "等了三个小时没人理",
        "I want to complain about the salesman who was rude", "the paint is scratched",
    ],
)  # fmt: skip
def test_stories(text: str) -> None:
    assert tells_a_story(text)


def test_the_day_of_the_tests_is_a_wednesday() -> None:
    assert turn().today == date(2026, 11, 25)
    assert turn().today.weekday() == 2
