"""Times of day in digits and in English: 14:30, 3pm, half past two, quarter to five."""

# ruff: noqa: SIM102 - a nested condition is one step further in the grammar

from __future__ import annotations

from values.times.clock_base import BEHIND_NUMBER, Clock, Found, meridiem, part_follows
from values.times.stream import Stream

# What may stand behind the number of an English time of day.
_TELLING = frozenset(
    {
        "meridiem", "oclock", "ish", "unit", "past", "to", "before", "after", "num", "part",
        "rdaypart", "rday",
    }
)  # fmt: skip
_SIGNS = {"past": 1, "to": -1, "after": 1, "before": -1, "from": 1}
_SAID_HOUR = frozenset({"meridiem", "oclock"})
_BEHIND_HOUR = frozenset({"end", "on", "rday", "weekday", "rdaypart", "next", "or"})
_STOPS = frozenset(",.?!;")
_TELLING_TEXTS = frozenset({"h", "hr", "a", "p"})


def colon(stream: Stream, index: int) -> Found | None:
    """14:30, 2:30 pm, 14:30:00; minutes have two digits."""
    token, minutes = stream.at(index), stream.at(index + 2)
    if minutes.kind != "num" or len(minutes.text) != 2 or minutes.value > 59:
        return None
    if not (stream.at(index + 1).glued and minutes.glued):
        return None
    before = stream.at(index - 1)
    if before.text == ":" and token.glued and stream.kind(index - 2) == "num":
        return None
    after = index + 3
    if stream.text(after) == ":" and stream.at(after).glued:
        seconds = stream.at(after + 1)
        if seconds.kind != "num" or len(seconds.text) != 2 or seconds.value > 59:
            return None
        after += 2
    half, end = meridiem(stream, after)
    if half is None and (token.value > 12 or token.value == 0 or token.text.startswith("0")):
        half = "24"
    return Clock(token.value, minutes.value, half if token.value <= 12 else "24"), end


def dotted(stream: Stream, index: int) -> Found | None:
    """9.30 is a time of day only behind "at" or before am and pm."""
    token, minutes = stream.at(index), stream.at(index + 2)
    if minutes.kind != "num" or len(minutes.text) != 2 or minutes.value > 59:
        return None
    if not (stream.at(index + 1).glued and minutes.glued):
        return None
    half, end = meridiem(stream, index + 3)
    follow = stream.at(end)
    if half is None:
        closed = follow.kind in ("end", "on", "for", "in", "part", "rday") or follow.text in ",.?!"
        if stream.kind(index - 1) != "at" or not closed:
            return None
        half = "24" if token.value > 12 else None
    return Clock(token.value, minutes.value, half if token.value <= 12 else "24"), end


def english(stream: Stream, index: int, anchored: bool) -> Found | None:
    """3pm, 340pm, 15h30, seven o'clock, nine thirty, 20 past 3."""
    token, after = stream.at(index), index + 1
    follow = stream.at(after)
    if follow.text == "-" and follow.glued and stream.kind(after + 1) == "ish":  # 3-ish
        after, follow = after + 1, stream.at(after + 1)
    if follow.kind not in _TELLING and follow.text not in _TELLING_TEXTS:
        if stream.kind(index - 1) not in ("around", "at"):
            return None
    compact = token.style == "d" and len(token.text) in (3, 4)
    if compact:
        hour, minute = divmod(token.value, 100)
        half, end = meridiem(stream, after)
        if stream.text(after) in (",", ".") and stream.kind(after + 1) == "num":
            if stream.at(after + 1).glued:
                return None
        said = half or part_follows(stream, after) or stream.kind(index - 1) == "around"
        said = said or (len(token.text) == 4 and _at_behind_day(stream, index))
        if not said or hour > 24 or minute > 59 or stream.text(after) in BEHIND_NUMBER:
            return None
        return Clock(
            hour, minute, half if half and hour <= 12 else "24" if hour > 12 else None
        ), end
    if not 0 <= token.value <= 24:
        return _minutes_past(stream, index)
    if token.style == "d" and stream.text(after) in ("h", "hr"):
        return _with_h(stream, index)
    half, end = meridiem(stream, after)
    if half is not None and 1 <= token.value <= 12:
        return Clock(token.value, 0, half), end
    if follow.kind == "ish" and follow.glued and 1 <= token.value <= 12:
        return Clock(token.value, approximate=True), after + 1
    if stream.kind(after) == "oclock" and 1 <= token.value <= 12:
        return Clock(token.value), end
    past = _minutes_past(stream, index)
    if past is not None:
        return past
    worded = token.style == "e" and follow.style == "e"
    spaced = token.style == "d" and follow.style == "d" and len(follow.text) == 2
    if follow.kind == "num" and (worded or spaced) and 1 <= token.value <= 23:
        if 5 <= follow.value <= 59 and stream.text(after + 1) not in BEHIND_NUMBER:
            half, end = meridiem(stream, after + 1)
            told = anchored or half or stream.kind(index - 1) == "at" or part_follows(stream, end)
            told = told or (worded and stream.kind(end) in ("on", "weekday", "rday"))
            if told:
                return Clock(token.value, follow.value, half), end
    return None


def _at_behind_day(stream: Stream, index: int) -> bool:
    """Friday at 1430."""
    day = stream.kind(index - 2)
    return stream.kind(index - 1) == "at" and day in ("weekday", "rday", "rdaypart", "part", "ord")


def _with_h(stream: Stream, index: int) -> Found | None:
    """15h30, 7h01, 10 H 10 pm."""
    hour, minutes = stream.at(index), stream.at(index + 2)
    if minutes.kind == "num" and len(minutes.text) == 2 and minutes.value <= 59:
        half, end = meridiem(stream, index + 3)
        if half is None and (hour.value > 12 or (minutes.glued and hour.value < 8)):
            half = "24"
        return Clock(hour.value, minutes.value, half), end
    if stream.at(index + 1).glued and stream.text(index + 1) == "h" and hour.value > 12:
        return Clock(hour.value, 0, "24"), index + 2
    return None


def _minutes_past(stream: Stream, index: int) -> Found | None:
    """20 past 3, ten minutes to eight."""
    minutes, after = stream.at(index), index + 1
    if not 1 <= minutes.value <= 59 or minutes.style == "z":
        return None
    counted = stream.text(after) in ("minutes", "minute", "mins", "min")
    if counted:
        after += 1
    return _relative(stream, after, minutes.value, counted)


def _relative(stream: Stream, index: int, minutes: int, counted: bool) -> Found | None:
    sign = _SIGNS.get(stream.text(index), 0)
    if stream.text(index) == "from" and not (counted and stream.kind(index + 2) in _SAID_HOUR):
        return None
    if not sign or (
        stream.text(index) in ("after", "before", "to") and not counted and minutes % 5
    ):
        return None
    hour = stream.at(index + 1)
    if hour.kind == "noon":
        total = (hour.value or 24) * 60 + sign * minutes
        return Clock(total // 60, total % 60, "24"), index + 2
    if hour.kind != "num" or not 1 <= hour.value <= 24 or stream.in_word(index + 1):
        return None
    if stream.text(index) == "to" and "to" in (stream.text(index - 2), stream.text(index + 2)):
        return None  # 10 to 20 to 10
    if stream.text(index + 2) in BEHIND_NUMBER or (hour.value > 12 and not counted):
        return None  # 15 to 20 thousand
    if stream.text(index) == "to" and not counted and minutes <= 12 and minutes not in (5, 10):
        return None
    after = index + 2
    if stream.text(after) == "h" and stream.at(after).glued:
        after += 1
    half, end = meridiem(stream, after)
    plain = stream.text(index) in ("to", "after", "before") and not counted and minutes <= 12
    if plain and (half is not None or (minutes == 10 and hour.style == "d")):
        return None  # "10 to 4 pm" is a range
    total = hour.value * 60 + sign * minutes
    if hour.value > 12:
        half = "24"
    if total < 60:
        total += 720
    return Clock(total // 60, total % 60, half), end


def fraction(stream: Stream, index: int) -> Found | None:
    """Half past two, half three, a quarter to five."""
    if stream.kind(index) == "a":
        index += 1
    kind, after = stream.kind(index), index + 1
    if kind == "quarter":
        if stream.kind(after) == "of":
            return _quarter_of(stream, after + 1)
        return _relative(stream, after, 15, True)
    if kind != "half":
        return None
    past = _relative(stream, after, 30, True) if stream.text(after) == "past" else None
    if past is not None:
        return past
    hour = stream.at(after)
    if hour.kind == "num" and hour.style == "e" and 1 <= hour.value <= 12:
        if stream.text(after + 1) not in BEHIND_NUMBER and stream.kind(after + 1) != "unit":
            half, end = meridiem(stream, after + 1)
            return Clock(hour.value, 30, half), end
    return None


def _quarter_of(stream: Stream, index: int) -> Found | None:
    """A quarter of five: 4:45 to Americans, where what follows does not make five a quantity."""
    hour = stream.at(index)
    if hour.kind != "num" or not 1 <= hour.value <= 12 or stream.in_word(index):
        return None
    half, end = meridiem(stream, index + 1)
    stopped = stream.text(end) in _STOPS and stream.kind(end + 1) != "num"
    if half is None and not stopped and stream.kind(end) not in _BEHIND_HOUR:
        return None
    # A quarter of one is a quarter to thirteen.
    total = (hour.value - 1) * 60 + 45
    return Clock(total // 60 or 12, 45, half), end
