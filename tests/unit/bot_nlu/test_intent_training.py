import numpy as np
import pytest

from bot.nlu.intent_training import Settings, train
from bot.nlu.understanding import understand
from tests.unit.bot_nlu.dealership import examples_of, sentence_of

SENTENCES = [
    ("how much is the price", "ask_price"), ("what is the price", "ask_price"),
    ("a good thriller novel", "out_of_scope"), ("bake chocolate cake", "out_of_scope"),
]  # fmt: skip


def test_business_words_come_from_business_sentences_alone() -> None:
    model = train(examples_of(SENTENCES), Settings(least_messages=1))
    assert "w price" in model.business
    assert "w thriller" not in model.business


def test_strange_words_are_a_sign_of_elsewhere() -> None:
    model = train(examples_of(SENTENCES), Settings(least_messages=1))
    assert any(name.startswith("u ") for name in model.vocabulary)
    ranking = model.ranking(sentence_of("a ukulele concerto").features)
    assert ranking[0][0] == "out_of_scope"


def test_more_than_one_group_of_intents_is_one_model() -> None:
    labelled = [(f"{word} please", f"i{word}") for word in "abcdefghijkl"]
    model = train(examples_of(labelled), Settings(least_messages=1))
    assert model.weights.shape == (len(model.vocabulary), len(model.intents))
    assert model.meaning.shape[1] == len(model.bias) == len(labelled)
    assert np.isfinite(model.weights).all()


@pytest.mark.parametrize(
    "text", ["/restart", "／restart", " \u200b/stop", "<b>stop</b>", '{"a": 1}']
)
def test_a_command_is_nobodys_wish(text: str) -> None:
    model = train(examples_of(SENTENCES), Settings(least_messages=1))
    shares = [share for _, share in understand(model, sentence_of(text), None)]
    assert max(shares) == pytest.approx(min(shares))
