"""What an odometer shows, in kilometres: 3.5万公里, 跑了两万多, 30000km, 20,000 miles."""

from __future__ import annotations

import re

from values.mention import Mention
from values.numerals import NUMBER, NUMBER_EN, parse_number, parse_zh
from values.text import Text, normalise

_MILE = 1.609344
_SCALE = {
    "万": 10_000,
    "w": 10_000,
    "千": 1_000,
    "k": 1_000,
    "thousand": 1_000,
    "million": 1_000_000,
    "": 1,
}
_WITH_UNIT = re.compile(
    r"(?<![\d.a-z零〇一二两三四五六七八九十百千])(?<!\d,)(?P<number>"
    + NUMBER
    + "|"
    + NUMBER_EN
    + r"|a(?= million))(?P<fuzz>[多来几余]?) ?(?P<scale>万|w|千|k|thousand|million)?"
    r"(?P<tail>[一二两三四五六七八九1-9]千?[一二两三四五六七八九]?百?|半)?(?P<more>[多来几余]?) "
    r"?(?P<unit>公里|千米|里程|kms?(?![a-z])|kilomet(?:er|re)s?|miles?(?![a-z])|mi(?![a-z]))"
)
_DRIVEN = re.compile(
    r"(?:跑了|跑到|开了|开到|行驶了|行驶|里程数|里程表|里程|公里数|表显|表上|显示|mileage|odometer|driven|drove|clocked|done)"
    r"(?:大概|大约|差不多|约|快|有|已经|到|不到|(?:还)?没到|显示|才|刚|是|了|数|:|,|is|about|around|roughly|"
    r"over|nearly|almost|just|at|of|reads?|reading|shows?|says?| ){0,5}"
    r"(?P<number>"
    + NUMBER
    + "|"
    + NUMBER_EN
    + r")(?P<fuzz>[多来几余]?) ?(?P<scale>万|w(?![a-z])|千|k(?![a-z])|"
    r"thousand)?(?P<more>[多来几余]?)"
    r"(?P<tail>[一二两三四五六七八九1-9]千?(?![\d一二三四五六七八九十百千万年个月天])|半)?"
)
_VERB = re.compile(
    r"(?:跑|开了|开到|行驶|里程|公里数|表显|mileage|odometer|driven|drove|clock|done|has|with|at|reached|到)"
)
_NOT_THIS_CAR = re.compile(
    r"(?:续航|纯电|能跑|可以跑|能开|充满|一箱油|百公里|每隔|每|range|every|per|加速|油耗|时速|限速|距离|相距|离)[^\d]{0,6}$"
)
_RATE = re.compile(
    r" {0,2}(?:/ ?h|每小时|/ ?小时|每時|加速|油耗|续航|时速|一次|保养一次|per|range|an hour|"
    r"away|外|远)"
)
_APPROXIMATE = re.compile(
    r"(?:大概|大约|差不多|约|快|将近|接近|不到|没到|about|around|roughly|nearly|almost|over)[^\d]{0,4}$"
)
_TO_CHINESE = str.maketrans("123456789", "一二三四五六七八九")
_LEAST = 500  # kilometres; less is a distance or a rate, unless a verb of driving says otherwise


def _amount(match: re.Match[str], tail: str | None) -> tuple[float, bool] | None:
    parsed = (1.0, 1.0) if match["number"] == "a" else parse_number(match["number"])
    if parsed is None:
        return None
    low, high = parsed
    scale = _SCALE[match["scale"] or ""]
    value = low * scale
    if tail == "半":
        value += 0.5 * scale
    elif tail:
        rest = _rest(tail, scale) if scale >= 1000 else None
        if rest is None:
            return None
        value += rest
    return value, bool(match["fuzz"] or match["more"]) or high != low


def _rest(tail: str, scale: int) -> float | None:
    """What follows the scale: 两万五 and 两万五千 are 25,000."""
    if len(tail) == 1:
        parsed = parse_number(tail)
        return None if parsed is None else parsed[0] * scale / 10
    places = parse_zh(tail.translate(_TO_CHINESE))
    return None if places is None else places[0]


def read(text: Text) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    norm = text.norm
    found: list[Mention] = []
    for match in _WITH_UNIT.finditer(norm):
        before = norm[max(0, match.start() - 14) : match.start()]
        amount = _amount(match, match["tail"])
        if amount is None or _NOT_THIS_CAR.search(before) or _RATE.match(norm, match.end()):
            continue
        value, approximate = amount
        km = round(value * (_MILE if match["unit"].startswith("mi") else 1))
        if not 0 < km <= 5_000_000 or (km < _LEAST and not _VERB.search(before)):
            continue
        behind = norm[match.end() : match.end() + 3]
        approximate = approximate or _APPROXIMATE.search(before) is not None
        approximate = approximate or behind.startswith(("左右", "多", "上下", "不到"))
        value_out = {"km": km, "approximate": approximate}
        found.append(text.mention("mileage", match.start(), match.end(), value_out))
    taken = [text.span_of(mention) for mention in found]
    for match in _DRIVEN.finditer(norm):
        start, end = match.start("number"), match.end()
        if any(low < end and start < high for low, high in taken) or not _plausible(norm, match):
            continue
        amount = _amount(match, match["tail"])
        if amount is None or not _LEAST <= amount[0] <= 5_000_000:
            continue
        approximate = amount[1] or _APPROXIMATE.search(norm[max(0, start - 8) : start]) is not None
        approximate = approximate or norm[end : end + 2] in ("左右", "上下")
        value_out = {"km": round(amount[0]), "approximate": approximate}
        found.append(text.mention("mileage", start, end, value_out))
    return sorted(found, key=lambda mention: mention.start)


def _plausible(norm: str, match: re.Match[str]) -> bool:
    follow = norm[match.end() : match.end() + 2].lstrip()
    return follow[:1] not in tuple("年月天个次元块小分期点号%") and not _NOT_THIS_CAR.search(
        norm[max(0, match.start() - 10) : match.start()]
    )


def find(text: str) -> list[Mention]:
    """Mileages in ``text``: ``{"km": int, "approximate": bool}``; miles become kilometres.

    Speeds, consumptions, ranges and service intervals (100公里, 续航600公里, 每1万公里) are not.
    """
    return read(normalise(text))


def read_amount(text: str) -> dict[str, object] | None:
    """The mileage when it has just been asked for, and 3万 or 30000 is the whole answer."""
    mentions = find(text) or find("跑了" + text)
    return mentions[0].value if mentions else None
