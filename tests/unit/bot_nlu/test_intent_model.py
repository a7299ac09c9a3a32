from pathlib import Path

import numpy as np
import pytest

from bot.nlu.features import features
from bot.nlu.intent_model import IntentModel, train
from bot.nlu.words import split

SENTENCES = [
    ("你好", "greet"), ("您好啊", "greet"), ("hello", "greet"), ("hi there", "greet"),
    ("多少钱", "ask_price"), ("什么价格", "ask_price"), ("how much is it", "ask_price"),
    ("what's the price", "ask_price"), ("我要试驾", "book"), ("预约试驾", "book"),
    ("book a test drive", "book"), ("I'd like a test drive", "book"),
]  # fmt: skip


def seen(text: str) -> list[str]:
    return features(split(text))


EXAMPLES = [(seen(text), intent) for text, intent in SENTENCES]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return train(EXAMPLES, strength=30)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("您好", "greet"), ("价格多少", "ask_price"), ("想试驾", "book"), ("a test drive?", "book")],
)
def test_understands_what_it_has_not_seen(model: IntentModel, text: str, intent: str) -> None:
    ranking = model.ranking(seen(text))
    assert ranking[0][0] == intent
    assert sum(share for _, share in ranking) == pytest.approx(1)
    assert [share for _, share in ranking] == sorted((s for _, s in ranking), reverse=True)


@pytest.mark.parametrize("text", ["", "щ", "\u200b"])
def test_words_nobody_knows_mean_nothing(model: IntentModel, text: str) -> None:
    assert [share for _, share in model.ranking(seen(text))] == pytest.approx([1 / 3] * 3)


def test_a_saved_model_says_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    assert loaded.ranking(seen("试驾多少钱")) == model.ranking(seen("试驾多少钱"))


def test_the_same_examples_give_the_same_model(model: IntentModel) -> None:
    again = train(EXAMPLES, strength=30)
    assert again.intents == model.intents
    assert np.array_equal(again.weights, model.weights)


def test_two_intents_are_enough() -> None:
    small = train([(seen("你好"), "greet"), (seen("再见"), "goodbye")], strength=30)
    assert small.ranking(seen("你好"))[0][0] == "greet"
    assert small.ranking(seen("再见"))[0][0] == "goodbye"


def test_rare_features_can_be_left_out() -> None:
    assert len(train(EXAMPLES, 30, least_messages=2).vocabulary) < len(
        train(EXAMPLES, 30).vocabulary
    )


def test_there_is_no_model_in_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="names"):
        IntentModel.load(tmp_path)
