"""Shares (首付三成, 30% down) and terms of a loan in months (36期, three years)."""

from __future__ import annotations

import re
from typing import Any

from values.mention import Mention
from values.numerals import NUMBER, NUMBER_EN, parse_number
from values.text import Text, normalise

_DOWN = re.compile(r"首付|首期|(?<!gone )(?<!went )(?<!goes )(?<!go )down|deposit|upfront")
_TENTHS = re.compile(
    r"(?<![\d.])(?P<number>[1-9一二两三四五六七八九])成"
    r"(?P<half>[半1-9一二三四五六七八九](?! ?[\d年期个月万千百十]))?(?![新交员功本都为了就])"
)
_PERCENT = re.compile(
    r"(?:百分之(?P<zh>"
    + NUMBER
    + r")|(?<![\d.a-z])(?P<number>\d{1,3}(?:\.\d{1,2})?) ?(?:%|percent|per cent|pct)"
    r"|(?P<words>" + NUMBER_EN + r") (?:percent|per cent))"
)
_HALF = re.compile(
    r"首付款?(?:付|交|给|出|是)?一半|一半(?:的)?首付|(?<![a-z])half (?:of it )?down(?![a-z])"
)
_ZERO_DOWN = re.compile(
    r"(?:零|0(?:元|%)?|免|没有?|不(?:用|想|要)?付?)首付"
    r"|首付款?[ :]{0,2}(?:是|为|能不能|可以)?(?:百分之)?(?:零|0(?:元| ?%)?(?![\d.%成万k]))(?!点)"
    r"|(?<![\d.a-z])(?<!\d,)[$¥]?(?:no|zero|0|0%|0 ?percent|nothing|without(?: any| a)?)[ -]"
    r"(?:money[ -]down|down[ -]?payment|(?<!no.)(?<!any.)(?<! a.)down)(?![a-z])"
)
_FINANCE = re.compile(
    r"贷|分期|月供|月还|免息|利息|按揭|首付|还款|还清|分.{0,2}还|finance|financ|loan|instal|apr|"
    r"interest|down payment|(?:a|per) month|"
    r"monthly|(?:zero|no|nothing|half|percent|[\d%k]) ?down|at \d{1,2}(?:\.\d{1,2})? ?%|repay|"
    r"lease|(?<![a-z])terms?(?![a-z])|"
    r"pa(?:y|id|ying) (?:it |this |that )?(?:off|over|for|within)|spread (?:it )?over|deposit"
)
_INSTALMENTS = re.compile(
    r"(?<![\d.a-z])(?P<number>" + NUMBER + r") ?(?:个)?(?:期(?![间待望末中货权限刊])|instal?ments?)"
)
_YEARS = re.compile(
    r"(?<![\d.a-z第])(?P<number>" + NUMBER + "|" + NUMBER_EN + r")[ \-]?"
    r"(?P<more>and a half )?"
    r"(?P<unit>个月|年半|年|months?|years?|yrs?)(?P<half>零?半)?(?![款前后以初底代a-z月供])"
)
_OTHER_USE = re.compile(r"(?:质保|保修|包修|的车|车龄|了|warranty|old|ago|保险|免费)")
_ONLY = re.compile(r"[ ,。.!?吧啊呢的就]*")


def read(text: Text) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    found: list[Mention] = []
    for mention in sorted([*_ratios(text), *_months(text)], key=lambda one: (one.start, -one.end)):
        if not found or mention.start >= found[-1].end:
            found.append(mention)
    return found


def _ratios(text: Text) -> list[Mention]:
    norm, found = text.norm, []
    for match in _TENTHS.finditer(norm):
        near = norm[max(0, match.start() - 8) : match.end() + 6]
        parsed = parse_number(match["number"])
        if parsed is None or not _DOWN.search(near):
            continue
        percent = parsed[0] * 10 + _tenth(match["half"])
        value = {"percent": _plain(percent), "role": "down_payment"}
        found.append(text.mention("ratio", *match.span(), value))
    zero = [match.span() for match in _ZERO_DOWN.finditer(norm)]
    for span in zero:
        found.append(text.mention("ratio", *span, {"percent": 0, "role": "down_payment"}))
    for match in _HALF.finditer(norm):
        half = {"percent": 50, "role": "down_payment"}
        found.append(text.mention("ratio", *match.span(), half))
    for match in _PERCENT.finditer(norm):
        parsed = parse_number(match["zh"] or match["number"] or match["words"])
        if parsed is None or not 0 < parsed[0] <= 100:
            continue
        if match["words"] and parsed[0] == 100:
            continue  # a hundred percent sure
        near = norm[max(0, match.start() - 20) : match.end() + 16]
        role = "down_payment" if _DOWN.search(near) else None
        share: dict[str, Any] = {"percent": _plain(parsed[0]), "role": role}
        found.append(text.mention("ratio", *match.span(), share))
    return found


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _tenth(more: str | None) -> float:
    """What stands behind 成: 两成半 and 两成五 are 25 percent."""
    parsed = parse_number(more) if more and more != "半" else (5.0, 5.0) if more else None
    return parsed[0] if parsed else 0.0


def _number(text: str) -> float | None:
    parsed = parse_number(text)
    return None if parsed is None or parsed[0] != parsed[1] else parsed[0]


def _months(text: Text) -> list[Mention]:
    norm, found, taken = text.norm, [], []
    for match in _INSTALMENTS.finditer(norm):
        number = _number(match["number"])
        if number is not None and 1 <= number <= 120 and number == int(number):
            value = {"months": int(number)}
            found.append(text.mention("months", *match.span(), value))
            taken.append(match.span())
    financed = _FINANCE.search(norm) is not None
    for match in _YEARS.finditer(norm):
        number = _number(match["number"])
        if number is None or not _is_term(norm, match, financed):
            continue
        unit = match["unit"]
        months = number * (1 if unit.startswith(("month", "个月")) else 12)
        if unit == "年半" or match["half"] or match["more"]:
            months += 6
        if 1 <= months <= 120 and months == int(months):
            found.append(text.mention("months", *match.span(), {"months": int(months)}))
    return found


def _is_term(norm: str, match: re.Match[str], financed: bool) -> bool:
    """Three years are a term beside words of finance, or as a whole answer.

    ``financed``: such a word stands anywhere in the text.
    """
    if _OTHER_USE.match(norm[match.end() : match.end() + 10].lstrip(" -的")):
        return False
    if financed and _FINANCE.search(norm, max(0, match.start() - 30), match.end() + 30):
        return True
    if len(norm) - (match.end() - match.start()) > 6:
        return False
    return _ONLY.fullmatch(norm[: match.start()] + norm[match.end() :]) is not None


def find(text: str) -> list[Mention]:
    """Kind ``ratio``: ``{"percent": 30, "role": "down_payment"|null}`` (0 for 零首付); kind
    ``months``: ``{"months": 36}``, only in a sense of finance (三年质保 is none).
    """
    return read(normalise(text))
