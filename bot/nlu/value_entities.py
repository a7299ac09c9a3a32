"""The graph component that reads times, amounts, phones, plates, names and the like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import values
from bot.nlu.catalogue_file import Catalogue, CatalogueFile, shared
from bot.nlu.fingerprint import sources
from bot.nlu.message import findings, set_entities, set_findings
from bot.nlu.processes import each_in_processes
from bot.nlu.spans import Span, settle
from values.clock import OffsetClock

_TRAINING_NOW: Final = datetime(2026, 11, 25, 2, 0, tzinfo=timezone.utc)
"""Training must give the same model on any day: a Wednesday, mid-morning in China."""


def find_values(text: str, catalogue: Catalogue, now: datetime) -> list[Span]:
    """The values of ``text``, relative to ``now`` (aware) in the dealership's zone and hours."""
    mentions = values.find_all(
        text,
        now=now.astimezone(catalogue.zone),
        opens=catalogue.opens,
        closes=catalogue.closes,
    )
    return [Span(found.kind, found.start, found.end, found.text, found.value) for found in mentions]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ValueExtractor(GraphComponent):
    """Adds an entity for each value and settles overlaps with the mentions found before.

    Registered as a featurizer because Rasa lets only tokenizers and featurizers see the training
    data.
    """

    def __init__(self, catalogue: CatalogueFile, now: Callable[[], datetime]) -> None:
        self._catalogue = catalogue
        self._now = now

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ValueExtractor:
        return cls(shared(), OffsetClock.from_environment().now)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The grammars that find the values: Rasa's cache does not see them."""
        return sources(Path(values.__file__).parent, Path(__file__).parent)

    def process(self, messages: list[Message]) -> list[Message]:
        catalogue, now = self._catalogue.current(), self._now()
        for message in messages:
            text = message.get("text") or ""
            spans = settle(findings(message), find_values(text, catalogue, now))
            set_findings(message, spans)
            set_entities(message, spans)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        catalogue = self._catalogue.current()
        examples = training_data.training_examples
        texts = [example.get("text") or "" for example in examples]
        found = each_in_processes(lambda text: find_values(text, catalogue, _TRAINING_NOW), texts)
        for example, values_found in zip(examples, found, strict=True):
            set_findings(example, settle(findings(example), values_found))
        return training_data
