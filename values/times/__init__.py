"""Times that people write, in Chinese and English, with one result form.

The value: ``date`` and ``date_end`` (inclusive), ``time`` and ``time_end`` (HH:MM), ``part``,
``grain``, ``start`` and ``end`` (ISO 8601 with offset), ``approximate``, ``past``, ``ambiguous``
(other readings of the time of day as HH:MM), ``repeated``, and ``loose`` (``weekday``,
``day_of_month``, ``weekend`` or null: how little of the date was said, for ``merge_times``).
"""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from values.mention import Mention
from values.text import Text, normalise
from values.times.assemble import Spec, gather
from values.times.lexer import lex
from values.times.merge import merge_times
from values.times.resolve import fields_of, value_of
from values.times.stream import Context, Stream

__all__ = ["find", "merge_times", "merged", "read"]

OPENS, CLOSES = time(9), time(18)
# 周三不行 says when not; with a question mark behind it, it asks whether it could be.
_REFUSED = (
    "不行", "不可以", "没空", "没时间", "不方便", "不能", "去不了", "来不了", "有事", "没法",
    "不在", "太早", "太晚", "有点早", "有点晚", "来不及", "赶不上", "赶不及", "不合适", "不太方便",
    "is too early", "is too late", "is too soon",
    "doesn't work", "does not work", "won't work", "isn't good", "is not good", "is no good",
    "doesn't suit", "isn't possible", "is impossible", "won't do",
)  # fmt: skip
# Pay it off in two years: how long, not when
_PAYING = re.compile(
    r"(?:repay|(?:pay|paid)(?:ing)?(?: (?:it|this|that|everything))? (?:off|back)) $"
)
_AND = ("", "和", "跟", "、", ",", "或", "and", "or")


def _repaid(norm: str, start: int) -> bool:
    behind = norm.startswith(("in ", "within "), start)
    return behind and _PAYING.search(norm, max(0, start - 24), start) is not None


def _refused(norm: str, end: int) -> bool:
    behind = norm[end : end + 24].lstrip(" ,我都也")
    for words in _REFUSED:
        if behind.startswith(words):
            return behind[len(words) : len(words) + 1] not in tuple("吗么嘛?？吧")
    return False


def read(text: Text, *, now: datetime, opens: time = OPENS, closes: time = CLOSES) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    context = Context(now, opens, closes)
    stream = Stream(lex(text.norm), context)
    found: list[Mention] = []
    refused = -1  # where a refused time begins: 周三周四都没空 refuses both
    for spec in reversed(gather(stream)):
        start, end = stream.at(spec.first).start, stream.at(spec.last).end
        mention = _mention(text, spec, start, end, context)
        if mention is None:
            continue
        enumerated = refused >= 0 and text.norm[end:refused].strip() in _AND
        if not mention.value["past"] and (enumerated or _refused(text.norm, end)):
            refused = start
            continue
        found.append(mention)
    return found[::-1]


def _mention(text: Text, spec: Spec, start: int, end: int, context: Context) -> Mention | None:
    if spec.excluded or spec.empty() or _repaid(text.norm, start):
        return None
    try:
        fields = fields_of(spec, context)
        value = value_of(fields, context) if fields is not None else None
    except (ValueError, OverflowError):  # a day outside the calendar
        return None
    return None if value is None else text.mention("time", start, end, value)


def find(text: str, *, now: datetime, opens: time = OPENS, closes: time = CLOSES) -> list[Mention]:
    """All times in ``text``, in order; excluded ones (除了周三) are not among them.

    ``now`` is aware and in the dealership's zone: it says what today is. ``opens`` and ``closes``
    decide whether 三点 is in the morning. Raises ``ValueError`` for a naive ``now``.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware, in the dealership's zone")
    return read(normalise(text), now=now, opens=opens, closes=closes)


def merged(mentions: list[Mention], now: datetime) -> dict[str, Any] | None:
    """One time value of all time mentions of a message, later ones completing or replacing."""
    value: dict[str, Any] | None = None
    for mention in mentions:
        if mention.kind == "time":
            value = mention.value if value is None else merge_times(value, mention.value, now)
    return value
