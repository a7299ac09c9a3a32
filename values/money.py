"""Amounts of money in minor units."""

from __future__ import annotations

import re
from typing import Any

from values import amounts
from values import money_context as context
from values.mention import Mention
from values.numerals import parse_number
from values.text import Text, normalise

# What a number counts when it is no money: 万公里, 15W快充, 2k屏, 5w-30 (engine oil).
_OTHER_UNIT = re.compile(
    r"(?<=[0-9a-z])-?[a-z]| ?(?:公里|千米|km|miles?\b|mi\b|米|快充|充电|功率|瓦|屏|分辨率|转|"
    r"rpm|人|次|台|辆|像素|毫安|mah|hz|people|cars|"
    r"met(?:re|er)s?\b|feet\b|lit(?:re|er)s?\b|percent|per cent|times\b|thanks|reasons|"
    r"questions|things|"
    r"pixels?|screen|display|度|小时|分钟|个|座|升|匹|马力|折|成|%|期|年|月(?!供|付|还)|日|天|号|点|岁|周|星期|级|速|挡|档|款|代|寸|颗|门|区|倍|分(?![期一二两三四五六七八九十\d])|:|/\d)"
)
# 千万别, not ten million; thanks a million
_IDIOM = re.compile(
    r"千万(?=别|不|要|记|注意|小心|得|能|没|可)|(?<=thanks )a million|(?<=in )a million"
)
# 订单号 88123, "order number is 88123"
_NUMBERED = re.compile(
    r"(?:订单|合同|工单|单据|单|发票|编)号码?[是为:]? ?$"
    r"|(?<![a-z])(?:(?:order|contract|invoice|reference|ref|job|ticket|case|customer)"
    r" ?(?:number|num|no\.?|id|#)|order ?#)(?: is| was|:)? ?#?$"
)
_YEAR = re.compile(r"(?:19[89]|20[0-4])\d")
_EVIDENCE = ("cur1", "unit1", "scale1", "cur2", "unit2", "scale2")
# More amounts than this are no customer's message; the limit keeps the work on such text bounded.
_MOST = 100


def read(text: Text) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    found: list[Mention] = []
    position = 0
    while len(found) < _MOST:
        match = amounts.AMOUNTS.search(text.norm, position)
        if match is None:
            break
        mention, position = _mention(text, match)
        if mention is not None:
            found.append(mention)
    return found


def _mention(text: Text, match: re.Match[str]) -> tuple[Mention | None, int]:
    """A mention if the match is money, and where to go on searching."""
    norm = text.norm
    start, end = match.start(), match.end()
    if amounts.is_short(match) and not any(match.group(*_EVIDENCE)):
        return None, match.end("num1")  # nothing below a hundred is money by its neighbours alone
    first_end = amounts.first_end(match)
    if _IDIOM.match(norm, start):
        return None, first_end
    ranged = match["num2"] is not None
    if ranged and _OTHER_UNIT.match(norm, end) and not match["unit2"]:
        if match["scale1"] and not match["scale2"]:
            ranged, end = False, first_end
        else:
            return None, end
    if ranged and _oil(match):
        return None, end
    if not ranged:
        end = first_end
        counted = not match["unit1"] and _OTHER_UNIT.match(norm, end)
        if counted and not context.monthly_behind(norm, end):
            return None, end
    while end > start and norm[end - 1] == " ":
        end -= 1
    before = norm[max(0, start - 24) : start]
    numbered = not any(match.group(*_EVIDENCE)) and _NUMBERED.search(before)
    if numbered or not _is_money(match, ranged, before, norm, end):
        return None, max(first_end, start + 1)
    value = _value(match, ranged, before, norm, end)
    if value is None:
        return None, max(first_end, start + 1)
    while start < end and norm[start] == " ":
        start += 1
    return text.mention("money", start, end, value), end


def _oil(match: re.Match[str]) -> bool:
    """5W-30 is an engine oil."""
    return match["scale1"] == "w" and not match["scale2"] and not match["unit2"] and (
        match["num2"] in ("8", "16", "20", "30", "40", "50", "60") and match["num1"] in ("0", "5",
        "10", "15", "20")
    )  # fmt: skip


def _is_money(match: re.Match[str], ranged: bool, before: str, norm: str, end: int) -> bool:
    """Whether a scale, a currency or the neighbours of a number say that it is money."""
    if any(match.group("cur1", "unit1")) or (ranged and any(match.group("cur2", "unit2"))):
        return True
    if match["scale1"] == "千":
        return context.is_paid(before) or context.role(before, norm, end) is not None
    if match["scale1"] or (ranged and match["scale2"]):
        return True
    parsed, digits = parse_number(match["num1"]), match["num1"]
    if parsed is None or parsed[0] < 100:
        return False
    value = parsed[0]
    if context.is_named(before) or context.monthly_behind(norm, end):
        return True
    if context.is_paid(before) and not _YEAR.fullmatch(digits):
        return True
    if value < 1_000:
        return False
    if context.role("", norm, end) == "down_payment":
        return True
    ranged = ranged and _rising(value, match["num2"])
    if value >= 10_000 and len(digits) <= 9 and (ranged or context.is_spoken_of(before)):
        return True
    if value >= 10_000 and context.role(before, norm, end) == "budget":
        return True
    if "," not in digits:
        return False
    return context.is_spoken_of(before) or context.role(before, norm, end) is not None


def _rising(first: float, number: str) -> bool:
    second = parse_number(number)
    return second is not None and second[1] > first


def _value(
    match: re.Match[str], ranged: bool, before: str, norm: str, end: int
) -> dict[str, Any] | None:
    first_scale, second_scale = match["scale1"], match["scale2"] if ranged else None
    if ranged and not first_scale and second_scale:
        first_scale = second_scale  # 15到20万 lends its scale to the first number
    if ranged and not second_scale and first_scale and not match["unit2"]:
        second_scale = first_scale
    first = amounts.span(match, 1, first_scale)
    second = amounts.span(match, 2, second_scale) if ranged else None
    if first is None or (ranged and second is None):
        return None
    amount: float | None = first.low
    low: float | None = None
    high: float | None = None
    about = first.fuzzy or context.about(before, norm, end)
    if second is not None:
        amount, low, high = None, min(first.low, second.low), max(first.high, second.high)
    elif first.low != first.high:
        amount, low, high = None, first.low, first.high
    elif context.at_most(before, norm, end):
        amount, high = None, first.low
    elif context.at_least(before, norm, end):
        amount, low = None, first.low
    largest = max(value for value in (amount, low, high) if value is not None)
    if not 0 < largest <= 1e12:
        return None
    role = context.role(before, norm, end)
    if role is None and (amount is None or about) and largest >= 20_000:
        role = "budget"
    return {
        "amount": _fen(amount),
        "min": _fen(low),
        "max": _fen(high),
        "currency": "USD" if amounts.in_dollars(match) else "CNY",
        "role": role,
        "approximate": about,
    }


def _fen(value: float | None) -> int | None:
    return None if value is None else round(value * 100)


def find(text: str) -> list[Mention]:
    """Amounts in ``text``; all in fen (or cents, see ``currency``).

    ``{"amount", "min", "max", "currency": "CNY"|"USD", "role": "budget"|"down_payment"|"monthly"|
    "loan"|"price"|null, "approximate"}``: either ``amount`` or one or both of ``min`` and ``max``.
    """
    return read(normalise(text))
