import pytest

from bot.nlu.sounds import pinyin, sound, spelled


def test_a_character_is_read_without_its_tone() -> None:
    assert [pinyin(char) for char in "山屿岳"] == ["shan", "yu", "yue"]


@pytest.mark.parametrize("pair", ["元远", "山三", "兴新", "城陈", "张脏"])
def test_what_is_heard_alike_is_one_sound(pair: str) -> None:
    assert sound(pair[0]) == sound(pair[1])


@pytest.mark.parametrize("pair", ["山水", "岳与", "云青"])
def test_what_is_heard_apart_stays_apart(pair: str) -> None:
    assert sound(pair[0]) != sound(pair[1])


@pytest.mark.parametrize("char", ["e", "5", " ", "?", "\ud83d", "😀"])
def test_what_is_no_chinese_character_stands_for_itself(char: str) -> None:
    assert sound(char) == char


@pytest.mark.parametrize(
    ("name", "latin"),
    [("汉兰达", "hanlanda"), ("星禾e5", "xinghee5"), ("shanyu", None), ("", None)],
)
def test_a_chinese_name_is_spelled(name: str, latin: str | None) -> None:
    assert spelled(name) == latin
