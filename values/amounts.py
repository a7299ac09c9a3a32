"""One amount of money as it is written: 12万8, 十五六万, $30k, a hundred and fifty thousand."""

from __future__ import annotations

import re
from typing import NamedTuple

from values.numerals import NUMBER, NUMBER_EN, parse_number, parse_zh

_SCALES = {
    "亿": 100_000_000, "百万": 1_000_000, "million": 1_000_000, "lakh": 100_000, "lakhs": 100_000,
    "万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000, "thousand": 1_000, "grand": 1_000,
    "": 1,
}  # fmt: skip
_SCALE = r"(?:百万|亿|万|w|千|k|thousand|million|grand|lakhs?)"
_BEFORE = r"(?:¥|rmb|cny|人民币|us\$|usd|\$)"
_AFTER = r"(?:元|块钱|块|人民币|rmb|cny|yuan|美元|美金|刀|dollars?|bucks|usd|\$|¥)"
_DIGIT = "一二两三四五六七八九"
# What follows 万: 12万8, 12万8千, 二十二万三千八; not the 三 of 十万三年 or the 36 of 十万36期.
_TAIL = (
    rf"(?:(?<=[万w])(?:[{_DIGIT}\d]千(?:[{_DIGIT}\d]百?)?|[{_DIGIT}\d]百(?:[{_DIGIT}]十?)?"
    rf"|\d{{1,4}}|[{_DIGIT}]|半)"
    rf"(?![零〇十百千万{_DIGIT}\d]|[.,]\d| ?(?:年|月|期|成|个|点|号|天|日|周|星期|折|%|公里))"
    rf"|(?<=thousand) (?:and )?{NUMBER_EN})"
)
_ONE = (
    r"(?P<cur{0}>" + _BEFORE + r")? ?(?P<num{0}>" + NUMBER + "|" + NUMBER_EN + r")"
    r"(?P<fuzz{0}>[来几多余])? ?"
    r"(?P<scale{0}>" + _SCALE + r")?(?P<more{0}>[来几多余](?!少|一点|点))?"
    r"(?P<tail{0}>" + _TAIL + r")? ?(?P<unit{0}>" + _AFTER + r")?"
)  # fmt: skip
AMOUNTS = re.compile(
    r"(?<![\d.a-z])(?<!\d,)"
    + _ONE.replace("{0}", "1")
    + r"(?: ?(?:到|至|-|~|to|and|或|or) ?"
    + _ONE.replace("{0}", "2")
    + r")?"
)
"""One amount or two with a link between; what is missing is empty in the groups ``cur1`` (the
currency in front), ``num1``, ``scale1``, ``unit1`` (the currency behind) and the like."""

_PIECES = ("num1", "fuzz1", "scale1", "more1", "tail1", "unit1")
_TO_CHINESE = str.maketrans("123456789", "一二三四五六七八九")
_DOLLARS = frozenset({"$", "us$", "usd", "美元", "美金", "刀", "bucks", "dollar", "dollars"})


class Span(NamedTuple):
    """Whole units of currency, from ``low`` to ``high``; ``fuzzy``: 十几万, 三十来万."""

    low: float
    high: float
    fuzzy: bool


def first_end(match: re.Match[str]) -> int:
    """Where the first of two amounts ends."""
    return max(map(match.end, _PIECES))


def is_short(match: re.Match[str]) -> bool:
    """Whether the first number is below a hundred, to judge by its length."""
    number = match["num1"]
    if "a" <= number[0] <= "z":
        return "hundred" not in number
    return len(number) < 3 and (len(number) == 1 or number[-1] not in "百千")


def in_dollars(match: re.Match[str]) -> bool:
    """Whether the currency that was written is not yuan."""
    return not _DOLLARS.isdisjoint(match.group("cur1", "unit1", "unit2"))


def span(match: re.Match[str], index: int, scale: str | None) -> Span | None:
    """The first or second amount; ``scale`` may be lent by the other (15到20万)."""
    number, tail = match[f"num{index}"], match[f"tail{index}"]
    parsed = parse_number(number)
    if parsed is None:
        return None
    unit = _SCALES[scale or ""]
    low, high = parsed[0] * unit, parsed[1] * unit
    if tail:
        more = _behind_scale(tail)
        return None if more is None else Span(low + more, high + more, False)
    inside, behind = match[f"fuzz{index}"], match[f"more{index}"]
    fuzz = inside or behind
    if fuzz == "几" or (fuzz and fuzz in "多余"):
        # 十几万: 10 to 20; 二十多万: 20 to 30; 3万多: 3 to 4
        step = 10 if parsed[0] % 10 == 0 and (inside or not scale) else 1
        if not number[:1].isdigit() or parsed[0] >= 10 or behind:
            return Span(low, low + step * unit, True)
    return Span(low, high, bool(fuzz) or low != high)


def _behind_scale(tail: str) -> float | None:
    """What stands behind 万: 12万8 is 128,000; 12万5千; 三万五; thousand five hundred."""
    if tail == "半":
        return 5_000.0
    if tail[0] == " ":
        parsed = parse_number(tail.removeprefix(" and").strip())
        return None if parsed is None else parsed[0]
    if tail.isdigit() and tail.isascii():
        return float(int(tail) * 10.0 ** (4 - len(tail)))
    parsed = parse_zh(tail.translate(_TO_CHINESE))
    if parsed is None:
        return None
    return parsed[0] * (1_000 if len(tail) == 1 else 1)
