"""Chinese number plates (GA 36): province, letter, five characters, or six for new energy."""

from __future__ import annotations

import re

from values.mention import Mention
from values.text import Text, normalise

PROVINCES = frozenset("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼")
_ORDINARY = re.compile(r"[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]")
_NEW_ENERGY = re.compile(r"[A-HJ-NP-Z](?:[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK])")
_SEPARATORS = frozenset(" .·-")
_LAST = frozenset("挂学警港澳")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def _characters(norm: str, position: int) -> tuple[str, int, bool]:
    """Characters behind the province, the index behind them, whether a gap stood inside."""
    chars: list[str] = []
    end, gap, gapped = position, 0, False
    while position < len(norm) and len(chars) < 8:
        char = norm[position]
        if char in _LATIN:
            if gap and len(chars) > 1:
                gapped = True
            chars.append(char)
            position += 1
            end, gap = position, 0
        elif char in _LAST and len(chars) == 5:
            chars.append(char)
            return "".join(chars), position + 1, gapped
        elif char in _SEPARATORS and gap < 2:
            gap += 1
            position += 1
        else:
            break
    return "".join(chars), end, gapped


def read(text: Text) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    found: list[Mention] = []
    norm, behind = text.norm, 0
    for position, char in enumerate(norm):
        if char not in PROVINCES or position < behind:
            continue
        tail, end, gapped = _characters(norm, position + 1)
        if not tail[:1].isalpha() or (char in "新" and gapped):
            continue
        tail, end = _cut(norm, position, tail, end)
        body = tail.upper()
        new_energy = _NEW_ENERGY.fullmatch(body) is not None
        valid = new_energy or _ORDINARY.fullmatch(body) is not None
        digits = sum(one.isdigit() for one in body)
        if not valid and (gapped or not 5 <= len(body) <= 8 or digits < 3):
            continue
        if not digits and not valid:
            continue
        value = {"plate": char + body, "new_energy": new_energy, "valid": valid}
        found.append(text.mention("plate", position, end, value))
        behind = end
    return found


def _cut(norm: str, position: int, tail: str, end: int) -> tuple[str, int]:
    """Leave off what a separator divides from a plate that is complete (浙A12345 11-28)."""
    if _NEW_ENERGY.fullmatch(tail.upper()) or _ORDINARY.fullmatch(tail.upper()):
        return tail, end
    for size in (7, 6):
        body = tail[:size].upper()
        if len(tail) <= size or not (_NEW_ENERGY.fullmatch(body) or _ORDINARY.fullmatch(body)):
            continue
        index, seen = position + 1, 0
        while seen < size:
            seen += norm[index] in _LATIN or norm[index] in _LAST
            index += 1
        if norm[index] in _SEPARATORS:
            return tail[:size], index
    return tail, end


def find(text: str) -> list[Mention]:
    """Plates in ``text``: ``{"plate": "浙A12345", "new_energy": bool, "valid": bool}``.

    Lower case, spaces, dots and dashes are accepted. What begins like a plate but has a wrong
    number of characters, or an I or O, is found with ``valid`` false, so that a form can ask again.
    """
    return read(normalise(text))
