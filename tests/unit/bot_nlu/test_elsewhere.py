import pytest

from bot.nlu.elsewhere import contrasts, named, things, without_car
from bot.nlu.features import ELSEWHERE
from tests.unit.bot_nlu.dealership import NAMES, sentence_of

CARS = [
    "山屿多少钱",
    "how much is the Shanyu",
    "Shanyu or Qinglan?",
    "我的车有异响",
    "my car rattles",
]


def others(*texts: str) -> list[str]:
    found = [without_car(text, sentence_of(text).spans) for text in texts]
    return list(contrasts(sentence for sentence in found if sentence is not None))


@pytest.mark.parametrize("text", ["洗衣机坏了", "my washing machine rattles", "two dishwashers"])
def test_a_thing_from_elsewhere_is_named(text: str) -> None:
    assert named(text)
    assert ELSEWHERE in sentence_of(text).features


@pytest.mark.parametrize("text", ["", "山屿多少钱", "my car rattles", "xdishwasher", "dishwasherx"])
def test_other_words_are_no_such_thing(text: str) -> None:
    assert not named(text)


def test_the_same_sentences_give_the_same_contrasts() -> None:
    assert others(*CARS) == others(*CARS)


def test_a_contrast_names_a_thing_and_no_car() -> None:
    found = others(*CARS)
    assert len(found) == len(CARS)
    for text in found:
        assert named(text)
        assert not [row for row in NAMES if row["kind"] == "model" and row["text"] in text]


def test_a_sentence_without_a_car_has_no_contrast() -> None:
    assert others("你好", "when do you open") == []


@pytest.mark.parametrize(
    "text", ["how much is the Shanyu", "how much is my car", "is that new car loud"]
)
def test_the_stand_in_has_one_article(text: str) -> None:
    [found] = others(text)
    words = found.split()
    assert words.count("the") == 1
    assert not {"my", "that"} & set(words)


def test_each_name_belongs_to_one_language() -> None:
    assert not set(things()["zh"]) & set(things()["en"])
    assert all(things().values())
