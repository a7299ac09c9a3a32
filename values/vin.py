"""Vehicle identification numbers (ISO 3779): 17 characters without I, O and Q."""

from __future__ import annotations

import re

from values.mention import Mention
from values.text import Text, normalise

_VIN = re.compile(r"(?<![0-9a-z])[0-9a-hj-npr-z]{17}(?![0-9a-z])")
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}


def check_ok(vin: str) -> bool:
    """Whether the ninth character is the check digit (GB 16735, 49 CFR 565).

    A warning at most: makers outside China and North America need not follow the rule.
    """
    if len(vin) != 17 or any(char not in _VALUES for char in vin):
        return False
    rest = sum(_VALUES[char] * weight for char, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return vin[8] == ("X" if rest == 10 else str(rest))


def read(text: Text) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    found = []
    for match in _VIN.finditer(text.norm):
        vin = match.group().upper()
        if any(char.isdigit() for char in vin) and any(char.isalpha() for char in vin):
            found.append(
                text.mention("vin", *match.span(), {"vin": vin, "check_ok": check_ok(vin)})
            )
    return found


def find(text: str) -> list[Mention]:
    """VINs in ``text``: kind ``vin``, value ``{"vin": upper case, "check_ok": bool}``."""
    return read(normalise(text))
