"""The graph component that hands the words of a message to Rasa as tokens."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.message import findings
from bot.nlu.words import segmenter, split


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MixedTokenizer(Tokenizer):
    """Chinese, English and both in one message; mentions and values are one token each.

    The lemma of a token is its normal form, or the kind of the mention or value. Runs after the
    components that find those. Training sentences are left alone: the intent model, which alone
    learns from them, splits them itself (`bot.nlu.learning`).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    @staticmethod
    def required_packages() -> list[str]:
        return ["jieba"]

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        # Now, and not while the first customer waits.
        segmenter()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = message.get(attribute)
        spans = findings(message) if attribute == "text" else []
        return [
            Token(word.text, word.start, word.end, lemma=word.lemma) for word in split(text, spans)
        ]
