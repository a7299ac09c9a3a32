"""Numbers as people write them: digits, Chinese numerals, English words."""

from __future__ import annotations

import re
from functools import lru_cache

from values.mention import Mention
from values.text import Text, normalise

DIGITS = {
    "零": 0, "〇": 0, "○": 0, "一": 1, "幺": 1, "二": 2, "两": 2, "三": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_SCALES = {"十": 10, "百": 100, "千": 1000}
_GREAT = {"万": 10_000, "亿": 100_000_000}
ZH_CHARS = frozenset(DIGITS) | frozenset(_SCALES) | frozenset("廿卅")

EN_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
EN_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
EN_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip

# One number, digits or Chinese; every quantifier is bounded, so a search stays linear.
NUMBER = (
    r"(?:\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,4})?(?![\d])"
    r"|\d{1,12}(?:\.\d{1,4})?(?![\d])"
    r"|[零〇一二两三四五六七八九十百千]{1,9})"
)

_EN_TENS_WORDS = "|".join(sorted(EN_TENS, key=len, reverse=True))
_EN_ONES = "|".join(sorted(EN_UNITS, key=len, reverse=True))
_EN_BELOW_HUNDRED = rf"(?:(?:{_EN_TENS_WORDS})(?:[ -](?:{_EN_ONES}))?|{_EN_ONES})(?![a-z])"
# Thirty, twenty-five, a hundred and fifty, half a (million), with nothing but words before it.
NUMBER_EN = (
    rf"(?<![a-z\d])(?:(?:a|{_EN_ONES}) hundred(?: (?:and )?{_EN_BELOW_HUNDRED})?"
    rf"|{_EN_BELOW_HUNDRED}|(?:half )?a(?= (?:thousand|million|lakh)))(?![a-z])"
)


def parse_en(text: str) -> float | None:
    """Value of what ``NUMBER_EN`` matched: a hundred and fifty, twenty-five, half a (million)."""
    if text == "half a":
        return 0.5
    total = 0
    for word in text.replace("-", " ").split():
        if word == "hundred":
            total *= 100
        elif word == "a":
            total = 1
        elif word != "and":
            value = EN_UNITS.get(word, EN_TENS.get(word))
            if value is None:
                return None
            total += value
    return float(total)


@lru_cache(maxsize=4096)
def parse_zh(text: str) -> tuple[float, float] | None:
    """Value of a Chinese numeral as (low, high); the two differ for 七八 (7 to 8) or 二三十.

    Reads places (二十三, 一万二 = 12,000), bare digits (二〇二六) and the spoken short forms in
    which the last scale is dropped (三百五 = 350). ``None`` for anything else.
    """
    if not text or len(text) > 24:
        return None
    if all(char in DIGITS for char in text):
        digits = [DIGITS[char] for char in text]
        if len(digits) == 2 and _approximate_pair(digits[0], digits[1]):
            return float(digits[0]), float(digits[1])
        value = int("".join(str(digit) for digit in digits))
        return float(value), float(value)
    for index in range(len(text) - 1):
        first, second = DIGITS.get(text[index]), DIGITS.get(text[index + 1])
        if first is None or second is None or not _approximate_pair(first, second):
            continue
        low = _places(text[: index + 1] + text[index + 2 :])
        high = _places(text[:index] + text[index + 1 :])
        return (low, high) if low is not None and high is not None else None
    value_or_none = _places(text)
    return None if value_or_none is None else (value_or_none, value_or_none)


def _approximate_pair(first: int, second: int) -> bool:
    return first > 0 and (second == first + 1 or (first, second) == (3, 5))


def _places(text: str) -> float | None:
    text = text.replace("廿", "二十").replace("卅", "三十")
    total = 0  # what stands before 亿 and 万
    section = 0
    digit: int | None = None
    scale = 1
    zero = False
    for char in text:
        if char in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[char]
            zero = zero or digit == 0
            if digit != 0 and zero:
                scale = 0  # after 零 the last digit stands for itself: 三百零五
        elif char in _SCALES:
            section += (1 if digit is None else digit) * _SCALES[char]
            digit, scale, zero = None, _SCALES[char], False
        elif char in _GREAT:
            total = (total + section + (digit or 0)) * _GREAT[char]
            section, digit, scale, zero = 0, None, _GREAT[char], False
        else:
            return None
    if digit:
        section += digit * (scale // 10 if scale >= 100 else 1)
    return float(total + section)


def parse_number(text: str) -> tuple[float, float] | None:
    """Value of what ``NUMBER`` or ``NUMBER_EN`` matched, as (low, high)."""
    if "a" <= text[:1] <= "z":
        worded = parse_en(text)
        return None if worded is None else (worded, worded)
    if text[:1].isdecimal() and text.isascii():
        try:
            value = float(text.replace(",", ""))
        except ValueError:
            return None
        return value, value
    return parse_zh(text)


_FIND = re.compile(r"(?<![\d.a-z])(?<!\d,)" + NUMBER + r"(?![\d])")


def read(text: Text) -> list[Mention]:
    """Plain numbers; kind ``numeral``, value ``{"low": float, "high": float}``."""
    found = []
    for match in _FIND.finditer(text.norm):
        value = parse_number(match.group())
        if value is not None:
            low, high = value
            found.append(text.mention("numeral", *match.span(), {"low": low, "high": high}))
    return found


def find(text: str) -> list[Mention]:
    """Numbers in ``text``; not part of ``find_all``, for a question that expects a bare number."""
    return read(normalise(text))
