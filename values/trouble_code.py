"""Diagnostic trouble codes in a message: P0300, 报p0171, 故障码 p 0420, U0100-00, P0171/0174.

A code is a letter of its system (P powertrain, C chassis, B body, U network), a digit from 0 to 3,
and three hexadecimal digits; behind a dash or colon may follow the two digits of the failure type.
The letter O written for a zero is taken as one. It is no reader of `find_all`: a code is of
interest only where a fault is told, and must not change how other messages are read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST = 20
"""Codes in one message; a control unit that stores more is read out in the workshop."""
LONGEST = 2000

_CODE = re.compile(
    r"(?<![a-z0-9_-])(?P<letter>[pcbu])(?P<gap>[ -]?)(?P<digits>[0-3o][0-9a-fo]{3})"
    r"(?:(?P<mark>[-:])(?P<type>[0-9a-f]{2}))?(?![a-z0-9])"
)
_MORE = re.compile(r"[/、,&+]\s?(?P<digits>[0-3][0-9a-f]{3})(?![a-z0-9])")
_CUE = re.compile(
    r"故障码|报码|代码|报|码|\b(?:dtcs?|codes?|obd|fault|error|trouble|threw|throws)\b"
)
_CUE_REACH = 24
_UNIT = re.compile(r"\s?(?:元|块|万|公里|km|yuan|rmb)")
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLACE = re.compile(
    r"(?:停在|位于|在|车位|车库|[区层座栋口号])\s?$|\b(?:bay|space|slot|room|gate|row|spot)\s$"
)


@dataclass(frozen=True)
class TroubleCode:
    """`code` in the usual form, `P0300`; `failure_type` the two digits behind it, or empty."""

    code: str
    failure_type: str = ""

    @property
    def system(self) -> str:
        return self.code[0]

    @property
    def generic(self) -> bool | None:
        """Whether the standard defines it for all makes; None where that is not certain."""
        second, third = self.code[1], self.code[2]
        if second == "0" or (self.system == "P" and second == "2"):
            return True
        if self.system == "P" and second == "3":
            return third >= "4"
        return False if second in "12" else None


def read(text: str) -> list[TroubleCode]:
    """The codes in `text` in order, each once. Raises nothing; linear in the text's length."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    found: dict[str, TroubleCode] = {}
    for match in _CODE.finditer(plain):
        if not _meant(plain, match):
            continue
        letter = match["letter"].upper()
        _keep(found, letter, match["digits"], match["type"] or "")
        more = _MORE.match(plain, match.end())
        while more is not None and len(found) < MOST:
            _keep(found, letter, more["digits"], "")
            more = _MORE.match(plain, more.end())
        if len(found) >= MOST:
            break
    return list(found.values())[:MOST]


def _keep(found: dict[str, TroubleCode], letter: str, digits: str, failure_type: str) -> None:
    code = letter + digits.replace("o", "0").upper()
    if code not in found or failure_type:
        found[code] = TroubleCode(code, failure_type.upper())


def _meant(plain: str, match: re.Match[str]) -> bool:
    """Whether it is a code and no plate, parking space, amount or word."""
    digits = match["digits"]
    if sum(sign.isdigit() for sign in digits) < 2 or (
        digits[0] == "o" and not digits[1:].isdigit()
    ):
        return False
    start = match.start()
    if start and plain[start - 1] in _PROVINCE:
        return False
    before = plain[max(0, start - _CUE_REACH) : start]
    cued = bool(_CUE.search(before)) or bool(
        _CUE.match(plain[match.end() : match.end() + 8].strip())
    )
    if match["letter"] == "p" and digits[0] in "0o":
        # Nothing else in this trade looks like that.
        return True
    if match["gap"] and not cued:
        return False
    return cued or not (_PLACE.search(before) or _UNIT.match(plain, match.end()))
