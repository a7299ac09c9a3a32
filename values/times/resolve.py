"""From what was said to the value of a time mention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from values.times import calendar as cal
from values.times.assemble import Spec
from values.times.clock import Clock
from values.times.dateref import Resolved, resolve
from values.times.parts import PARTS
from values.times.stream import Context

_DAY = 24 * 60


@dataclass(frozen=True)
class Fields:
    """A time value before its start and end are computed."""

    day: date | None = None
    day_end: date | None = None
    time: int | None = None  # minutes since midnight
    time_end: int | None = None
    part: str | None = None  # public name
    window: tuple[int, int] | None = None  # minutes, of the part that was said
    grain: str = "day"
    approximate: bool = False
    past: bool = False
    ambiguous: tuple[str, ...] = ()
    repeated: bool = False
    loose: str | None = None


def clock_text(minutes: int) -> str:
    """``HH:MM``, the hour within the day."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _moment(day: date, minutes: int, context: Context) -> datetime:
    midnight = datetime.combine(day, time(0), tzinfo=context.now.tzinfo)
    return midnight + timedelta(minutes=minutes)


def value_of(fields: Fields, context: Context) -> dict[str, Any]:
    """The JSON-able value; ``[start, end)`` spans what was said, ``end`` null for a point in time.

    ``start`` is null while the day is unknown. ``past`` is true when the whole of it is over.
    """
    start: datetime | None = None
    end: datetime | None = None
    if fields.day is not None:
        last = fields.day_end or fields.day
        if fields.time is not None:
            start = _moment(fields.day, fields.time, context)
            if fields.time_end is not None:
                end = _moment(last, fields.time_end, context)
        elif fields.window is not None:
            start = _moment(fields.day, fields.window[0], context)
            end = _moment(last, fields.window[1], context)
        else:
            start = _moment(fields.day, 0, context)
            end = _moment(last, _DAY, context)
    over = end if end is not None else start
    past = fields.past or (over is not None and over <= context.now and not fields.repeated)
    if start is not None and end is None:
        past = fields.past or start < context.now.replace(second=0, microsecond=0)
    return {
        "date": fields.day.isoformat() if fields.day else None,
        "date_end": fields.day_end.isoformat() if fields.day_end else None,
        "time": None if fields.time is None else clock_text(fields.time),
        "time_end": None if fields.time_end is None else clock_text(fields.time_end),
        "part": fields.part,
        "grain": fields.grain,
        "start": start.isoformat() if start else None,
        "end": end.isoformat() if end else None,
        "approximate": fields.approximate,
        "past": past,
        "ambiguous": list(fields.ambiguous),
        "repeated": fields.repeated,
        "loose": fields.loose,
    }


def minutes_of(clock: Clock, part: str | None, context: Context) -> tuple[int, tuple[str, ...]]:
    """Minutes since midnight of the named day (may pass 1,440) and other fair readings."""
    hour, minute = clock.hour, clock.minute
    part = clock.part or part
    if clock.half == "am":
        return hour % 12 * 60 + minute, ()
    if clock.half == "pm":
        return (hour % 12 + 12) * 60 + minute, ()
    if hour > 12 or hour == 0 or clock.half == "24":
        return hour * 60 + minute, ()
    if part is not None:
        return _in_part(hour, part) * 60 + minute, ()
    morning = hour % 12 * 60 + minute
    candidates = [morning, morning + 720]
    opens = context.opens.hour * 60 + context.opens.minute
    closes = context.closes.hour * 60 + context.closes.minute
    fitting = [one for one in candidates if opens <= one <= closes]
    if len(fitting) == 1:
        return fitting[0], ()
    if hour == 12:
        return 720 + minute, ()
    if fitting:
        return fitting[0], (clock_text(fitting[1]),)
    # Outside the hours both ways: early risers say 7 and 8, nobody says 5 for five in the morning
    first, other = candidates if 6 <= hour < 12 else candidates[::-1]
    return first, (clock_text(other),)


def _in_part(hour: int, part: str) -> int:
    if part in ("small hours", "late night", "dawn"):
        return hour % 12
    if part in ("morning", "early"):
        return hour
    if part == "noon":
        return hour + 12 if hour <= 3 else hour
    if part == "afternoon":
        return 12 if hour == 12 else hour + 12
    if part == "evening":
        return 24 if hour == 12 else hour + 24 if hour <= 2 else hour + 12
    # night
    return 24 if hour == 12 else hour if hour <= 4 else hour + 12


def fields_of(spec: Spec, context: Context) -> Fields | None:
    """Everything a mention says, or ``None`` where it names no possible day."""
    if spec.moment is not None:
        local = spec.moment
        minutes = local.hour * 60 + local.minute
        return Fields(
            local.date(), None, minutes, grain="minute", approximate=spec.approximate,
            past=local < context.now,
        )  # fmt: skip
    resolved: Resolved | None = None
    if spec.ref is not None:
        resolved = resolve(spec.ref, context.today)
        if resolved is None:
            return None
        resolved = _bounded(resolved, None if spec.clock or spec.part else spec.bound, context)
    part = PARTS[spec.part][0] if spec.part else None
    window = (PARTS[spec.part][1] * 60, PARTS[spec.part][2] * 60) if spec.part else None
    day = resolved.first if resolved else None
    day_end = resolved.last if resolved else None
    fields = Fields(
        day=day,
        day_end=day_end,
        part=part,
        window=window,
        grain="part" if part and (day_end is None) else resolved.grain if resolved else "part",
        approximate=spec.approximate or bool(resolved and resolved.approximate),
        past=bool(resolved and resolved.past),
        repeated=spec.repeated or bool(resolved and resolved.repeated),
        loose=resolved.loose if resolved else None,
    )
    if spec.clock is None:
        return fields if resolved or part else None
    return _with_clock(fields, spec.clock, spec.part, context)


def _bounded(resolved: Resolved, bound: str | None, context: Context) -> Resolved:
    if bound is None:
        return resolved
    if bound == "before":
        last = resolved.last or resolved.first
        if last < context.today:
            return resolved
        return Resolved(context.today, last, "day", True, resolved.past, False)
    after = (resolved.last or resolved.first) + cal.DAY
    return Resolved(after, None, "day", True, after < context.today, False)


def _with_clock(fields: Fields, clock: Clock, part: str | None, context: Context) -> Fields:
    minutes, ambiguous = minutes_of(clock, part, context)
    end: int | None = None
    if clock.end is not None:
        minutes, end, ambiguous = _range(clock, part, minutes, ambiguous, context)
    day = fields.day
    if minutes >= _DAY:
        # 今晚12点, 晚上1点: the night belongs to the day that was named, the hour to the next
        minutes -= _DAY
        day = day + cal.DAY if day is not None else None
    if clock.bound == "after":
        closes = context.closes.hour * 60 + context.closes.minute
        end = closes if closes > minutes else None
    elif clock.bound == "before":
        opens = context.opens.hour * 60 + context.opens.minute
        if opens < minutes:
            minutes, end = opens, minutes
    return Fields(
        day=day,
        day_end=fields.day_end,
        time=minutes,
        time_end=end,
        part=fields.part,
        grain="minute" if clock.minute else "hour",
        approximate=fields.approximate or clock.approximate,
        past=fields.past and day is not None and day < context.today,
        ambiguous=ambiguous,
        repeated=fields.repeated,
        loose=fields.loose,
    )


def _range(
    clock: Clock, part: str | None, minutes: int, ambiguous: tuple[str, ...], context: Context
) -> tuple[int, int, tuple[str, ...]]:
    """Both ends of a range; the half of the day that one of them names holds for the other."""
    last = clock.end
    if last is None:
        return minutes, minutes, ambiguous
    if last.half in ("am", "pm") and clock.half is None and clock.hour <= 12 and part is None:
        end, _ = minutes_of(last, None, context)
        for shift in (720, 0):
            first = clock.hour % 12 * 60 + clock.minute + shift
            if first < end and (shift == 0 or last.half == "pm"):
                return first, end, ()
        return minutes, end, ambiguous
    said = last.part or part
    end, _ = minutes_of(last, said, context)
    if last.part is None and last.half is None and last.hour <= 12:
        for candidate in (last.hour % 12 * 60 + last.minute + step for step in (0, 720, 1440)):
            if candidate > minutes:
                end = candidate
                break
    return minutes, end, ambiguous
