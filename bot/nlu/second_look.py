"""A second look at messages of several clauses: customers write two wishes at once.

"多少钱，周六能试驾吗" has one most likely intent, and another one that must not be lost. Each
clause is understood by itself; a wish of which a clause is sure stands beside the intent of the
whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.nlu.sentence import Sentence
from bot.nlu.understanding import NO_CONTRAST
from bot.nlu.words import Word

SURE: Final = 0.6
"""How likely the wish of a clause must be. What surrounds it is not seen here: a clause of a story
may sound like a wish."""

LONGEST: Final = 300
"""Characters of a message that is looked at twice: longer ones are stories."""

MOST: Final = 4
"""Clauses; further ones are left alone, so that no message takes long."""

_LEAST_WORDS: Final = 2

_CUT: Final = re.compile(
    r"[,，。;；!！?？、\n]+|\.(?=\s|$)"
    r"|(?=另外|还有|顺便|然后|以及|再就是|对了)"
    r"|\b(?:and also|also|and then|and|n|plus|besides|btw|by the way)\b",
    re.I,
)
_WISHES_TOO: Final = frozenset({"human_handoff"})


@dataclass(frozen=True)
class Wish:
    """An intent of one clause; offsets into the message."""

    intent: str
    confidence: float
    start: int
    end: int

    def as_entry(self) -> dict[str, Any]:
        """As the parse result carries it."""
        return {
            "intent": self.intent,
            "confidence": self.confidence,
            "start": self.start,
            "end": self.end,
        }


def clauses_of(sentence: Sentence) -> list[Sentence]:
    """The clauses of a message that has several; none where there is but one, or a whole story.

    No clause is cut inside a finding: 9,000 is one number.
    """
    if len(sentence.text) > LONGEST:
        return []
    bounds = [0]
    for cut in _CUT.finditer(sentence.text):
        if not any(span.start < cut.end() and cut.start() < span.end for span in sentence.spans):
            bounds += [cut.start(), cut.end()]
    bounds.append(len(sentence.text))
    clauses = [
        _part(sentence, start, end)
        for start, end in zip(bounds[::2], bounds[1::2], strict=True)
        if start < end
    ]
    told = [clause for clause in clauses if _says_something(clause)]
    return told[:MOST] if len(told) > 1 else []


def _says_something(clause: Sentence) -> bool:
    return len(clause.words) >= _LEAST_WORDS or len(clause.text.strip()) > _LEAST_WORDS


def _part(sentence: Sentence, start: int, end: int) -> Sentence:
    spans = [
        replace(span, start=span.start - start, end=span.end - start)
        for span in sentence.spans
        if start <= span.start and span.end <= end
    ]
    words = [_moved(word, start) for word in sentence.words if start <= word.start < end]
    return Sentence(sentence.text[start:end], spans, words, sentence.start + start)


def _moved(word: Word, by: int) -> Word:
    return replace(word, start=word.start - by, end=word.end - by)


def second_look(
    whole: tuple[str, float], clauses: Sequence[tuple[Sentence, tuple[str, float]]]
) -> list[Wish]:
    """The wishes beside the intent of the whole message, in the order of the text, each intent
    once.

    ``whole`` and each clause come with their most likely intent and its probability.
    """
    found: dict[str, Wish] = {}
    for clause, (intent, confidence) in clauses:
        is_wish = intent not in NO_CONTRAST or intent in _WISHES_TOO
        if is_wish and confidence >= SURE and intent != whole[0] and intent not in found:
            end = clause.start + len(clause.text)
            found[intent] = Wish(intent, confidence, clause.start, end)
    return list(found.values())
