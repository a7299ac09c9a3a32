"""All readers together: priorities, offsets, robustness."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.values.mentions import check_mentions
from values import find_all
from values.numerals import parse_zh
from values.person import read_name

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("我叫王伟，电话13800000001，周六下午三点试驾青岚", ["person", "phone", "time"]),
        ("浙A12345 跑了3万公里，周六上午10点保养", ["plate", "mileage", "time"]),
        ("预算二十万，首付三成，贷三年", ["money", "ratio", "months"]),
        ("TD261128-0001 改到周日", ["number", "time"]),
        ("13800000001 11月28日", ["phone", "time"]),
        ("车架号1M8GDM9AXKP042788，月底保养", ["vin", "time"]),
        ("订单号202611280001", []),
        ("星禾E5多少钱", []),
        ("I'd like Saturday at 3pm, call +1 415 555 2671", ["time", "phone"]),
        ("around 150,000", ["money"]),
        ("18款的2.0T百公里几个油", []),
    ],
)
def test_kinds(text: str, kinds: list[str]) -> None:
    assert [mention.kind for mention in find_all(text, now=NOW)] == kinds


def test_offsets_are_those_of_the_original() -> None:
    text = "\u200b我想　约\u200d下周\u200b六，İ 电话１３８００００\u20600001"
    found = find_all(text, now=NOW)
    assert [(one.kind, one.text) for one in found] == [
        ("time", "下周\u200b六"),
        ("phone", "１３８００００\u20600001"),
    ]
    assert all(text[one.start : one.end] == one.text for one in found)


_PIECES = st.sampled_from(
    [
        "周六",
        "下",
        "下周",
        "明天",
        "三点",
        "半",
        "到",
        "后",
        "前",
        "个月",
        "第一个",
        "20",
        "万",
        "12",
        ":",
        ".",
        "-",
        "/",
        "月",
        "号",
        "日",
        "年",
        "公里",
        "浙",
        "A",
        "138",
        "0000",
        "0001",
        "首付",
        "期",
        "成",
        "%",
        "$",
        "next",
        "the",
        "day",
        "after",
        "tomorrow",
        "in",
        "half",
        "an",
        "hour",
        "to",
        "between",
        "and",
        "pm",
        "first",
        "of",
        "may",
        "Sat",
        "我叫",
        "王",
        "先生",
        "姓",
        "my",
        "name",
        "is",
        "除了",
        "国庆",
        "除夕",
        "一",
        "百",
        "千",
        "零",
        "\u200b",
        "�",
        "\x00",
        "６",
        "TD261128-0001",
        "+",
        "99999999999999999999",
        "两",
        "three",
        "from",
        "week",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=25).map("".join),
                 st.lists(_PIECES, max_size=25).map(" ".join)))  # fmt: skip
def test_nothing_raises_and_nothing_overlaps(text: str) -> None:
    check_mentions(text, find_all(text, now=NOW))
    read_name(text)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_character(text: str) -> None:
    check_mentions(text, find_all(text, now=NOW))


@pytest.mark.parametrize("text", ["\ud800周六", "周\x00六", "\u202e周六\u202c", "😀" * 50, "", " "])
def test_odd_characters(text: str) -> None:
    check_mentions(text, find_all(text, now=NOW))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("二十三", 23, 23), ("一百零五", 105, 105), ("三百五", 350, 350), ("一万二", 12_000,
        12_000),
        ("两万五千", 25_000, 25_000), ("二零二六", 2026, 2026), ("十七八", 17, 18), ("二三十", 20,
        30), ("三五", 3, 5),
        ("廿八", 28, 28), ("一亿", 100_000_000, 100_000_000),
    ],
)  # fmt: skip
def test_numerals(text: str, low: float, high: float) -> None:
    assert parse_zh(text) == (low, high)
