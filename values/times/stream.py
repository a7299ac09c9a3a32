"""Tokens with look-ahead that never runs off the end, and what the moment of asking is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from values.times.lexer import Token

_END = Token("end", None, -1, -1, "", False)
_MARGIN = 32


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
    """Random access to the tokens of one text."""

    def __init__(self, tokens: list[Token], context: Context) -> None:
        # Look-ahead and look-behind are bounded, so ends behind the last token serve both: index
        # -1 is one of them too.
        self._tokens = [*tokens, *[_END] * _MARGIN]
        self._length = len(tokens)
        self.context = context
        # Lengths of time by index and language: several readers ask for the same one
        self.memo: dict[tuple[int, str], Any] = {}

    def __len__(self) -> int:
        return self._length

    def at(self, index: int) -> Token:
        return self._tokens[index]

    def kind(self, index: int) -> str:
        return self._tokens[index].kind

    def value(self, index: int) -> Any:
        return self._tokens[index].value

    def text(self, index: int) -> str:
        return self._tokens[index].text

    def is_number(self, index: int, low: int, high: int) -> bool:
        token = self.at(index)
        return token.kind == "num" and low <= token.value <= high

    def in_word(self, index: int) -> bool:
        """Whether the token at index is the tail of a word, a code or a decimal: E5, 2.0, v8."""
        token, before = self._tokens[index], self._tokens[index - 1]
        if not token.glued or before.kind == "end" or before.end != token.start:
            return False
        if before.kind in ("word", "enmonth"):
            return before.kind == "word"
        if before.kind == "char" and before.text in "._/#$¥€£":
            earlier = self.at(index - 2)
            return before.text in "#$¥€£_" or (
                earlier.kind == "num" and earlier.end == before.start
            )
        return before.style == "e" and len(before.text) == 1
