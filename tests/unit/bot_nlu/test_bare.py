"""Messages that are nothing but an answer, and letters that are nothing at all."""

import pytest

from bot.nlu.bare import is_bare_answer, is_fragment, may_be_name
from bot.nlu.intent_model import IntentModel
from bot.nlu.intent_training import Settings, train
from bot.nlu.understanding import understand
from bot.nlu.words import split
from tests.unit.bot_nlu.dealership import examples_of, meaning_of, sentence_of, words_of

SENTENCES = [
    ("山屿多少钱", "ask_price"), ("how much is it", "ask_price"), ("再见", "goodbye"),
    ("goodbye", "goodbye"), ("bye 88", "goodbye"), ("拜拜 886", "goodbye"),
    ("周六", "inform"), ("山屿", "inform"), ("pizza please", "out_of_scope"),
    ("订个外卖", "out_of_scope"),
]  # fmt: skip


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return train(examples_of(SENTENCES), Settings(least_messages=1))


def ranked(model: IntentModel, text: str) -> list[tuple[str, float]]:
    return understand(model, sentence_of(text), meaning_of(text)[0])


@pytest.mark.parametrize(
    "text",
    [
        "1391234", "2", "13912345678", "周六下午三点", "山屿", "山屿吧", "feb 30", "天窗", "E7",
        "7？", "88", "三", "十点", "10am", "小保养", "山屿 周六 13800000001", "丰田", "浙A12345",
    ],
)  # fmt: skip
def test_a_bare_answer_is_certain(model: IntentModel, text: str) -> None:
    assert is_bare_answer(words_of(text))
    ranking = ranked(model, text)
    assert ranking[0] == ("inform", 1.0)
    assert len(ranking) == len(model.intents)
    # Far enough behind that nobody calls the message ambiguous.
    assert ranking[1][1] <= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "", "?", "吧", "ok 7", "山屿多少钱", "山屿的天窗", "天窗呢", "sunroof?", "便宜点",
        "cheaper", "3q", "早晨", "换机油了", "👍", "the Shanyu", "周六想试驾", "2 people",
    ],
)  # fmt: skip
def test_words_around_it_are_left_to_the_model(text: str) -> None:
    assert not is_bare_answer(words_of(text))


def test_unknown_letters_are_no_farewell(model: IntentModel) -> None:
    for text in ("xq", "asdf", "kjhg wq"):
        assert is_fragment(split(text), model.vocabulary)
        shares = [share for _, share in ranked(model, text)]
        assert shares == pytest.approx([1 / len(shares)] * len(shares))


@pytest.mark.parametrize("text", ["goodby", "byee goodbye", "how mch is it", "你好 xq", "山屿 xq"])
def test_misspelled_words_are_no_fragments(model: IntentModel, text: str) -> None:
    assert not is_fragment(words_of(text), model.vocabulary)


def test_nothing_is_no_fragment(model: IntentModel) -> None:
    assert not is_fragment([], model.vocabulary)


@pytest.mark.parametrize("text", ["高远", "安然", "欧阳雪"])
def test_what_reads_like_a_name_is_an_answer(model: IntentModel, text: str) -> None:
    assert may_be_name(words_of(text))
    assert ranked(model, text)[0][0] == "inform"


@pytest.mark.parametrize("text", ["", "多少钱", "我想订一个外卖", "Anna", "山屿"])
def test_other_messages_are_no_names(text: str) -> None:
    assert not may_be_name(words_of(text))
