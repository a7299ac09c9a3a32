"""The graph component that says what a customer wants."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.bare import INTENT as BARE
from bot.nlu.bare import is_bare_answer, is_fragment, may_be_name
from bot.nlu.features import features
from bot.nlu.fingerprint import sources
from bot.nlu.intent_model import IntentModel, train
from bot.nlu.message import findings
from bot.nlu.spans import CATALOGUE_KINDS, NAMING_KINDS
from bot.nlu.tokenizer import MixedTokenizer
from bot.nlu.words import Word

_RANKED = 10
ELSEWHERE = "out_of_scope"
_OF_CARS = frozenset((*CATALOGUE_KINDS, *NAMING_KINDS, "body", "energy", "trim_level", "mileage"))
"""Who names one of these is not out of scope for want of other known words."""

_LIKELY = 0.7
"""Below it, what reads like a person's name is taken for one."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Sets ``intent`` and ``intent_ranking``. Runs after `MixedTokenizer`.

    Not Rasa's own logistic regression: it gives rare intents the weight of frequent ones and rare
    words that of common ones, takes a minute to train, and needs featurizers that take most of
    the time of a parse.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> list[type]:
        return [MixedTokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"strength": 30.0, "least_messages": 1}

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The code of features and model: Rasa's cache does not see it."""
        return sources(Path(__file__).parent)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Raises if the trained model is missing: an assistant without it would only guess."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [
            (features(_words(example)), example.get("intent"))
            for example in training_data.intent_examples
            if example.get("text")
        ]
        self._model = train(
            examples, float(self._config["strength"]), int(self._config["least_messages"])
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self._model is None:
            raise RuntimeError("the intent model is not trained")
        for message in messages:
            words = _words(message)
            ranking = [
                {"name": intent, "confidence": confidence}
                for intent, confidence in understand(self._model, words)[:_RANKED]
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def understand(model: IntentModel, words: Sequence[Word]) -> list[tuple[str, float]]:
    """All intents for the words of a message, most likely first.

    A bare answer is `bare.INTENT` with certainty, whatever the model makes of it; what may be a
    name is one unless the model is rather sure. The model's ranking stays behind it, halved, so
    that the answer is never taken for ambiguous. Letters that resemble no word are no evidence
    for anything.
    """
    if is_fragment(words, model.vocabulary):
        return model.ranking(())
    of_cars = any(word.span and word.span.kind in _OF_CARS for word in words)
    ranking = model.ranking(features(words), None if of_cars else ELSEWHERE)
    if is_bare_answer(words):
        return _answer(1.0, ranking)
    if ranking[0][1] < _LIKELY and may_be_name(words):
        return _answer(_LIKELY, ranking)
    return ranking


def _answer(share: float, ranking: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    rest = [(name, other / 2) for name, other in ranking if name != BARE]
    return [(BARE, share), *rest]


def _words(message: Message) -> list[Word]:
    """The tokens, with the findings that some of them stand for."""
    spans = {(span.start, span.end): span for span in reversed(findings(message))}
    return [
        Word(token.text, token.start, token.end, token.lemma, spans.get((token.start, token.end)))
        for token in message.get("text_tokens") or []
    ]
