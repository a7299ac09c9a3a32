"""How customers ask what is due, and how they say how old their car is."""

import re
from datetime import date

from dateutil.relativedelta import relativedelta

from bot.actions.context import Turn
from values.numerals import parse_number

MOST_MONTHS = 360

_ASKS_PLAN = re.compile(
    r"该(?:不该)?(?:去|来|做|给车)?保养|(?:要不要|用不用|需不需要|是不是该)(?:去|来|做)?保养"
    r"|(?:需要|要|用)(?:去|来|做)?保养(?:了|一下)?[吗么没?？]|多久.{0,4}保养"
    r"|(?:该|要|需要)(?:做|换|检查)(?:什么|啥|哪些|哪几|点什么)|(?:做|换)(?:什么|啥|哪些)(?:项目|保养)"
    r"|下(?:一)?次(?:的)?(?:小|大)?保养|什么时候(?:该|要|再|去|来|做)*(?:小|大)?保养|几时保养|何时保养"
    r"|保养(?:计划|周期|手册)|到期(?:的)?(?:项目|保养)|保养到期"
    r"|\b(?:what(?:'s| is| are|'re)?|anything|something|which \w+) (?:\w+ ){0,3}"
    r"(?:due|needed|required)\b"
    r"|\bdue (?:at|by|for|now|next|yet)\b|\bnext (?:service|maintenance|oil change)\b"
    r"|\b(?:service|maintenance) (?:schedule|plan|interval)\b"
    r"|\b(?:does|do|is|should) (?:it|my car|the car|i) (?:\w+ ){0,3}"
    r"(?:due|need (?:a |its? )?(?:service|servicing|maintenance))"
    r"|\bwhat (?:does|do|should) (?:it|i|my car|the car) (?:need|get done|have done)"
    r"|\bwhat (?:needs|has) to be (?:done|serviced|changed|replaced)\b|\btime for (?:a )?service\b",
    re.I,
)
_INTERVAL = re.compile(r"多久|周期|间隔|\bhow often\b|\binterval", re.I)
_BOOKS = re.compile(
    r"预约|约(?:个|一|在|下)|帮我约|安排|排(?:个|一)|有(?:没有)?空位"
    r"|\b(?:book|appointment|schedule (?:a|an|my)|slot|bring it in|come in)\b",
    re.I,
)
_OWN = re.compile(
    r"跑了|开了|行驶|里程(?:是|表|数|显示)?|表显|表上|我(?:的|那)?(?:辆)?车|现在|刚到|车"
    r"|\b(?:my|i've|i have|it's|it has|has done|driven|done|drove|odometer|now at|i'm at)\b",
    re.I,
)

_MINE = re.compile(
    r"我(?:的|那|家|自己|现在)?(?:的|那)?(?:辆|台)?车(?!型)"
    r"|\b(?:my|our) (?:own |current )?(?:car|suv|vehicle)\b",
    re.I,
)

_NUMBER = r"(?P<number>\d{1,3}(?:\.\d)?|[半一二两俩三四五六七八九十]{1,3})"
_ZH_AGE = re.compile(
    r"(?<![\d.每隔质保])" + _NUMBER + r"\s?(?P<unit>年|个月|个多月)(?P<half>零?半)?"
    r"(?P<rest>零?[一二两三四五六七八九十\d]{1,2}个月)?"
    r"(?P<after>多|了|左右|出头|不到|的车|的新车|前)?"
)
_ZH_CUE = re.compile(r"车|买|提|开|用|上牌|落地|龄|跑")
_ZH_NOT_AGE = re.compile(
    r"(?:每|隔|质保|保修|贷|分期|期|首付|再过|还有|保)[^，。,]{0,3}$|^[^，。,]{0,2}(?:一次|一换|质保|保修|期|免息)"
)
_ZH_YEAR = re.compile(
    r"(?P<year>(?:19|20)\d\d|\d\d(?!年的车)|去|前|今)年(?:\s?(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})\s?月(?:份)?)?"
    r"(?:\s?\d{1,2}[日号])?(?=.{0,3}(?:买|提|上牌|的车|购|落地))"
)
_WORDS_EN = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18,
}  # fmt: skip
_EN_AGE = re.compile(
    r"\b(?P<number>\d{1,3}(?:\.\d)?|" + "|".join(_WORDS_EN) + r")(?P<half> and a half)?[ -]"
    r"(?P<unit>year|month|yr)s?(?P<more> and a half)?(?P<after>[ -]old| ago| now)?\b",
    re.I,
)
_EN_CUE = re.compile(
    r"\b(?:old|ago|had it|have had|owned|bought|registered|on the road|age)\b", re.I
)
_EN_YEAR = re.compile(
    r"\b(?:bought|registered|new|got it|delivered|from)\b[^.,;]{0,12}?"
    r"\b(?:in |since )?(?:(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* )?"
    r"(?P<year>20\d\d)\b",
    re.I,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def asks_plan(turn: Turn) -> bool:
    """Whether the words ask what is due or when, rather than what one thing costs."""
    return not turn.pressed and bool(_ASKS_PLAN.search(turn.text))


_LAST_VISIT = re.compile(
    r"(?:上(?:一)?次|最近一次|之前)[^，。]{0,6}(?:保养|维修|来|到店)|(?:保养|维修)记录"
    r"|\b(?:last|previous|most recent) (?:\w+ )?(?:service|visit|maintenance|oil change)\b"
    r"|\bservice (?:history|record)\b",
    re.I,
)


def asks_last_visit(turn: Turn) -> bool:
    """Whether the words ask when the car was last here."""
    return not turn.pressed and bool(_LAST_VISIT.search(turn.text))


def only_asks_plan(turn: Turn) -> bool:
    """As `asks_plan`, and no wish for a visit is in it: it is answered, not booked."""
    when = turn.first("time")
    comes = when is not None and in_service_on(turn) is None
    return asks_plan(turn) and not (comes or turn.first("phone") or _BOOKS.search(turn.text))


def asks_interval(turn: Turn) -> bool:
    """Whether the words ask how often, of any car."""
    return bool(_INTERVAL.search(turn.text))


def plan_in_other_words(turn: Turn) -> bool:
    """Whether a message is about what is due, whatever it was taken for: a mileage, and the
    question for it."""
    return asks_plan(turn) and bool(turn.found("mileage"))


def of_own_car(turn: Turn) -> bool:
    """Whether a mileage is what a car shows now, rather than one that is asked about."""
    return bool(_OWN.search(turn.text))


def of_mine(turn: Turn) -> bool:
    """Whether the customer says that it is his car: 我的车开了两年."""
    return bool(_MINE.search(turn.text))


def tells_age(turn: Turn) -> bool:
    """Whether a bare mention answers how old the car is, after the plan was asked for; no day to
    come, then."""
    asked = (turn.slot("topic") or {}).get("ask") == "ask_maintenance_price"
    return asked and in_service_on(turn) is not None and not _BOOKS.search(turn.text)


def in_service_on(turn: Turn) -> date | None:
    """The day of first registration, as exactly as the words say how old the car is."""
    if turn.pressed:
        return None
    since = _since(turn.text, turn.today)
    if since is not None:
        return since
    months = age_months(turn.text)
    return turn.today - relativedelta(months=months) if months else None


def age_months(text: str) -> int | None:
    """ "两年了", "一年半", "18个月的车", "two years old": whole months; None without an age."""
    for match in _ZH_AGE.finditer(text):
        before, behind = text[: match.start()], text[match.end() :]
        if _ZH_NOT_AGE.search(before) or _ZH_NOT_AGE.match(behind):
            continue
        if not (match["after"] or _ZH_CUE.search(text)):
            continue
        number = _number(match["number"])
        if number is None:
            continue
        months = number * (12 if match["unit"] == "年" else 1)
        if match["half"]:
            months += 6 if match["unit"] == "年" else 0.5
        if match["rest"]:
            months += _number(match["rest"].removeprefix("零").removesuffix("个月")) or 0
        if 1 <= months <= MOST_MONTHS:
            return round(months)
    for match in _EN_AGE.finditer(text):
        if not (match["after"] or _EN_CUE.search(text)):
            continue
        number = _WORDS_EN.get(match["number"].lower()) or _number(match["number"]) or 0
        number += 0.5 if match["half"] or match["more"] else 0
        months = number * (1 if match["unit"].lower() == "month" else 12)
        if 1 <= months <= MOST_MONTHS:
            return round(months)
    return None


def _number(text: str) -> float | None:
    if text in ("半", "俩"):
        return 0.5 if text == "半" else 2
    parsed = parse_number(text)
    return parsed[0] if parsed else None


def _since(text: str, today: date) -> date | None:
    """ "2023年买的", "去年三月提的车", "bought in March 2024"; never in the future."""
    match = _ZH_YEAR.search(text)
    if match is not None:
        words = {"去": today.year - 1, "前": today.year - 2, "今": today.year}
        said = match["year"]
        year = words.get(said) or (int(said) if len(said) == 4 else 2000 + int(said))
        month = _number(match["month"]) if match["month"] else None
    else:
        match = _EN_YEAR.search(text)
        if match is None:
            return None
        year = int(match["year"])
        month = _MONTHS.index(match["month"].lower()) + 1 if match["month"] else None
    if month is not None and not 1 <= month <= 12:
        return None
    if month is None:
        month = today.month if year == today.year else 7
    day = date(year, int(month), 1)
    return day if day <= today and today.year - year <= MOST_MONTHS // 12 else None
