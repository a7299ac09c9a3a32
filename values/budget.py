"""Budgets for a car said without their unit: 预算20以内 means 万, "budget 250" thousands."""

from __future__ import annotations

import re

from values.mention import Mention
from values.numerals import parse_number
from values.text import Text, normalise

_LEAST, _MOST = 3, 1_000
_MOST_BUDGETS = 20
"""More budgets than this are no customer's message; the limit keeps the work bounded."""
_NUMBER = r"\d{1,3}(?:\.\d)?|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_NUMBERS = (
    r"(?P<low>" + _NUMBER + r")(?: ?(?:到|至|-|~|to|and|或|or) ?(?P<high>" + _NUMBER + r"))?"
    r"(?P<pieces>个(?= ?(?:$|[,.。;!?]|左右|以内|以下|上下|之内|出头|封顶|吧|的)))?"  # 20个 is 20万
)
# What makes the number say its own unit, or count something else.
_NO_UNIT = (
    r"(?! ?(?:[\d万w千k百亿%元块年月日号点岁座人款台辆成期分:一二三四五六七八九十几来余多]|"
    r"个(?!$)|[.,]\d|thousand|grand|million|"
    r"years?|months?|weeks?|days?|hours?|min|am\b|pm\b|mi\b|people|seats?|seater|"
    r"cars?\b|metres?|meters?|litres?|liters?|yuan|rmb|cny|dollars|usd|\$|¥|lakhs?|"
    r"到|至|-|~|(?:to|and|or) ?\d))"
)
_FILLER = (
    r"(?:[ :=]|是|在|也就|就|只有|大概|大约|差不多|约|控制|最多|至多|顶多|最高|上限|卡死|封死|撑死|"
    r"(?:不|别|不要|不能)超过?|不到|低于|超过|有|给|"
    r"(?<![a-z])(?:is|of|around|about|under|below|up to|max|maximum|only|roughly|at most|between|"
    r"for|a|an|the|my|this|car|suv|would|be|approximately|no more than|not over|less than)"
    r"(?![a-z])){0,8}"
)
_CAR_ZH = r"(?:车|suv|轿车|mpv|皮卡|混动|插混|七座|新能源)"
_CAR_EN = (
    r"\b(?:car|suv|sedan|saloon|mpv|pickup|hatchback|hybrid|ev|vehicle|model|one|something|anything)"
    r"s? (?:priced |costing |for )?"
)
_END_EN = r"(?= *(?:$|[,.;!?]|(?:for|or|and|max|tops|with|please|total|if|that|which)\b))"
_PATTERNS = (
    re.compile(r"(?P<before>(?:预算|价位|budget)" + _FILLER + r")" + _NUMBERS + _NO_UNIT),
    re.compile(
        r"(?<![\d.a-z第点十])(?<!\d,)(?P<before>)" + _NUMBERS
        + r"(?=(?:左右|以内|以下|上下|之内|出头)的? ?" + _CAR_ZH + r")"
    ),
    re.compile(
        _CAR_EN + r"(?P<before>(?:under|below|up to|around|about|less than) )"
        + _NUMBERS + _END_EN
    ),
)  # fmt: skip
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MAX_BEFORE = re.compile(
    r"最多|至多|顶多|最高|上限|卡死|封死|撑死|(?:不|别|不要|不能)超|不到|低于|"
    r"under|below|up to|max|at most|no more than|not over|less than"
)
_MIN_BEFORE = re.compile(r"超过")
_MAX_BEHIND = re.compile(r" ?(?:以内|以下|之内|内|封顶|max\b|tops\b|or less|at most)")
_MIN_BEHIND = re.compile(r" ?(?:以上|往上|起|or more)")
_ABOUT = re.compile(r"大概|大约|差不多|约|around|about|roughly|approximately")
_ABOUT_BEHIND = re.compile(r" ?(?:左右|上下|出头|or so)")


def read(text: Text) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    unit = 1_000_000 if _HAN.search(text.norm) else 100_000
    found: list[Mention] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text.norm):
            if len(found) == _MOST_BUDGETS:
                return sorted(found, key=lambda mention: mention.start)
            last = "pieces" if match["pieces"] else "high" if match["high"] else "low"
            start, end = match.start("low"), match.end(last)
            if not any(mention.start < end and start < mention.end for mention in found):
                mention = _mention(text, match, start, end, unit)
                found.extend([mention] if mention else [])
    return sorted(found, key=lambda mention: mention.start)


def _mention(text: Text, match: re.Match[str], start: int, end: int, unit: int) -> Mention | None:
    parsed = [parse_number(number) for number in (match["low"], match["high"]) if number]
    numbers = [number for pair in parsed if pair for number in pair]
    if len(parsed) * 2 != len(numbers) or not all(_LEAST <= one < _MOST for one in numbers):
        return None
    low, high = (round(pick(numbers) * unit) for pick in (min, max))
    before, norm = match["before"], text.norm
    at_most = bool(_MAX_BEFORE.search(before) or _MAX_BEHIND.match(norm, end))
    at_least = not at_most and bool(_MIN_BEFORE.search(before) or _MIN_BEHIND.match(norm, end))
    ranged = low != high
    exact = not (ranged or at_most or at_least)
    value = {
        "amount": low if exact else None,
        "min": low if ranged or at_least else None,
        "max": high if ranged or at_most else None,
        "currency": "CNY",
        "role": "budget",
        "approximate": bool(_ABOUT.search(before) or _ABOUT_BEHIND.match(norm, end)),
    }
    return text.mention("money", start, end, value)


def find(text: str) -> list[Mention]:
    """Kind ``money`` as in `values.money`, role ``budget``: numbers below 1,000 without a unit.

    Only where the sentence speaks of the budget for a car; 20以内 or 250 alone say nothing. They
    count 万 where the text is Chinese and thousands where it is not.
    """
    return read(normalise(text))
