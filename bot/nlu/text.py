"""A normal form of customers' text that never loses the way back to what they typed.

Everything that compares words works on the normal form; everything that is shown, stored or handed
on works on the original. Full-width characters become half-width here, and so does a full-width
slash: the normal form must never be handed to anything that obeys commands.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from values.characters import simplified

KEPT_REPEATS = 3
"""哈哈哈哈哈 and 哈哈哈 are one word to a classifier; two and three of a letter are not."""

_LONGEST_EXPANSION = 4
"""A few characters expand to a whole sentence under NFKC; those stay what they are."""

_NUMERALS = frozenset("零〇一二两三四五六七八九十百千万亿幺壹贰叁肆伍陆柒捌玖拾")
_PLAIN = str.maketrans("‘’‚‛`´“”„–—―−‐‑〜∼", "''''''\"\"\"------~~")


_RUNS = re.compile(
    r"([^a-z0-9\u4e00-\u9fff])\1|(.)\2{3}|[\u2190-\u2fff\u3200-\u33ff\U0001f000-\U0001ffff]",
    re.DOTALL,
)
"""Where something may have to be shortened: two marks, four of a letter, or a symbol."""


@dataclass(frozen=True)
class Normalised:
    """``offsets[i]`` is where the character behind ``text[i]`` stands in ``original``."""

    original: str
    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of ``text[start:end]``, which must not be empty."""
        return self.offsets[start], self.offsets[end - 1] + 1


@lru_cache(maxsize=8192)
def _form(char: str) -> str:
    """What one character becomes: nothing, itself, or a few characters."""
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    # Control, format (zero width, direction), lone surrogates, private use, unassigned; and the
    # selectors that only choose how an emoji looks.
    if category[0] == "C" or "\ufe00" <= char <= "\ufe0f":
        return ""
    folded = unicodedata.normalize("NFKC", char)
    if not folded or len(folded) > _LONGEST_EXPANSION:
        folded = char
    return simplified(folded.lower().translate(_PLAIN))


def is_han(char: str) -> bool:
    """Whether the character is a Chinese one (the unified ideographs and the iteration zero)."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char == "〇"


def is_latin(char: str) -> bool:
    """Whether the (normalised) character is a letter of a Latin alphabet."""
    return "a" <= char <= "z" or ("\u00df" <= char <= "\u024f" and char != "÷")


def is_symbol(char: str) -> bool:
    """Whether the character is an emoji or another symbol that is no punctuation."""
    return char >= "\u2190" and unicodedata.category(char) in ("So", "Sk")


def _class(char: str) -> str:
    if char.isdigit() or char in _NUMERALS:
        # Numbers say exactly what they say: never shortened.
        return "number"
    if char.isalpha():
        return "letter"
    return "symbol" if is_symbol(char) else "mark"


def _kept(key: str, repeated: int) -> int:
    kind = _class(key)
    if kind == "number":
        return repeated
    return min(repeated, KEPT_REPEATS if kind == "letter" else 1)


@lru_cache(maxsize=512)
def normalise(text: str) -> Normalised:
    """Half width, lower case, simplified characters; no invisible ones, no runs of spaces, emoji or
    repetitions.

    Accepts any ``str``, lone surrogates included, and never raises.
    """
    chars: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        for part in _form(char):
            chars.append(part)
            offsets.append(index)
    if not _RUNS.search("".join(chars)):
        # Most messages: nothing is repeated.
        return Normalised(text, "".join(chars), tuple(offsets))
    kept: list[int] = []
    position = 0
    after_symbol = False
    for char, run in groupby(chars):
        repeated = sum(1 for _ in run)
        symbol = is_symbol(char)
        if not (symbol and after_symbol):
            kept.extend(range(position, position + _kept(char, repeated)))
        after_symbol = symbol
        position += repeated
    return Normalised(
        text,
        "".join(chars[index] for index in kept),
        tuple(offsets[index] for index in kept),
    )
