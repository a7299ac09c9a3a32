"""A message, or a clause of one, as the intent model sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.nlu import elsewhere
from bot.nlu.features import ELSEWHERE, features
from bot.nlu.spans import Span
from bot.nlu.text import normalise
from bot.nlu.words import Word, split


@dataclass(frozen=True)
class Sentence:
    """``spans`` and ``words`` have offsets into ``text``. ``start`` is where the text stands in the
    message that it is a clause of."""

    text: str
    spans: Sequence[Span]
    words: Sequence[Word]
    start: int = 0

    @cached_property
    def features(self) -> list[str]:
        """The words' features, and whether the text names a thing from elsewhere."""
        found = features(self.words)
        if elsewhere.named(normalise(self.text).text):
            found.append(ELSEWHERE)
        return found


def seen(text: str, spans: Sequence[Span]) -> Sentence:
    """The sentence of a text with its findings."""
    return Sentence(text, spans, split(text, spans))
