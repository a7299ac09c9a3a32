"""Times of day: 三点半, 2点到4点, 3pm, half past two, between 2 and 4 pm, noon."""

from __future__ import annotations

from values.times import clock_en, clock_zh
from values.times.clock_base import Clock, Found, bare, part_follows
from values.times.stream import Stream

__all__ = ["Clock", "read"]

_LINKS = ("-", "~")
_BOUNDS = {"after": "after", **dict.fromkeys(("before", "until", "till", "by"), "before")}


def read(stream: Stream, index: int, anchored: bool) -> Found | None:
    """The time of day or range that begins at ``index``.

    ``anchored``: a date or a part of the day stands directly before, so a bare number may be read
    as an hour.
    """
    led, start = False, index
    if stream.kind(index) != "num":
        bound = _BOUNDS.get(stream.text(index))
        if bound is not None:
            found = _simple(stream, index + 1, True) or bare(stream, index + 1)
            return None if found is None else (found[0]._replace(bound=bound), found[1])
        led = stream.text(index) in ("between", "from", "at", "@")
        start = index + 1 if led else index
        if stream.kind(index) == "at":
            if stream.kind(start) in ("around", "the", "a"):
                return None
            anchored = True
    first = _simple(stream, start, anchored)
    if first is None:
        number = bare(stream, start)
        if number is None:
            return None
        first = _range(stream, *number, loose=led or anchored)
        if first is None:
            ranged = _range(stream, *number, loose=True)  # 10 to 12 on Saturday
            first = ranged if ranged is not None and _day_follows(stream, ranged[1]) else None
        if first is None:
            allowed = anchored and stream.kind(number[1]) != "hao"
            allowed = allowed or part_follows(stream, number[1])
            allowed = allowed or (led and _day_follows(stream, number[1]))
            first = number if allowed else None
    else:
        first = _range(stream, *first, loose=True) or first
    if first is None:
        return None
    clock, end = first
    if stream.text(index) == "from" and clock.end is None:
        clock = clock._replace(bound="after")
    return _trailing(stream, clock, end)


def _day_follows(stream: Stream, index: int) -> bool:
    """Whether an English day stands at ``index``: on Saturday, tomorrow, Monday."""
    led = stream.kind(index) == "on"
    if stream.at(index).style != "e":
        return False
    index += led
    if stream.kind(index) == "the":
        index += 1
    return stream.kind(index) in (
        ("weekday", "ord", "enmonth", "next") if led else ("weekday", "rday")
    )


def _trailing(stream: Stream, clock: Clock, index: int) -> Found:
    kind, token = stream.kind(index), stream.at(index)
    if token.style == "z" and kind == "orso":
        clock, index = clock._replace(approximate=True), index + 1
        kind, token = stream.kind(index), stream.at(index)
        if kind == "dian":
            index += 1
    if kind == "onward" and clock.end is None:
        return clock._replace(bound="after"), index + 1
    if token.style == "z" and kind in ("after", "before") and clock.end is None:
        return clock._replace(bound=kind), index + 1
    return clock, index


def _range(stream: Stream, first: Clock, index: int, loose: bool) -> Found | None:
    """First and second time; a bare first number takes its half of the day from the second."""
    text = stream.text(index)
    if text == "、":
        return _either(stream, first, index)
    if stream.kind(index) not in ("link", "to", "and") and text not in _LINKS:
        return None
    if text == "and" and stream.text(index - 2) != "between" and not loose:
        return None
    after = index + 1
    if text == "to" and stream.text(after + 1) == "to":
        return None  # 10 to 20 to 10
    part = None
    if stream.kind(after) == "part":
        part, after = stream.value(after), after + 1
    second = _simple(stream, after, False) or (bare(stream, after) if loose else None)
    if second is None or (text == "and" and not _between(stream, index)):
        return None
    last, end = second[0]._replace(part=part), second[1]
    if last.hour * 60 + last.minute == first.hour * 60 + first.minute and last.half == first.half:
        return None
    return first._replace(end=last), end


def _either(stream: Stream, first: Clock, index: int) -> Found | None:
    """4、5点: about then."""
    if not stream.is_number(index + 1, first.hour + 1, first.hour + 1):
        return None
    second = _simple(stream, index + 1, False)
    if second is None:
        return None
    return first._replace(end=second[0], approximate=True), second[1]


def _between(stream: Stream, index: int) -> bool:
    return any(stream.text(index - back) == "between" for back in range(2, 8))


def _simple(stream: Stream, index: int, anchored: bool) -> Found | None:
    """One time of day that speaks for itself."""
    token = stream.at(index)
    if token.kind != "num":
        if token.text == "差":
            return clock_zh.lacking(stream, index)
        if token.kind == "noon":
            return Clock(12 if token.value else 24, half="24"), index + 1
        if token.kind in ("half", "quarter", "a"):
            return clock_en.fraction(stream, index)
        return None
    if stream.in_word(index):
        return None
    follow = stream.at(index + 1)
    if follow.kind in ("dian", "dianhalf", "shi") and 0 <= token.value <= 24:
        return clock_zh.chinese(stream, index, anchored)
    if follow.text == ":" and 0 <= token.value <= 24 and token.style == "d":
        return clock_en.colon(stream, index)
    if follow.text == "." and 0 <= token.value <= 24 and token.style == "d":
        return clock_en.dotted(stream, index)
    return clock_en.english(stream, index, anchored)
