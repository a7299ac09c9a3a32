"""Normalisation that keeps the way back to the original offsets."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from values.characters import simplified
from values.mention import Mention

_PUNCTUATION = {
    "’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "〜": "~", "∼": "~",
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "―": "-", "﹣": "-",
    "，": ",", "￥": "¥", "：": ":", "∶": ":", "•": "·", "・": "·",
}  # fmt: skip
# Characters that are not seen but come with pasted text; they may stand inside a word.
_INVISIBLE = frozenset(
    chr(code)
    for code in [
        *(0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
    ]
)


@dataclass(frozen=True)
class Text:
    """``norm`` is what grammars read; ``origin[i]`` is where ``norm[i]`` stood in ``raw``."""

    raw: str
    norm: str
    origin: tuple[int, ...]

    def mention(self, kind: str, start: int, end: int, value: dict[str, Any]) -> Mention:
        """A mention of ``norm[start:end]`` in terms of the original text; ``start < end``."""
        first, last = self.origin[start], self.origin[end - 1] + 1
        return Mention(kind, first, last, self.raw[first:last], value)

    def without(self, spans: list[tuple[int, int]]) -> Text:
        """The same text with spans (offsets into ``norm``) blanked by a character no grammar reads.

        A blank is no white space: nothing may be read across it.
        """
        if not spans:
            return self
        chars = list(self.norm)
        for start, end in spans:
            chars[start:end] = "\x00" * (end - start)
        return Text(self.raw, "".join(chars), self.origin)

    def span_of(self, mention: Mention) -> tuple[int, int]:
        """Offsets into ``norm`` of a mention that this text made."""
        return bisect_left(self.origin, mention.start), bisect_left(self.origin, mention.end)


def _character(char: str) -> str:
    code = ord(char)
    if code < 0x80:
        if "A" <= char <= "Z":
            return chr(code + 32)
        return " " if char in "\t\n\r\x0b\x0c" else char
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    if 0xFF01 <= code <= 0xFF5E:
        return _character(chr(code - 0xFEE0))
    if char.isspace():
        return " "
    if code < 0x3000:
        lower = char.lower()
        return lower if len(lower) == 1 else char
    return char


class _Forms(dict[int, str]):
    """A table for ``str.translate`` that learns a character when it is first seen."""

    def __missing__(self, code: int) -> str:
        form = simplified(_character(chr(code)))
        if code < _LEARNT:
            self[code] = form
        return form


_LEARNT = 0x10000
_FORMS = _Forms()


def normalise(text: str) -> Text:
    """Lower case, half width, simplified characters, plain quotes and dashes; invisible ones gone.

    Every character becomes one character or none, so the original offsets are never lost. Accepts
    any ``str``, lone surrogates included.
    """
    if text.isascii():
        norm = text.lower().translate(_ASCII_SPACE)
        return Text(text, norm, tuple(range(len(text))))
    origin = tuple(range(len(text)))
    seen = text
    if not _INVISIBLE.isdisjoint(text):
        origin = tuple(index for index in origin if text[index] not in _INVISIBLE)
        seen = "".join(text[index] for index in origin)
    return Text(text, seen.translate(_FORMS), origin)


_ASCII_SPACE = str.maketrans("\t\n\r\x0b\x0c", "     ")
