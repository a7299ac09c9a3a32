from pathlib import Path

import numpy as np
import pytest

from bot.nlu.intent_model import IntentModel
from bot.nlu.intent_training import Settings, train
from tests.unit.bot_nlu.dealership import examples_of, meaning_of, sentence_of

SENTENCES = [
    ("你好", "greet"), ("您好啊", "greet"), ("hello", "greet"), ("hi there", "greet"),
    ("多少钱", "ask_price"), ("什么价格", "ask_price"), ("how much is it", "ask_price"),
    ("what's the price", "ask_price"), ("我要试驾", "book"), ("预约试驾", "book"),
    ("book a test drive", "book"), ("I'd like a test drive", "book"),
]  # fmt: skip


SETTINGS = Settings(least_messages=1)


def ranked(model: IntentModel, text: str) -> list[tuple[str, float]]:
    return model.ranking(sentence_of(text).features, meaning_of(text)[0])


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return train(examples_of(SENTENCES), SETTINGS)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("您好", "greet"), ("价格多少", "ask_price"), ("想试驾", "book"), ("a test drive?", "book")],
)
def test_understands_what_it_has_not_seen(model: IntentModel, text: str, intent: str) -> None:
    ranking = ranked(model, text)
    assert ranking[0][0] == intent
    assert sum(share for _, share in ranking) == pytest.approx(1)
    assert [share for _, share in ranking] == sorted((s for _, s in ranking), reverse=True)


@pytest.mark.parametrize("text", ["", "щ", "\u200b"])
def test_words_nobody_knows_mean_nothing(model: IntentModel, text: str) -> None:
    assert [share for _, share in ranked(model, text)] == pytest.approx([1 / 3] * 3)


def test_a_saved_model_says_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    saved, told = dict(ranked(loaded, "试驾多少钱")), dict(ranked(model, "试驾多少钱"))
    assert saved == pytest.approx(told, abs=0.001)
    assert max(saved, key=lambda name: saved[name]) == max(told, key=lambda name: told[name])
    assert (loaded.business, loaded.sharpness) == (model.business, model.sharpness)


def test_the_same_examples_give_the_same_model(model: IntentModel) -> None:
    again = train(examples_of(SENTENCES), SETTINGS)
    assert again.intents == model.intents
    assert again.vocabulary == model.vocabulary
    for name in ("weights", "meaning", "centre", "bias"):
        assert np.array_equal(getattr(again, name), getattr(model, name))


def test_two_intents_are_enough() -> None:
    small = train(examples_of([("你好", "greet"), ("再见", "goodbye")]), SETTINGS)
    assert ranked(small, "你好")[0][0] == "greet"
    assert ranked(small, "再见")[0][0] == "goodbye"


def test_rare_features_can_be_left_out() -> None:
    examples = examples_of(SENTENCES)
    few = train(examples, Settings(least_messages=2))
    assert 0 < len(few.vocabulary) < len(train(examples, SETTINGS).vocabulary)


def test_a_message_is_ranked_by_its_words_alone_if_need_be(model: IntentModel) -> None:
    ranking = model.ranking(sentence_of("试驾").features)
    assert ranking[0][0] == "book"
    assert sum(share for _, share in ranking) == pytest.approx(1)


def test_sharpness_makes_the_likely_likelier() -> None:
    examples = examples_of(SENTENCES)
    sharp = train(examples, Settings(least_messages=1, sharpness=2))
    soft = train(examples, SETTINGS)
    assert ranked(sharp, "试驾")[0][1] > ranked(soft, "试驾")[0][1]


def test_there_is_no_model_in_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="names"):
        IntentModel.load(tmp_path)
