"""One date in either language, dates in digits, and ranges of dates."""

from __future__ import annotations

from values.times import calendar as cal
from values.times import dates_en, dates_zh
from values.times.dateref import DateRef
from values.times.starts import DATE, SPAN
from values.times.stream import Stream
from values.words import words

Found = tuple[DateRef, int]
_UNITS = words(
    "unit ge dian dianhalf month year meridiem oclock fen unit_half orso digitweek couple",
)
_QUANTITY = words(
    "万 千 百 元 块 座 人 次 升 % 折 成 期 k w km 公 公里 t 缸 门 岁 公斤 匹 档 挡 速 米 寸 v",
    "kw kwh mm l",
)


def read(stream: Stream, index: int, may: int = SPAN | DATE) -> Found | None:
    """The date or range of dates that begins at ``index``.

    ``may`` as in `values.times.starts`; without ``SPAN`` no days, weeks or months are counted.
    """
    found = _one(stream, index, may)
    if found is None or found[1] <= index:
        return None
    return _range(stream, *found)


def _one(stream: Stream, index: int, may: int = SPAN | DATE) -> Found | None:
    token, counted = stream.at(index), bool(may & SPAN)
    if token.style == "z":
        return dates_zh.read(stream, index, counted)
    if token.kind not in ("num", "half"):
        return dates_en.read(stream, index, counted)
    return (
        (_numeric(stream, index) if may & DATE else None)
        or dates_zh.read(stream, index, counted)
        or dates_en.read(stream, index, counted)
    )


def _range(stream: Stream, ref: DateRef, index: int) -> Found:
    if ref.until is not None:
        return ref, index
    if stream.kind(index) not in ("link", "to") and stream.text(index) not in ("-", "~"):
        between = stream.kind(index) == "and" and "between" in map(
            stream.text, range(max(0, index - 6), index)
        )
        if not between:
            return ref, index
    start = index + 1
    last = _one(stream, start)
    if last is None or last[0].until is not None or last[1] <= start:
        return ref, index
    if last[0].kinds() == {"weekday"}:  # Monday the 5th to Friday the 9th
        numbered = dates_en.read(stream, last[1], counted=False)
        if numbered is not None and numbered[0].kinds() == {"day"}:
            last = numbered
    if ref.kinds() == {"weekday"} and last[0].kinds() not in ({"weekday"}, {"start"}):
        return ref, index
    return ref._replace(until=last[0]), last[1]


def _numeric(stream: Stream, index: int) -> Found | None:
    """2026-11-28, 2026/11/28, 2026-aug-1, 11/28, 11-28; 11.28 only where a time of day follows."""
    first = stream.at(index)
    separator = stream.at(index + 1)
    if first.kind != "num" or first.style != "d" or stream.in_word(index):
        return None
    if separator.text not in ("-", "/", ".") or not separator.glued:
        return None
    before = stream.at(index - 1)
    if first.glued and before.end == first.start and before.text in ("-", "/", ".", "+", ":"):
        return None
    second = stream.at(index + 2)
    if not second.glued:
        return None
    third_separator, third = stream.at(index + 3), stream.at(index + 4)
    if len(first.text) == 4 and third_separator.text == separator.text and third.glued:
        if third.kind == "num" and third.style == "d" and len(third.text) <= 2:
            month = second.value if second.kind in ("num", "enmonth") else 0
            made = cal.make(first.value, month, third.value)
            if made is None:
                return None
            end = index + 5
            if stream.kind(end) == "hao":
                end += 1
            return DateRef(first.value, month, third.value), end
        return None
    if second.kind != "num" or second.style != "d":
        return None
    same = third_separator.text == separator.text and third_separator.glued and third.glued
    if same and first.value > 12 and third.kind == "num" and len(third.text) == 4:  # 28/11/2026
        made = cal.make(third.value, second.value, first.value)
        found = DateRef(third.value, second.value, first.value)
        return None if made is None else (found, index + 5)
    if first.value > 12 and separator.text == "/" and stream.kind(index - 1) in ("weekday", "on"):
        made = cal.make(2024, second.value, first.value)  # Friday 27/11
        return None if made is None else (DateRef(None, second.value, first.value), index + 3)
    if (
        len(first.text) > 2
        or len(second.text) > 2
        or cal.make(2024, first.value, second.value) is None
    ):
        return None
    return _month_and_day(stream, index, separator.text)


def _month_and_day(stream: Stream, index: int, separator: str) -> Found | None:
    first, second, follow = stream.at(index), stream.at(index + 2), stream.at(index + 3)
    ref = DateRef(None, first.value, second.value)
    if follow.kind == "hao":
        return ref, index + 4
    if separator == "/" and follow.text == "/" and follow.glued:
        year = stream.at(index + 4)
        if year.kind == "num" and year.glued and len(year.text) in (2, 4):
            value = year.value if year.value > 100 else 2000 + year.value
            return DateRef(value, first.value, second.value), index + 5
        return None
    if follow.glued and (follow.text in _QUANTITY or follow.text in ("-", "/", ":")):
        return None
    if follow.kind in _UNITS or follow.text in _QUANTITY:
        return None
    if follow.glued and follow.text == "." and stream.kind(index + 4) == "num":
        return None
    if follow.glued and follow.kind == "word":
        return None
    if separator == "-" and not (len(second.text) == 2 and len(first.text) == 2):
        return None
    if separator == ".":
        timely = follow.kind in ("part", "shortpart", "weekday") or (
            follow.kind == "num" and stream.kind(index + 4) in ("dian", "dianhalf")
        )
        if not timely:
            return None
    return ref, index + 3
