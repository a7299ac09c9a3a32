"""Further words on what a car must be: no matter how many seats, no way to charge, frugal."""

import re
from typing import Final

_SEATS_ZH: Final = r"[4-9四五六七八九]\s?(?:座|个座|人座)"
_SEATS_EN: Final = r"(?:[4-9]|four|five|six|seven|eight)[\s-]?seat"
_SEATS_DROPPED: Final = re.compile(
    rf"(?:不要|不用|不需要|不考虑|去掉|不必)(?:了)?{_SEATS_ZH}"
    rf"|{_SEATS_ZH}[^，。,.]{{0,4}}(?:不要|不用|不需要|算了|无所谓|不强求|不重要|不是必须)"
    r"|\b(?:forget|scrap|drop|skip|ditch|never ?mind|without|no need for|not"
    r"|(?:do not|don'?t) (?:really |actually )?need)"
    rf"(?: about)?(?: the| all| those| a)? {_SEATS_EN}"
    rf"|\b{_SEATS_EN}\w*(?: (?:is|are))? ?(?:not|n'?t|isn'?t|aren'?t|doesn'?t|don'?t)"
    r" (?:really |that )?(?:needed|necessary|important|a must|matter)",
    re.I,
)
_NO_CHARGER: Final = re.compile(
    r"(?:没有?|没地方|不能|无法|装不了)(?:固定车位|地方)?(?:装|安装)?充电桩?"
    r"|\b(?:no|without an?|don'?t have an?|haven'?t got an?) (?:home |wall ?)?"
    r"(?:charger|charging point|wallbox|driveway)\b"
    r"|\b(?:nowhere|no (?:place|where|way|chance)) to (?:plug it in|charge)\b"
    r"|\bcan'?t charge\b",
    re.I,
)
_FRUGAL: Final = re.compile(
    r"省油|油耗低|省钱|用车成本低"
    r"|\b(?:cheap|inexpensive) to run\b|\b(?:low|cheap) running costs?\b|\beconomical\b"
    r"|\b(?:fuel|petrol|gas)[- ]efficient\b"
    r"|\b(?:good|great|decent) (?:mpg|on (?:fuel|petrol|gas)|fuel economy)\b",
    re.I,
)


def seats_dropped(text: str) -> bool:
    """Whether a number of seats matters no more: 不用七座了, "forget 7 seats"."""
    return bool(_SEATS_DROPPED.search(text))


def cannot_charge(text: str) -> bool:
    """Whether a car that must be charged is of no use: "no charger at home"."""
    return bool(_NO_CHARGER.search(text))


def frugal(text: str) -> bool:
    """Whether it should need little: 省油, "cheap to run"."""
    return bool(_FRUGAL.search(text))
