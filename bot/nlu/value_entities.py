"""The graph component that reads times, amounts, phones, plates, names and the like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

import values
from bot.nlu.catalogue_file import Catalogue, CatalogueFile, shared
from bot.nlu.message import findings, set_entities, set_findings
from bot.nlu.spans import Span, settle
from values.clock import OffsetClock


def find_values(text: str, catalogue: Catalogue, now: datetime) -> list[Span]:
    """The values of ``text``, relative to ``now`` (aware) in the dealership's zone and hours."""
    mentions = values.find_all(
        text,
        now=now.astimezone(catalogue.zone),
        opens=catalogue.opens,
        closes=catalogue.closes,
    )
    return [Span(found.kind, found.start, found.end, found.text, found.value) for found in mentions]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ValueExtractor(GraphComponent):
    """Adds an entity for each value and settles overlaps with the mentions found before."""

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

    def process(self, messages: list[Message]) -> list[Message]:
        catalogue, now = self._catalogue.current(), self._now()
        for message in messages:
            text = message.get("text") or ""
            spans = settle(findings(message), find_values(text, catalogue, now))
            set_findings(message, spans)
            set_entities(message, spans)
        return messages
