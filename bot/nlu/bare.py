"""Messages that are nothing but an answer: a name, a number, a time, without a word around it.

Such a message says what, and never what for: the question before it does. The words of the intent
model would only guess (a few digits are to it no more like a date than like a farewell).
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import Final

from bot.nlu.features import WORD, latin_pieces
from bot.nlu.spans import Span
from bot.nlu.text import is_han, is_latin
from bot.nlu.words import DIGITS, Word
from values.person import read_name

INTENT: Final = "inform"


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


_NO_ANSWER: Final = frozenset({"comparison"})
"""便宜点 alone is a wish of its own: bargaining, or another car."""

_GREETINGS: Final = frozenset(("早晨", "morning", "afternoon", "evening"))
_SLANG: Final = frozenset(("3q", "3x"))
"""Thanks, and not a code."""

_PARTICLES: Final = frozenset("吧的呢呀啊哈哦啦哟")
_MARKS: Final = frozenset("?!？！")
_ASKING: Final = frozenset("?？呢")
_NUMERAL: Final = re.compile(r"[零〇一二两三四五六七八九十幺][零〇一二两三四五六七八九十幺百千万]*")
_COMPLETE: Final = re.compile(
    r"^换|[多几什么吗哪还怎谁？?]|质保|保修|\b(?:how|what|which|or|warranty|guarantee)\b"
)
"""Names that say by themselves what is wanted: 换雨刷, 车身多长, how wide is it, 电池质保."""

_MONTHS: Final = _words(
    "jan feb mar apr may jun jul aug sep sept oct nov dec mon tue tues wed thu thur fri sat sun "
    "am pm km kms mi k w kg cm t l no nr st nd rd th"
)
_SIMILAR: Final = 0.4
"""Share of a word's pieces that known words have; one wrong letter of eight leaves so many."""

_SHORTEST_MISSPELLED: Final = 4
_LONGEST_NAME: Final = 4
_LONGEST_CODE: Final = 3
"""Letters of a code such as E7, VX4 or DM 5."""


def is_bare_answer(words: Sequence[Word]) -> bool:
    """Whether the message holds nothing but mentions, values, numbers and marks; and one of them.

    Letters beside digits count as the rest of a value that was not readable: feb 30, E7.
    """
    if "".join(word.text for word in words).lower() in _SLANG:
        return False
    kinds = [word.span.kind for word in words if word.span is not None]
    if "feature" in kinds and (len(kinds) > 1 or any(word.lemma in _ASKING for word in words)):
        # 货箱尺寸 of a named car, or with a question mark, is a question as it stands.
        return False
    if "service_item" in kinds and "time" in kinds:
        # 小保养，周六上午 is the wish for a visit.
        return False
    found = False
    for index, word in enumerate(words):
        if word.span is not None:
            if _says_more(word.span):
                return False
            found = True
        elif word.lemma == DIGITS or _NUMERAL.fullmatch(word.lemma):
            found = True
        elif not (
            word.lemma in _PARTICLES or word.lemma in _MARKS or _belongs_to_digits(words, index)
        ):
            return False
    return found


def _says_more(span: Span) -> bool:
    text = span.text.lower()
    if span.kind in ("feature", "service_item"):
        return _COMPLETE.search(text) is not None
    return span.kind in _NO_ANSWER or text in _GREETINGS


def _belongs_to_digits(words: Sequence[Word], index: int) -> bool:
    """Whether Latin letters touch digits, or are a month or unit next to some."""
    word = words[index]
    if not _is_latin_word(word.lemma):
        return False
    beside = [
        other
        for other in (*words[max(0, index - 1) : index], *words[index + 1 : index + 2])
        if other.lemma == DIGITS
    ]
    touching = any(other.end == word.start or word.end == other.start for other in beside)
    return bool(beside) and (
        word.lemma in _MONTHS or (touching and len(word.lemma) <= _LONGEST_CODE)
    )


def is_fragment(words: Sequence[Word], vocabulary: Container[str]) -> bool:
    """Whether the message is Latin letters that make no word of the vocabulary, nor nearly one.

    ``vocabulary`` holds features (`bot.nlu.features`). Pieces of words help with spelling
    mistakes, but of "xq" or a surname they would make a farewell.
    """
    said = [word for word in words if word.lemma not in _MARKS]
    if not said or any(word.span or not _is_latin_word(word.lemma) for word in said):
        return False
    return not any(_resembles(word.lemma, vocabulary) for word in said)


def may_be_name(words: Sequence[Word]) -> bool:
    """Whether the whole message could be a Chinese name: 高远, and 钱多多, whatever it says."""
    if not words or any(word.span for word in words):
        return False
    text = "".join(word.text for word in words)
    return len(text) <= _LONGEST_NAME and all(map(is_han, text)) and read_name(text) is not None


def _is_latin_word(lemma: str) -> bool:
    return all(is_latin(char) for char in lemma)


def _resembles(word: str, vocabulary: Container[str]) -> bool:
    """Whether the word is known, or most of its pieces occur in known words."""
    if WORD + word in vocabulary:
        return True
    if len(word) < _SHORTEST_MISSPELLED:
        return False
    pieces = latin_pieces(word)
    return sum(piece in vocabulary for piece in pieces) >= _SIMILAR * len(pieces)
