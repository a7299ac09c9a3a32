"""Makes examples for the intent model of the training sentences, on all processors.

Names, values, words, features and meaning of a sentence are found in one go: between processes go
only a sentence and what the model looks at.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Final

from bot.nlu import encoder
from bot.nlu.catalogue_file import Catalogue
from bot.nlu.elsewhere import Carless, contrasts, without_car
from bot.nlu.intent_training import Example
from bot.nlu.phrasing import phrase
from bot.nlu.processes import in_processes, parts_of
from bot.nlu.sentence import Sentence, seen
from bot.nlu.spans import settle
from bot.nlu.understanding import ELSEWHERE, NO_CONTRAST
from bot.nlu.value_entities import find_values

Labelled = tuple[str, str]
"""A sentence and its intent."""

_NOW: Final = datetime(2026, 11, 25, 2, 0, tzinfo=timezone.utc)
"""Training must give the same model on any day: a Wednesday, mid-morning in China."""


def learn(labelled: Sequence[Labelled], catalogue: Catalogue) -> list[Example]:
    """An example of each sentence; and of each about a car, an example of `ELSEWHERE`: the same
    about a thing from elsewhere (`bot.nlu.elsewhere`)."""
    encoder.load(training=True)
    found = in_processes(lambda part: _learn(part, catalogue), parts_of(labelled))
    carless = [sentence for _, sentences in found for sentence in sentences]
    others = [(text, ELSEWHERE) for text in contrasts(carless)]
    # What such a sentence names of cars was taken out.
    found += in_processes(lambda part: _learn(part, None), parts_of(others))
    return [example for examples, _ in found for example in examples]


def _learn(
    labelled: Sequence[Labelled], catalogue: Catalogue | None
) -> tuple[list[Example], list[Carless]]:
    sentences = [_sentence(text, catalogue) for text, _ in labelled]
    intents = [intent for _, intent in labelled]
    vectors = encoder.encode([phrase(each.text, each.spans) for each in sentences], training=True)
    # One object for each name: what goes to another process then names it once.
    names: dict[str, str] = {}
    examples = [
        Example([names.setdefault(name, name) for name in sentence.features], vector, intent)
        for sentence, vector, intent in zip(sentences, vectors, intents, strict=True)
    ]
    carless = [
        without_car(sentence.text, sentence.spans)
        for sentence, intent in zip(sentences, intents, strict=True)
        if catalogue is not None and intent not in NO_CONTRAST
    ]
    return examples, [sentence for sentence in carless if sentence is not None]


def _sentence(text: str, catalogue: Catalogue | None) -> Sentence:
    if catalogue is None:
        return seen(text, ())
    return seen(text, settle(catalogue.index.find(text), find_values(text, catalogue, _NOW)))
