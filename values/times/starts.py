"""What may begin at a token, seen from its kind and what stands behind it: mostly nothing."""

from __future__ import annotations

from values.times.stream import Stream

SPAN, DATE, CLOCK = 1, 2, 4

_KINDS: dict[str, int] = {
    **dict.fromkeys(
        (
            "rday", "weekday", "weekweekday", "weekweekend", "weekend", "week", "digitweek",
            "fewdays", "somedays", "days", "lunar", "firstmonth", "yearend", "yearrel", "monthrel",
            "monthpos", "holiday", "yearside", "enmonth", "ord", "the", "on", "next", "beside",
            "early", "mid", "end", "every",
        ),
        DATE,
    ),
    **dict.fromkeys(("pass", "in", "couple"), SPAN | DATE),
    **dict.fromkeys(("noon", "quarter", "at", "by", "before", "after", "between", "from"), CLOCK),
}  # fmt: skip
_TEXTS = dict.fromkeys(("until", "till", "差"), CLOCK)
_BEHIND_NUMBER: dict[str, int] = {
    **dict.fromkeys(("unit_half", "digitweek", "ke", "orso"), SPAN),
    **dict.fromkeys(("month", "monthpos", "hao", "enmonth", "weekday"), DATE),
    **dict.fromkeys(
        (
            "dian", "dianhalf", "shi", "meridiem", "oclock", "past", "before", "after", "part",
            "rdaypart", "rday", "a", "ish",
        ),
        CLOCK,
    ),
    **dict.fromkeys(("year", "of"), SPAN | DATE),
    "unit": SPAN | CLOCK,
}  # fmt: skip
_TEXT_BEHIND_NUMBER: dict[str, int] = {
    **dict.fromkeys(
        ("d", "'", "second", "more", "upcoming", "coming", "business", "working"), SPAN
    ),
    **dict.fromkeys(("h", "hr"), SPAN | CLOCK),
    **dict.fromkeys((":", "p"), CLOCK),
    ".": SPAN | DATE | CLOCK,
}

_LINKS = frozenset({"link", "to", "and", "or"})
# Behind the second number of a range whose first is a mere number: 2到4点, 10-11:30, 3 to 4 pm.
_HOURS = frozenset(
    {
        "dian", "dianhalf", "shi", "meridiem", "oclock", "num", "unit", "past", "to", "before",
        "after", "part", "rdaypart", "rday", "on", "weekday",
    }
)  # fmt: skip
_HOUR_TEXTS = frozenset({":", ".", "h", "hr", "a", "p"})
_WORDED = frozenset({"part", "noon", "half", "quarter", "a"})
_BEHIND_A = frozenset({"unit", "couple", "half", "quarter", "second", "business", "working"})
_BEHIND_HALF = frozenset({"unit", "unit_half", "digitweek", "year", "ke", "a", "past", "num"})


def leads(stream: Stream, index: int) -> int:
    """Which of ``SPAN``, ``DATE`` and ``CLOCK`` may begin at ``index``; 0: none of them.

    A number that follows a day directly may be an hour all the same (明天10, Friday 4).
    """
    kind = stream.kind(index)
    if kind == "half":
        return SPAN | DATE | CLOCK if stream.kind(index + 1) in _BEHIND_HALF else 0
    if kind == "a":
        known = stream.kind(index + 1) in _BEHIND_A or stream.text(index + 1) in _BEHIND_A
        return SPAN | DATE | CLOCK if known else 0
    if kind != "num":
        return _KINDS.get(kind, 0) or _TEXTS.get(stream.text(index), 0)
    if stream.in_word(index):
        return 0
    behind, text = stream.kind(index + 1), stream.text(index + 1)
    if behind == "num":
        found = CLOCK if _minutes(stream, index) else 0
    elif behind in _LINKS or text in ("-", "~", "/", "、"):
        found = _linked(stream, index)
    elif behind == "unit" and stream.at(index + 1).style == "z":
        found = SPAN
    else:
        found = _BEHIND_NUMBER.get(behind, 0) | _TEXT_BEHIND_NUMBER.get(text, 0)
    return found | CLOCK if stream.kind(index - 1) == "around" else found


def _minutes(stream: Stream, index: int) -> bool:
    """Whether two numbers may be hour and minutes: nine thirty, at 9 30."""
    first, second = stream.at(index), stream.at(index + 1)
    return first.style == second.style and (first.style == "e" or len(second.text) == 2)


def _linked(stream: Stream, index: int) -> int:
    """A number before 到, to, and, - or /: a date (11-28, 3到5号), or the first hour of two."""
    text, second = stream.text(index + 1), stream.at(index + 2)
    behind = stream.kind(index + 3)
    found = SPAN if text == "and" else CLOCK if stream.kind(index + 1) == "to" else 0
    if second.kind == "num":
        timely = behind in _HOURS or stream.text(index + 3) in _HOUR_TEXTS
        found |= SPAN if behind == "unit" else 0  # three or four days from now
        dated = behind == "hao" or (text in ("-", "/") and second.glued and second.style == "d")
        return found | (CLOCK if timely else 0) | (DATE if dated else 0)
    if second.kind == "ish" and text == "-":
        return found | CLOCK
    if second.kind == "enmonth":
        return found | DATE
    return found | CLOCK if second.kind in _WORDED or second.text == "差" else found
