import pytest

from bot.nlu.phrasing import phrase
from bot.nlu.spans import Span
from tests.unit.bot_nlu.dealership import sentence_of


def phrased(text: str) -> str:
    sentence = sentence_of(text)
    return phrase(sentence.text, sentence.spans)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("山屿多少钱", "星禾 E5多少钱"),
        ("how much is the Shanyu", "how much is the Qinglan"),
        ("周六下午三点试驾", "明天上午十点试驾"),
    ],
)
def test_a_name_or_value_does_not_show(one: str, other: str) -> None:
    assert phrased(one) == phrased(other)


def test_words_of_the_trade_stay() -> None:
    assert "天窗" in phrased("山屿有天窗吗")


def test_english_words_do_not_grow_together() -> None:
    assert phrase("xE5y", [Span("model", 1, 3, "E5", "e5")]) == "x the car y"


def test_of_overlapping_findings_the_longest_counts() -> None:
    spans = [Span("model", 0, 2, "山屿", "s"), Span("trim", 0, 5, "山屿豪华版", "t")]
    assert phrase("山屿豪华版吗", spans) == "高配版吗"


@pytest.mark.parametrize("text", ["", "\ud83d", "\u200b"])
def test_nothing_is_nothing(text: str) -> None:
    assert phrase(text, []) == ""
