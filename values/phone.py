"""Telephone numbers: Chinese mobiles and landlines, and international ones with a plus."""

from __future__ import annotations

import re
from itertools import accumulate

import phonenumbers

from values.mention import Mention
from values.text import Text, normalise

_DIGITS = str.maketrans("零〇○幺一二三四五六七八九", "0001123456789"[:13])
_GROUP = re.compile(r"(?<![0-9])(?<![0-9][ -])1(?:[ -][0-9]){10}(?![ -]?[0-9])|[0-9]+")
_BETWEEN = re.compile("[ -]")
_PAUSE = re.compile("(?<=[零〇○幺一二三四五六七八九])[,、](?=[零〇○幺一二三四五六七八九])")
_GAP = re.compile(r"[ \-.·()/]{1,3}")
_EXTENSION = re.compile(r"[ ,.]{0,2}(?:转|分机号?|ext(?:ension)?\.?)[ :]{0,2}([0-9]{1,6})(?![0-9])")
_ORDER = re.compile(
    r"(?:订单|单号|编号|合同|工单|发票|身份证|卡号|流水|运单|快递|序列|税号|order|invoice|ticket|"
    r"contract|case|ref|(?<!phone )(?<!mobile )(?<!cell )(?<!contact )(?<!tel )no(?!,)\.?|#|"
    r"number:? ?#)[^0-9]{0,6}$"
)
_CONTEXT = re.compile(
    r"(?:电话|手机|号码|联系|微信|打给|拨打|热线|致电|phone|mobile|tel|call|cell|contact|reach|whatsapp|"
    r"number)[^0-9]{0,12}$"
)
_FEWEST, _FIRST = 9, frozenset("01468")
_MOST_GROUPS = 8
# Area codes and lengths; whether the numbers are given out, the library knows. Asking it for all
# that begins with a 0 or a + would be dear.
_LANDLINE = re.compile(r"0(?:10|2[0-9])[2-9][0-9]{7}|0[3-9][0-9]{2}[2-9][0-9]{6,7}|[48]00[0-9]{7}")
_MOST_VAIN = 30
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# More telephone numbers than this are no customer's message; the limit keeps the work bounded.
_MOST = 20


def _is_valid(number: phonenumbers.PhoneNumber) -> bool:
    return bool(phonenumbers.is_valid_number(number))


def _parse(digits: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None


def _value(number: phonenumbers.PhoneNumber, valid: bool) -> dict[str, object]:
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.national_significant_number(number)
    return {"number": e164, "national": national, "valid": valid}


def _chinese(digits: str) -> dict[str, object] | None:
    """Value of a number in full, without +86; ``None`` when it is none."""
    if _MOBILE.fullmatch(digits):
        # All of 13x to 19x is numbered for mobiles (MIIT); the numbers of a demonstration as well
        return {"number": "+86" + digits, "national": digits, "valid": True}
    parsed = _parse(digits, "CN")
    if parsed is None or not _is_valid(parsed):
        return None
    value = _value(parsed, True)
    return {**value, "national": digits}


class _Groups:
    """Groups of digits that only spaces, dashes or brackets divide.

    Eleven digits said one by one (1 3 8 0 0 …) are one group.
    """

    def __init__(self, norm: str) -> None:
        self.norm = norm
        self.spans = [match.span() for match in _GROUP.finditer(norm)]
        self._reach: list[int] = []  # digits of the groups from here on that may be one number
        if "+" not in norm and not any(norm[start] in _FIRST for start, _ in self.spans):
            self.spans = []
        digits = [0, *accumulate(end - start for start, end in self.spans)]
        last = count = len(self.spans)
        for index in range(count - 1, -1, -1):
            if index + 1 < count and not self._joined(index):
                last = index + 1
            self._reach.append(digits[min(last, index + _MOST_GROUPS)] - digits[index])
        self._reach.reverse()

    def _joined(self, index: int) -> bool:
        end, follow = self.spans[index][1], self.spans[index + 1][0]
        return follow - end <= 3 and _GAP.fullmatch(self.norm, end, follow) is not None

    def may_begin(self, index: int) -> bool:
        """Whether enough digits follow, of which the first may begin a telephone number."""
        first = self.norm[self.spans[index][0]]
        return (self._reach[index] >= _FEWEST and first in _FIRST) or self.has_plus(index)

    def has_plus(self, index: int) -> bool:
        """Whether the group stands behind + or +(, or begins with 00."""
        start = self.spans[index][0]
        before = self.norm[max(0, start - 2) : start]
        return before.endswith(("+", "+(")) or self.norm.startswith("00", start)

    def joined(self, index: int, most: int = 18) -> list[tuple[str, int, int]]:
        """Digits, end and number of groups for each way to go on from group ``index``."""
        out: list[tuple[str, int, int]] = []
        digits, before = "", -1
        for count, (start, end) in enumerate(self.spans[index : index + _MOST_GROUPS], 1):
            if before >= 0 and not _GAP.fullmatch(self.norm, before, start):
                break
            digits += _BETWEEN.sub("", self.norm[start:end])
            if len(digits) > most:
                break
            out.append((digits, end, count))
            before = end
        return out


def read(text: Text) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    norm = _PAUSE.sub(" ", text.norm).translate(_DIGITS)
    groups = _Groups(norm)
    found: list[Mention] = []
    index = vain = 0
    while index < len(groups.spans) and len(found) < _MOST and vain < _MOST_VAIN:
        hit = _at(text.norm, norm, groups, index) if groups.may_begin(index) else None
        if hit is None:
            vain += groups.has_plus(index)
            index += 1
            continue
        start, end, count, value = hit
        extension = _EXTENSION.match(norm, end)
        if extension is not None:
            end, value = extension.end(), {**value, "extension": extension[1]}
        found.append(text.mention("phone", start, end, value))
        index += count
    return found


def _at(
    raw: str, norm: str, groups: _Groups, index: int
) -> tuple[int, int, int, dict[str, object]] | None:
    start, first_end = groups.spans[index]
    before = norm[max(0, start - 20) : start]
    follow = norm[first_end : first_end + 1]
    ahead = groups.joined(index)
    if not ahead or (
        before[-1:].isascii() and before[-1:].isalpha() and not _CONTEXT.search(before)
    ):
        return None
    if _ORDER.search(before) or before[-1:] in tuple("¥$€£"):
        return None
    tail = before[-1:] in (".", ",") and before[-2:-1].isdigit()
    if tail and not (before[-1:] == "," and _MOBILE.match(groups.norm, start, first_end)):
        # The tail of a decimal or a grouped number; 归途M8,13800000001 is none.
        return None
    plus = before.endswith("+") or before.endswith("+(")
    opened = start - 1 if before.endswith(("(", "+")) else start
    if plus or (ahead[0][0].startswith("00") and len(ahead[-1][0]) >= 10):
        return _international(norm, start, ahead, plus)
    prefixed = _after_86(ahead)
    context = _CONTEXT.search(before) is not None
    for digits, end, count in ahead if prefixed is None else prefixed:
        if len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789":
            return _closed(norm, start, end, count, _chinese(digits))
        if _LANDLINE.fullmatch(digits):
            value = _chinese(digits)
            if value is not None:
                return _closed(norm, opened, end, count, value)
    digits, end, count = (prefixed or ahead)[-1]
    if (prefixed or ahead)[0][0][0] == "1" and len((prefixed or ahead)[0][0]) >= 9:
        digits, end, count = (prefixed or ahead)[0]
    unit = follow and (follow in "万千百元块公kw年月号期" or follow == "%")
    near = digits[0] == "1" and digits[1:2] in tuple("3456789") and len(digits) in (9, 10, 12, 13)
    wrong = digits[0] == "1" and 9 <= len(digits) <= 13 and context
    worded = raw[start:end] != norm[start:end]
    if (near or wrong) and not unit and (context or not worded or len(digits) in (10, 12)):
        if len(digits) in (9, 13) and not context:
            return None
        return start, end, count, {"number": "+86" + digits, "national": digits, "valid": False}
    return None


def _closed(
    norm: str, start: int, end: int, count: int, value: dict[str, object] | None
) -> tuple[int, int, int, dict[str, object]] | None:
    if value is None or norm[end : end + 1] in ("%", "_"):
        return None
    return start, end, count, value


def _after_86(ahead: list[tuple[str, int, int]]) -> list[tuple[str, int, int]] | None:
    """The ways on with a leading 86 or 086 taken off."""
    first = ahead[0][0]
    if first in ("86", "0086") and len(ahead) > 1:
        return [(digits[len(first) :], end, count) for digits, end, count in ahead[1:]]
    if first.startswith("86") and len(first) >= 12:
        return [(digits[2:], end, count) for digits, end, count in ahead]
    return None


def _international(
    norm: str, start: int, ahead: list[tuple[str, int, int]], plus: bool
) -> tuple[int, int, int, dict[str, object]] | None:
    begin = start - (2 if norm[start - 2 : start] == "+(" else 1) if plus else start
    for digits, end, count in reversed(ahead):
        bare = digits if plus else digits[2:]
        if not 7 <= len(bare) <= 15:
            continue
        parsed = _parse("+" + bare, None)
        if parsed is None:
            continue
        if parsed.country_code == 86 and _MOBILE.fullmatch(bare[2:]):
            return begin, end, count, {"number": "+" + bare, "national": bare[2:], "valid": True}
        if _is_valid(parsed):
            return begin, end, count, _value(parsed, True)
    digits, end, count = ahead[-1]
    bare = digits if plus else digits[2:]
    if not 8 <= len(bare) <= 15:
        return None
    national = bare[2:] if bare.startswith("86") else bare
    return begin, end, count, {"number": "+" + bare, "national": national, "valid": False}


def find(text: str) -> list[Mention]:
    """Telephone numbers: ``{"number": "+8613800000001", "national": "13800000001", "valid"}``.

    ``extension`` is there as well where one was written (转802, ext. 12).
    Spaces, dashes, full width and Chinese digits (幺三八 …) are accepted. What looks like a mobile
    but has a digit too few or too many is found with ``valid`` false. Numbers that are called an
    order, a contract, an identity card are left alone.
    """
    return read(normalise(text))
