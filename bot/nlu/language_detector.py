"""The graph component that says in which language a message is written."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.language import detect
from bot.nlu.message import findings
from bot.nlu.spans import EXTRACTOR, NAMING_KINDS, Span

ENTITY = "language"

# Words that are the same in both languages, or nobody's language at all.
_SILENT = NAMING_KINDS | {"phone", "plate", "vin", "person", "number"}


def silent_spans(spans: list[Span]) -> list[tuple[int, int]]:
    """The spans whose words say nothing about the customer's language."""
    return [(span.start, span.end) for span in spans if span.kind in _SILENT]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Adds the entity ``language`` (``zh`` or ``en``, offsets 0 and 0) when the words tell.

    Runs after the mentions and the values, whose words it must leave out.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            language = detect(message.get("text") or "", silent_spans(findings(message)))
            if language is not None:
                found = {
                    "entity": ENTITY,
                    "value": language,
                    "start": 0,
                    "end": 0,
                    "extractor": EXTRACTOR,
                }
                message.set("entities", [*message.get("entities", []), found], add_to_output=True)
        return messages
