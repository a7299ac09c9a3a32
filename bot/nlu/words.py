"""Splits a message into words, each knowing its place in the message and what it stands for.

A mention or a value is one word whose lemma is its kind: to the intent model 星禾E5 and 山屿 are
the same word, and so are 周六下午三点 and "tomorrow at 5".
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jieba

from bot.nlu.spans import Span
from bot.nlu.text import Normalised, is_symbol, normalise

_WORD_LIST = Path(__file__).with_name("words.txt")
_CERTAIN = 200_000
"""A frequency that makes a word of the list win over any way to split it."""

_RUN = re.compile(
    r"(?P<han>[\u3400-\u4dbf\u4e00-\u9fff〇]+)"
    r"|(?P<word>[^\W\d_\u3400-\u4dbf\u4e00-\u9fff〇]+(?:'[^\W\d_\u3400-\u4dbf\u4e00-\u9fff〇]+)*)"
    r"|(?P<digits>\d+(?:[.,:]\d+)*)"
    r"|(?P<mark>[?!？！])"
    r"|(?P<other>[^\s\w])"
)

SYMBOL = "__symbol__"
DIGITS = "__digits__"


@dataclass(frozen=True)
class Word:
    """``text`` is the customer's, at ``start``..``end`` of the message; ``lemma`` is for models."""

    text: str
    start: int
    end: int
    lemma: str
    span: Span | None = None


def kind_lemma(kind: str) -> str:
    """The lemma of a mention or value of the kind."""
    return f"__{kind}__"


@lru_cache(maxsize=1)
def segmenter() -> Any:
    """The Chinese segmenter with the words of the trade; loaded once, about a second."""
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # Not initialize(): it keeps a cache under a fixed name in the shared temporary folder, which
    # any local user could have put there, and saves little.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for line in _WORD_LIST.read_text(encoding="utf-8").splitlines():
        word = line.strip()
        if word and not word.startswith("#"):
            tokenizer.add_word(word, _CERTAIN)
    return tokenizer


def split(text: str, spans: Sequence[Span] = ()) -> list[Word]:
    """The words of ``text`` in order. ``spans`` (offsets into ``text``) become one word each.

    Of spans that overlap, the first in their order wins. Never raises; a text without letters,
    digits and marks has no words.
    """
    source = normalise(text)
    words: list[Word] = []
    position = 0
    for span in sorted(spans, key=lambda found: (found.start, -found.end)):
        first, last = _inside(source, span)
        if first < position or first >= last:
            continue
        words.extend(_plain(source, position, first))
        words.append(
            Word(text[span.start : span.end], span.start, span.end, kind_lemma(span.kind), span)
        )
        position = last
    words.extend(_plain(source, position, len(source.text)))
    return words


def _inside(source: Normalised, span: Span) -> tuple[int, int]:
    """The span's place in the normal form; empty where nothing of it is left."""
    inside = [
        index for index, offset in enumerate(source.offsets) if span.start <= offset < span.end
    ]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _plain(source: Normalised, start: int, end: int) -> Iterator[Word]:
    for match in _RUN.finditer(source.text, start, end):
        if match.lastgroup == "han":
            place = match.start()
            for piece in segmenter().cut(match.group(), HMM=False):
                yield _word(source, place, place + len(piece), piece)
                place += len(piece)
        elif match.lastgroup == "digits":
            yield _word(source, match.start(), match.end(), DIGITS)
        elif match.lastgroup in ("word", "mark"):
            yield _word(source, match.start(), match.end(), match.group())
        elif is_symbol(match.group()):
            yield _word(source, match.start(), match.end(), SYMBOL)


def _word(source: Normalised, first: int, last: int, lemma: str) -> Word:
    start, end = source.span(first, last)
    return Word(source.original[start:end], start, end, lemma)
