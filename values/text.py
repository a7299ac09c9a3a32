"""Normalisation that keeps the way back to the original offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from values.mention import Mention

# Only characters that the grammars look at; a full conversion table would be another project.
_TRADITIONAL = str.maketrans(
    "週點號後個禮時鐘兩萬億來預過間國慶節勞動陽團開聖誕這無總氣會還車價錢裡裏幾從於給"
    "約換當雙單話電聯係繫馬張劉陳楊趙黃吳孫許鄭馮蘇盧蔣賈鄒陸龍覺讓說麼嗎貸實際續萊臨",
    "周点号后个礼时钟两万亿来预过间国庆节劳动阳团开圣诞这无总气会还车价钱里里几从于给"
    "约换当双单话电联系系马张刘陈杨赵黄吴孙许郑冯苏卢蒋贾邹陆龙觉让说么吗贷实际续莱临",
)
_PUNCTUATION = {
    "’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "〜": "~", "∼": "~",
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "―": "-", "﹣": "-",
    "，": ",", "￥": "¥", "：": ":", "∶": ":", "•": "·", "・": "·",
}  # fmt: skip
# Characters that are not seen but come with pasted text; they may stand inside a word.
_INVISIBLE = frozenset(
    [
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
        low = _first_at_least(self.origin, mention.start)
        return low, _first_at_least(self.origin, mention.end)


def _first_at_least(values: tuple[int, ...], wanted: int) -> int:
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


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


def normalise(text: str) -> Text:
    """Lower case, half width, simplified characters, plain quotes and dashes; invisible ones gone.

    Every character becomes one character or none, so the original offsets are never lost. Accepts
    any ``str``, lone surrogates included.
    """
    if text.isascii():
        norm = text.lower().translate(_ASCII_SPACE)
        return Text(text, norm, tuple(range(len(text))))
    chars: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        if ord(char) in _INVISIBLE:
            continue
        chars.append(_character(char))
        origin.append(index)
    return Text(text, "".join(chars).translate(_TRADITIONAL), tuple(origin))


_ASCII_SPACE = str.maketrans("\t\n\r\x0b\x0c", "     ")
