"""How times, money and values are written for staff."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.console.texts import Texts
from backend.console.values import essence, yuan
from backend.console.view import Format

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
ZH = Format(Texts("zh"), "Asia/Shanghai", NOW)
EN = Format(Texts("en"), "Asia/Shanghai", NOW)


@pytest.mark.parametrize(
    ("passed", "chinese", "english"),
    [
        (timedelta(seconds=20), "刚刚", "just now"),
        (timedelta(minutes=4), "4 分钟前", "4 min ago"),
        (timedelta(hours=3, minutes=59), "3 小时前", "3 h ago"),
        (timedelta(hours=16), "昨天 18:00", "yesterday 18:00"),
        (timedelta(days=3), "11-22 周日 10:00", "11-22 Sun 10:00"),
        (timedelta(days=400), "2025-10-21 周二 10:00", "2025-10-21 Tue 10:00"),
        (timedelta(hours=-5), "今天 15:00", "today 15:00"),
        (timedelta(days=-1), "明天 10:00", "tomorrow 10:00"),
    ],
)
def test_how_long_ago(passed: timedelta, chinese: str, english: str) -> None:
    assert ZH.ago(NOW - passed) == chinese
    assert EN.ago(NOW - passed) == english


@pytest.mark.parametrize(
    ("passed", "chinese", "english"),
    [
        (timedelta(seconds=50), "刚开始等待", "just began to wait"),
        (timedelta(minutes=12), "已等 12 分钟", "waiting 12 min"),
        (timedelta(hours=2, minutes=59), "已等 2 小时", "waiting 2 h"),
        (timedelta(days=3, hours=1), "已等 3 天", "waiting 3 d"),
        (timedelta(minutes=-1), "刚开始等待", "just began to wait"),
    ],
)
def test_how_long_somebody_waits(passed: timedelta, chinese: str, english: str) -> None:
    assert ZH.waited(NOW - passed) == chinese
    assert EN.waited(NOW - passed) == english


def test_a_promise_for_today_is_a_time_alone() -> None:
    assert ZH.by(NOW + timedelta(minutes=30)) == "10:30"
    assert ZH.by(NOW + timedelta(days=1)) == "明天 10:00"
    assert ZH.by(datetime(2026, 11, 25, 16, 30, tzinfo=UTC)) == "明天 00:30"


def test_times_are_those_of_the_dealership() -> None:
    assert ZH.full(datetime(2026, 11, 27, 16, 30, tzinfo=UTC)) == "2026-11-28 周六 00:30"
    assert ZH.iso(NOW) == "2026-11-25T10:00:00+08:00"


@pytest.mark.parametrize(
    ("fen", "text"), [(0, "¥0"), (42_000, "¥420"), (16_880_050, "¥168,800.50"), (-5, "-¥0.05")]
)
def test_money(fen: int, text: str) -> None:
    assert yuan(fen) == text


def test_phones() -> None:
    assert ZH.phone("+8613800000001") == "138 0000 0001"
    assert ZH.phone("+14155550100") == "+14155550100"
    assert ZH.phone(None) == "—"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"amount": None, "min": 15_000_000, "max": 20_000_000, "currency": "CNY"},
         "¥150,000–¥200,000"),
        ({"date": "2026-11-28", "time": None, "part": "morning", "grain": "part"},
         "2026-11-28 morning"),
        ({"km": 30000, "approximate": False}, "30000 km"),
        ({"name": "王伟", "title": "先生"}, "王伟先生"),
        ({"number": "+8613800000001", "national": "13800000001", "valid": True}, "13800000001"),
        ({"plate": "浙A12345", "new_energy": False}, "浙A12345"),
        ({"new": {"form": 1}}, '{"new": {"form": 1}}'),
        (12, "12"),
    ],
)  # fmt: skip
def test_values_in_one_line(value: Any, text: str) -> None:
    assert essence(value) == text
