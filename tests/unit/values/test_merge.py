"""What holds when a customer says one time and then another."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from values import merge_times, times

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def _value(text: str) -> dict[str, Any]:
    return times.find(text, now=NOW)[0].value


CASES = [
    ("周六", "下午三点", "2026-11-28", "15:00"),
    ("下午三点", "周六", "2026-11-28", "15:00"),
    ("周六下午三点", "换成周日", "2026-11-29", "15:00"),
    ("周六下午三点", "下周一上午十点", "2026-11-30", "10:00"),
    ("下周", "周六", "2026-12-05", None),
    ("下个月", "20号", "2026-12-20", None),
    ("周末", "周日", "2026-11-29", None),
    ("周六晚上", "8点", "2026-11-28", "20:00"),
    ("明天7点", "晚上", "2026-11-26", "19:00"),
    ("周六三点", "四点", "2026-11-28", "16:00"),
    ("tomorrow", "at 3pm", "2026-11-26", "15:00"),
    ("Saturday 3pm", "make it Sunday", "2026-11-29", "15:00"),
    ("周六三点", "上午", "2026-11-28", None),
]


@pytest.mark.parametrize(("earlier", "later", "date", "clock"), CASES)
def test_merge(earlier: str, later: str, date: str, clock: str | None) -> None:
    merged = merge_times(_value(earlier), _value(later), NOW)
    assert (merged["date"], merged["time"]) == (date, clock)
    if clock:
        assert merged["start"] == f"{date}T{clock}:00+08:00"
        assert merged["grain"] == "hour"


def test_a_part_is_kept_for_a_new_day() -> None:
    merged = merge_times(_value("周六下午"), _value("改成周日"), NOW)
    assert (merged["date"], merged["part"], merged["grain"]) == ("2026-11-29", "afternoon", "part")
    assert merged["start"] == "2026-11-29T13:00:00+08:00"


def test_a_past_day_becomes_a_coming_one() -> None:
    assert _value("昨天下午三点")["past"] is True
    assert merge_times(_value("昨天下午三点"), _value("周六"), NOW)["past"] is False


def test_nothing_earlier() -> None:
    value = _value("周六")
    assert merge_times({}, value, NOW) == value
    assert merge_times(value, {}, NOW) == value


def test_a_message_that_names_day_and_time_apart() -> None:
    found = times.find("I'm free on the 28th, please book it for me at half past two", now=NOW)
    value = times.merged(found, NOW)
    assert value is not None
    assert (value["date"], value["time"]) == ("2026-11-28", "14:30")
