"""How Chinese characters sound, so that names which were typed or heard wrongly are still found."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import lazy_pinyin

from bot.nlu.text import is_han

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_ENDINGS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
"""What voice recognition and southern speakers do not tell apart."""


@lru_cache(maxsize=32_768)
def pinyin(char: str) -> str:
    """The usual reading of one Chinese character, without its tone: 屿 is yu."""
    return str(lazy_pinyin(char)[0])


@lru_cache(maxsize=32_768)
def sound(char: str) -> str:
    """What counts as the same sound; a character that is no Chinese one stands for itself."""
    if not is_han(char):
        return char
    syllable = pinyin(char)
    for long, short in _MERGED:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
    for long, short in _ENDINGS:
        if syllable.endswith(long):
            syllable = syllable[: -len(long)] + short
    return syllable


def spelled(name: str) -> str | None:
    """The name in Latin letters, as somebody types it who has no Chinese keyboard at hand.

    None for a name without Chinese characters.
    """
    if not any(map(is_han, name)):
        return None
    return "".join(pinyin(char) if is_han(char) else char for char in name)
