"""Times of day: 三点半, 2点到4点, 3pm, half past two, between 2 and 4 pm, noon."""

from __future__ import annotations

from dataclasses import replace

from values.times import clock_en, clock_zh
from values.times.clock_base import Clock, Found, bare, part_follows
from values.times.stream import Stream

__all__ = ["Clock", "read"]

_LINKS = ("-", "~")


def read(stream: Stream, index: int, anchored: bool) -> Found | None:
    """The time of day or range that begins at ``index``.

    ``anchored``: a date or a part of the day stands directly before, so a bare number may be read
    as an hour.
    """
    bound = _leading_bound(stream, index)
    if bound is not None:
        found = _simple(stream, index + 1, True) or bare(stream, index + 1)
        return None if found is None else (replace(found[0], bound=bound), found[1])
    led = stream.text(index) in ("between", "from")
    start = index + 1 if led else index
    if stream.text(index) in ("for", "around", "about"):
        return None
    if stream.kind(index) == "at":
        start = index + 1
        if stream.kind(start) in ("around", "the", "a"):
            return None
        anchored = led = True
    first = _simple(stream, start, anchored)
    if first is None:
        number = bare(stream, start)
        if number is None:
            return None
        first = _range(stream, *number, loose=led or anchored)
        if first is None:
            allowed = anchored and stream.kind(number[1]) != "hao"
            allowed = allowed or part_follows(stream, number[1])
            first = number if allowed else None
        return None if first is None else _trailing(stream, *first)
    ranged = _range(stream, *first, loose=True)
    return _trailing(stream, *(ranged or first))


def _leading_bound(stream: Stream, index: int) -> str | None:
    text = stream.text(index)
    if text == "after":
        return "after"
    return "before" if text in ("before", "until", "till", "by") else None


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
    second = _simple(stream, after, False) or (bare(stream, after) if loose else None)
    if second is None or (text == "and" and not _between(stream, index)):
        return None
    last, end = replace(second[0], part=part), second[1]
    if last.hour * 60 + last.minute == first.hour * 60 + first.minute and last.half == first.half:
        return None
    return replace(first, end=last), end


def _between(stream: Stream, index: int) -> bool:
    return any(stream.text(index - back) == "between" for back in range(2, 8))


def _simple(stream: Stream, index: int, anchored: bool) -> Found | None:
    """One time of day that speaks for itself."""
    token = stream.at(index)
    if token.text == "差":
        return clock_zh.lacking(stream, index)
    if token.kind == "noon":
        return Clock(12 if token.value else 24, half="24"), index + 1
    if token.kind in ("half", "quarter", "a"):
        return clock_en.fraction(stream, index)
    if token.kind != "num" or stream.in_word(index):
        return None
    follow = stream.at(index + 1)
    if follow.kind in ("dian", "dianhalf", "shi") and 0 <= token.value <= 24:
        return clock_zh.chinese(stream, index, anchored)
    if follow.text == ":" and 0 <= token.value <= 24 and token.style == "d":
        return clock_en.colon(stream, index)
    if follow.text == "." and 0 <= token.value <= 24 and token.style == "d":
        return clock_en.dotted(stream, index)
    return clock_en.english(stream, index, anchored)
