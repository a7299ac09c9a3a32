"""Dates, parts of a day and times of day that stand together, gathered to one mention each."""

# ruff: noqa: SIM102 - a nested condition is one step further in the grammar

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from values.times import calendar as cal
from values.times import clock as clocks
from values.times import dates
from values.times.clock import Clock
from values.times.dateref import DateRef, combine, resolve
from values.times.offsets import offset_en, offset_zh
from values.times.starts import CLOCK, DATE, SPAN, leads
from values.times.stream import Stream
from values.words import words


@dataclass
class Spec:
    """What one mention says; token indexes, the last one included."""

    first: int
    last: int
    ref: DateRef | None = None
    part: str | None = None
    clock: Clock | None = None
    moment: datetime | None = None
    approximate: bool = False
    repeated: bool = False
    bound: str | None = None
    excluded: bool = False

    def empty(self) -> bool:
        return self.ref is None and self.part is None and self.clock is None and not self.moment


@dataclass
class Item:
    """One component read from the tokens ``[start, end)``."""

    start: int
    end: int
    ref: DateRef | None = None
    part: str | None = None
    clock: Clock | None = None
    moment: datetime | None = None
    approximate: bool = False
    repeated: bool = False


_GLUE_CHARS = frozenset(",()\"'@.-、·")
_GLUE_KINDS = frozenset({"glue", "the", "of", "in", "on", "at", "for", "by", "from", "around"})
_LONGEST_GLUE = 4
# Tokens with which no component begins.
_NEVER_FIRST = words(
    "char word skip glue or change dian dianhalf shi fen hao ge nth link orso within oclock",
    "meridiem past ago later of and ish onward unit unit_half month year tenth exclude",
    "approx around ke",
)
_MOVING = frozenset({"push", "move", "change", "shift", "reschedule", "switch", "postpone"})
_SPOKEN_WHOLE = frozenset({"rdaypart", "part", "shortpart", "now"})
_BOUNDS = {"before": "before", "by": "before", "after": "after"}
# More times than this are no customer's message, nor are more places where one might begin, at
# every fifth character (prose has a tenth of that); the limits keep the work on such text bounded.
_MOST, _MOST_TRIED = 40, 400


def gather(stream: Stream) -> list[Spec]:
    """All mentions in order; those that were excluded (除了周三) are marked, not left out."""
    specs: list[Spec] = []
    current: Spec | None = None
    gap, approximate, excluding = 0, False, -1
    index = 0
    length = len(stream)
    limit = max(_MOST_TRIED, stream.at(length - 1).end // 5)
    while index < length and len(specs) <= _MOST and stream.tried < limit:
        kind, text = stream.kind(index), stream.text(index)
        never = kind in _NEVER_FIRST and text != "差"
        item = None if never else _item(stream, index, current, gap)
        if item is None and kind == "num" and _hour_expected(stream, index, specs):
            found = clocks.read(stream, index, True)
            item = None if found is None else Item(index, found[1], clock=found[0])
        if item is None:
            if kind == "exclude" and not (text == "not" and stream.text(index - 1) == "why"):
                excluding, current = index, None
            elif kind in ("orso", "approx", "ish") and current is not None and gap == 0:
                current.approximate, current.last = True, index
            elif kind == "around":
                asked = text == "about" and stream.text(index - 1) in ("how", "what")
                approximate, gap = not asked, gap + 1
            elif kind in _GLUE_KINDS or text in _GLUE_CHARS:
                gap += 1
                if gap > _LONGEST_GLUE:
                    current = None
            else:
                enumerated = kind == "or" and excluding >= 0 and specs and specs[-1].excluded
                if enumerated and specs[-1].last >= index - 2:
                    excluding = index
                current, approximate, gap = None, False, 0
            index += 1
            continue
        if current is None or not _add(stream, current, item):
            current = Spec(item.start, item.end - 1)
            current.excluded = excluding >= 0 and item.start - excluding <= 3
            if item.ref is not None and item.part is None:
                current.bound = _BOUNDS.get(stream.text(item.start - 1))
            _add(stream, current, item)
            specs.append(current)
        current.approximate = current.approximate or approximate or item.approximate
        gap, approximate, index = 0, False, item.end
        if current.ref is not None and current.clock is None:
            bounded = _date_bound(stream, current, index)
            if bounded:
                index += 1
    return specs


def _hour_expected(stream: Stream, index: int, specs: list[Spec]) -> bool:
    """At noon or one; push it back to 4."""
    lead = stream.text(index - 1)
    if lead == "or":
        return bool(specs) and specs[-1].last == index - 2 and specs[-1].clock is not None
    follow = stream.at(index + 1)
    if stream.at(index).style != "d" and follow.kind != "end" and follow.text not in ",.?!":
        return False  # change my seat to one on the aisle
    return lead == "to" and any(stream.text(index - back) in _MOVING for back in range(2, 6))


def _date_bound(stream: Stream, spec: Spec, index: int) -> bool:
    """周五之前, 28号以后; before Friday is seen from the token in front."""
    kind, token = stream.kind(index), stream.at(index)
    if kind not in ("before", "after") or token.style != "z" or spec.part is not None:
        return False
    spec.bound, spec.last = kind, index
    return True


def _item(stream: Stream, index: int, current: Spec | None, gap: int) -> Item | None:
    token = stream.at(index)
    dated = current is not None and (current.ref is not None or current.part is not None)
    if token.kind in _SPOKEN_WHOLE:
        return _whole(stream, index, dated and gap == 0)
    if token.kind == "every" and stream.kind(index + 1) in ("unit", "rday"):
        if stream.value(index + 1) == "day":
            return Item(index, index + 2, repeated=True)
    may = leads(stream, index)
    stream.tried += bool(may)
    untimed = dated and current is not None and current.clock is None
    if untimed and token.kind == "num":
        may |= CLOCK
    moment = _moment(stream, index) if may & SPAN else None
    if moment is not None:
        return moment
    if untimed and token.kind == "num" and stream.text(index + 1) in ("-", "~"):
        found_clock = clocks.read(stream, index, True)
        if found_clock is not None and stream.kind(found_clock[1]) != "hao":
            return Item(index, found_clock[1], clock=found_clock[0])
    found = dates.read(stream, index, may) if may & (SPAN | DATE) else None
    if found is not None:
        return Item(index, found[1], ref=found[0])
    spoken = untimed and (gap == 0 or stream.kind(index - 1) in ("at", "around", "glue", "by"))
    found_clock = clocks.read(stream, index, bool(spoken)) if may & CLOCK else None
    if found_clock is not None:
        return Item(index, found_clock[1], clock=found_clock[0])
    return None


def _whole(stream: Stream, index: int, dated: bool) -> Item | None:
    """A part of the day, with or without its day (明早, 下午), or now.

    ``dated``: it stands right behind a day.
    """
    token = stream.at(index)
    if token.kind == "rdaypart":
        day, part = token.value
        start = cal.shift(stream.context.today, day)
        return Item(index, index + 1, ref=DateRef(start=start), part=part)
    if token.kind == "now":
        return Item(index, index + 1, moment=stream.context.now)
    if token.kind == "part":
        return Item(index, index + 1, part=token.value)
    ahead = stream.kind(index + 1) == "num" and stream.kind(index + 2) in ("dian", "dianhalf")
    a_bit = stream.text(index + 1) == "一" and stream.text(index + 2) == "点"
    if ((dated and token.glued) or ahead) and not a_bit:
        if stream.text(index + 1) not in ("点", "些", "饭"):
            return Item(index, index + 1, part=token.value)
    return None


def _moment(stream: Stream, index: int) -> Item | None:
    """半小时后, in two hours: a span with hours or minutes, counted from now."""
    chinese = offset_zh(stream, index)
    if chinese is not None and chinese[0].seconds:
        span, sign, after = chinese
    else:
        english = None if stream.at(index).style == "z" else offset_en(stream, index)
        if english is None or not english[0].seconds or english[3]:
            return None
        span, sign, after, _ = english
    if span.seconds < 60 and stream.kind(index - 1) in ("num", "unit", "word"):
        return None  # from 0 to 60 in 4 seconds
    moment = span.moment(stream.context.now, sign)
    if moment is None:
        return None
    return Item(index, after, moment=moment, approximate=span.approximate or span.within)


def _same_day(first: DateRef, second: DateRef, today: date) -> bool:
    """二月十四号情人节, 这周六(28号): two names of one day, one of them certain by itself."""
    fixed = [ref for ref in (first, second) if ref.start or (ref.week and ref.weekday is not None)]
    if first.until or second.until or not fixed:
        return False
    one, other = resolve(first, today), resolve(second, today)
    return one is not None and other is not None and one.last is None and one[:2] == other[:2]


def _add(stream: Stream, spec: Spec, item: Item) -> bool:
    """Put the component into the mention; ``False`` when it says another thing."""
    if item.repeated:
        spec.repeated = True
    if item.moment is not None:
        if spec.clock or spec.part or spec.moment:
            return False
        same = spec.ref is None or spec.ref.start == stream.context.today
        if not same:
            return False
        spec.moment, spec.ref = item.moment, None
        spec.last = item.end - 1
        return True
    if spec.moment is not None:
        return False
    ref = spec.ref
    if item.ref is not None:
        if ref is None:
            ref = item.ref
        else:
            joined = combine(ref, item.ref, stream.context.today)
            same = item.ref.start is not None and item.ref.start == ref.start
            same = same or _same_day(ref, item.ref, stream.context.today)
            if joined is None and not (same and ref.end is None and item.ref.end is None):
                return False
            ref = joined or ref
    if item.part is not None and spec.part is not None and item.part != spec.part:
        return False
    if item.clock is not None and spec.clock is not None:
        return False
    spec.ref = ref
    spec.part = spec.part or item.part
    spec.clock = spec.clock or item.clock
    spec.last = item.end - 1
    return True
