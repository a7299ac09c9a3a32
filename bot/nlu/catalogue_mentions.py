"""The graph component that finds brands, models, trims, features and generic terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.catalogue_file import CatalogueFile, default_path, shared
from bot.nlu.fingerprint import sources
from bot.nlu.message import set_entities, set_findings
from bot.nlu.processes import each_in_processes


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class CatalogueMentions(GraphComponent):
    """Adds an entity for each mention; first in the pipeline.

    Registered as a featurizer because Rasa lets only tokenizers and featurizers see the training
    data, whose examples need the same findings.
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

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The names and the code that finds them: Rasa's cache sees neither."""
        path = default_path()
        names = path.read_bytes() if path.is_file() else b""
        return sources(Path(__file__).parent, extra=names)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            spans = self._catalogue.current().index.find(message.get("text") or "")
            set_findings(message, spans)
            set_entities(message, spans)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        index = self._catalogue.current().index
        examples = training_data.training_examples
        texts = [example.get("text") or "" for example in examples]
        for example, spans in zip(examples, each_in_processes(index.find, texts), strict=True):
            set_findings(example, spans)
        return training_data
