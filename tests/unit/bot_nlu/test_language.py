import pytest
from hypothesis import given

from bot.nlu.language import detect
from tests.unit.bot_nlu.test_text import ANY_TEXT


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "这个有 carplay 吗",
        "我要book一个test drive",
        "周六下午三点",
        "E5多少钱",
        "價格多少",
        "app里怎么看订单",
        "保养",
        "12月12日 10am",
        "湾A12345",
    ],
)
def test_chinese(text: str) -> None:
    assert detect(text) == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "how much is it",
        "does the 山屿 have a sunroof",
        "Can you tell me 青岚多少钱",
        "Saturday at 3 pm",
        "I want to book 试驾",
        "price?",
        "ｈｏｗ　ｍｕｃｈ",
    ],
)
def test_english(text: str) -> None:
    assert detect(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10am",
        "A12345",
        "13800000001",
        "ok",
        "OK!",
        "SUV",
        "😀👍",
        "Carplay",
        "3.5",
        "？",
        "ni hao",
        "/",
    ],
)
def test_words_that_do_not_tell_keep_the_language(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize("text", ["浙A", "沪 c", "京A 66", "浙A。"])
def test_how_a_plate_begins_does_not_tell(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize("text", ["山屿", "浙A12345", "Shanyu", "山屿 ok"])
def test_names_and_plates_do_not_tell(text: str) -> None:
    name = len(text.removesuffix(" ok"))
    assert detect(text, [(0, name)]) is None


def test_the_words_around_a_name_tell() -> None:
    assert detect("山屿 please", [(0, 2)]) == "en"
    assert detect("Shanyu多少钱", [(0, 6)]) == "zh"


@given(ANY_TEXT)
def test_any_text_is_answered(text: str) -> None:
    assert detect(text, [(0, 3)]) in ("zh", "en", None)
