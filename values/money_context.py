"""What the words around an amount say of it: what it is for, at most, at least, about."""

from __future__ import annotations

import re

# Right before the amount: 贷款买20万的车 borrows some of it, nobody knows how much.
_LOAN = (
    r"(?:贷款|贷|借款|借|按揭)(?:金额|额度|总额|[个了上是为想要,: ]|大概|大约|差不多|约|"
    r"不超过|最多|至多|一下){0,4}$"
    r"|(?:loan|borrow|borrowing|finance|financing)(?: (?:amount|of|is|about|around|up to|roughly|"
    r"only|at most|some|just|under)){0,4} ?$"
)
_ROLES = {
    "down_payment": r"首付款?|首期|down ?payment|put down|downpayment|deposit|upfront",
    "monthly": r"月供|每个?月|月付|月还|月租|monthly|per month|/ ?month|a month|each month",
    "loan": _LOAN,
    "budget": (
        r"预算|budget|afford|spend|准备花|打算花|想花|价位|预期|手头|(?:my|our) limit|"
        r"no higher than|"
        r"(?:can't|cannot|not) go (?:over|above)|not a (?:penny|cent) (?:over|above)"
    ),
    "price": (
        r"指导价|落地|裸车|报价|售价|卖|优惠价|价格|价|price|cost|msrp|asking|quote|listed at"
    ),
}
_ROLE = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _ROLES.items()))
_BEHIND_MONTHLY = re.compile(
    r"(?: max| tops)? ?(?:/ ?月|每月|一个月|个月|/ ?month|per month|a month|"
    r"each month|monthly|/ ?mo\b)"
)
# What follows names a sum of its own, or asks for one: 月供3000首付要多少.
_NO_OTHER = r"(?!(?:大概|大约|约)? ?[\d一二两三四五六七八九十]|款?[^\d,。;]{0,5}(?:多少|几))"
_BEHIND = (
    ("monthly", _BEHIND_MONTHLY),
    (
        "down_payment",
        re.compile(r" {0,2}(?:的)?(?:首付|down\b|down ?payment|upfront)" + _NO_OTHER),
    ),
    ("loan", re.compile(r" ?(?:的)?(?:贷款|car loan\b|loan\b|on finance)" + _NO_OTHER)),
    ("budget", re.compile(r" ?(?:的)?(?:预算|budget)")),
    (
        "price",
        re.compile(
            r" ?(?:左右|以内)?(?:落地|提车|裸车|的指导价|的落地价)"
            r"| (?:as )?(?:is )?(?:your|the) (?:very )?(?:best|final|lowest|asking) price"
        ),
    ),
)
_MAX_BEFORE = re.compile(
    r"(?:(?:不|别|不要|不能|没)超过?|不到|最多|至多|顶多|最高|上限|卡死|撑死|封死|低于|少于|小于|不大于|不多于|不高于|"
    r"under|below|less than|up to|at most|max(?:imum)?|limit|within|(?:no|not) more than|not over|"
    r"cheaper than|no higher than|"
    r"(?:not|nothing) (?:a (?:penny|cent) )?(?:over|above)|"
    r"(?:can't|cannot|not) (?:go (?:over|above)|exceed))[^\d]{0,8}$"
)
_MIN_BEFORE = re.compile(
    r"(?:超过|至少|最少|(?<!不)高于|(?<!不)大于|(?<!不)多于|不低于|不少于|"
    r"over|above|more than|at least|min(?:imum)?|from)[^\d]{0,6}$"
)
_MAX_BEHIND = re.compile(
    r" ?(?:块钱?|元)?(?:(?:/|a|per) ?month |monthly |(?:一个|每|/)月)?"
    r"(?:以内|以下|之内|内|封顶|or less|max\b|tops\b|at (?:the )?most|or under|or below|"
    r"is (?:my|our|the) (?:absolute )?(?:limit|max|maximum|ceiling))"
)
_MIN_BEHIND = re.compile(r" ?(?:块钱?|元)?(?:以上|往上|起步|起|or more|and up|\+)")
_ABOUT_BEFORE = re.compile(
    r"(?:大概|大约|差不多|约|将近|接近|around|about|roughly|approximately|approx\.?|~|some|nearly)[^\d]{0,6}$"
)
_HOW_ABOUT = re.compile(r"how about[^\d]{0,6}$")
_ABOUT_BEHIND = re.compile(
    r" ?(?:块钱?|元)?(?:的)?(?:左右|上下|出头|多一?点|or so|or thereabouts|"
    r"or around there|-?ish|give or take)"
)
_SPOKEN = re.compile(
    r"(?:of|is|between|around|about|under|below|over|above|than|to|spend|afford|max|within|for|at|by|owe|worth|got|need)[^\d]{0,3}$"
)
_CLOSE = re.compile(
    r"(?:预算|首付款?|首期|月供|月付|月还|每个?月还?|budget|payment|monthly|deposit)[^\d。!?;]{0,10}$"
)
# Money changes hands: 优惠八千, 定金交了两千, knock off 5,000, they offered me 45,000.
_PAID = re.compile(
    r"(?:优惠|便宜|降价?|减免?|补贴|补|返|定金|订金|押金|尾款|交了|付了|花了|给了|工时费?|保养费|保费|保险|手续费|上牌费?|服务费|只给|少)"
    r"(?:是|要|了|我|个|大概|大约|差不多|最多|至少|掉|现金|,| ){0,3}$"
    r"|(?:knock(?:ed)?(?: off)?|discount|rebate|refund(?:ed)?|paid|pay|charged|offered|offering|"
    r"offer|quoted|save|off)"
    r"(?: (?:me|us|you|of|about|around|another|a|only|just|up to|off|the)){0,3} $"
)


def role(before: str, norm: str, end: int) -> str | None:
    """What an amount is for: the words right behind it, else the last ones before it."""
    for name, pattern in _BEHIND:
        if pattern.match(norm, end):
            return name
    found = None
    for match in _ROLE.finditer(before):
        found = match.lastgroup
    return found


def monthly_behind(norm: str, end: int) -> bool:
    """3000一个月, 2000 a month."""
    return _BEHIND_MONTHLY.match(norm, end) is not None


def at_most(before: str, norm: str, end: int) -> bool:
    """不超过, 以内, under, tops."""
    return bool(_MAX_BEFORE.search(before) or _MAX_BEHIND.match(norm, end))


def at_least(before: str, norm: str, end: int) -> bool:
    """至少, 以上, or more."""
    return bool(_MIN_BEFORE.search(before) or _MIN_BEHIND.match(norm, end))


def about(before: str, norm: str, end: int) -> bool:
    """左右, around, 出头."""
    if _ABOUT_BEHIND.match(norm, end):
        return True
    return bool(_ABOUT_BEFORE.search(before)) and not _HOW_ABOUT.search(before)


def is_spoken_of(before: str) -> bool:
    """Whether an amount may be expected: around 150,000, than 200,000."""
    return _SPOKEN.search(before) is not None


def is_named(before: str) -> bool:
    """Whether a word for money stands close before: 预算, 首付, budget, deposit."""
    return _CLOSE.search(before) is not None


def is_paid(before: str) -> bool:
    """Whether a word for giving or saving stands right before: 优惠, 定金, paid, knock off."""
    return _PAID.search(before) is not None
