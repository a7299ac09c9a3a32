"""What follows a month in Chinese: a day (28号), a part (上旬, 月底), the first weekend of it."""

# ruff: noqa: SIM102 - a nested condition is one step further in the grammar

from __future__ import annotations

from values.times import calendar as cal
from values.times.dateref import DateRef
from values.times.stream import Stream

Found = tuple[DateRef, int]
_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}


def at_position(stream: Stream, index: int, month: int, year: int | None = None) -> Found:
    """月底, 月中旬 behind the number of a month."""
    today = stream.context.today
    year = year or (today.year if month >= today.month else today.year + 1)
    return _position(year, month, stream.value(index)), index + 1


def in_month(stream: Stream, index: int, year: int | None, month: int, bare: bool) -> Found | None:
    """What follows a month: a day, its beginning or end, the first weekend of it."""
    token = stream.at(index)
    today = stream.context.today
    known = year
    if known is None:
        known = today.year if month >= today.month else today.year + 1
    if not cal.FIRST_YEAR <= known <= cal.LAST_YEAR:
        return None
    if token.kind == "glue" and token.text == "的":
        index, token = index + 1, stream.at(index + 1)
    if token.kind in ("monthpos", "tenth"):
        name = "start" if token.text == "上旬" else token.value
        return _position(known, month, name), index + 1
    nth = _nth(stream, index, known, month)
    if nth is not None:
        return nth
    if token.kind == "num" and 1 <= token.value <= 31:
        if stream.kind(index + 1) == "hao":
            return _until_day(stream, index + 2, DateRef(year, month, token.value))
        if stream.kind(index + 1) not in ("unit", "ge", "dian", "dianhalf", "month", "year", "fen"):
            if stream.text(index + 1) not in (":", ".", "/", "万", "千", "元", "块", "%", "期"):
                return _until_day(stream, index + 1, DateRef(year, month, token.value))
    return (DateRef(year, month, grain="month"), index) if bare else None


def _until_day(stream: Stream, index: int, ref: DateRef) -> Found:
    """11月28日到30日, where the end names a day only."""
    if stream.kind(index) == "link" or stream.text(index) in ("-", "~"):
        last = stream.at(index + 1)
        if last.kind == "num" and 1 <= last.value <= 31 and stream.kind(index + 2) == "hao":
            return ref._replace(until=DateRef(day=last.value)), index + 3
    return ref, index


def _nth(stream: Stream, index: int, year: int, month: int) -> Found | None:
    if stream.kind(index) == "nth":
        index += 1
        nth = stream.value(index) if stream.is_number(index, 1, 5) else 0
    elif stream.text(index) == "最" and stream.text(index + 1) == "后":
        index += 1
        nth = -1 if stream.is_number(index + 1, 1, 1) else 0
        index += 1
    else:
        return None
    if not nth:
        return None
    index += 1
    if nth == -1 and stream.kind(index) == "unit" and stream.value(index) == "day":
        last_day = cal.make(year, month, cal.last_of_month(year, month))
        return DateRef(start=last_day), index + 1
    if stream.kind(index) == "ge":
        index += 1
    kind = stream.kind(index)
    if kind == "weekday":
        day = cal.nth_weekday(year, month, nth, stream.value(index))
        return None if day is None else (DateRef(start=day), index + 1)
    if kind == "weekend":
        saturday = cal.nth_weekday(year, month, nth, 5)
        if saturday is None:
            return None
        sunday = saturday + cal.DAY
        return DateRef(start=saturday, end=sunday, grain="weekend"), index + 1
    if kind == "unit" and stream.value(index) == "week":  # 第一个星期六: 个星期 is a unit, too
        weekday = _DAYS.get(stream.text(index + 1))
        if weekday is not None:
            day = cal.nth_weekday(year, month, nth, weekday)
            return None if day is None else (DateRef(start=day), index + 2)
    if kind == "digitweek" or (kind == "unit" and stream.value(index) == "week"):
        first = cal.make(year, month, min(7 * (nth - 1) + 1, 29)) if nth > 0 else None
        if first is None:
            return None
        return DateRef(start=first, end=cal.shift(first, 6), grain="week"), index + 1
    return None


def range_in_month(year: int, month: int, first: int, last: int) -> DateRef:
    return DateRef(
        start=cal.make(year, month, first),
        end=cal.make(year, month, min(last, cal.last_of_month(year, month))),
        approximate=True,
        grain="day",
    )


def _position(year: int, month: int, name: str) -> DateRef:
    last = cal.last_of_month(year, month)
    first, end = {
        "start": (1, 5), "middle": (11, 20), "late": (21, last), "end": (last - 4, last),
    }[name]  # fmt: skip
    return range_in_month(year, month, first, end)
