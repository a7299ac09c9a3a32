"""The graph component that finds brands, models, trims, features and generic terms."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.catalogue_file import CatalogueFile, shared
from bot.nlu.message import set_entities, set_findings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CatalogueMentions(GraphComponent):
    """Adds an entity for each mention; first in the pipeline.

    In training `bot.nlu.learning` finds the same for the intent model.
    """

    def __init__(self, catalogue: CatalogueFile) -> None:
        self._catalogue = catalogue

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CatalogueMentions:
        catalogue = shared()
        # Read now, and not while the first customer waits.
        catalogue.current()
        return cls(catalogue)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            spans = self._catalogue.current().index.find(message.get("text") or "")
            set_findings(message, spans)
            set_entities(message, spans)
        return messages
