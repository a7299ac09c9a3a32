"""Chinese dates: 下周六, 11月28日, 下个月第一个周末, 国庆节后, 除夕前一天, 两周后的周六."""

# ruff: noqa: SIM102 - a nested condition is one step further in the grammar

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from values.times import calendar as cal
from values.times import months_zh as months
from values.times.dateref import DateRef
from values.times.offsets import Span, offset_zh, span_zh
from values.times.stream import Stream

Found = tuple[DateRef, int]

# What stands behind 号 or 日 when it is no day of the month: 92号油, 3号线, 十日游.
_NOT_A_DAY = frozenset("线店楼车门院铺停馆厅位机码油汽柴游元新桌球牌柜")
_YEAR_ENDS = {"初": 1, "底": 12, "末": 12}
_STREET = frozenset("路街道弄巷村室栋幢第座")


def read(stream: Stream, index: int, counted: bool = True) -> Found | None:
    """The date that begins at ``index``, or ``None``; ``counted`` as in `values.times.dates`."""
    token = stream.at(index)
    if token.kind == "num":
        found = _number(stream, index, counted)
    elif token.kind in ("half", "pass"):
        found = _counted(stream, index) if counted else None
    else:
        found = _worded(stream, index) if token.style == "z" else None
    return None if found is None else _moved(stream, *found)


def _worded(stream: Stream, index: int) -> Found | None:
    reader = _READERS.get(stream.kind(index))
    return None if reader is None else reader(stream, index)


def _day(stream: Stream, index: int) -> Found:
    return DateRef(start=cal.shift(stream.context.today, stream.value(index))), index + 1


def _weekday(stream: Stream, index: int) -> Found:
    return DateRef(weekday=stream.value(index)), index + 1


def _day_of_week(stream: Stream, index: int) -> Found:
    relative, weekday = stream.value(index)
    return DateRef(week=_monday(stream, relative), weekday=weekday), index + 1


def _monday(stream: Stream, weeks: int) -> date:
    return cal.monday(stream.context.today) + timedelta(days=7 * weeks)


def _weekend(stream: Stream, index: int) -> Found:
    if stream.kind(index) == "weekend":
        return DateRef(weekend=True), index + 1
    return DateRef(week=_monday(stream, stream.value(index)), weekend=True), index + 1


def _few_days(stream: Stream, index: int) -> Found:
    """明后天: these two; 这两天: from today on; 过几天: about that day."""
    today = stream.context.today
    if stream.kind(index) == "days":
        first, end = stream.value(index)
        return DateRef(start=cal.shift(today, first), end=cal.shift(today, end)), index + 1
    last = cal.shift(today, stream.value(index))
    if stream.kind(index) == "fewdays":
        return DateRef(start=today, end=last, approximate=True), index + 1
    return DateRef(start=last, approximate=True), index + 1


def _lunar(stream: Stream, index: int) -> Found | None:
    """正月初八, 大年初六, 腊月二十八."""
    after = index + 1
    if stream.text(after) == "初":
        after += 1
    elif stream.text(index) == "大年":
        return None
    if not stream.is_number(after, 1, 30):
        return None
    day = cal.next_lunar(stream.value(index), stream.value(after), stream.context.today)
    end = after + 2 if stream.kind(after + 1) == "hao" else after + 1
    return None if day is None else (DateRef(start=day), end)


def _first_month(stream: Stream, index: int) -> Found | None:
    return months.in_month(stream, index + 1, None, 1, True)


def _year_end(stream: Stream, index: int) -> Found:
    return months.range_in_month(stream.context.today.year, 12, 15, 31), index + 1


def _month(stream: Stream, index: int) -> Found | None:
    """本月, 下个月; 月底 is that of this month."""
    today = stream.context.today
    named = stream.kind(index) == "monthrel"
    year, month = cal.add_months(today.year, today.month, stream.value(index) if named else 0)
    return months.in_month(stream, index + 1 if named else index, year, month, True)


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
    monday = _monday(stream, token.value)
    if numbered:
        return DateRef(week=monday, weekday=day.value - 1), index + 2
    return DateRef(week=monday, grain="week"), index + 1


def _every(stream: Stream, index: int) -> Found | None:
    inner = _worded(stream, index + 1) if stream.kind(index + 1) in ("weekday", "weekend") else None
    return None if inner is None else (inner[0]._replace(repeated=True), inner[1])


def _year(stream: Stream, index: int) -> Found | None:
    """今年, 明年3月, 明年春节, 去年."""
    year = stream.context.today.year + stream.value(index)
    follow = index + 1
    if stream.text(follow) == "的":
        follow += 1
    if stream.is_number(follow, 1, 12) and stream.kind(follow + 1) == "month":
        return months.in_month(stream, follow + 2, year, stream.value(follow), True)
    if stream.kind(follow) == "holiday":
        return _holiday(stream, follow, year)
    if stream.kind(follow) == "yearend":
        return months.range_in_month(year, 12, 15, 31), follow + 1
    month = _YEAR_ENDS.get(stream.text(follow))
    if month is not None:
        return DateRef(year, month, grain="month", approximate=True), follow + 1
    return DateRef(year=year, grain="year"), index + 1


def _number(stream: Stream, index: int, counted: bool) -> Found | None:
    token = stream.at(index)
    if token.high == token.value and not stream.in_word(index):
        found = _numbered(stream, index)
        if found is not None:
            return found
    return _counted(stream, index) if counted else None


def _numbered(stream: Stream, index: int) -> Found | None:
    """2026年11月, 11月28日, 28号, 28到30号."""
    token = stream.at(index)
    follow = stream.kind(index + 1)
    if follow == "year" and _is_year(token.value, token.text):
        year = token.value if token.value > 100 else 2000 + token.value
        after = index + 2
        if stream.text(after) in _YEAR_ENDS:
            return DateRef(year, _YEAR_ENDS[stream.text(after)], grain="month", approximate=True), (
                after + 1
            )
        if stream.is_number(after, 1, 12) and stream.kind(after + 1) == "month":
            return months.in_month(stream, after + 2, year, stream.value(after), True)
        if stream.is_number(after, 1, 12) and stream.kind(after + 1) == "monthpos":
            return months.at_position(stream, after + 1, stream.value(after), year)
    if follow == "monthpos" and 1 <= token.value <= 12:  # 12月底
        return months.at_position(stream, index + 1, token.value)
    if follow == "month" and 1 <= token.value <= 12 and token.text != "两":
        return months.in_month(stream, index + 2, None, token.value, True)
    if follow == "hao" and 1 <= token.value <= 31 and _day_alone(stream, index):
        return DateRef(day=token.value), index + 2
    if 1 <= token.value <= 31 and (follow == "link" or stream.text(index + 1) in ("-", "~")):
        last = stream.at(index + 2)
        if last.kind == "num" and token.value < last.value <= 31:
            if stream.kind(index + 3) == "hao" and _day_alone(stream, index + 2):
                return DateRef(day=token.value, until=DateRef(day=last.value)), index + 4
    return None


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


def _holiday(stream: Stream, index: int, year: int | None = None) -> Found | None:
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
        counted = _nth_day(stream, after + 1) if sign > 0 else None
        if counted is not None:
            return DateRef(start=cal.shift(base, counted[0])), counted[1]
        if span is not None and not span[0].seconds:
            return DateRef(start=span[0].day(base, sign)), span[1]
        return DateRef(start=cal.shift(base, sign), approximate=True), after + 1
    if first == last:
        return DateRef(start=first), index + 1
    return DateRef(start=first, end=last), index + 1


def _nth_day(stream: Stream, index: int) -> tuple[int, int] | None:
    """第一天, 第2天: the number and the index behind."""
    if stream.kind(index) == "rday" and stream.text(index) == "第二天":
        return 2, index + 1
    number = stream.kind(index) == "nth" and stream.is_number(index + 1, 1, 10)
    if not number or stream.text(index + 2) != "天":
        return None
    return stream.value(index + 1), index + 3


def _beside_holiday(stream: Stream, index: int) -> Found:
    """年前, 节后."""
    name, sign = stream.value(index)
    first, last = cal.next_holiday(name, stream.context.today)
    day = cal.shift(last if sign > 0 else first, sign)
    return DateRef(start=day, approximate=True), index + 1


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


_READERS: dict[str, Callable[[Stream, int], Found | None]] = {
    "rday": _day,
    "weekday": _weekday,
    "weekweekday": _day_of_week,
    "weekend": _weekend,
    "weekweekend": _weekend,
    "week": _week,
    "digitweek": _week,
    "every": _every,
    "fewdays": _few_days,
    "days": _few_days,
    "lunar": _lunar,
    "firstmonth": _first_month,
    "somedays": _few_days,
    "yearend": _year_end,
    "yearrel": _year,
    "monthrel": _month,
    "monthpos": _month,
    "holiday": _holiday,
    "yearside": _beside_holiday,
}
