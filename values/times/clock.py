"""Times of day: 三点半, 2点到4点, 3pm, half past two, between 2 and 4 pm, noon."""

# ruff: noqa: SIM102 - a nested condition is one step further in the grammar

from __future__ import annotations

from dataclasses import dataclass, replace

from values.times.stream import Stream
from values.words import words


@dataclass(frozen=True)
class Clock:
    """``half`` is ``am``, ``pm``, ``24`` (said in full) or ``None`` where the reader must decide.

    ``part`` belongs to this time alone (the end of 上午10点到下午2点); ``bound`` is ``after`` or
    ``before``. Hour 24 is the midnight that ends the day.
    """

    hour: int
    minute: int = 0
    half: str | None = None
    approximate: bool = False
    end: Clock | None = None
    bound: str | None = None
    part: str | None = None


Found = tuple[Clock, int]

_POINTS = words(
    "建议 问题 意见 要求 原因 疑问 需求 不满 理由 内容 区别 不同 好处 坏处 优势 感受 体会",
)
_LISTED = frozenset({"有", "这", "那", "提", "下", "说", "几", "第", "差"})
_BEHIND_NUMBER = words(
    "% k w km kms mile miles mi seat seats seater people persons person yuan rmb usd dollar",
    "dollars million thousand hundred grand percent cars car months month years year days day",
    "weeks week minutes minute mins min hours hour tickets ticket passengers adults kids th",
    "st nd rd l litre stars doors door rows times x kwh kw hp ps mm cm inch inches of degrees",
)
_LINKS = ("-", "~")


def read(stream: Stream, index: int, anchored: bool) -> Found | None:
    """The time of day or range that begins at ``index``.

    ``anchored``: a date or a part of the day stands directly before, so a bare number may be read
    as an hour.
    """
    bound = _leading_bound(stream, index)
    if bound is not None:
        found = _simple(stream, index + 1, True) or _bare(stream, index + 1)
        return None if found is None else (replace(found[0], bound=bound), found[1])
    led = stream.text(index) in ("between", "from")
    start = index + 1 if led else index
    if stream.kind(index) == "at" or (stream.text(index) in ("by", "for", "around", "about")):
        anchored = anchored or stream.kind(index) == "at"
        start = index + 1
        if stream.kind(index) != "at" or stream.kind(start) in ("around", "the", "a"):
            return None
        led = True
    first = _simple(stream, start, anchored)
    if first is None:
        bare = _bare(stream, start)
        if bare is None:
            return None
        first = _range(stream, *bare, loose=led or anchored)
        if first is None:
            allowed = (anchored or stream.kind(index) == "at") and stream.kind(bare[1]) != "hao"
            allowed = allowed or _part_follows(stream, bare[1])
            first = bare if allowed else None
        return None if first is None else _trailing(stream, *first)
    ranged = _range(stream, *first, loose=True)
    return _trailing(stream, *(ranged or first))


def _leading_bound(stream: Stream, index: int) -> str | None:
    text = stream.text(index)
    if text == "after":
        return "after"
    return "before" if text in ("before", "until", "till", "by") else None


def _part_follows(stream: Stream, index: int) -> bool:
    if stream.kind(index) == "rdaypart":
        return True
    if stream.kind(index) == "rday" and stream.at(index).style == "e":
        index += 1
    return stream.kind(index) == "part" and stream.at(index).style == "e"


def _trailing(stream: Stream, clock: Clock, index: int) -> Found:
    kind, token = stream.kind(index), stream.at(index)
    if token.style == "z" and kind == "orso":
        clock, index = replace(clock, approximate=True), index + 1
        kind, token = stream.kind(index), stream.at(index)
        if kind == "dian":
            index += 1
    if token.style == "z" and kind in ("after", "before") and clock.end is None:
        return replace(clock, bound=kind), index + 1
    return clock, index


def _range(stream: Stream, first: Clock, index: int, loose: bool) -> Found | None:
    """First and second time; a bare first number takes its half of the day from the second."""
    text = stream.text(index)
    if stream.kind(index) not in ("link", "to", "and") and text not in _LINKS:
        return None
    if text == "and" and stream.text(index - 2) != "between" and not loose:
        return None
    after = index + 1
    part = None
    if stream.kind(after) == "part":
        part, after = stream.value(after), after + 1
    second = _simple(stream, after, False) or (_bare(stream, after) if loose else None)
    if second is None or (text == "and" and not _between(stream, index)):
        return None
    last, end = replace(second[0], part=part), second[1]
    if last.hour * 60 + last.minute == first.hour * 60 + first.minute and last.half == first.half:
        return None
    return replace(first, end=last), end


def _between(stream: Stream, index: int) -> bool:
    return any(stream.text(index - back) == "between" for back in range(2, 8))


def _bare(stream: Stream, index: int) -> Found | None:
    """A number that could be an hour."""
    token, follow = stream.at(index), stream.at(index + 1)
    if token.kind != "num" or not 0 <= token.value <= 24 or stream.in_word(index):
        return None
    if token.style == "d" and len(token.text) > 2:
        return None
    if follow.text in _BEHIND_NUMBER or follow.kind in (
        "couple",
        "unit",
        "unit_half",
        "ge",
        "month",
    ):
        return None
    if follow.glued and (
        follow.kind in ("word", "year") or follow.text in (".", ":", "/", "%", "'")
    ):
        if not (follow.text == "." and stream.kind(index + 2) != "num"):
            return None
    if (
        follow.kind in ("char", "skip", "hao", "digitweek")
        and "\u4e00" <= follow.text[:1] <= "\u9fff"
    ):
        return None
    literal = token.style == "d" and token.text.startswith("0") and len(token.text) == 2
    return Clock(token.value, half="24" if literal or token.value > 12 else None), index + 1


def _simple(stream: Stream, index: int, anchored: bool) -> Found | None:
    """One time of day that speaks for itself."""
    token = stream.at(index)
    if token.text == "差":
        return _lacking(stream, index)
    if token.kind == "noon":
        return Clock(12 if token.value else 24, half="24"), index + 1
    if token.kind in ("half", "quarter", "a"):
        return _fraction(stream, index)
    if token.kind != "num" or stream.in_word(index):
        return None
    follow = stream.at(index + 1)
    if follow.kind in ("dian", "dianhalf", "shi") and 0 <= token.value <= 24:
        return _chinese(stream, index, anchored)
    if follow.text == ":" and 0 <= token.value <= 24 and token.style == "d":
        return _colon(stream, index)
    if follow.text == "." and 0 <= token.value <= 24 and token.style == "d":
        return _dotted(stream, index)
    return _english(stream, index, anchored)


def _meridiem(stream: Stream, index: int) -> tuple[str | None, int]:
    if stream.kind(index) == "oclock":
        index += 1
    token = stream.at(index)
    if token.kind == "meridiem":
        return token.value, index + 1
    if token.glued and token.text in ("a", "p"):
        after = index + 1
        if stream.text(after) == "." and stream.text(after + 1) not in ("m",):
            pass
        return token.text + "m", after
    return None, index


def _chinese(stream: Stream, index: int, anchored: bool) -> Found | None:
    token, unit = stream.at(index), stream.at(index + 1)
    hour, after, minute = token.value, index + 2, 0
    exact = unit.text in ("点钟", "点整", "时整", "点正")
    literal = token.style == "d" and len(token.text) == 2 and token.text[0] == "0"
    half = "24" if hour > 12 or hour == 0 or literal else None
    if unit.kind == "dianhalf":
        return Clock(hour, 30, half), after
    follow = stream.at(after)
    if follow.text == "式" or follow.text[:1] == "儿" or _counts_points(stream, index, after):
        return None
    if follow.kind == "num" and follow.glued and not exact:
        if stream.kind(after + 1) == "ke" and 1 <= follow.value <= 3:
            return Clock(hour, 15 * follow.value, half), after + 2
        spoken = stream.kind(after + 1) in ("fen",) or stream.text(after + 1) == "分钟"
        padded = follow.text[0] in "0零〇" and len(follow.text) == 2
        if 0 <= follow.value <= 59 and (spoken or padded or follow.value >= 10):
            return Clock(hour, follow.value, half), after + 2 if spoken else after + 1
        return None
    if follow.kind == "half" and stream.kind(after + 1) != "unit":
        return Clock(hour, 30, half), after + 1
    if token.text == "一" and unit.text == "点" and not _really_one(stream, index, anchored):
        return None
    if token.high != token.value and token.high <= 24:
        return Clock(hour, 0, half, True, Clock(token.high)), after
    return Clock(hour, minute, half), after


def _counts_points(stream: Stream, index: int, after: int) -> bool:
    """两点建议, 有三点: points of a list."""
    if stream.text(after) + stream.text(after + 1) in _POINTS or stream.text(after) in _POINTS:
        return True
    before = stream.at(index - 1)
    glued = stream.at(index).glued and before.kind in ("char", "word")
    return glued and before.text[-1:] in _LISTED and stream.text(index - 2) != "只"


def _really_one(stream: Stream, index: int, anchored: bool) -> bool:
    """一点 is mostly "a little"; it is one o'clock beside a day, a part of it, or a range."""
    follow = stream.at(index + 2)
    if follow.text[:1] in tuple("都也不没儿点"):
        return False
    if follow.kind in ("link", "orso") or follow.text in _LINKS:
        return True
    return anchored and stream.kind(index - 1) != "shortpart"


def _colon(stream: Stream, index: int) -> Found | None:
    token, minutes = stream.at(index), stream.at(index + 2)
    if minutes.kind != "num" or len(minutes.text) != 2 or minutes.value > 59:
        return None
    if not (stream.at(index + 1).glued and minutes.glued):
        return None
    before = stream.at(index - 1)
    if before.text == ":" and token.glued and stream.kind(index - 2) == "num":
        return None
    after = index + 3
    if stream.text(after) == ":" and stream.at(after).glued:
        seconds = stream.at(after + 1)
        if seconds.kind != "num" or len(seconds.text) != 2 or seconds.value > 59:
            return None
        after += 2
    half, end = _meridiem(stream, after)
    if half is None and (token.value > 12 or token.value == 0 or token.text.startswith("0")):
        half = "24"
    return Clock(token.value, minutes.value, half if token.value <= 12 else "24"), end


def _dotted(stream: Stream, index: int) -> Found | None:
    """9.30 is a time of day only behind "at" or before am and pm."""
    token, minutes = stream.at(index), stream.at(index + 2)
    if minutes.kind != "num" or len(minutes.text) != 2 or minutes.value > 59:
        return None
    if not (stream.at(index + 1).glued and minutes.glued):
        return None
    half, end = _meridiem(stream, index + 3)
    follow = stream.at(end)
    if half is None:
        closed = follow.kind in ("end", "on", "for", "in", "part", "rday") or follow.text in ",.?!"
        if stream.kind(index - 1) != "at" or not closed:
            return None
        half = "24" if token.value > 12 else None
    return Clock(token.value, minutes.value, half if token.value <= 12 else "24"), end


def _lacking(stream: Stream, index: int) -> Found | None:
    """差一刻三点, 差五分十二点."""
    count, unit, hour = stream.at(index + 1), stream.at(index + 2), stream.at(index + 3)
    if count.kind != "num" or hour.kind != "num" or not 1 <= hour.value <= 12:
        return None
    if unit.kind not in ("ke", "fen") or stream.kind(index + 4) != "dian":
        return None
    minutes = count.value * (15 if unit.kind == "ke" else 1)
    if not 1 <= minutes <= 45:
        return None
    total = hour.value * 60 - minutes
    total = total if total >= 60 else total + 720
    return Clock(total // 60, total % 60), index + 5


def _english(stream: Stream, index: int, anchored: bool) -> Found | None:
    token, after = stream.at(index), index + 1
    compact = token.style == "d" and len(token.text) in (3, 4)
    if compact:
        hour, minute = divmod(token.value, 100)
        half, end = _meridiem(stream, after)
        if stream.text(after) in (",", ".") and stream.kind(after + 1) == "num":
            if stream.at(after + 1).glued:
                return None
        said = half or _part_follows(stream, after) or stream.kind(index - 1) == "around"
        if not said or hour > 24 or minute > 59 or stream.text(after) in _BEHIND_NUMBER:
            return None
        return Clock(
            hour, minute, half if half and hour <= 12 else "24" if hour > 12 else None
        ), end
    if not 0 <= token.value <= 24:
        return _minutes_past(stream, index)
    if token.style == "d" and stream.text(after) in ("h", "hr"):
        return _with_h(stream, index)
    half, end = _meridiem(stream, after)
    if half is not None and 1 <= token.value <= 12:
        return Clock(token.value, 0, half), end
    if stream.kind(after) == "oclock" and 1 <= token.value <= 12:
        return Clock(token.value), end
    past = _minutes_past(stream, index)
    if past is not None:
        return past
    follow = stream.at(after)
    worded = token.style == "e" and follow.style == "e"
    spaced = token.style == "d" and follow.style == "d" and len(follow.text) == 2
    if follow.kind == "num" and (worded or spaced) and 1 <= token.value <= 23:
        if 5 <= follow.value <= 59 and stream.text(after + 1) not in _BEHIND_NUMBER:
            half, end = _meridiem(stream, after + 1)
            told = anchored or half or stream.kind(index - 1) == "at" or _part_follows(stream, end)
            if told:
                return Clock(token.value, follow.value, half), end
    return None


def _with_h(stream: Stream, index: int) -> Found | None:
    """15h30, 7h01, 10 H 10 pm."""
    hour, minutes = stream.at(index), stream.at(index + 2)
    if minutes.kind == "num" and len(minutes.text) == 2 and minutes.value <= 59:
        half, end = _meridiem(stream, index + 3)
        if half is None and (hour.value > 12 or (minutes.glued and hour.value < 8)):
            half = "24"
        return Clock(hour.value, minutes.value, half), end
    if stream.at(index + 1).glued and stream.text(index + 1) == "h" and hour.value > 12:
        return Clock(hour.value, 0, "24"), index + 2
    return None


def _minutes_past(stream: Stream, index: int) -> Found | None:
    """20 past 3, ten minutes to eight."""
    minutes, after = stream.at(index), index + 1
    if not 1 <= minutes.value <= 59 or minutes.style == "z":
        return None
    counted = stream.text(after) in ("minutes", "minute", "mins", "min")
    if counted:
        after += 1
    return _relative(stream, after, minutes.value, counted)


def _relative(stream: Stream, index: int, minutes: int, counted: bool) -> Found | None:
    sign = {"past": 1, "to": -1, "after": 1, "before": -1}.get(stream.text(index), 0)
    if not sign or (
        stream.text(index) in ("after", "before", "to") and not counted and minutes % 5
    ):
        return None
    hour = stream.at(index + 1)
    if hour.kind == "noon":
        total = (hour.value or 24) * 60 + sign * minutes
        return Clock(total // 60, total % 60, "24"), index + 2
    if hour.kind != "num" or not 1 <= hour.value <= 24 or stream.in_word(index + 1):
        return None
    if stream.text(index) == "to" and not counted and minutes <= 12 and minutes not in (5, 10):
        return None
    after = index + 2
    if stream.text(after) == "h" and stream.at(after).glued:
        after += 1
    half, end = _meridiem(stream, after)
    plain = stream.text(index) in ("to", "after", "before") and not counted and minutes <= 12
    if plain and (half is not None or (minutes == 10 and hour.style == "d")):
        return None  # "10 to 4 pm" is a range
    total = hour.value * 60 + sign * minutes
    if hour.value > 12:
        half = "24"
    if total < 60:
        total += 720
    return Clock(total // 60, total % 60, half), end


def _fraction(stream: Stream, index: int) -> Found | None:
    """Half past two, half three, a quarter to five."""
    if stream.kind(index) == "a":
        index += 1
    kind, after = stream.kind(index), index + 1
    if kind == "quarter":
        return _relative(stream, after, 15, True)
    if kind != "half":
        return None
    past = _relative(stream, after, 30, True) if stream.text(after) == "past" else None
    if past is not None:
        return past
    hour = stream.at(after)
    if hour.kind == "num" and hour.style == "e" and 1 <= hour.value <= 12:
        if stream.text(after + 1) not in _BEHIND_NUMBER and stream.kind(after + 1) != "unit":
            half, end = _meridiem(stream, after + 1)
            return Clock(hour.value, 30, half), end
    return None
