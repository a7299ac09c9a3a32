"""Chinese times of day: 三点半, 两点五十, 差一刻三点."""

from __future__ import annotations

from values.times.clock_base import Clock, Found
from values.times.stream import Stream
from values.words import words

_POINTS = words(
    "建议 问题 意见 要求 原因 疑问 需求 不满 理由 内容 区别 不同 好处 坏处 优势 感受 体会",
)
_LISTED = frozenset({"有", "这", "那", "提", "下", "说", "几", "第", "差"})


def chinese(stream: Stream, index: int, anchored: bool) -> Found | None:
    """三点, 3点半, 九点一刻, 两点五十分; 三点建议 and 三点五 (升) are none."""
    token, unit = stream.at(index), stream.at(index + 1)
    hour, after, minute = token.value, index + 2, 0
    exact = unit.text in ("点钟", "点整", "时整", "点正")
    literal = token.style == "d" and len(token.text) == 2 and token.text[0] == "0"
    half = "24" if hour > 12 or hour == 0 or literal else None
    if unit.kind == "dianhalf":
        return Clock(hour, 30, half), after
    follow = stream.at(after)
    if follow.text == "式" or follow.text[:1] == "儿" or _counts_points(stream, index, after):
        return None
    if follow.kind == "num" and follow.glued and not exact:
        if stream.kind(after + 1) == "ke" and 1 <= follow.value <= 3:
            return Clock(hour, 15 * follow.value, half), after + 2
        spoken = stream.kind(after + 1) in ("fen",) or stream.text(after + 1) == "分钟"
        padded = follow.text[0] in "0零〇" and len(follow.text) == 2
        if 0 <= follow.value <= 59 and (spoken or padded or follow.value >= 10):
            return Clock(hour, follow.value, half), after + 2 if spoken else after + 1
        return None
    lacking = _minutes_lacking(stream, after)
    if lacking is not None:
        minutes, end = lacking
        total = hour * 60 - minutes
        return Clock(total // 60, total % 60, half), end
    if follow.kind == "half" and stream.kind(after + 1) != "unit":
        return Clock(hour, 30, half), after + 1
    if token.text == "一" and unit.text == "点" and not _really_one(stream, index, anchored):
        return None
    if token.high != token.value and token.high <= 24:
        return Clock(hour, 0, half, True, Clock(token.high)), after
    return Clock(hour, minute, half), after


def _minutes_lacking(stream: Stream, index: int) -> tuple[int, int] | None:
    """差五分, 差一刻 behind the hour: the minutes and the index behind."""
    if stream.text(index) != "差" or not stream.is_number(index + 1, 1, 30):
        return None
    unit = stream.kind(index + 2)
    if unit == "ke" and stream.value(index + 1) == 1:
        return 15, index + 3
    return (stream.value(index + 1), index + 3) if unit == "fen" else None


def _counts_points(stream: Stream, index: int, after: int) -> bool:
    """两点建议, 有三点: points of a list."""
    if stream.text(after) + stream.text(after + 1) in _POINTS or stream.text(after) in _POINTS:
        return True
    before = stream.at(index - 1)
    glued = stream.at(index).glued and before.kind in ("char", "word")
    return glued and before.text[-1:] in _LISTED and stream.text(index - 2) != "只"


def _really_one(stream: Stream, index: int, anchored: bool) -> bool:
    """一点 is mostly "a little"; it is one o'clock beside a day, a part of it, or a range."""
    follow = stream.at(index + 2)
    if follow.text[:1] in tuple("都也不没儿点"):
        return False
    if follow.kind in ("link", "orso") or follow.text in ("-", "~"):
        return True
    return anchored and stream.kind(index - 1) != "shortpart"


def lacking(stream: Stream, index: int) -> Found | None:
    """差一刻三点, 差五分十二点."""
    count, unit, hour = stream.at(index + 1), stream.at(index + 2), stream.at(index + 3)
    if count.kind != "num" or hour.kind != "num" or not 1 <= hour.value <= 12:
        return None
    if unit.kind not in ("ke", "fen") or stream.kind(index + 4) != "dian":
        return None
    minutes = count.value * (15 if unit.kind == "ke" else 1)
    if not 1 <= minutes <= 45:
        return None
    total = hour.value * 60 - minutes
    total = total if total >= 60 else total + 720
    return Clock(total // 60, total % 60), index + 5
