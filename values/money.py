"""Amounts of money in minor units, shares in percent, terms in months."""

from __future__ import annotations

import re
from typing import Any

from values.mention import Mention
from values.numerals import NUMBER, parse_number
from values.text import Text, normalise

_SCALES = {
    "亿": 100_000_000, "百万": 1_000_000, "million": 1_000_000, "万": 10_000, "w": 10_000,
    "千": 1_000, "k": 1_000, "thousand": 1_000, "grand": 1_000, "百": 100, "": 1,
}  # fmt: skip
_SCALE = r"(?:百万|亿|万|w|千|k|thousand|million|grand)"
_BEFORE = r"(?:¥|rmb|cny|人民币|us\$|usd|\$)"
_AFTER = r"(?:元|块钱|块|人民币|rmb|cny|yuan|美元|美金|刀|dollars?|bucks|usd|\$|¥)"
_ONE = (
    r"(?P<cur{0}>" + _BEFORE + r")? ?(?P<num{0}>" + NUMBER + r")(?P<fuzz{0}>[来几多余])? ?"
    r"(?P<scale{0}>" + _SCALE + r")?(?P<more{0}>[来几多余](?!少))?"
    r"(?P<tail{0}>(?<=[万w])(?:[一二三四五六七八九\d](?:千|百)|\d{1,4}|[一二三四五六七八九]|"
    r"半))? ?(?P<unit{0}>" + _AFTER + r")?"
)
_MONEY = re.compile(
    r"(?<![\d.a-z])(?<!\d,)"
    + _ONE.replace("{0}", "1")
    + r"(?: ?(?:到|至|-|~|to|and|或|or) ?"
    + _ONE.replace("{0}", "2")
    + r")?"
)
# What a number counts when it is no money: 万公里, 15W快充, 2k屏, 5w-30 (engine oil).
_OTHER_UNIT = re.compile(
    r"(?<=[0-9a-z])-?[a-z]| ?(?:公里|千米|km|miles?\b|mi\b|米|快充|充电|功率|瓦|屏|分辨率|转|"
    r"rpm|人|次|台|辆|像素|毫安|mah|hz|people|cars|"
    r"pixels?|screen|display|度|小时|分钟|个|座|升|匹|马力|折|成|%|期|年|月|日|天|号|点|岁|周|星期|级|速|挡|档|款|代|寸|颗|门|区|倍|分(?![期一二两三四五六七八九十\d])|:|/\d)"
)
_MORE_DIGITS = re.compile(r"[\d年月期号点.,]")
# Right before the amount: 贷款买20万的车 borrows some of it, nobody knows how much.
_LOAN = re.compile(
    r"(?:贷款|贷|借款|借|按揭)(?:金额|额度|总额|[个了上是为想要,: ]|大概|大约|差不多|约|"
    r"不超过|最多|至多|一下){0,4}$"
    r"|(?:loan|borrow|borrowing|finance|financing)(?: (?:amount|of|is|about|around|up to|roughly|"
    r"only|at most|some|just|under)){0,4} ?$"
)
_ROLE_WORDS = (
    (
        "down_payment",
        re.compile(r"首付款?|首期|down ?payment|put down|downpayment|deposit|upfront"),
    ),
    (
        "monthly",
        re.compile(r"月供|每个?月|月付|月还|月租|monthly|per month|/ ?month|a month|each month"),
    ),
    ("loan", _LOAN),
    ("budget", re.compile(r"预算|budget|afford|spend|准备花|打算花|想花|价位|预期|手头")),
    (
        "price",
        re.compile(r"指导价|落地|裸车|报价|售价|卖|优惠价|价格|价|price|cost|msrp|asking|quote"),
    ),
)
_BEHIND_MONTHLY = re.compile(
    r"(?: max| tops)? ?(?:/ ?月|每月|一个月|个月|/ ?month|per month|a month|"
    r"each month|monthly|/ ?mo\b)"
)
_NO_OTHER = r"(?!(?:大概|大约|约)? ?[\d一二两三四五六七八九十])"
_BEHIND_DOWN = re.compile(r" {0,2}(?:的)?(?:首付|down\b|down ?payment|upfront)" + _NO_OTHER)
_BEHIND_LOAN = re.compile(r" ?(?:的)?(?:贷款|car loan\b|loan\b|on finance)" + _NO_OTHER)
_BEHIND_BUDGET = re.compile(r" ?(?:的)?(?:预算|budget)")
_BEHIND_PRICE = re.compile(r" ?(?:左右|以内)?(?:落地|提车|裸车|的指导价|的落地价)")
_MAX_BEFORE = re.compile(
    r"(?:不超过|不到|最多|至多|低于|少于|under|below|less than|up to|at most|max(?:imum)?|"
    r"within|no more than|not more than|not over|cheaper than)[^\d]{0,8}$"
)
_MIN_BEFORE = re.compile(
    r"(?:超过|至少|最少|高于|不低于|over|above|more than|at least|min(?:imum)?|from)[^\d]{0,6}$"
)
_MAX_BEHIND = re.compile(
    r" ?(?:块钱?|元)?(?:(?:/|a|per) ?month |monthly |(?:一个|每|/)月)?"
    r"(?:以内|以下|之内|内|封顶|or less|max\b|tops\b|or under|or below)"
)
_MIN_BEHIND = re.compile(r" ?(?:块钱?|元)?(?:以上|往上|起步|起|or more|and up|\+)")
_ABOUT_BEFORE = re.compile(
    r"(?:大概|大约|差不多|约|将近|接近|around|about|roughly|approximately|approx\.?|~|some|nearly)[^\d]{0,6}$"
)
_ABOUT_BEHIND = re.compile(
    r" ?(?:块钱?|元)?(?:的)?(?:左右|上下|出头|多点|or so|-?ish|give or take)"
)
_SPOKEN = re.compile(
    r"(?:of|is|between|around|about|under|below|over|above|than|to|spend|afford|max|within|for|at)[^\d]{0,3}$"
)


def _usd(*texts: str | None) -> bool:
    return any(
        text
        and (
            text in ("$", "us$", "usd", "美元", "美金", "刀", "bucks") or text.startswith("dollar")
        )
        for text in texts
    )


def _yuan(match: re.Match[str], index: int, scale: str | None) -> tuple[float, float, bool] | None:
    """Low and high of one amount in whole units, and whether it is fuzzy; the scale may be lent."""
    parsed = parse_number(match[f"num{index}"])
    if parsed is None:
        return None
    unit = _SCALES[scale or ""]
    low, high = parsed[0] * unit, parsed[1] * unit
    tail = match[f"tail{index}"]
    if tail:
        more = _tail(tail)
        if more is None:
            return None
        return low + more, high + more, False
    fuzz = match[f"fuzz{index}"] or match[f"more{index}"]
    number = match[f"num{index}"]
    if fuzz == "几" or (fuzz and fuzz in "多余"):
        # 十几万: 10 to 20; 二十多万: 20 to 30; 3万多: 3 to 4
        step = 10 if parsed[0] % 10 == 0 and (match[f"fuzz{index}"] or not scale) else 1
        if not number[:1].isdigit() or parsed[0] >= 10 or match[f"more{index}"]:
            return low, low + step * unit, True
    return low, high, bool(fuzz) or low != high


def _tail(tail: str) -> float | None:
    """What stands behind 万: 12万8 is 128,000; 12万5千; 三万五."""
    if tail == "半":
        return 5_000.0
    if tail[-1] in "千百":
        parsed = parse_number(tail[:-1])
        return None if parsed is None else parsed[0] * _SCALES[tail[-1]]
    if tail.isascii():
        return float(int(tail) * 10.0 ** (4 - len(tail)))
    parsed = parse_number(tail)
    if parsed is None:
        return None
    return parsed[0] * 1_000


def _role(before: str, norm: str, end: int) -> str | None:
    if _BEHIND_MONTHLY.match(norm, end):
        return "monthly"
    if _BEHIND_DOWN.match(norm, end):
        return "down_payment"
    if _BEHIND_LOAN.match(norm, end):
        return "loan"
    if _BEHIND_BUDGET.match(norm, end):
        return "budget"
    if _BEHIND_PRICE.match(norm, end):
        return "price"
    best, role = -1, None
    for name, pattern in _ROLE_WORDS:
        for match in pattern.finditer(before):
            if match.end() > best:
                best, role = match.end(), name
    return role


_EVIDENCE = ("cur1", "unit1", "scale1", "cur2", "unit2", "scale2")


def read(text: Text) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    found: list[Mention] = []
    position = 0
    while True:
        match = _MONEY.search(text.norm, position)
        if match is None:
            return found
        mention, position = _mention(text, match)
        if mention is not None:
            found.append(mention)


def _mention(text: Text, match: re.Match[str]) -> tuple[Mention | None, int]:
    """A mention if the match is money, and where to go on searching."""
    norm = text.norm
    start, end = match.start(), match.end()
    first_end = max(
        match.end(name) for name in ("num1", "fuzz1", "scale1", "more1", "tail1", "unit1")
    )
    short = len(match["num1"]) < 3 and match["num1"][-1] not in "百千"
    if short and not any(match[name] for name in _EVIDENCE):
        return None, first_end  # nothing below a hundred is money by its neighbours alone
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
        if match["tail1"] and _MORE_DIGITS.match(norm, end):
            return None, end
        if (
            not match["unit1"]
            and _OTHER_UNIT.match(norm, end)
            and not _BEHIND_MONTHLY.match(norm, end)
        ):
            return None, end
    while end > start and norm[end - 1] == " ":
        end -= 1
    before = norm[max(0, start - 24) : start]
    role = _role(before, norm, end)
    if not _is_money(match, ranged, before, role, norm, end):
        return None, max(first_end, start + 1)
    value = _value(match, ranged, before, role, norm, end)
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


def _is_money(
    match: re.Match[str], ranged: bool, before: str, role: str | None, norm: str, end: int
) -> bool:
    """A bare number is money only where a scale, a currency or its neighbours say so."""
    if any(match[name] for name in ("cur1", "unit1")) or (
        ranged and (match["cur2"] or match["unit2"])
    ):
        return True
    scales = [match["scale1"]] + ([match["scale2"]] if ranged else [])
    if any(scales):
        return not (match["scale1"] in ("千", "百") and not role)
    parsed = parse_number(match["num1"])
    if parsed is None:
        return False
    value = parsed[0]
    close = re.search(
        r"(?:预算|首付款?|首期|月供|月付|月还|每个?月还?|budget|payment|monthly|deposit)[^\d。!?;]{0,10}$",
        before,
    )
    if close and value >= 100:
        return True
    if role == "monthly" and _BEHIND_MONTHLY.match(norm, end) and value >= 100:
        return True
    if role == "budget" and value >= 10_000:
        return True
    if role == "down_payment" and _BEHIND_DOWN.match(norm, end) and value >= 1_000:
        return True
    if value >= 10_000 and len(match["num1"]) <= 9:
        return bool(_SPOKEN.search(before) or (ranged and value >= 10_000))
    return bool("," in match["num1"] and value >= 1_000 and (role or _SPOKEN.search(before)))


def _value(
    match: re.Match[str], ranged: bool, before: str, role: str | None, norm: str, end: int
) -> dict[str, Any] | None:
    first_scale = match["scale1"]
    if ranged and not first_scale and match["scale2"]:
        first_scale = match["scale2"]  # 15到20万 lends its scale to the first number
    second_scale = match["scale2"] if ranged else None
    if ranged and not second_scale and first_scale and not match["unit2"]:
        second_scale = first_scale
    first = _yuan(match, 1, first_scale)
    second = _yuan(match, 2, second_scale) if ranged else None
    if first is None or (ranged and second is None):
        return None
    amount: float | None
    low: float | None
    high: float | None
    about = first[2] or bool(_ABOUT_BEFORE.search(before)) or bool(_ABOUT_BEHIND.match(norm, end))
    amount, low, high = first[0], None, None
    if second is not None:
        amount, low, high = None, min(first[0], second[0]), max(first[1], second[1])
    elif first[0] != first[1]:
        amount, low, high = None, first[0], first[1]
    elif _MAX_BEFORE.search(before) or _MAX_BEHIND.match(norm, end):
        amount, high = None, first[0]
    elif _MIN_BEFORE.search(before) or _MIN_BEHIND.match(norm, end):
        amount, low = None, first[0]
    if role is None and (low is not None or high is not None or about):
        largest = max(value for value in (amount, low, high) if value is not None)
        role = "budget" if largest >= 20_000 else None
    currency = "USD" if _usd(match["cur1"], match["unit1"], match["unit2"]) else "CNY"
    if not 0 < max(value for value in (amount, low, high) if value is not None) <= 1e12:
        return None
    return {
        "amount": _fen(amount),
        "min": _fen(low),
        "max": _fen(high),
        "currency": currency,
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
