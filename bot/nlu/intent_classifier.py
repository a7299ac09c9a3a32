"""The graph component that says what a customer wants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

import values
from bot.nlu import encoder
from bot.nlu.catalogue_file import CatalogueFile, default_path, shared
from bot.nlu.fingerprint import sources
from bot.nlu.intent_model import IntentModel
from bot.nlu.intent_training import Settings, train
from bot.nlu.learning import learn
from bot.nlu.message import findings
from bot.nlu.phrasing import phrase
from bot.nlu.second_look import clauses_of, second_look
from bot.nlu.sentence import Sentence
from bot.nlu.tokenizer import MixedTokenizer
from bot.nlu.understanding import understand
from bot.nlu.words import Word

_RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Sets ``intent``, ``intent_ranking`` and ``wishes``. Runs after `MixedTokenizer`.

    ``wishes`` lists the other wishes that a message of several clauses holds
    (`bot.nlu.second_look`).
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
        catalogue: CatalogueFile | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._catalogue = catalogue or shared()

    @classmethod
    def required_components(cls) -> list[type]:
        return [MixedTokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"strength": 30.0, "steps": 50, "least_messages": 1, "sharpness": 1.0}

    @staticmethod
    def required_packages() -> list[str]:
        # Not the encoder: Rasa looks for one name as a package and as a module, and it has two.
        return ["scipy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The names of the catalogue and the code that finds names and values and makes features
        and model: Rasa's cache sees none of it."""
        path = default_path()
        names = path.read_bytes() if path.is_file() else b""
        return sources(Path(values.__file__).parent, Path(__file__).parent, extra=names)

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
        encoder.load()
        # A message is too little work for two threads: waiting for the second takes longer.
        threadpool_limits(1, user_api="blas")
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        labelled = [
            (message.get("text") or "", str(message.get("intent")))
            for message in training_data.intent_examples
        ]
        settings = Settings(
            float(self._config["strength"]),
            int(self._config["steps"]),
            int(self._config["least_messages"]),
            float(self._config["sharpness"]),
        )
        self._model = train(learn(labelled, self._catalogue.current()), settings)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self._model is None:
            raise RuntimeError("the intent model is not trained")
        for message in messages:
            self._understand(self._model, message)
        return messages

    def _understand(self, model: IntentModel, message: Message) -> None:
        sentence = _sentence(message)
        clauses = clauses_of(sentence)
        whole, *vectors = encoder.encode(
            [phrase(each.text, each.spans) for each in (sentence, *clauses)]
        )
        ranked = understand(model, sentence, whole)
        ranking = [{"name": name, "confidence": share} for name, share in ranked[:_RANKED]]
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        readings = [
            (clause, understand(model, clause, vector)[0])
            for clause, vector in zip(clauses, vectors, strict=True)
        ]
        wishes = [wish.as_entry() for wish in second_look(ranked[0], readings)]
        message.set("wishes", wishes, add_to_output=True)


def _sentence(message: Message) -> Sentence:
    """What was found of a message, as the model sees it."""
    spans = findings(message)
    by_place = {(span.start, span.end): span for span in reversed(spans)}
    words = [
        Word(
            token.text, token.start, token.end, token.lemma, by_place.get((token.start, token.end))
        )
        for token in message.get("text_tokens") or []
    ]
    return Sentence(message.get("text") or "", spans, words)
