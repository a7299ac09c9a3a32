"""Traditional Chinese characters to simplified ones, one for one, so that offsets stay."""

from __future__ import annotations

from functools import lru_cache

from opencc import OpenCC

_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
"""The unified ideographs, extension A, and the compatibility ideographs."""


@lru_cache(maxsize=1)
def simplified_forms() -> dict[int, str]:
    """A table for ``str.translate``; built once, in a few hundredths of a second.

    Character by character on purpose: OpenCC's phrases change lengths and words (滑鼠 becomes
    鼠标), and every finding must lead back to what the customer typed.
    """
    convert = OpenCC("t2s").convert
    forms: dict[int, str] = {}
    for first, last in _BLOCKS:
        block = [chr(code) for code in range(first, last)]
        for char in block:
            simple = convert(char)
            if simple != char and len(simple) == 1:
                forms[ord(char)] = simple
    return forms


def simplified(text: str) -> str:
    """The text in simplified characters, as long as before. Never raises."""
    return text if text.isascii() else text.translate(simplified_forms())
