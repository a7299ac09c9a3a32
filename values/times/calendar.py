"""Weeks, months, holidays: arithmetic on dates with no knowledge of language."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays as _published
from dateutil.easter import easter
from lunarcalendar import Converter, DateNotExist, Lunar

DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1990, 2090


def monday(day: date) -> date:
    """The Monday of the calendar week of ``day``; weeks begin on Monday."""
    return day - timedelta(days=day.weekday())


def shift(day: date, days: int) -> date | None:
    """``day`` moved; ``None`` outside the years that this package knows."""
    if abs(days) > 40_000:
        return None
    moved = day + timedelta(days=days)
    return moved if FIRST_YEAR <= moved.year <= LAST_YEAR else None


def make(year: int, month: int, day: int) -> date | None:
    """A date, or ``None`` where there is no such day or the year is out of range."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    """Year and month ``count`` months on."""
    index = year * 12 + month - 1 + count
    return index // 12, index % 12 + 1


def months_later(day: date, count: int) -> date | None:
    """The same day ``count`` months on, or the last of a shorter month."""
    year, month = add_months(day.year, day.month, count)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_of_month(year: int, month: int) -> int:
    """Number of days of a month."""
    return calendar.monthrange(year, month)[1]


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date | None:
    """The nth (from 1; -1 the last) weekday of a month."""
    if nth == -1:
        day = last_of_month(year, month)
        return date(year, month, day - (date(year, month, day).weekday() - weekday) % 7)
    first = 1 + (weekday - date(year, month, 1).weekday()) % 7
    return make(year, month, first + 7 * (nth - 1))


def is_workday(day: date) -> bool:
    """Whether offices work, make-up days included; Monday to Friday where none is published."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def workdays_later(day: date, count: int) -> date | None:
    """The day ``count`` working days after ``day``."""
    if not 0 < count <= 250:
        return None
    while count:
        day += DAY
        count -= is_workday(day)
    return day


def _lunar(month: int, day: int) -> Callable[[int], date]:
    return lambda year: Converter.Lunar2Solar(Lunar(year, month, day)).to_date()


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _qingming(year: int) -> date:
    # Holds for 1901-2099: day = [Y * 0.2422 + C] - [Y / 4], C = 4.81 in this century, 5.59 before
    short = year % 100
    constant = 4.81 if year >= 2000 else 5.59
    return date(year, 4, int(short * 0.2422 + constant) - short // 4)


# First day, and how many days are usually off where no schedule has been published yet
# (State Council's rules for holidays as amended in November 2024).
_HOLIDAYS: dict[str, tuple[Callable[[int], date], int]] = {
    "new_year": (_fixed(1, 1), 1),
    "eve": (lambda year: _lunar(1, 1)(year) - DAY, 1),
    "spring": (_lunar(1, 1), 7),
    "lantern": (_lunar(1, 15), 1),
    "valentine": (_fixed(2, 14), 1),
    "women": (_fixed(3, 8), 1),
    "qingming": (_qingming, 1),
    "labour": (_fixed(5, 1), 5),
    "children": (_fixed(6, 1), 1),
    "dragon": (_lunar(5, 5), 1),
    "qixi": (_lunar(7, 7), 1),
    "independence": (_fixed(7, 4), 1),
    "mid_autumn": (_lunar(8, 15), 1),
    "double_ninth": (_lunar(9, 9), 1),
    "national": (_fixed(10, 1), 7),
    "halloween": (_fixed(10, 31), 1),
    "singles": (_fixed(11, 11), 1),
    "thanksgiving": (lambda year: nth_weekday(year, 11, 4, 3) or date(year, 11, 25), 1),
    "double_twelve": (_fixed(12, 12), 1),
    "christmas_eve": (_fixed(12, 24), 1),
    "christmas": (_fixed(12, 25), 1),
    "boxing": (_fixed(12, 26), 1),
    "new_year_eve": (_fixed(12, 31), 1),
    "easter": (easter, 1),
}
_PUBLIC = frozenset(
    {"new_year", "spring", "qingming", "labour", "dragon", "mid_autumn", "national"}
)


@lru_cache(maxsize=512)
def holiday(name: str, year: int) -> tuple[date, date]:
    """First day of a holiday in a year and the last day off that belongs to it.

    The published schedule (``chinesecalendar``) where there is one, else the usual length.
    """
    rule, length = _HOLIDAYS[name]
    first = rule(year)
    last = first + timedelta(days=length - 1)
    if name in _PUBLIC and first in _published:
        last = first
        while last + DAY in _published and (last - first).days < 12:
            last += DAY
    return first, last


def next_holiday(name: str, today: date) -> tuple[date, date]:
    """The holiday that is on or comes next."""
    for year in (today.year, today.year + 1, today.year + 2):
        first, last = holiday(name, year)
        if last >= today:
            return first, last
    return holiday(name, today.year + 1)


@lru_cache(maxsize=256)
def next_lunar(month: int, day: int, today: date) -> date | None:
    """The day of the lunar calendar that is today or comes next; ``None`` where there is none."""
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found: date = Converter.Lunar2Solar(Lunar(year, month, day)).to_date()
        except DateNotExist:  # a month of 29 days has no 30th
            continue
        if found >= today:
            return found
    return None
