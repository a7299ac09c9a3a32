"""Chinese dates: 下周六, 11月28日, 下个月第一个周末, 国庆节后, 除夕前一天, 两周后的周六."""

# ruff: noqa: SIM102 - a nested condition is one step further in the grammar

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from values.times import calendar as cal
from values.times.dateref import DateRef
from values.times.offsets import Span, offset_zh, span_zh
from values.times.stream import Stream

Found = tuple[DateRef, int]

# What stands behind 号 or 日 when it is no day of the month: 92号油, 3号线, 十日游.
_NOT_A_DAY = frozenset("线店楼车门院铺停馆厅位机码油汽柴游元新桌球牌柜")
_STREET = frozenset("路街道弄巷村室栋幢第座")


def read(stream: Stream, index: int) -> Found | None:
    """The date that begins at ``index``, or ``None``."""
    found = _begin(stream, index)
    return None if found is None else _moved(stream, *found)


def _begin(stream: Stream, index: int) -> Found | None:
    token = stream.at(index)
    today = stream.context.today
    if token.kind == "num":
        return _number(stream, index)
    if token.kind in ("half", "pass"):
        return _counted(stream, index)
    if token.style != "z":
        return None
    if token.kind == "rday":
        return DateRef(start=cal.shift(today, token.value)), index + 1
    if token.kind == "weekday":
        return DateRef(weekday=token.value), index + 1
    week = cal.monday(today)
    if token.kind == "weekweekday":
        relative, weekday = token.value
        return DateRef(week=week + timedelta(days=7 * relative), weekday=weekday), index + 1
    if token.kind == "weekweekend":
        return DateRef(week=week + timedelta(days=7 * token.value), weekend=True), index + 1
    if token.kind == "weekend":
        return DateRef(weekend=True), index + 1
    if token.kind in ("week", "digitweek"):
        return _week(stream, index)
    if token.kind == "every":
        return _every(stream, index)
    if token.kind == "fewdays":
        last = cal.shift(today, token.value)
        return DateRef(start=today, end=last, approximate=True), index + 1
    if token.kind == "somedays":
        return DateRef(start=cal.shift(today, token.value), approximate=True), index + 1
    if token.kind == "yearend":
        return _range_in_month(today.year, 12, 15, 31), index + 1
    if token.kind == "yearrel":
        return _year(stream, index)
    if token.kind in ("monthrel", "monthpos"):
        step = token.value if token.kind == "monthrel" else 0
        year, month = cal.add_months(today.year, today.month, step)
        after = index + 1 if token.kind == "monthrel" else index
        return _in_month(stream, after, year, month, True)
    if token.kind == "holiday":
        return _holiday(stream, index, None)
    if token.kind == "yearside":
        name, sign = token.value
        return _beside_holiday(stream, name, sign), index + 1
    return None


def _week(stream: Stream, index: int) -> Found | None:
    """下周, 周6, 下周6."""
    token, day = stream.at(index), stream.at(index + 1)
    numbered = (
        day.kind == "num" and day.style == "d" and day.glued and day.text in "1234567"
        and stream.kind(index + 2) not in ("dian", "dianhalf", "month", "hao", "unit", "fen")
        and stream.text(index + 2) not in (":", ".", "/", "-", "次", "个")
    )  # fmt: skip
    if token.kind == "digitweek":
        counted = stream.kind(index - 1) == "num" and token.glued
        return (DateRef(weekday=day.value - 1), index + 2) if numbered and not counted else None
    monday = cal.monday(stream.context.today) + timedelta(days=7 * token.value)
    if numbered:
        return DateRef(week=monday, weekday=day.value - 1), index + 2
    return DateRef(week=monday, grain="week"), index + 1


def _every(stream: Stream, index: int) -> Found | None:
    inner = _begin(stream, index + 1) if stream.kind(index + 1) in ("weekday", "weekend") else None
    return None if inner is None else (replace(inner[0], repeated=True), inner[1])


def _range_in_month(year: int, month: int, first: int, last: int) -> DateRef:
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
    return _range_in_month(year, month, first, end)


def _in_month(stream: Stream, index: int, year: int | None, month: int, bare: bool) -> Found | None:
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
            return replace(ref, until=DateRef(day=last.value)), index + 3
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
    if kind == "digitweek" or (kind == "unit" and stream.value(index) == "week"):
        first = cal.make(year, month, min(7 * (nth - 1) + 1, 29)) if nth > 0 else None
        if first is None:
            return None
        return DateRef(start=first, end=cal.shift(first, 6), grain="week"), index + 1
    return None


def _year(stream: Stream, index: int) -> Found | None:
    """今年, 明年3月, 明年春节, 去年."""
    year = stream.context.today.year + stream.value(index)
    follow = index + 1
    if stream.text(follow) == "的":
        follow += 1
    if stream.is_number(follow, 1, 12) and stream.kind(follow + 1) == "month":
        return _in_month(stream, follow + 2, year, stream.value(follow), True)
    if stream.kind(follow) == "holiday":
        return _holiday(stream, follow, year)
    if stream.kind(follow) == "tenth" and stream.text(follow) in ("底", "末", "初"):
        month = 1 if stream.text(follow) == "初" else 12
        return DateRef(year, month, grain="month", approximate=True), follow + 1
    return DateRef(year=year, grain="year"), index + 1


def _number(stream: Stream, index: int) -> Found | None:
    token = stream.at(index)
    if stream.in_word(index) or token.high != token.value:
        return _counted(stream, index)
    follow = stream.kind(index + 1)
    if follow == "year" and _is_year(token.value, token.text):
        year = token.value if token.value > 100 else 2000 + token.value
        after = index + 2
        if stream.is_number(after, 1, 12) and stream.kind(after + 1) == "month":
            return _in_month(stream, after + 2, year, stream.value(after), True)
    if follow == "month" and 1 <= token.value <= 12 and token.text != "两":
        return _in_month(stream, index + 2, None, token.value, True)
    if follow == "hao" and 1 <= token.value <= 31 and _day_alone(stream, index):
        return DateRef(day=token.value), index + 2
    if 1 <= token.value <= 31 and (follow == "link" or stream.text(index + 1) in ("-", "~")):
        last = stream.at(index + 2)
        if last.kind == "num" and token.value < last.value <= 31:
            if stream.kind(index + 3) == "hao" and _day_alone(stream, index + 2):
                return DateRef(day=token.value, until=DateRef(day=last.value)), index + 4
    return _counted(stream, index)


def _is_year(value: int, text: str) -> bool:
    return 2000 <= value <= cal.LAST_YEAR or (len(text) == 2 and 20 <= value <= 60)


def _day_alone(stream: Stream, index: int) -> bool:
    behind = stream.text(index + 2)[:1]
    before = stream.text(index - 1)[-1:]
    glued = stream.at(index).glued
    return behind not in _NOT_A_DAY and not (glued and before in _STREET)


def _counted(stream: Stream, index: int) -> Found | None:
    """三天后, 两周后的周六, 半个月内; hours and minutes are no date."""
    found = offset_zh(stream, index)
    if found is None:
        return None
    span, sign, after = found
    if span.seconds:
        return None
    today = stream.context.today
    day = span.day(today, sign)
    if day is None:
        return None
    if span.within:
        return DateRef(start=today, end=day), after
    if span.days and span.days % 7 == 0 and sign > 0:
        inner = after + 1 if stream.text(after) == "的" else after
        week = cal.monday(day)
        if stream.kind(inner) == "weekday":
            return DateRef(week=week, weekday=stream.value(inner)), inner + 1
        if stream.kind(inner) == "weekend":
            return DateRef(week=week, weekend=True), inner + 1
    return DateRef(start=day, approximate=span.approximate, past=sign < 0), after


def _holiday(stream: Stream, index: int, year: int | None) -> Found | None:
    name = stream.value(index)
    first, last = (
        cal.next_holiday(name, stream.context.today) if year is None
        else cal.holiday(name, year) if cal.FIRST_YEAR <= year <= cal.LAST_YEAR
        else cal.next_holiday(name, stream.context.today)
    )  # fmt: skip
    after = index + 1
    if stream.text(after) == "的":
        after += 1
    if stream.kind(after) in ("before", "after"):
        sign = 1 if stream.kind(after) == "after" else -1
        span = span_zh(stream, after + 1)
        base = last if sign > 0 else first
        if span is not None and not span[0].seconds:
            return DateRef(start=span[0].day(base, sign)), span[1]
        return DateRef(start=cal.shift(base, sign), approximate=True), after + 1
    if first == last:
        return DateRef(start=first), index + 1
    return DateRef(start=first, end=last), index + 1


def _beside_holiday(stream: Stream, name: str, sign: int) -> DateRef:
    first, last = cal.next_holiday(name, stream.context.today)
    return DateRef(start=cal.shift(last if sign > 0 else first, sign), approximate=True)


def _moved(stream: Stream, ref: DateRef, index: int) -> Found:
    """周六前一天, 28号后三天; without a number 前 and 后 are a bound and not read here."""
    start = index + 1 if stream.text(index) == "的" else index
    if stream.kind(start) not in ("before", "after") or ref.until is not None:
        return ref, index
    span = span_zh(stream, start + 1)
    if span is None or span[0].seconds or span[0] == Span():
        return ref, index
    if ref.start is None or ref.end is not None:
        return ref, index
    day = span[0].day(ref.start, 1 if stream.kind(start) == "after" else -1)
    return (ref, index) if day is None else (DateRef(start=day), span[1])
