"""Text to tokens, both languages in one pass; longest word first, each character seen once."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from values.numerals import EN_ORDINALS, EN_TENS, EN_UNITS, ZH_CHARS, parse_zh
from values.times.vocabulary_en import EN, PHRASES
from values.times.vocabulary_zh import ZH, ZH_FIRST, ZH_SIZES


class Token(NamedTuple):
    """``kind`` is a vocabulary kind, ``num``, ``ord``, ``word`` or ``char``.

    ``value`` of a number is its value, ``high`` differs for 七八; ``style`` tells digits (``d``),
    Chinese (``z``) and English words (``e``) apart. ``glued``: no space stands before it.
    """

    kind: str
    value: Any
    start: int
    end: int
    text: str
    glued: bool
    style: str = ""
    high: Any = None


_DOUBLED = re.compile(r"([a-z])\1")
_NO_SLIP = frozenset({"moon", "soon", "seep", "sunn", "marr", "wedd"})
_PIECE = re.compile(r"[0-9]+|[a-z]+(?:'[a-z]+)?|\s+")
_LATIN = re.compile("[a-z]")
_NUMERAL = re.compile("[" + "".join(sorted(ZH_CHARS)) + "]{1,24}")
_DAY_OF_WEEK_BLOCKERS = "围边年期到转长全"


def _english(word: str) -> tuple[str, Any]:
    entry = EN.get(word)
    if entry is not None:
        return entry
    if word in EN_UNITS:
        return "num", EN_UNITS[word]
    if word in EN_TENS:
        return "num", EN_TENS[word]
    if word in EN_ORDINALS:
        return "ord", EN_ORDINALS[word]
    if _DOUBLED.search(word):
        # A key that was hit twice: "25 ddec". Only where no such word is anything else.
        for twice in _DOUBLED.finditer(word):
            entry = EN.get(word[: twice.start()] + word[twice.start() + 1 :], ("", None))
            if entry[0] in ("enmonth", "weekday") and word not in _NO_SLIP:
                return entry
    return "word", word


def lex(norm: str) -> list[Token]:
    """Tokens of a normalised text, white space left out."""
    tokens: list[Token] = []
    position, length, glued = 0, len(norm), True
    while position < length:
        char = norm[position]
        if char in ZH_FIRST or char in ZH_CHARS:
            token = _chinese(norm, position, glued, tokens)
        else:
            match = _PIECE.match(norm, position)
            if match is None:
                token = Token("char", char, position, position + 1, char, glued)
            else:
                piece = match.group()
                if piece.isspace():
                    position, glued = match.end(), False
                    continue
                if piece.isdigit():
                    value = int(piece) if len(piece) <= 15 else -1
                    token = Token("num", value, position, match.end(), piece, glued, "d", value)
                else:
                    kind, value = _english(piece)
                    high = value if kind == "num" else None
                    token = Token(kind, value, position, match.end(), piece, glued, "e", high)
        tokens.append(token)
        position, glued = token.end, True
    return _phrases(tokens) if _LATIN.search(norm) else tokens


def _chinese(norm: str, position: int, glued: bool, before: list[Token]) -> Token:
    char = norm[position]
    sizes = ZH_SIZES.get(norm[position : position + 2], ())
    word = _longest_word(norm, position, sizes, before) if sizes or char in ZH else ""
    if char in ZH_CHARS:
        match = _NUMERAL.match(norm, position)
        text = match.group() if match else char
        if len(word) < len(text):
            return _numeral(text, position, glued)
    if word:
        kind, value = ZH[word]
        return Token(kind, value, position, position + len(word), word, glued, "z")
    return Token("char", char, position, position + 1, char, glued)


def _numeral(text: str, position: int, glued: bool) -> Token:
    numeral = parse_zh(text)
    if numeral is None:
        return Token("char", text, position, position + len(text), text, glued)
    low, high = numeral
    return Token("num", int(low), position, position + len(text), text, glued, "z", int(high))


def _longest_word(norm: str, position: int, sizes: tuple[int, ...], before: list[Token]) -> str:
    for size in sizes:
        candidate = norm[position : position + size]
        if candidate in ZH and _stands(norm, position, candidate, before):
            return candidate
    char = norm[position]
    return char if char in ZH and (char != "周" or _stands(norm, position, char, before)) else ""


def _stands(norm: str, position: int, word: str, before: list[Token]) -> bool:
    """Whether a vocabulary word may be read here; the exceptions that its letters alone miss."""
    kind = ZH[word][0]
    follow = norm[position + len(word) : position + len(word) + 1]
    if word == "等下" and follow in tuple("个周星礼"):
        return False  # 等下个月
    numbered = bool(before) and before[-1].kind == "num" and before[-1].end == position
    if numbered and kind in ("yearside", "yearend") and word[0] == "年":
        return False  # 两年前, 2027年底
    if kind in ("week", "digitweek") and follow and follow in _DAY_OF_WEEK_BLOCKERS:
        return False
    if kind == "weekday":
        # 一周一次, 两周三次 count weeks; 每周一次 as well
        return not numbered and follow not in ("次", "趟", "遍")
    if word in ("五一", "十一") or (kind == "holiday" and word[0] in ZH_CHARS):
        return len(word) > 2 or follow not in tuple("点时月号日万千百十个天年分周折块")
    return True


def _phrases(tokens: list[Token]) -> list[Token]:
    """Several English words to one token; tens and units to one number (twenty - eighth)."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.style == "z" or token.kind == "char":
            out.append(token)
            index += 1
            continue
        longer = _phrase_at(tokens, index)
        if longer is not None:
            size, (kind, value) = longer
            last = tokens[index + size - 1]
            text = " ".join(item.text for item in tokens[index : index + size])
            out.append(Token(kind, value, token.start, last.end, text, token.glued, "e"))
            index += size
            continue
        if token.kind == "num" and token.text in EN_TENS:
            step = 2 if _text(tokens, index + 1) == "-" else 1
            if index + step < len(tokens):
                unit = tokens[index + step]
                if unit.kind in ("num", "ord") and unit.style == "e" and 0 < unit.value < 10:
                    total = token.value + unit.value
                    text = f"{token.text} {unit.text}"
                    out.append(
                        Token(
                            unit.kind, total, token.start, unit.end, text, token.glued, "e", total
                        )
                    )
                    index += step + 1
                    continue
        if token.kind == "num" and token.style == "d" and index + 1 < len(tokens):
            suffix = tokens[index + 1]
            if suffix.glued and suffix.text in ("st", "nd", "rd", "th"):
                out.append(token._replace(kind="ord", end=suffix.end))
                index += 2
                continue
        out.append(token)
        index += 1
    return out


def _text(tokens: list[Token], index: int) -> str:
    return tokens[index].text if index < len(tokens) else ""


def _phrase_at(tokens: list[Token], index: int) -> tuple[int, tuple[str, Any]] | None:
    begun = PHRASES.get(tokens[index].text)
    if begun is None or index + 1 == len(tokens):
        return None
    for rest, entry in begun.get(tokens[index + 1].text, ()):
        after = index + 2
        if [token.text for token in tokens[after : after + len(rest)]] == rest:
            return len(rest) + 2, entry
    return None
