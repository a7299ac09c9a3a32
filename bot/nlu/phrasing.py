"""What the sentence encoder reads: the message with every name and value replaced by one of its
kind.

So that neither a brand nor a number is in the vector: 山屿多少钱 and 远岳多少钱 are one
sentence to it, and a model added tomorrow changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.nlu.spans import Span
from bot.nlu.text import is_han, normalise

STAND_INS: Final[dict[str, tuple[str, str]]] = {
    "brand": ("这个品牌", "this brand"),
    "model": ("这款车", "the car"),
    "trim": ("高配版", "the top trim"),
    "make": ("那款车", "that car"),
    "time": ("周六下午三点", "Saturday at 3 pm"),
    "money": ("二十万", "200,000"),
    "months": ("36个月", "36 months"),
    "ratio": ("三成", "30%"),
    "mileage": ("三万公里", "30,000 km"),
    "phone": ("电话号码", "my phone number"),
    "plate": ("车牌号", "my plate"),
    "vin": ("车架号", "the vin"),
    "person": ("王先生", "Mr Wang"),
    "number": ("预约号", "the booking number"),
}
"""Chinese and English. Other kinds (天窗, hybrid, 小保养) keep their words, which say what is
meant."""

_SPACE = re.compile(r"\s+")


def phrase(text: str, spans: Sequence[Span]) -> str:
    """``text`` in its normal form with stand-ins. ``spans`` are offsets into ``text``; of spans
    that overlap the first and longest counts."""
    language = 0 if any(map(is_han, text)) else 1
    parts: list[str] = []
    position = 0
    for span in sorted(spans, key=lambda found: (found.start, -found.end)):
        if span.start < position or span.kind not in STAND_INS:
            continue
        parts.append(text[position : span.start])
        stand_in = STAND_INS[span.kind][language]
        # Chinese runs on without spaces, English words must not grow together.
        parts.append(f" {stand_in} " if language else stand_in)
        position = span.end
    parts.append(text[position:])
    return _SPACE.sub(" ", normalise("".join(parts)).text).strip()
