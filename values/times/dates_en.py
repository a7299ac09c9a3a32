"""English dates: next Saturday, Nov 28th, the 28th, first Friday in October, a week from Monday."""

# ruff: noqa: SIM102 - a nested condition is one step further in the grammar

from __future__ import annotations

from datetime import timedelta

from values.times import calendar as cal
from values.times import month_days_en as month_days
from values.times.dateref import DateRef, resolve
from values.times.offsets import offset_en, span_en
from values.times.stream import Stream
from values.words import words

Found = tuple[DateRef, int]

_WORDS = frozenset({"sat", "sun", "wed", "mon"})
_NOT_SAT = words(
    "i we he she they it have had has was were been be you who just",
)


def read(stream: Stream, index: int, counted: bool = True) -> Found | None:
    """The date that begins at ``index``, or ``None``.

    ``counted`` false leaves out what is counted from another date: the base of such a count may
    not be one itself, so that a chain of them stays linear.
    """
    token = stream.at(index)
    if token.style == "z":
        return None
    today = stream.context.today
    if token.kind == "rday":
        return DateRef(start=cal.shift(today, token.value)), index + 1
    if token.kind in ("num", "in", "a", "couple", "half"):
        if counted and stream.text(index + 1) in ("upcoming", "coming"):
            return _ahead(stream, index + 1, index)
        ahead = _counted(stream, index) if counted else None
        ahead = ahead or _weekdays_ahead(stream, index)
        if ahead is not None or token.kind != "num":
            return ahead
        return month_days.day(stream, index)
    if token.kind == "weekday":
        return _weekday(stream, index)
    if token.kind == "enmonth":
        return month_days.named_month(stream, index)
    if token.kind in ("ord", "the", "on"):
        return month_days.day(stream, index) or _behind_article(stream, index)
    if token.kind == "next":
        return _next(stream, index)
    if token.kind == "beside":
        return _beside(stream, index)
    if token.kind == "weekend":
        return _after_next(stream, index) or (DateRef(weekend=True), index + 1)
    if token.kind in ("early", "mid", "end"):
        return _portion(stream, index)
    if token.kind == "every":
        if stream.kind(index + 1) in ("weekday", "weekend"):
            inner = read(stream, index + 1)
            return None if inner is None else (inner[0]._replace(repeated=True), inner[1])
    if token.kind == "holiday":
        first, last = cal.next_holiday(token.value, today)
        return DateRef(start=first, end=last if last != first else None), index + 1
    return None


def _beside(stream: Stream, index: int) -> Found | None:
    """The day after Christmas, the day before the 5th; the day after, of today."""
    sign, today = stream.value(index), stream.context.today
    base = read(stream, index + 1, counted=False) if stream.kind(index + 1) != "beside" else None
    if base is None:
        return (DateRef(start=cal.shift(today, 1)), index + 1) if sign > 0 else None
    resolved = resolve(base[0], today)
    if resolved is None:
        return None
    day = (resolved.last or resolved.first) if sign > 0 else resolved.first
    return DateRef(start=cal.shift(day, sign)), base[1]


def _after_next(stream: Stream, index: int) -> Found | None:
    """The week after next, the weekend after next."""
    if stream.text(index + 1) != "after" or stream.text(index + 2) != "next":
        return None
    monday = cal.monday(stream.context.today) + timedelta(days=14)
    if stream.kind(index) == "weekend":
        return DateRef(week=monday, weekend=True), index + 3
    if stream.kind(index) == "unit" and stream.value(index) == "week":
        return DateRef(week=monday, grain="week"), index + 3
    return None


def _weekday(stream: Stream, index: int) -> Found | None:
    token = stream.at(index)
    before = stream.text(index - 1)
    if token.text in _WORDS and before in _NOT_SAT:
        return None
    after = index + 1
    if token.text == "sat" and stream.text(after) in ("down", "in", "and", "there", "here"):
        return None
    if stream.text(after) == "." and stream.at(after).glued and len(token.text) < 6:
        after += 1
    if stream.text(after) == "after" and stream.value(after + 1) == 1:
        if stream.text(after + 1) == "next":
            ahead = (token.value - stream.context.today.weekday() - 1) % 7 + 8
            return DateRef(start=cal.shift(stream.context.today, ahead)), after + 2
    day = stream.at(after)
    if day.text == "week" and stream.kind(after + 1) not in ("num", "after"):
        ahead = (token.value - stream.context.today.weekday() - 1) % 7 + 8
        return DateRef(start=cal.shift(stream.context.today, ahead)), after + 1
    ref = DateRef(weekday=token.value, repeated=token.text.endswith("days"))
    if day.kind == "num" and day.style == "d" and 13 <= day.value <= 31:
        if stream.kind(after + 1) not in ("meridiem", "enmonth", "of", "unit", "to", "past"):
            if stream.text(after + 1) not in (":", ".", "/", "-", "h", "%"):
                return ref._replace(day=day.value), after + 1
    return ref, after


def _behind_article(stream: Stream, index: int) -> Found | None:
    """Behind an article: the last Friday of the month, the next weekend, the end of the month."""
    if stream.kind(index) == "the":
        follow = stream.kind(index + 1)
        later = _after_next(stream, index + 1)
        if later is not None:
            return later
        if follow == "next":
            return _next(stream, index + 1)
        if follow in ("early", "mid", "end"):
            return _portion(stream, index + 1)
    return None


def _next(stream: Stream, index: int) -> Found | None:
    """This, next, last, coming with weekday, week, weekend, month or year."""
    relative = stream.value(index)
    today = stream.context.today
    after = index + 1
    if stream.kind(after) == "next" and stream.value(after) == 0:
        after += 1
    token = stream.at(after)
    if token.kind in ("num", "couple", "a") and relative >= 0:
        return _ahead(stream, index, after)
    week = cal.monday(today) + timedelta(days=7 * relative)
    if token.kind == "weekday":
        if relative == -1 and stream.kind(after + 1) in ("in", "of"):
            return month_days.nth_of_month(stream, after - 1, -1)
        if relative == -1:
            back = (today.weekday() - token.value - 1) % 7 + 1
            return DateRef(start=cal.shift(today, -back), past=True), after + 1
        if relative == 1:
            return DateRef(week=week, weekday=token.value), after + 1
        bare = stream.text(index) in ("coming", "upcoming")
        return DateRef(weekday=token.value, this=not bare), after + 1
    if token.kind == "weekend":
        return DateRef(week=week, weekend=True, past=relative < 0), after + 1
    if token.kind == "holiday":
        first, last = cal.next_holiday(token.value, today)
        return DateRef(start=first, end=last if last != first else None), after + 1
    if token.kind == "enmonth":
        return DateRef(None, token.value, grain="month"), after + 1
    if token.kind != "unit":
        return None
    if token.value == "week":
        return DateRef(week=week, grain="week", past=relative < 0), after + 1
    if token.value == "month":
        year, month = cal.add_months(today.year, today.month, relative)
        return DateRef(year, month, grain="month", past=relative < 0), after + 1
    if token.value == "year":
        return DateRef(year=today.year + relative, grain="year", past=relative < 0), after + 1
    return None


def _ahead(stream: Stream, index: int, start: int) -> Found | None:
    """The next few days, the coming two weeks; the upcoming two days begin tomorrow."""
    found = span_en(stream, start)
    if found is None or found[0].seconds:
        return None
    today = stream.context.today
    first = cal.shift(today, 1 if stream.text(index) == "upcoming" else 0)
    last = found[0].day(today)
    if first is None or last is None:
        return None
    return DateRef(start=first, end=last, approximate=found[0].approximate), found[1]


def _portion(stream: Stream, index: int) -> Found | None:
    """End of the month, early next week, mid December."""
    which = stream.kind(index)
    after = index + 1
    if stream.text(after) == "-" and which != "end":  # mid-December
        after += 1
    if stream.kind(after) == "of":
        after += 1
    elif stream.text(index) in ("end", "beginning", "start"):
        return None
    today = stream.context.today
    month = month_days.which_month(stream, after)
    if month is not None:
        return _slice(month[0], month[1], which), month[2]
    if stream.kind(after) == "enmonth":
        year = today.year + (stream.value(after) < today.month)
        return _slice(year, stream.value(after), which), after + 1
    if stream.kind(after) == "the":
        after += 1
    step = 0
    if stream.kind(after) == "next":
        step, after = stream.value(after), after + 1
    if stream.kind(after) == "unit" and stream.value(after) == "week":
        monday = cal.monday(today) + timedelta(days=7 * step)
        first, last = {"early": (0, 1), "mid": (2, 3), "end": (3, 4)}[which]
        return DateRef(
            start=monday + timedelta(days=first),
            end=monday + timedelta(days=last),
            approximate=True,
        ), after + 1
    return None


def _slice(year: int, month: int, which: str) -> DateRef:
    last = cal.last_of_month(year, month)
    first, end = {"early": (1, 5), "mid": (11, 20), "end": (last - 4, last)}[which]
    return DateRef(
        start=cal.make(year, month, first), end=cal.make(year, month, end), approximate=True
    )


def _counted(stream: Stream, index: int) -> Found | None:
    """In two weeks, three days from now, a week from Saturday, two Sundays from now."""
    found = offset_en(stream, index)
    if found is None:
        return None
    span, sign, after, needs_base = found
    if span.seconds:
        return None
    today = stream.context.today
    if needs_base:
        base = read(stream, after, counted=False)
        if base is None:
            return None
        if base[0].repeated:  # twice a week on Fridays
            return None
        resolved = resolve(base[0], today)
        if resolved is None:
            return None
        day = span.day(resolved.first, sign)
        return None if day is None else (DateRef(start=day, approximate=span.approximate), base[1])
    day = span.day(today, sign)
    if day is None:
        return None
    if span.within:
        return DateRef(start=today, end=day), after
    return DateRef(start=day, approximate=span.approximate, past=sign < 0), after


def _weekdays_ahead(stream: Stream, index: int) -> Found | None:
    token = stream.at(index)
    if token.kind != "num" or not 1 <= token.value <= 20 or stream.kind(index + 1) != "weekday":
        return None
    after = index + 2
    if stream.kind(after) == "later":
        after += 1
    elif stream.text(after) == "from" and stream.text(after + 1) == "now":
        after += 2
    else:
        return None
    today = stream.context.today
    ahead = (stream.value(index + 1) - today.weekday() - 1) % 7 + 1 + 7 * (token.value - 1)
    return DateRef(start=cal.shift(today, ahead)), after
