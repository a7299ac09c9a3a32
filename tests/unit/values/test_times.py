"""Times in sentences, seen from Wednesday 25 November 2026, 10:00 at the dealership."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from values import find_all, times

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

# text, what the one mention reads, expected keys
ONE: list[tuple[str, str, dict[str, Any]]] = [
    # days
    ("我想下周六过去", "下周六", {"date": "2026-12-05", "grain": "day", "time": None}),
    ("这周日有空", "这周日", {"date": "2026-11-29"}),
    ("周末可以吗", "周末", {"date": "2026-11-28", "date_end": "2026-11-29", "grain": "weekend"}),
    ("三天后吧", "三天后", {"date": "2026-11-28"}),
    ("大后天行不行", "大后天", {"date": "2026-11-28"}),
    (
        "下个月第一个周末", "下个月第一个周末",
        {"date": "2026-12-05", "date_end": "2026-12-06", "grain": "weekend"},
    ),
    ("两周后的周六", "两周后的周六", {"date": "2026-12-12"}),
    ("本月20号", "本月20号", {"date": "2026-11-20", "past": True}),
    ("月底提车", "月底", {"date": "2026-11-26", "date_end": "2026-11-30", "approximate": True}),
    ("国庆节后再说吧", "国庆节后", {"date": "2027-10-08", "approximate": True}),
    ("除夕前一天", "除夕前一天", {"date": "2027-02-04"}),
    ("元旦那天", "元旦那天", {"date": "2027-01-01"}),
    ("明年春节", "明年春节", {"date": "2027-02-06"}),
    ("11月28日", "11月28日", {"date": "2026-11-28", "past": False}),
    ("11/28可以", "11/28", {"date": "2026-11-28"}),
    ("11-28", "11-28", {"date": "2026-11-28"}),
    ("2026年11月28日", "2026年11月28日", {"date": "2026-11-28"}),
    ("2026-12-05", "2026-12-05", {"date": "2026-12-05"}),
    ("十二月八号", "十二月八号", {"date": "2026-12-08"}),
    ("１１月２８日", "１１月２８日", {"date": "2026-11-28"}),
    ("3月5号", "3月5号", {"date": "2027-03-05"}),
    ("28号周六", "28号周六", {"date": "2026-11-28"}),
    ("周6", "周6", {"date": "2026-11-28"}),
    ("禮拜六", "禮拜六", {"date": "2026-11-28"}),
    ("下週三", "下週三", {"date": "2026-12-02"}),
    ("周一到周五", "周一到周五", {"date": "2026-11-30", "date_end": "2026-12-04"}),
    ("28号到30号", "28号到30号", {"date": "2026-11-28", "date_end": "2026-11-30"}),
    ("周五之前", "周五之前", {"date": "2026-11-25", "date_end": "2026-11-27"}),
    ("双十一", "双十一", {"date": "2027-11-11"}),
    ("每周六上午", "每周六上午", {"date": "2026-11-28", "repeated": True, "part": "morning"}),
    # roll forward and past
    ("周一方便", "周一", {"date": "2026-11-30", "past": False}),
    ("周三", "周三", {"date": "2026-12-02"}),
    ("3号", "3号", {"date": "2026-12-03"}),
    ("昨天去过", "昨天", {"date": "2026-11-24", "past": True}),
    ("去年买的", "去年", {"past": True}),
    ("上周五", "上周五", {"date": "2026-11-20", "past": True}),
    ("两天前", "两天前", {"date": "2026-11-23", "past": True}),
    ("last Monday", "last Monday", {"date": "2026-11-23", "past": True}),
    ("I came by yesterday", "yesterday", {"date": "2026-11-24", "past": True}),
    ("two weeks ago", "two weeks ago", {"date": "2026-11-11", "past": True}),
    ("今天上午九点", "今天上午九点", {"time": "09:00", "past": True}),
    # times of day
    ("明早八点", "明早八点", {"date": "2026-11-26", "time": "08:00", "part": "morning"}),
    ("半小时后", "半小时后", {"date": "2026-11-25", "time": "10:30", "grain": "minute"}),
    ("一个半小时后", "一个半小时后", {"time": "11:30"}),
    ("后天下午三点半", "后天下午三点半", {"date": "2026-11-27", "time": "15:30"}),
    (
        "周六下午2点到4点", "周六下午2点到4点",
        {"date": "2026-11-28", "time": "14:00", "time_end": "16:00", "part": "afternoon"},
    ),
    ("三点左右", "三点左右", {"date": None, "time": "15:00", "approximate": True, "start": None}),
    ("3点", "3点", {"time": "15:00", "ambiguous": []}),
    ("9点", "9点", {"time": "09:00", "ambiguous": []}),
    ("7点", "7点", {"time": "07:00", "ambiguous": ["19:00"]}),
    ("晚上8点", "晚上8点", {"time": "20:00"}),
    ("周六晚8点", "周六晚8点", {"time": "20:00", "date": "2026-11-28"}),
    ("今晚12点", "今晚12点", {"date": "2026-11-26", "time": "00:00"}),
    ("三点一刻", "三点一刻", {"time": "15:15"}),
    ("差一刻三点", "差一刻三点", {"time": "14:45"}),
    ("两点五十", "两点五十", {"time": "14:50"}),
    ("上午10点到下午2点", "上午10点到下午2点", {"time": "10:00", "time_end": "14:00"}),
    ("周六10-12点", "周六10-12点", {"time": "10:00", "time_end": "12:00"}),
    ("下午三点以后", "下午三点以后", {"time": "15:00", "time_end": "18:00"}),
    ("周六14:30", "周六14:30", {"time": "14:30"}),
    ("下午一点", "下午一点", {"time": "13:00"}),
    ("周六，下午三点", "周六，下午三点", {"date": "2026-11-28", "time": "15:00"}),
    ("后天早上", "后天早上", {"date": "2026-11-27", "part": "morning", "grain": "part"}),
    # English
    ("tomorrow 3pm", "tomorrow 3pm", {"date": "2026-11-26", "time": "15:00"}),
    (
        "next Saturday morning please", "next Saturday morning",
        {"date": "2026-12-05", "part": "morning"},
    ),
    ("Sat 10:30", "Sat 10:30", {"date": "2026-11-28", "time": "10:30"}),
    ("the day after tomorrow", "the day after tomorrow", {"date": "2026-11-27"}),
    ("in half an hour", "in half an hour", {"time": "10:30"}),
    ("Nov 28th", "Nov 28th", {"date": "2026-11-28"}),
    ("How about the 28th?", "the 28th", {"date": "2026-11-28"}),
    ("5th of December", "5th of December", {"date": "2026-12-05"}),
    ("this weekend", "this weekend", {"date": "2026-11-28", "date_end": "2026-11-29"}),
    ("noon", "noon", {"time": "12:00"}),
    ("half past two", "half past two", {"time": "14:30"}),
    ("a quarter to five", "a quarter to five", {"time": "16:45"}),
    ("a quarter of five", "a quarter of five", {"time": "16:45"}),
    ("quarter of 9 am", "quarter of 9 am", {"time": "08:45"}),
    (
        "a quarter of ten tomorrow", "a quarter of ten tomorrow",
        {"date": "2026-11-26", "time": "09:45"},
    ),
    ("a quarter of one, if you're free", "a quarter of one", {"time": "12:45"}),
    (
        "any time in the upcoming two days", "the upcoming two days",
        {"date": "2026-11-26", "date_end": "2026-11-27"},
    ),
    ("between 2 and 4 pm", "between 2 and 4 pm", {"time": "14:00", "time_end": "16:00"}),
    ("2-4pm on Friday", "2-4pm on Friday", {"time": "14:00", "time_end": "16:00"}),
    ("next week", "next week", {"date": "2026-11-30", "date_end": "2026-12-06", "grain": "week"}),
    ("at the end of the month", "the end of the month", {"date": "2026-11-26"}),
    ("end of next month", "end of next month", {"date": "2026-12-27"}),
    ("first Friday in December", "first Friday in December", {"date": "2026-12-04"}),
    ("a week from Saturday", "a week from Saturday", {"date": "2026-12-05"}),
    ("in 2 weeks", "in 2 weeks", {"date": "2026-12-09"}),
    ("eight tonight", "eight tonight", {"date": "2026-11-25", "time": "20:00"}),
    ("Friday around 4", "Friday around 4", {"date": "2026-11-27", "time": "16:00"}),
    ("Friday next week", "Friday next week", {"date": "2026-12-04"}),
    ("after 3pm on Friday", "after 3pm on Friday", {"time": "15:00", "time_end": "18:00"}),
    ("before noon tomorrow", "before noon tomorrow", {"time": "09:00", "time_end": "12:00"}),
    (
        "Monday the 7th to Friday the 11th", "Monday the 7th to Friday the 11th",
        {"date": "2026-12-07", "date_end": "2026-12-11"},
    ),
    # both in one
    ("下周六 3pm", "下周六 3pm", {"date": "2026-12-05", "time": "15:00"}),
    # traps with something to find
    ("约一下周五", "周五", {"date": "2026-11-27"}),
    ("周三不行，周四吧", "周四", {"date": "2026-11-26"}),
    ("不是周六，是周日", "周日", {"date": "2026-11-29"}),
    ("Friday doesn't work, Saturday does", "Saturday", {"date": "2026-11-28"}),
    ("Good morning, is Saturday free?", "Saturday", {"date": "2026-11-28"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "span", "expected"), ONE, ids=[case[0] for case in ONE])
def test_one_time(text: str, span: str, expected: dict[str, Any]) -> None:
    found = times.find(text, now=NOW)
    assert [mention.text for mention in found] in (
        [span],
        [span.removeprefix("the ")],
        [span.removesuffix("那天")],
    )
    assert {key: found[0].value[key] for key in expected} == expected


NOTHING = [
    "in 15", "call me in 15", "a quarter of ten people", "a quarter of 3.5 tonnes",
    "quarter of the price", "a quarter of 10%",
    "一点都不贵", "三点式安全带", "08年的车", "有点贵", "便宜一点", "能早一点吗", "有三点建议",
    "订单号202611280001",
    "20万左右", "星禾E5和X7", "T6还是M8", "2.0T", "100公里", "除了周三", "除了周三和周四都行",
    "92号汽油", "3号线",
    "7座", "0-100公里加速", "三年质保", "2026款", "早上好", "下午好", "晚安", "一周一次", "第三代",
    "几点开门", "什么时候",
    "15到20万", "12万8", "36期", "到店看看", "5w-30", "后备箱多大", "前后雷达", "天窗", "十分满意",
    "good morning", "Good afternoon", "I sat in the car", "may I drive it", "does it have a "
    "sunroof",
    "second row seats", "5 seats", "the first one", "sat nav", "any day but Wednesday", "not on "
    "Friday",
    "20 to 25k", "half a million", "what is the APR", "401k", "one question", "2nd generation", "",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_no_time(text: str) -> None:
    assert times.find(text, now=NOW) == []


def test_two_times_stay_two() -> None:
    found = times.find("周六上午或者周日下午", now=NOW)
    assert [(one.value["date"], one.value["part"]) for one in found] == [
        ("2026-11-28", "morning"),
        ("2026-11-29", "afternoon"),
    ]


def test_start_and_end_carry_the_dealerships_offset() -> None:
    value = times.find("周六下午2点到4点", now=NOW)[0].value
    assert value["start"] == "2026-11-28T14:00:00+08:00"
    assert value["end"] == "2026-11-28T16:00:00+08:00"
    assert times.find("3pm", now=NOW)[0].value["start"] is None


def test_opening_hours_decide_the_half_of_the_day() -> None:
    late = times.find("8点", now=NOW, opens=time(12), closes=time(22))[0].value
    assert (late["time"], late["ambiguous"]) == ("20:00", [])
    both = times.find("8点", now=NOW, opens=time(8), closes=time(21))[0].value
    assert (both["time"], both["ambiguous"]) == ("08:00", ["20:00"])


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        find_all("周六", now=datetime(2026, 11, 25))


def test_the_weekend_has_begun() -> None:
    sunday = NOW.replace(day=29)
    assert times.find("这周末", now=sunday)[0].value["date"] == "2026-11-29"


@pytest.mark.parametrize(
    ("day", "expected"), [(29, "2028-02-29"), (28, "2027-02-28")], ids=["leap", "plain"]
)
def test_a_day_that_only_some_years_have(day: int, expected: str) -> None:
    assert times.find(f"2月{day}日", now=NOW)[0].value["date"] == expected


def test_an_impossible_day_is_none() -> None:
    assert times.find("2月30日", now=NOW) == []
    assert times.find("Nov 31", now=NOW)[:1] == [] or (
        times.find("Nov 31", now=NOW)[0].value["grain"] == "month"
    )
