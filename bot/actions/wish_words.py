"""What customers say a car must be, where it is no name of the catalogue: driven wheels, size,
people, use. Pure functions on a text; the same words are read in the catalogue's own texts.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.actions import wish_details

FOUR, TWO, FRONT, REAR = "four", "two", "front", "rear"

_DRIVES: Final = (
    (
        FOUR,
        re.compile(
            r"四驱|4驱|全驱|四轮驱动|四个?轮子?都(?:能|要)?驱"
            r"|\b(?:awd|4wd|4x4|4motion|quattro)\b|\b(?:all|four)[- ]wheel[- ]driv"
            r"|\ball four wheels",
            re.I,
        ),
    ),
    (FRONT, re.compile(r"前驱|前轮驱动|\bfwd\b|\bfront[- ]wheel[- ]driv", re.I)),
    (REAR, re.compile(r"后驱|后轮驱动|\brwd\b|\brear[- ]wheel[- ]driv", re.I)),
    (TWO, re.compile(r"两驱|二驱|2驱|两轮驱动|\b2wd\b|\btwo[- ]wheel[- ]driv", re.I)),
)
DRIVE_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    FOUR: ("四驱", "four-wheel drive"),
    TWO: ("两驱", "two-wheel drive"),
    FRONT: ("前驱", "front-wheel drive"),
    REAR: ("后驱", "rear-wheel drive"),
}

_SIZES: Final = (
    (
        "mid_large",
        r"中大型|中大(?=的|号|级|一点|车|suv|mpv)|c级车"
        r"|\bmid(?:dle)?(?:-| )?(?:size)?d?(?:-| )?\s?(?:to|or|and|/)\s?(?:full|large)"
        r"(?:[- ]?sized?)?|\bmid[- ]large|\bupper[- ]medium",
    ),
    (
        "small_mid",
        r"中小型|小中型"
        r"|\bsmall(?:-| )?(?:size)?d?(?:-| )?\s?(?:to|or|and|/)\s?"
        r"(?:mid(?:dle)?|medium)(?:[- ]?sized?)?",
    ),
    ("compact", r"紧凑型?|a级车|\bcompact\b|\bc-segment\b"),
    ("mid", r"中型|中级车|b级车|\bmid(?:dle)?[- ]?sized?\b|\bmedium[- ]?sized?\b|\bd-segment\b"),
    ("large", r"大型|全尺寸|\bfull[- ]?sized?\b|\blarge[- ]?sized?\b"),
    (
        "small",
        r"小型|a0级|\bsmall[- ]?sized?\b|\bsub-?compact\b|\bb-segment\b"
        r"|\bsmall(?:ish)?(?= (?:cars?|one|runabout|hatch\w*|n cheap|and (?:cheap|easy)|city)\b)"
        r"|\b(?:something|anything) small\b",
    ),
    ("micro", r"微型|a00级|\bmicro[- ]?(?:car|sized?)\b"),
)  # fmt: skip
_SIZE: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _SIZES), re.I)
SIZE_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "micro": ("微型", "micro"),
    "small": ("小型", "small"),
    "compact": ("紧凑型", "compact"),
    "small_mid": ("中小型", "small to mid-size"),
    "mid": ("中型", "mid-size"),
    "mid_large": ("中大型", "mid- to full-size"),
    "large": ("大型", "full-size"),
}
_STEPS: Final[Mapping[str, frozenset[int]]] = {
    "micro": frozenset({1}),
    "small": frozenset({2}),
    "compact": frozenset({3}),
    "small_mid": frozenset({2, 3}),
    "mid": frozenset({4}),
    "mid_large": frozenset({5}),
    "large": frozenset({5, 6}),
}
"""Sizes overlap: who asks for a small car is shown the small to mid-size ones."""

_NUMBERS: Final[Mapping[str, int]] = {
    **dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    **dict(
        zip(
            ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            range(1, 10),
            strict=True,
        )
    ),
}
_ZH: Final = r"[1-9一二两三四五六七八九]"
_EN: Final = r"(?:[1-9]|one|two|three|four|five|six|seven|eight|nine)"
_PEOPLE: Final = (
    re.compile(
        rf"(?<![\d.]){_ZH}?[到至、\-]?(?P<n>{_ZH})\s?(?:个|位)?(?:成年|大)?(?:人|口)(?!均|民)"
        r".{0,3}?(?:乘坐|坐|乘|出行|用车)"
    ),
    re.compile(rf"(?:坐|载|乘|拉)(?:得?下|满|上)?\s?{_ZH}?[到至、\-]?(?P<n>{_ZH})\s?(?:个|位)?(?:人|口)"),
    re.compile(rf"(?:一家|家里有?|家有)(?P<n>{_ZH})口|(?P<m>{_ZH})口(?:人|之家)"),
    re.compile(
        rf"\b(?:{_EN} (?:to|or) )?(?P<n>{_EN}) "
        r"(?:people|persons?|passengers?|occupants|adults|grown-?ups|of us)\b"
        rf"|\bfamily of (?P<m>{_EN})\b",
        re.I,
    ),
    re.compile(
        rf"\b(?:seats?|seating|fits?|carry|room for) (?:up to )?(?P<n>{_EN})\b"
        rf"|\bfor (?P<m>{_EN})(?=[,.!?]|$)",
        re.I,
    ),
)  # fmt: skip
_PARTY: Final = re.compile(
    rf"\b(?P<n>{_EN}) adults? (?:and|plus|with) (?P<m>{_EN}) (?:children|child|kids?)\b"
    rf"|(?P<a>{_ZH})个?大人?(?:[和加带、]|，)?(?P<b>{_ZH})个?(?:小孩|孩子|小)",
    re.I,
)
_ALONE: Final = re.compile(
    r"(?:就|只有|只是|基本|平时)?(?:我|自己)(?:一个人|自己)(?!买)"
    r"|\b(?:just|only) (?:be )?(?:me|myself)\b"
    r"|\bby myself\b",
    re.I,
)

FAMILY, COMMUTE, TRIPS, OFF_ROAD, BUSINESS = "family", "commute", "trips", "off_road", "business"
_USES: Final = (
    (
        FAMILY,
        r"家用|家庭|孩子|小孩|宝宝|娃|二胎|老人|一家"
        r"|\bfamil|\bkids?\b|\bchild|\bbaby|\bschool run",
    ),
    (COMMUTE, r"通勤|上下班|上班|代步|市区|城里|\bcommut|\bcity driving|\bto work\b|\brun-?about"),
    (
        TRIPS,
        r"长途|自驾|跑高速|出远门|跑远|旅行"
        r"|\blong[- ](?:trips?|distance|journeys?)|\broad trips?|\btouring",
    ),
    (OFF_ROAD, r"越野|泥路|山路|烂路|土路|\boff-?road|\bgravel|\bmud"),
    (BUSINESS, r"商务|接待|见客户|\bbusiness|\bclients?\b"),
)  # fmt: skip
_USE_WORDS: Final = tuple((use, re.compile(words, re.I)) for use, words in _USES)
USE_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    FAMILY: ("家用", "family use"),
    COMMUTE: ("通勤代步", "commuting"),
    TRIPS: ("跑长途", "long trips"),
    OFF_ROAD: ("越野", "off-road use"),
    BUSINESS: ("商务", "business use"),
}

_REFUSED_BEFORE: Final = re.compile(
    r"(?:不要|不想要|不想买|不考虑|不喜欢|不看|别给我|别推荐?|除了|排除|去掉|不是|非)"
    r"(?:了|任何|那种|这种|那个|带)?\s?$"
    r"|\b(?:no|not|not an?|don'?t want|don'?t like|do not want|without|except|forget|"
    r"anything but|rather not|skip)"
    r"(?: (?:an?|any|the|another))?\s?$",
    re.I,
)
_REFUSED_BEHIND: Final = re.compile(
    r"^(?:车|的)?(?:就|都|也)?(?:不要|不考虑|不行|算了|不看|免谈)|^s? (?:is|are) out\b", re.I
)
_DROPPED_BEHIND: Final = re.compile(
    r"^(?:的话|功能|这个|这条|车|的)?(?:就|也|倒|都|其实)?(?:无所谓|不重要|没有?也行|可有可无|随便|不强求|不限|"
    r"没有?关系|不用了|不是必须的?|不要求)"
    r"|^s? (?:is|are)(?: not|n'?t)(?: that| so)? (?:important|necessary|needed|a must)"
    r"|^s? (?:doesn'?t|don'?t|does not|do not) matter"
    r"|^s? (?:is|are) optional",
    re.I,
)
_WANTS: Final = re.compile(
    r"想(?:要|买|找|看|换|提|入手)|要(?:买|个|一|台|有|带|求|能|是)|^要|得(?:有|带|是|要)|必须|需要|希望|"
    r"最好|偏向|倾向|喜欢|更?想|考虑|就要|只要|只看|预算|计划|打算|准备|推荐"
    r"|\b(?:want|need|prefer|like|looking for|look for|must|should|has to|would go for|i'?d go|"
    r"i'?m after|we'?re after|considering|budget|plan to|planning|recommend|spend)\b",
    re.I,
)
_ASKS: Final = re.compile(
    r"[?？吗]|呢[。.]?$|有没有|是不是|什么|怎么|多少|哪|几"
    r"|^(?:does|do|is|are|has|have|what|how|which|can|could)\b",
    re.I,
)


def drive(text: str) -> str | None:
    """The driven wheels that a text names; None without any, or if it takes several. Who refuses
    one kind wants the other."""
    wanted: list[str] = []
    not_wanted: list[str] = []
    for name, pattern in _DRIVES:
        for match in pattern.finditer(text):
            (not_wanted if refused(text, *match.span()) else wanted).append(name)
    found = list(dict.fromkeys(wanted))
    if not found and not_wanted:
        return TWO if FOUR in not_wanted else FOUR
    return found[0] if len(found) == 1 or (found and found[0] != FOUR) else None


def drive_dropped(text: str) -> bool:
    """Whether the driven wheels matter no more: 四驱无所谓."""
    return any(
        dropped(text, match.end()) for _, pattern in _DRIVES for match in pattern.finditer(text)
    )


def sizes(text: str) -> list[str]:
    """Size classes named, by code: 中小型, "mid-size"."""
    return list(dict.fromkeys(str(m.lastgroup) for m in _SIZE.finditer(text)))


def same_size(wanted: Sequence[str], recorded: Sequence[str]) -> bool:
    """Whether a car of the recorded size is of one that was asked for."""
    steps = {step for name in recorded for step in _STEPS[name]}
    return any(_STEPS[name] & steps for name in wanted)


def people(text: str) -> int | None:
    """How many must fit in: 平时四个人坐, "six passengers", "just me"."""
    party = _PARTY.search(text)
    if party:
        first, second = party["n"] or party["a"], party["m"] or party["b"]
        return _number(first) + _number(second)
    for pattern in _PEOPLE:
        match = pattern.search(text)
        if match:
            found = match.groupdict()
            return _number(found["n"] or found.get("m") or "1")
    return 1 if _ALONE.search(text) else None


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)


def uses(text: str) -> list[str]:
    """What the car is for, by code."""
    return [use for use, pattern in _USE_WORDS if pattern.search(text)]


def refused(text: str, start: int, end: int) -> bool:
    """Whether the words there name what is not wanted: 不要SUV, "no diesel"."""
    return bool(
        _REFUSED_BEFORE.search(text[max(0, start - 16) : start])
        or _REFUSED_BEHIND.match(text[end : end + 16])
    )


def dropped(text: str, end: int) -> bool:
    """Whether what ends there matters no more: 天窗无所谓, "the sunroof isn't necessary"."""
    return _DROPPED_BEHIND.match(text[end : end + 40]) is not None


def names_wish(text: str) -> bool:
    """Whether a text says something of the car wanted, beyond names of the catalogue."""
    details = (wish_details.cannot_charge, wish_details.frugal, wish_details.seats_dropped)
    said = drive(text) or sizes(text) or people(text) or uses(text)
    return bool(said or any(tells(text) for tells in details))


def states_wish(text: str) -> bool:
    """Whether it states what is wanted rather than asks of a car: 想要四驱的."""
    return bool(_WANTS.search(text)) and not _ASKS.search(text)


def place(entity: Mapping[str, Any]) -> tuple[int, int]:
    """Where a mention stands; nothing at the beginning when that is not known."""
    return int(entity.get("start") or 0), int(entity.get("end") or 0)


_NUMBER: Final = re.compile(r"(?<![A-Za-z\d.])(\d{1,4}(?:\.\d)?)(?![\d.]*\d)")
_AT_MOST: Final = re.compile(
    r"以内|以下|不到|低于|不超过|小于|\b(?:under|below|less than|at most|within|up to)\b", re.I
)
_AT_LEAST: Final = re.compile(
    r"以上|至少|超过|大于|高于|不低于|起码|\b(?:over|above|more than|at least|reach)\b", re.I
)


def lone_number(text: str, entities: Sequence[Mapping[str, Any]]) -> str | None:
    """The one number of a text that belongs to no name and no amount; a distance counts."""
    taken = [
        place(e)
        for e in entities
        if e.get("entity")
        in ("model", "trim", "feature", "money", "time", "phone", "months", "ratio")
    ]
    found = [
        match[1]
        for match in _NUMBER.finditer(text)
        if not any(start <= match.start() < end for start, end in taken)
    ]
    return found[0] if len(found) == 1 else None


def side_of(text: str) -> str | None:
    """`least` or `most`, as the words around a number say."""
    if _AT_MOST.search(text):
        return "most"
    return "least" if _AT_LEAST.search(text) else None
