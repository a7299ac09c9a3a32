"""Two time values of one conversation put together: 周六, then 下午三点."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from values.times.parts import PARTS
from values.times.resolve import Fields, value_of
from values.times.stream import Context

_WIDE = frozenset({"week", "month", "weekend", "year"})


def _minutes(text: str | None) -> int | None:
    return None if text is None else int(text[:2]) * 60 + int(text[3:5])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def merge_times(earlier: dict[str, Any], later: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The time that holds after a customer said ``earlier`` and then ``later``.

    What the later one names wins; what it leaves open comes from the earlier one. A later value
    with day and time of day replaces everything. A later weekday or day of month narrows an earlier
    week, month or weekend (下周, then 周六). ``now`` is aware, in the dealership's zone.
    """
    if not earlier:
        return later
    if not later or (later["date"] and later["time"]):
        return later or earlier
    context = Context(now, time(9), time(18))
    dated = later if later["date"] else earlier
    day, day_end, grain = _day(dated["date"]), _day(dated["date_end"]), dated["grain"]
    narrowed = _narrow(earlier, later)
    if narrowed is not None:
        day, day_end, grain = narrowed, None, "day"
    elif later["date"] is None and earlier["date"] is None:
        day = day_end = None
    minutes, minutes_end, part, ambiguous = _time_of_day(earlier, later)
    if minutes is not None:
        grain = "minute" if minutes % 60 else "hour"
    elif part is not None and day_end is None:
        grain = "part"
    elif grain in ("minute", "hour", "part"):
        grain = "day"
    return value_of(
        Fields(
            day=day,
            day_end=day_end,
            time=minutes,
            time_end=minutes_end,
            part=part,
            window=_window(part) if minutes is None else None,
            grain=grain,
            approximate=later["approximate"] if later["time"] or later["date"] else
            earlier["approximate"] or later["approximate"],
            ambiguous=ambiguous,
            repeated=dated["repeated"],
            loose=None if narrowed else dated.get("loose"),
        ),
        context,
    )  # fmt: skip


def _window(part: str | None) -> tuple[int, int] | None:
    if part is None:
        return None
    return PARTS[part][1] * 60, PARTS[part][2] * 60


def _narrow(earlier: dict[str, Any], later: dict[str, Any]) -> date | None:
    """The day of an earlier week or month that a later weekday or day of month names."""
    loose = later.get("loose")
    first, last = _day(earlier["date"]), _day(earlier["date_end"])
    named = _day(later["date"])
    if loose not in ("weekday", "day_of_month") or named is None or first is None or last is None:
        return None
    if later["date_end"] or (earlier["grain"] not in _WIDE and earlier["date_end"] is None):
        return None
    for step in range(min((last - first).days, 400) + 1):
        day = first + timedelta(days=step)
        same = day.weekday() == named.weekday() if loose == "weekday" else day.day == named.day
        if same:
            return day
    return None


def _time_of_day(
    earlier: dict[str, Any], later: dict[str, Any]
) -> tuple[int | None, int | None, str | None, tuple[str, ...]]:
    if later["time"] is not None:
        minutes, other = _minutes(later["time"]), later["ambiguous"]
        part = later["part"] or earlier["part"]
        window = _window(part)
        if window is not None and other and minutes is not None and later["time_end"] is None:
            fitting = [
                one for one in [minutes, *map(_minutes, other)]
                if one is not None and window[0] <= one < window[1]
            ]  # fmt: skip
            if len(fitting) == 1:
                return fitting[0], None, part, ()
        kept = part if window and minutes is not None and window[0] <= minutes < window[1] else None
        return minutes, _minutes(later["time_end"]), later["part"] or kept, tuple(other)
    if later["part"] is not None:
        window = _window(later["part"])
        known = [earlier["time"], *earlier["ambiguous"]] if earlier["time"] else []
        for text in known:
            minutes = _minutes(text)
            if minutes is not None and window and window[0] <= minutes < window[1]:
                return minutes, None, later["part"], ()
        return None, None, later["part"], ()
    return (
        _minutes(earlier["time"]), _minutes(earlier["time_end"]), earlier["part"],
        tuple(earlier["ambiguous"]),
    )  # fmt: skip
