"""Which written forms are ordinary words of Chinese or of a language in Latin letters."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.nlu.encoder import pieces
from bot.nlu.text import is_han
from bot.nlu.words import segmenter

_KNOWN = 3
"""How often a Chinese word must stand in the segmenter's counts; below it are names and errors."""

_ENDINGS = frozenset(("s", "es", "ed", "d", "ing", "er", "ers", "ly", "y", "'s"))
_LEAST_STEM = 4


@lru_cache(maxsize=65_536)
def is_ordinary(written: str) -> bool:
    """Whether ``written`` (a normal form) is a word of its own, and so no slip of a name.

    Of Latin letters: whether the sentence model keeps it as one piece, with or without an ending,
    which it does with the words that are frequent in its languages.
    """
    if is_han(written[:1]):
        known: Any = segmenter().FREQ.get(written, 0)
        return bool(known >= _KNOWN)
    parts = pieces(written)
    return len(parts) == 1 or (
        len(parts) == 2 and parts[1] in _ENDINGS and len(parts[0]) >= _LEAST_STEM
    )
