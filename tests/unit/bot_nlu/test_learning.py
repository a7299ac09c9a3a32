import numpy as np
import pytest

from bot.nlu import learning
from bot.nlu.catalogue_file import Catalogue
from bot.nlu.elsewhere import named
from bot.nlu.learning import learn
from bot.nlu.understanding import ELSEWHERE
from tests.unit.bot_nlu.dealership import CATALOGUE, sentence_of

LABELLED = [
    ("你好", "greet"),
    ("周六下午三点试驾山屿", "book_test_drive"),
    ("how much is the Shanyu", "ask_price"),
    ("my car is loud today", "chitchat"),
]


def test_an_example_looks_like_the_message_a_customer_writes() -> None:
    for (text, intent), example in zip(LABELLED, learn(LABELLED, CATALOGUE), strict=False):
        assert example.intent == intent
        assert example.features == sentence_of(text).features


def test_only_business_about_a_car_is_said_of_other_things() -> None:
    others = learn(LABELLED, CATALOGUE)[len(LABELLED) :]
    assert [example.intent for example in others] == [ELSEWHERE] * 2


def test_names_are_those_of_the_catalogue() -> None:
    known, unknown = (learn([("山屿多少钱", "ask_price")], each)[0] for each in _CATALOGUES)
    assert "w __model__" in known.features
    assert "w __model__" not in unknown.features
    assert not np.allclose(known.vector, unknown.vector, atol=1e-3)


_CATALOGUES = (CATALOGUE, Catalogue())


@pytest.mark.parametrize("parts", [1, 3])
def test_in_how_many_parts_it_is_done_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    whole = learn(LABELLED, CATALOGUE)
    size = len(LABELLED) // parts + 1
    monkeypatch.setattr(
        learning,
        "parts_of",
        lambda inputs: [inputs[at : at + size] for at in range(0, len(inputs), size)],
    )
    again = learn(LABELLED, CATALOGUE)
    assert [each.features for each in again] == [each.features for each in whole]
    for one, other in zip(again, whole, strict=True):
        assert np.allclose(one.vector, other.vector, atol=1e-5)


def test_the_things_said_are_things_from_elsewhere() -> None:
    [_, other] = learn([("how much is the Shanyu", "ask_price")], CATALOGUE)
    assert any(named(name.removeprefix("w ")) for name in other.features if name.startswith("w "))
