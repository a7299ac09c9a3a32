"""What has been said of a date so far, and the day that it means."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple, Protocol

from values.times import calendar as cal


class DateRef(NamedTuple):
    """Pieces of a date; ``start`` is set when they name a day by themselves (tomorrow, Nov 28)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    week: date | None = None  # its Monday
    weekend: bool = False
    start: date | None = None
    end: date | None = None
    grain: str = "day"
    approximate: bool = False
    this: bool = False  # "this Friday": the one of this week or, in English, the coming one
    repeated: bool = False
    past: bool = False  # said to be past, whatever the calendar says
    until: DateRef | None = None

    def kinds(self) -> frozenset[str]:
        """Which pieces are known; two references with pieces in common do not combine."""
        found = set()
        if self.start is not None:
            found.add("start")
        if self.month is not None and self.start is None:
            found.add("month")
        if self.day is not None:
            found.add("day")
        if self.weekday is not None:
            found.add("weekday")
        if self.week is not None:
            found.add("week")
        if self.weekend:
            found.add("weekend")
        if self.year is not None and self.month is None and self.day is None:
            found.add("year")
        return frozenset(found)


class Resolved(NamedTuple):
    """A day or an inclusive range of days. ``loose``: named by weekday or day of month alone."""

    first: date
    last: date | None
    grain: str
    approximate: bool
    past: bool
    repeated: bool
    loose: str | None = None


class _Result(Protocol):
    def __call__(
        self, first: date, last: date | None = None, grain: str = "day", loose: str | None = None
    ) -> Resolved: ...


_PAIRS = (
    frozenset({"week", "weekday"}),
    frozenset({"week", "weekend"}),
    frozenset({"day", "weekday"}),
    frozenset({"month", "day", "weekday"}),
    frozenset({"month", "day"}),
    frozenset({"year", "month", "day"}),
    frozenset({"year", "month"}),
    frozenset({"start", "weekday"}),
)


def combine(first: DateRef, second: DateRef, today: date) -> DateRef | None:
    """One reference of two that stand side by side, or ``None`` when they name different days."""
    if first.until is not None:
        return None
    if second.until is not None:
        begin = combine(first, second._replace(until=None), today)
        return None if begin is None else begin._replace(until=second.until)
    have, more = first.kinds(), second.kinds()
    if have & more or frozenset(have | more) not in _PAIRS:
        return None
    if "start" in have | more:
        fixed, named = (first, second) if "start" in have else (second, first)
        if fixed.end is not None or fixed.start is None or fixed.start.weekday() != named.weekday:
            return None
        return fixed
    both = first._replace(
        year=first.year if first.year is not None else second.year,
        month=first.month if first.month is not None else second.month,
        day=first.day if first.day is not None else second.day,
        weekday=first.weekday if first.weekday is not None else second.weekday,
        week=first.week if first.week is not None else second.week,
        weekend=first.weekend or second.weekend,
        grain="day",
        approximate=first.approximate or second.approximate,
        past=first.past or second.past,
        repeated=first.repeated or second.repeated,
    )
    if _day_of(both, today) is not None:
        return both
    # 10月12号, 星期一 where the two contradict: the date is what people look up
    dated = first if first.month is not None and first.day is not None else second
    return dated if dated.month is not None and dated.day is not None else None


def _day_of(ref: DateRef, today: date) -> date | None:
    if ref.day is None:
        return today
    if ref.month is not None:
        return _month_day(ref, today)
    return _day_of_month(ref, today)


def _month_day(ref: DateRef, today: date) -> date | None:
    if ref.month is None or ref.day is None:
        return None
    if ref.year is not None:
        made = cal.make(ref.year, ref.month, ref.day)
        return made if made and ref.weekday in (None, made.weekday()) else None
    ahead = [cal.make(today.year + step, ref.month, ref.day) for step in range(0, 9)]
    days = [day for day in ahead if day is not None]
    if ref.weekday is not None:
        days = [day for day in days if day.weekday() == ref.weekday]
        near = [day for day in days if day.year <= today.year + 1]
        return near[0] if near else None
    return next((day for day in days if day >= today), None)


def _day_of_month(ref: DateRef, today: date) -> date | None:
    if ref.day is None:
        return None
    for step in range(0, 14):
        year, month = cal.add_months(today.year, today.month, step)
        day = cal.make(year, month, ref.day)
        if day is None or day < today:
            continue
        if ref.weekday is None or day.weekday() == ref.weekday:
            return day
    return None


def resolve(ref: DateRef, today: date) -> Resolved | None:
    """The day or days meant, seen from ``today``; what is not said to be past rolls forward."""
    single = _resolve_one(ref, today)
    if single is None or ref.until is None:
        return single
    until = ref.until
    if until.day is not None and until.month is None and until.start is None:
        until = until._replace(month=single.first.month, year=single.first.year)
    last = _resolve_one(until, single.first)
    if last is None:
        return single
    end = last.last or last.first
    if end < single.first:
        return single
    return single._replace(last=end, grain="day" if single.grain == "day" else single.grain)


def _resolve_one(ref: DateRef, today: date) -> Resolved | None:
    def result(
        first: date, last: date | None = None, grain: str = "day", loose: str | None = None
    ) -> Resolved:
        past = ref.past or (last or first) < today
        return Resolved(first, last, grain, ref.approximate, past, ref.repeated, loose)

    if ref.start is not None:
        return result(ref.start, ref.end, ref.grain)
    if ref.day is not None:
        day = _day_of(ref, today)
        if day is None:
            return None
        loose = "day_of_month" if ref.month is None and ref.weekday is None else None
        return result(day, loose=loose)
    if ref.weekday is not None:
        return _weekday(ref, today, result)
    if ref.weekend:
        week = ref.week if ref.week is not None else cal.monday(today)
        first, last = week + timedelta(days=5), week + timedelta(days=6)
        if first < today <= last:
            first = today
        return result(first, last, "weekend", None if ref.week else "weekend")
    if ref.week is not None:
        return result(
            max(ref.week, today) if ref.week <= today <= ref.week + timedelta(days=6) else ref.week,
            ref.week + timedelta(days=6),
            "week",
        )
    if ref.month is not None:
        return _month(ref, today, result)
    if ref.year is not None and cal.FIRST_YEAR <= ref.year <= cal.LAST_YEAR:
        return result(date(ref.year, 1, 1), date(ref.year, 12, 31), "year")
    return None


def _weekday(ref: DateRef, today: date, result: _Result) -> Resolved | None:
    if ref.weekday is None:
        return None
    if ref.week is not None:
        return result(ref.week + timedelta(days=ref.weekday))
    ahead = (ref.weekday - today.weekday()) % 7
    # A weekday by its bare name is never today: people say "today" then
    if ahead == 0 and not ref.this:
        ahead = 7
    return result(today + timedelta(days=ahead), loose="weekday")


def _month(ref: DateRef, today: date, result: _Result) -> Resolved | None:
    if ref.month is None:
        return None
    year = ref.year
    if year is None:
        year = today.year if ref.month >= today.month else today.year + 1
    first = cal.make(year, ref.month, 1)
    if first is None:
        return None
    last = first.replace(day=cal.last_of_month(year, ref.month))
    return result(max(first, today) if first <= today <= last else first, last, "month")
