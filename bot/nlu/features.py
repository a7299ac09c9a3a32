"""What the intent model looks at: words, pairs of words and pieces of words.

Mentions and values count as their kind alone where the words are a brand's or a person's; generic
words of the trade (天窗, hybrid, 小保养) count as their kind and as what they are, so that a
catalogue which knows more or fewer of them than the one in training changes little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.nlu.spans import TERM_KINDS
from bot.nlu.text import is_han, normalise
from bot.nlu.words import Word

_CONTENT_KINDS = frozenset((*TERM_KINDS, "feature", "service_item"))
_HAN_PIECES = (1, 2)
_LATIN_PIECES = (3, 4, 5)
_START, _END = "^", "$"
WORD = "w "
"""How the features begin that stand for whole words."""

ELSEWHERE = "t elsewhere"
"""The feature of messages that name a thing from elsewhere (`bot.nlu.elsewhere`)."""


def features(words: Sequence[Word]) -> list[str]:
    """The features of one message, each at most once, in a fixed order."""
    return list(dict.fromkeys([*_words(words), *_pieces(words)]))


def _words(words: Sequence[Word]) -> Iterator[str]:
    lemmas = [_START, *(word.lemma for word in words), _END]
    for lemma in lemmas[1:-1]:
        yield WORD + lemma
    for left, right in pairwise(lemmas):
        # Chinese pairs are in the pieces already, and finer.
        if not (is_han(left[0]) or is_han(right[0])):
            yield f"b {left} {right}"


def _pieces(words: Sequence[Word]) -> Iterator[str]:
    run: list[str] = []
    for word in words:
        if word.span is not None:
            run.append(word.lemma)
            if word.span.kind in _CONTENT_KINDS:
                yield from _content(word)
        elif is_han(word.lemma[0]):
            run.extend(word.lemma)
        else:
            yield from _han_pieces(run)
            run = []
            if word.lemma[0].isalpha():
                yield from latin_pieces(word.lemma)
    yield from _han_pieces(run)


def _han_pieces(run: Sequence[str]) -> Iterator[str]:
    for size in _HAN_PIECES:
        for start in range(len(run) - size + 1):
            yield "h " + "".join(run[start : start + size])


def latin_pieces(word: str) -> list[str]:
    """The features of the pieces of one Latin word, its ends marked."""
    padded = f" {word} "
    return [
        "l " + padded[start : start + size]
        for size in _LATIN_PIECES
        for start in range(len(padded) - size + 1)
    ]


def _content(word: Word) -> Iterator[str]:
    text = normalise(word.text).text
    for part in text.split():
        if is_han(part[0]):
            yield from _han_pieces(part)
        else:
            yield WORD + part
