"""Reads every figure out of a text a customer is shown, in both languages.

Deliberately not `values`: what is checked and what checks it share no reader.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from typing import Any

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_N = r"\d[\d,]*(?:\.\d+)?"
_ZH = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_EN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
       "twelve")  # fmt: skip
_SCALES = {"万": 10_000, "千": 1_000, "million": 1_000_000, "thousand": 1_000, "": 1}


@dataclass(frozen=True)
class Figure:
    """One figure. `value`: fen for `money`, percent, (year or None, month, day) for `date`, a
    time of day, or a number; `unit` is what a number counts, as far as it is known here."""

    kind: str
    value: Fraction | tuple[int | None, int, int] | time
    unit: str = ""

    def __str__(self) -> str:
        shown = f"{float(self.value):f}" if isinstance(self.value, Fraction) else str(self.value)
        return f"{self.kind} {shown} {self.unit}".strip()


def money(fen: float | Fraction) -> Figure:
    return Figure("money", Fraction(fen))


def percent(value: float | str | Fraction) -> Figure:
    return Figure("percent", Fraction(str(value)) if isinstance(value, float) else Fraction(value))


def number(value: float | str | Fraction, unit: str = "") -> Figure:
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    return Figure("number", exact, unit)


def days(when: date) -> list[Figure]:
    """A day as it may be written: with its year or without."""
    return [Figure("date", (year, when.month, when.day)) for year in (when.year, None)]


def _value(written: str, scale: str = "") -> Fraction:
    return Fraction(written.rstrip(",.").replace(",", "")) * _SCALES[(scale or "").lower()]


def _zh(word: str) -> int:
    """三, 十二, 二十: no more is written in words."""
    if "百" in word:
        first, _, rest = word.partition("百")
        return _ZH.get(first, 1) * 100 + (_zh(rest.lstrip("零")) if rest.strip("零") else 0)
    if "十" in word:
        first, _, last = word.partition("十")
        return _ZH.get(first, 1) * 10 + _ZH.get(last, 0)
    return _ZH[word[0]]


def _amount(found: re.Match[str]) -> list[Figure]:
    return [money(_value(found["n"], found["s"]) * 100)]


def _pair(found: re.Match[str]) -> list[Figure]:
    return [money(_value(found[name]) * 100) for name in ("n", "m")]


def _date(found: re.Match[str]) -> list[Figure]:
    parts = found.groupdict()
    month = MONTHS.index(parts["name"].lower()) + 1 if parts.get("name") else int(parts["month"])
    year = int(parts["year"]) if parts.get("year") else None
    return [Figure("date", (year, month, int(parts["day"])))]


def _time(found: re.Match[str]) -> list[Figure]:
    hour, minute = int(found["h"]), int(found["min"] or 0)
    return [Figure("time", time(hour % 24, minute))] if hour < 25 and minute < 60 else []


_UNITS = {
    "year": r"年|years?\b|yrs?\b",
    "month": r"个?月|期|months?\b|instalments?\b",
    "workday": r"个?工作日|working days?\b",
    "day": r"天|days?\b",
    "week": r"周|weeks?\b",
    "hour": r"小时|hours?\b|h\b",
    "minute": r"分钟|minutes?\b|min\b",
    "km/h": r"km/h\b",
    "km": r"公里|km\b",
    "tenth": r"折",
    "kWh": r"kWh\b",
    "kW": r"kW\b",
    "N·m": r"N·m",
    "mm": r"mm\b",
    "metre": r"米|m\b|metres?\b",
    "kg": r"kg\b",
    "L": r"L\b",
    "s": r"秒|s\b|seconds?\b",
    "inch": r"英寸|in\b",
    "seat": r"座|seats?\b|seaters?\b",
}
_UNIT = re.compile(
    "[ -]?(?:" + "|".join(f"(?P<u{n}>{unit})" for n, unit in enumerate(_UNITS.values())) + ")"
)


_RANGE = re.compile(rf" ?(?:[-–~至到]|to) ?{_N}", re.I)


def _unit(found: re.Match[str]) -> str:
    """What the number counts: the word behind it, or behind the range that it begins."""
    further = _RANGE.match(found.string, found.end())
    behind = _UNIT.match(found.string, further.end() if further else found.end())
    if behind is None or behind.lastgroup is None:
        return ""
    return list(_UNITS)[int(behind.lastgroup[1:])]


def _plain(found: re.Match[str]) -> list[Figure]:
    scale = found.groupdict().get("s") or ""
    return [number(_value(found["n"], scale), _unit(found))]


def _terms(found: re.Match[str]) -> list[Figure]:
    return [number(months, "month") for months in found["n"].split("/")]


Maker = Callable[[re.Match[str]], list[Figure]]
_PATTERNS: tuple[tuple[re.Pattern[str], Maker], ...] = tuple(
    (re.compile(pattern, re.I), make)
    for pattern, make in (
        (r"(?P<year>\d{4}) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?[日号]", _date),
        (r"(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?[日号]", _date),
        (r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", _date),
        (r"(?<!\d)(?P<day>\d{1,2}) " + _MONTH + r"(?: (?P<year>\d{4}))?(?![a-z])", _date),
        (r"\b" + _MONTH + r" (?P<day>\d{1,2})(?:, (?P<year>\d{4}))?(?!\d)", _date),
        (r"(?<!\d)(?P<h>\d{1,2})[:：](?P<min>\d\d)(?!\d)", _time),
        (rf"(?:CNY|¥) ?(?P<n>{_N}) (?:to|[-–]) (?P<m>{_N})(?! ?[a-z%万])", _pair),
        (rf"(?:CNY|¥) ?(?P<n>{_N})(?: ?(?P<s>万|million))?", _amount),
        (rf"(?P<n>{_N}) ?(?P<s>万)?元", _amount),
        (rf"(?P<n>{_N}) ?(?P<s>万)(?! ?公里)", _amount),
        (rf"(?P<n>{_N}) ?(?P<s>million|thousand)? ?yuan", _amount),
        (rf"(?P<n>{_N}) ?(?:%|％|per ?cent)", lambda m: [percent(_value(m["n"]))]),
        (r"(?P<n>[一二两三四五六七八九])成", lambda m: [percent(_zh(m["n"]) * 10)]),
        (r"(?P<n>\d+(?:/\d+)+)(?= ?(?:期|个月|months))", _terms),
        (rf"(?P<n>{_N})(?: ?(?P<s>万|千|million|thousand))?", _plain),
        (
            r"(?P<n>[一二两三四五六七八九十百]+)(?=个?(?:年|月|天|期|万|千|公里|小时|分钟|折|倍|元))"
            r"(?<!周[一二三四五六])",
            lambda m: [number(_zh(m["n"]), _unit(m))],
        ),
        (
            r"\b(?P<n>" + "|".join(_EN) + r")(?=[ -](?:years?|months?|days?|weeks?|hours?|minutes?"
            r"|per ?cent|thousand|yuan|times)\b)",
            lambda m: [number(_EN.index(m["n"].lower()) + 1, _unit(m))],
        ),
    )
)


def figures(text: str) -> list[Figure]:
    """Every figure of a text, in the order of their kinds."""
    return [figure for figure, _, _ in placed(text)]


def placed(text: str) -> Iterator[tuple[Figure, int, int]]:
    """The same with where each stands."""
    rest = text
    for pattern, make in _PATTERNS:
        found: Any
        for found in pattern.finditer(rest):
            for figure in make(found):
                yield figure, found.start(), found.end()
        rest = pattern.sub(lambda m: "\0" * len(m[0]), rest)
