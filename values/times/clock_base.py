"""A time of day as it was said, and what may stand around a number that is an hour."""

# ruff: noqa: SIM102 - a nested condition is one step further in the grammar

from __future__ import annotations

from typing import NamedTuple

from values.times.stream import Stream
from values.words import words


class Clock(NamedTuple):
    """``half`` is ``am``, ``pm``, ``24`` (said in full) or ``None`` where the reader must decide.

    ``part`` belongs to this time alone (the end of 上午10点到下午2点); ``bound`` is ``after`` or
    ``before``. Hour 24 is the midnight that ends the day.
    """

    hour: int
    minute: int = 0
    half: str | None = None
    approximate: bool = False
    end: Clock | None = None
    bound: str | None = None
    part: str | None = None


Found = tuple[Clock, int]

BEHIND_NUMBER = words(
    "% k w km kms mile miles mi seat seats seater people persons person yuan rmb usd dollar",
    "dollars million thousand hundred grand percent cars car months month years year days day",
    "weeks week minutes minute mins min hours hour tickets ticket passengers adults kids th",
    "st nd rd l litre stars doors door rows times x kwh kw hp ps mm cm inch inches of degrees",
)


def part_follows(stream: Stream, index: int) -> bool:
    """Whether an English part of the day stands at ``index`` (in the morning, tomorrow evening)."""
    if stream.kind(index) == "rdaypart":
        return True
    if stream.kind(index) == "rday" and stream.at(index).style == "e":
        index += 1
    return stream.kind(index) == "part" and stream.at(index).style == "e"


def bare(stream: Stream, index: int) -> Found | None:
    """A number that could be an hour."""
    token, follow = stream.at(index), stream.at(index + 1)
    if token.kind != "num" or not 0 <= token.value <= 24 or stream.in_word(index):
        return None
    if token.style == "d" and len(token.text) > 2:
        return None
    if follow.text in BEHIND_NUMBER or follow.kind in (
        "couple",
        "unit",
        "unit_half",
        "ge",
        "month",
    ):
        return None
    if follow.text == "," and follow.glued and stream.kind(index + 2) == "num":
        if stream.at(index + 2).glued:
            return None  # 15,000
    if follow.glued and (
        follow.kind in ("word", "year") or follow.text in (".", ":", "/", "%", "'")
    ):
        if not (follow.text == "." and stream.kind(index + 2) != "num"):
            return None
    if (
        follow.kind in ("char", "skip", "hao", "digitweek")
        and "\u4e00" <= follow.text[:1] <= "\u9fff"
    ):
        return None
    literal = token.style == "d" and token.text.startswith("0") and len(token.text) == 2
    return Clock(token.value, half="24" if literal or token.value > 12 else None), index + 1


def meridiem(stream: Stream, index: int) -> tuple[str | None, int]:
    """``am``, ``pm`` or ``None`` behind a time of day, and the index behind that."""
    if stream.kind(index) == "oclock":
        index += 1
    token = stream.at(index)
    if token.kind == "meridiem":
        return token.value, index + 1
    if token.glued and token.text in ("a", "p"):
        return token.text + "m", index + 1
    return None, index
