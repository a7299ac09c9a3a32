"""Tokens with look-ahead that never runs off the end, and what the moment of asking is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from values.times.lexer import Token

_END = Token("end", None, -1, -1, "", False)
_ENDS = [_END] * 32


@dataclass(frozen=True)
class Context:
    """``now`` is aware, in the dealership's zone; ``opens`` and ``closes`` are its usual hours."""

    now: datetime
    opens: time
    closes: time
    today: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "today", self.now.date())


class Stream:
    """Random access to the tokens of one text.

    ``at``, ``kind``, ``value``, ``text`` and ``in_word`` (the tail of a word, a code or a decimal:
    E5, 2.0) of an index are asked for some fifty times a token, so they are bound look-ups in
    lists, not methods.
    """

    def __init__(self, tokens: list[Token], context: Context) -> None:
        # Look-ahead and look-behind are bounded, so ends behind the last token serve both: index
        # -1 is one of them too.
        self._length = len(tokens)
        self._tokens = [*tokens, *_ENDS]
        self.at: Callable[[int], Token] = self._tokens.__getitem__
        self.kind: Callable[[int], str] = [token.kind for token in self._tokens].__getitem__
        self.value: Callable[[int], Any] = [token.value for token in self._tokens].__getitem__
        self.text: Callable[[int], str] = [token.text for token in self._tokens].__getitem__
        self.in_word: Callable[[int], bool] = _in_words(self._tokens).__getitem__
        self.context = context
        self.tried = 0  # tokens at which a date or a time of day might have begun
        # Lengths of time by the index where they begin: two readers ask for the same one
        self.offsets_zh: dict[int, Any] = {}
        self.offsets_en: dict[int, Any] = {}

    def __len__(self) -> int:
        return self._length

    def is_number(self, index: int, low: int, high: int) -> bool:
        token = self.at(index)
        return token.kind == "num" and low <= token.value <= high


def _in_words(tokens: list[Token]) -> list[bool]:
    """For each number whether it is the tail of a word, a code or a decimal: E5, 2.0, v8."""
    return [
        token.glued and token.kind in ("num", "ord") and _in_word(tokens, index)
        for index, token in enumerate(tokens)
    ]


def _in_word(tokens: list[Token], index: int) -> bool:
    before = tokens[index - 1]
    if before.kind == "end" or before.end != tokens[index].start:
        return False
    if before.kind in ("word", "enmonth"):
        return before.kind == "word"
    if before.kind == "char" and before.text in "._/#$¥€£":
        earlier = tokens[index - 2]
        return before.text in "#$¥€£_" or (earlier.kind == "num" and earlier.end == before.start)
    return before.style == "e" and len(before.text) == 1
