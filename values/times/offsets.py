"""Spans counted from now or from a day: 三天后, 半小时后, in two weeks, a week from Saturday."""

# ruff: noqa: SIM102 - a nested condition is one step further in the grammar

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from values.times import calendar as cal
from values.times.stream import Stream

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "year": 12}


class Span(NamedTuple):
    """A length of time; ``approximate`` for 两三天 or "a few hours"."""

    seconds: int = 0
    days: int = 0
    months: int = 0
    workdays: int = 0
    approximate: bool = False
    within: bool = False

    def plus(self, other: Span) -> Span:
        return Span(
            self.seconds + other.seconds,
            self.days + other.days,
            self.months + other.months,
            self.workdays + other.workdays,
            self.approximate or other.approximate,
            self.within or other.within,
        )

    def day(self, base: date, sign: int = 1) -> date | None:
        """``base`` moved by the days, months and working days of the span."""
        if self.workdays:
            return cal.workdays_later(base, self.workdays) if sign > 0 else None
        if self.months > 600:
            return None
        moved = cal.months_later(base, sign * self.months)
        return None if moved is None else cal.shift(moved, sign * self.days)

    def moment(self, now: datetime, sign: int = 1) -> datetime | None:
        """``now`` moved by the whole span, to the minute."""
        day = self.day(now.date(), sign)
        if day is None or self.seconds > 10_000_000:
            return None
        moved = now.replace(year=day.year, month=day.month, day=day.day)
        return moved + sign * timedelta(seconds=self.seconds)


def _measure(value: float, unit: str, approximate: bool) -> Span | None:
    if not 0 <= value <= 10_000:
        return None
    if unit in _SECONDS:
        return Span(seconds=round(value * _SECONDS[unit]), approximate=approximate)
    if unit in _DAYS:
        days = value * _DAYS[unit]
        if unit == "day" and days != int(days):
            return Span(days=int(days), seconds=round((days - int(days)) * 86_400))
        return Span(days=round(days), approximate=approximate)
    if unit in _MONTHS:
        months = value * _MONTHS[unit]
        return Span(months=int(months), days=round((months % 1) * 30), approximate=approximate)
    return Span(workdays=round(value), approximate=approximate) if unit == "workday" else None


_UNITS_ZH = {"digitweek": "week", "year": "year", "ke": "quarter"}


def _unit_zh(stream: Stream, index: int) -> tuple[str, float] | None:
    """Unit and what it adds to the number (一个半小时: a half)."""
    kind = stream.kind(index)
    if kind == "unit":
        return (stream.value(index), 0.0) if stream.at(index).style == "z" else None
    if kind == "unit_half":
        return stream.value(index), 0.5
    name = _UNITS_ZH.get(kind)
    return None if name is None else (name, 0.0)


_ORDER = {
    name: rank
    for rank, name in enumerate(
        ("year", "month", "week", "day", "workday", "hour", "minute", "quarter", "second")
    )
}


def span_zh(stream: Stream, index: int) -> tuple[Span, int] | None:
    """A length of time in Chinese, without 后 or 前."""
    total: Span | None = None
    smallest = -1
    for _ in range(3):
        value: float
        approximate = False
        start = index
        token = stream.at(index)
        if token.kind == "half":
            value, index = 0.5, index + 1
        elif token.kind == "num" and not stream.in_word(index):
            value, index = float(token.value), index + 1
            approximate = token.high != token.value
            if stream.kind(index) == "orso" and stream.text(index) == "多":
                approximate, index = True, index + 1
        else:
            break
        unit = _unit_zh(stream, index)
        if unit is None:
            index = start
            break
        name, more = unit
        rank = _ORDER[name]
        if rank <= smallest:  # 三年三年 is no length
            index = start
            break
        smallest = rank
        measured = (
            Span(seconds=round(value * 900))
            if name == "quarter"
            else _measure(value + more, name, approximate)
        )
        if measured is None:
            return None
        index += 1
        if stream.kind(index) == "half" and name in ("year", "day", "week"):
            extra = _measure(0.5, name, False)
            measured = measured.plus(extra) if extra else measured
            index += 1
        total = measured if total is None else total.plus(measured)
    return None if total is None else (total, index)


def offset_zh(stream: Stream, index: int) -> tuple[Span, int, int] | None:
    """Span, direction and the index behind: 三天后, 过一周, 两小时之前, 三天内."""
    if index not in stream.offsets_zh:
        stream.offsets_zh[index] = _offset_zh(stream, index)
    found: tuple[Span, int, int] | None = stream.offsets_zh[index]
    return found


def _offset_zh(stream: Stream, index: int) -> tuple[Span, int, int] | None:
    passed = stream.kind(index) == "pass"
    found = span_zh(stream, index + 1 if passed else index)
    if found is None:
        return None
    span, after = found
    if stream.kind(after) == "orso":
        span, after = span.plus(Span(approximate=True)), after + 1
    kind = stream.kind(after)
    if kind == "after":
        return span, 1, after + 1
    if kind == "before":
        return span, -1, after + 1
    if kind == "within":
        return span.plus(Span(within=True)), 1, after + 1
    return (span, 1, after) if passed else None


def quantity_en(stream: Stream, index: int) -> tuple[float, bool, int] | None:
    """Number of units in English: 3, three, a, a couple of, a few, 2 and a half, half a(n)."""
    token = stream.at(index)
    approximate = False
    if token.kind == "half":
        follow = index + 1
        if stream.text(follow) in ("a", "an"):
            follow += 1
        return 0.5, False, follow
    if token.kind == "num":
        if stream.in_word(index) or not 0 <= token.value <= 10_000:
            return None
        value, index = float(token.value), index + 1
        tail = stream.at(index)
        if tail.text == "." and tail.glued and stream.kind(index + 1) == "num":
            fraction = stream.at(index + 1)
            if fraction.glued and fraction.text == "5":
                value, index = value + 0.5, index + 2
        if tail.text in ("or", "to", "-") and stream.is_number(index + 1, token.value + 1, 60):
            if stream.kind(index + 2) == "unit":  # three or four days
                index, approximate = index + 2, True
    elif token.kind == "a":
        value, index = 1.0, index + 1
        if stream.kind(index) == "couple":
            value, index, approximate = float(stream.value(index)), index + 1, True
    elif token.kind == "couple":
        value, index, approximate = float(token.value), index + 1, True
    else:
        return None
    if stream.kind(index) == "of" and approximate:
        index += 1
    if stream.text(index) == "and" and stream.text(index + 1) in ("a", "an"):
        if stream.kind(index + 2) == "half":
            value, index = value + 0.5, index + 3
    if stream.text(index) in ("more", "upcoming", "coming"):
        index += 1
    return value, approximate, index


def span_en(stream: Stream, index: int) -> tuple[Span, int] | None:
    """A length of time in English: two and a half hours, 1 day 2 hours, four business days."""
    total: Span | None = None
    for _ in range(3):
        found = quantity_en(stream, index)
        if found is None:
            break
        value, approximate, after = found
        unit = "workday" if stream.text(after) in ("business", "working") else ""
        if unit:
            after += 1
        if stream.kind(after) != "unit" or stream.at(after).style != "e":
            short = {"h": "hour", "'": "minute", "d": "day"}.get(stream.text(after))
            if short is None or not stream.at(after).glued or total is not None:
                if stream.text(after) == "second" and value == 1:
                    short = "second"
                else:
                    break
            name = short
        else:
            name = unit or stream.value(after)
        measured = _measure(value, name, approximate)
        if measured is None:
            break
        index = after + 1
        if stream.text(index) == "or" and stream.text(index + 1) == "two":  # a day or two
            if stream.kind(index + 2) != "unit":
                measured, index = measured._replace(approximate=True), index + 2
        if stream.text(index) == "and" and stream.text(index + 1) == "a":
            if stream.kind(index + 2) == "half":
                extra = _measure(0.5, name, False)
                measured, index = (measured.plus(extra) if extra else measured), index + 3
        total = measured if total is None else total.plus(measured)
        if stream.text(index) == "'":
            index += 1
        if stream.text(index) == "and" and stream.kind(index + 1) in ("num", "half", "a"):
            index += 1
    return None if total is None else (total, index)


def offset_en(stream: Stream, index: int) -> tuple[Span, int, int, bool] | None:
    """Span, direction, index behind, and whether a date must follow (a week from Saturday)."""
    if index not in stream.offsets_en:
        stream.offsets_en[index] = _offset_en(stream, index)
    found: tuple[Span, int, int, bool] | None = stream.offsets_en[index]
    return found


def _offset_en(stream: Stream, index: int) -> tuple[Span, int, int, bool] | None:
    ahead = stream.kind(index) == "in"
    start = index + 1 if ahead else index
    about = ahead and stream.kind(start) == "around"
    found = span_en(stream, start + about)
    if found is None:
        return None
    span, after = found
    if about:
        span = span.plus(Span(approximate=True))
    if stream.text(index) == "within":
        return span.plus(Span(within=True)), 1, after, False
    kind, text = stream.kind(after), stream.text(after)
    if kind == "ago":
        return span, -1, after + 1, False
    if kind == "later":
        return span, 1, after + 1, False
    if text in ("from", "after"):
        if stream.text(after + 1) == "now":
            return span, 1, after + 2, False
        if stream.kind(after + 1) in (
            "rday",
            "weekday",
            "enmonth",
            "next",
            "holiday",
            "num",
            "ord",
        ):
            return span, 1, after + 1, True
        if stream.text(after + 1) == "the" and stream.kind(after + 2) in ("ord",):
            return span, 1, after + 1, True
    weeks = not span.seconds and span.days > 0 and span.days % 7 == 0 and not ahead
    if weeks and stream.text(index - 1) not in ("times", "time", "twice", "once"):
        if text == "on" and stream.kind(after + 1) == "weekday":  # a week on Friday
            return span, 1, after + 1, True
        if kind == "rday" and stream.at(after).style == "e" and stream.value(after) >= 0:
            return span, 1, after, True  # a week tomorrow
    if text == "before" and stream.kind(after + 1) in ("rday", "weekday", "enmonth", "holiday"):
        return span, -1, after + 1, True
    if ahead:
        return span, 1, after + 1 if stream.text(after) == "time" else after, False
    return None
