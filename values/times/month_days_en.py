"""English days of a month: Nov 28th, the 28th, 20 of next month, first Friday in October."""

# ruff: noqa: SIM102 - a nested condition is one step further in the grammar

from __future__ import annotations

from values.times import calendar as cal
from values.times.dateref import DateRef
from values.times.stream import Stream
from values.words import words

Found = tuple[DateRef, int]

# "the first row", "2nd generation": an ordinal before one of these counts something else.
_COUNTED = words(
    "row rows gen generation time times service maintenance car cars one ones floor option",
    "model seat seats party hand owner owners door choice trim year anniversary place visit",
    "quarter century gear avenue street st ave edition thing things step question point",
    "version vehicle class drive test person customer car's half edition level stage speed",
    "inspection",
)
# Abbreviations and months that are also words; they need a neighbour that speaks for a date.
# A loan has an APR, too
_MONTH_WORDS = frozenset({"apr", "may", "march", "mar", "dec", "sep", "jan"})
_LEAD = words(
    "in by of until till early mid late end next this since from during for last middle",
    "before after beginning start coming",
)


def named_month(stream: Stream, index: int) -> Found | None:
    """October 14, Oct-2, Oct2, march the 3rd, November 2026, in May."""
    token = stream.at(index)
    month = token.value
    after = index + 1
    if stream.text(after) in (".", "-", "/", ",") and stream.at(after).glued:
        if stream.kind(after + 1) in ("num", "ord", "the"):
            after += 1
    if stream.kind(after) == "the":
        after += 1
    day = stream.at(after)
    if day.kind in ("num", "ord") and 1 <= day.value <= 31 and not is_clock(stream, after):
        return _with_year(stream, after + 1, DateRef(None, month, day.value))
    if day.kind == "num" and day.style == "d" and 2000 <= day.value <= cal.LAST_YEAR:
        return DateRef(day.value, month, grain="month"), after + 1
    if token.text in _MONTH_WORDS and stream.text(index - 1) not in _LEAD:
        return None
    return DateRef(None, month, grain="month"), index + 1


def is_clock(stream: Stream, index: int) -> bool:
    """Whether the number at ``index`` is the hour of a time of day (3 pm, 3:30)."""
    follow = stream.kind(index + 1)
    return follow in ("meridiem", "oclock") or (
        stream.text(index + 1) == ":" and stream.kind(index + 2) == "num"
    )


def _with_year(stream: Stream, index: int, ref: DateRef) -> Found:
    """An optional year behind day and month; then an optional end day (Nov 28 to 30)."""
    start = index
    if stream.text(index) in (",", "-", "/") or stream.kind(index) == "of":
        index += 1
    token = stream.at(index)
    if token.kind == "num" and token.style == "d" and 2000 <= token.value <= cal.LAST_YEAR:
        return ref._replace(year=token.value), index + 1
    if stream.kind(start) == "to" or stream.text(start) == "-":
        last = stream.at(start + 1)
        if last.kind in ("num", "ord") and (ref.day or 0) < last.value <= 31:
            if not is_clock(stream, start + 1) and stream.kind(start + 2) != "enmonth":
                return ref._replace(until=DateRef(day=last.value)), start + 2
    return ref, start


def day(stream: Stream, index: int) -> Found | None:
    """The 28th, 28th of November, 20 of next month, first Friday in October."""
    led = stream.kind(index) == "on"
    if led:
        index += 1
    article = stream.kind(index) == "the"
    if article:
        index += 1
        if stream.kind(index) == "weekend" and not led and stream.text(index + 1) != "after":
            return DateRef(weekend=True), index + 1
    token = stream.at(index)
    if token.kind not in ("num", "ord") or stream.in_word(index):
        return None
    if (
        token.kind == "ord"
        and token.value <= 5
        and (stream.kind(index + 1) in ("weekday", "weekend") or _week_of(stream, index + 1))
    ):
        return nth_of_month(stream, index, token.value)
    after = index + 1
    if token.kind == "num" and not led and stream.kind(after) not in ("of", "enmonth"):
        if stream.kind(after + 1) != "enmonth":
            return None
    if not 1 <= token.value <= 31 or token.style == "z":
        return None
    if stream.kind(after) == "of" or (
        stream.text(after) in ("-", "/") and stream.kind(after + 1) == "enmonth"
    ):
        after += 1
    if stream.kind(after) == "enmonth" and not (token.kind == "num" and token.style == "e"):
        if stream.text(after) not in ("may", "march", "mar") or after > index + 1 or (
            token.kind == "ord" or stream.text(after + 1) not in ("i", "you", "we")
        ):  # fmt: skip
            ref = DateRef(None, stream.value(after), token.value)
            end = after + 1
            if stream.text(end) == "." and stream.kind(end + 1) == "num":
                end += 1
            return _with_year(stream, end, ref)
    relative = which_month(stream, after) if after > index + 1 else None
    if relative is not None:
        year, month, end = relative
        return DateRef(year, month, token.value), end
    return _lone_day(stream, index, led, article)


def _lone_day(stream: Stream, index: int, led: bool, article: bool) -> Found | None:
    token, follow = stream.at(index), stream.at(index + 1)
    if follow.text in _COUNTED or (follow.text == "-" and stream.text(index + 2) in _COUNTED):
        return None
    if token.kind == "ord":
        spelled = token.style == "e" and not token.text[-1:].isdigit() and token.text[:1].isalpha()
        if spelled and not (led or stream.kind(index - 2) == "weekday" or token.value > 12):
            return None
        if stream.kind(index + 1) == "to" or follow.text == "-":
            last = stream.at(index + 2)
            if last.kind == "ord" and last.value > token.value:
                return DateRef(day=token.value, until=DateRef(day=last.value)), index + 3
        return DateRef(day=token.value), index + 1
    if led and not article and token.style == "d" and len(token.text) <= 2:
        if follow.kind in ("end", "next") or follow.text in (",", "?", "!"):
            return DateRef(day=token.value), index + 1
        if follow.text == "." and stream.kind(index + 2) != "num":
            return DateRef(day=token.value), index + 1
    return None


def which_month(stream: Stream, index: int) -> tuple[int, int, int] | None:
    """Year, month, index behind: this month, the next month, the month."""
    start = index
    if stream.kind(index) == "the":
        index += 1
    step = 0
    if stream.kind(index) == "next":
        step, index = stream.value(index), index + 1
    elif index == start:
        return None
    if stream.kind(index) != "unit" or stream.value(index) != "month":
        return None
    today = stream.context.today
    year, month = cal.add_months(today.year, today.month, step)
    return year, month, index + 1


def _week_of(stream: Stream, index: int) -> bool:
    """First week of: counted from the first day of the month."""
    week = stream.kind(index) == "unit" and stream.value(index) == "week"
    return week and stream.kind(index + 1) in ("of", "in")


def nth_of_month(stream: Stream, index: int, nth: int) -> Found | None:
    """First Sunday (of this month, in October)."""
    kind, weekday = stream.kind(index + 1), stream.value(index + 1)
    after = index + 2
    today = stream.context.today
    year, month = today.year, today.month
    if stream.kind(after) in ("in", "of"):
        which = which_month(stream, after + 1)
        if which is not None:
            year, month, after = which
        elif stream.kind(after + 1) == "enmonth":
            month = stream.value(after + 1)
            year += month < today.month
            after += 2
    if kind == "unit":
        last = cal.last_of_month(year, month)
        first = last - 6 if nth == -1 else 7 * nth - 6
        end = cal.make(year, month, min(first + 6, last))
        return DateRef(start=cal.make(year, month, first), end=end, grain="week"), after
    day = cal.nth_weekday(year, month, nth, 5 if kind == "weekend" else weekday)
    if day is None:
        return None
    if kind == "weekend":
        return DateRef(start=day, end=day + cal.DAY, grain="weekend"), after
    return DateRef(start=day), after
