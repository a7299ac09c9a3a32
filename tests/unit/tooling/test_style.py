"""The measure by which the wording of replies is judged."""

import pytest

from tests import style


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("试驾约好了，预约号 TD261125-0001。\n时间：周六\n地址：望湖大道 188 号", 1),
        ("这几款合适：\n• 山屿：燃油。\n• 云驰：燃油。", 1),
        ("有。两款都有。要看看吗？再说一句。", 4),
        ("You're booked. See you then. Bring your licence.", 3),
        ("CNY 1,040.50 in all. (Source: list no. 4; valid. until 2026)", 1),
    ],
)
def test_sentences_besides_lists(text: str, count: int) -> None:
    assert style.sentences(text) == count


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("好的！", False),
        ("亲，您好", False),
        ("一。二。三。四。", False),
        ("您好，请说", True),
        ("utter_greet", True),
        ("The price is {price}", True),
    ],
)
def test_bad_wording_is_found(text: str, english: bool) -> None:
    assert style.faults(text, english=english)


def test_good_wording_passes() -> None:
    assert style.faults("好的，再见。有需要随时找我。", english=False) == []
    assert style.faults("Goodbye. I'm here whenever you need something.", english=True) == []
