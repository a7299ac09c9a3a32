"""How messages, buttons and cards leave: within WeChat's limits, nothing lost."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from backend.channels.base import Part
from backend.channels.wechat import rendering, texts
from backend.channels.wechat.rendering import TEXT_BYTES, menu_id, plain, size, split

CARD: dict[str, object] = {
    "title": "山屿",
    "subtitle": "SUV",
    "facts": [{"label": "指导价", "value": "15.98 万"}],
    "buttons": [{"choice": "c1", "title": "看配置"}],
}


def test_parts_cards_and_buttons_become_one_text() -> None:
    parts = (
        Part("这款很合适：", cards=(CARD,)),
        Part("想来试驾吗？", buttons=(("c2", "预约试驾"), ("c3", "先不用"))),
    )
    assert plain(parts, "zh") == (
        "这款很合适：\n\n【山屿】\nSUV\n指导价：15.98 万\n1. 看配置\n\n"
        f"想来试驾吗？\n2. 预约试驾\n3. 先不用\n\n{texts.CHOOSE['zh']}"
    )
    assert [option.choice for option in rendering.offered(parts)] == ["c1", "c2", "c3"]


def test_a_message_without_buttons_is_its_text() -> None:
    assert plain((Part("好的"), Part("稍等")), "zh") == "好的\n\n稍等"


def test_a_menu_carries_the_same_numbers() -> None:
    part = Part("想来试驾吗？", buttons=(("c2", "预约试驾"), ("c3", "先不用")))
    [(kind, menu)] = rendering.messages((part,), "zh", menus=True)
    assert kind == "msgmenu"
    assert menu["head_content"] == "想来试驾吗？"
    assert [item["content"] for item in menu["list"]] == ["1. 预约试驾", "2. 先不用"]
    assert [item["id"] for item in menu["list"]] == [str(menu_id("c2")), str(menu_id("c3"))]


def test_a_menu_of_several_cards_says_which_button_is_of_which() -> None:
    other: dict[str, object] = {"title": "远岳", "buttons": [{"choice": "c4", "title": "看配置"}]}
    part = Part("两款：", cards=(CARD, other), buttons=(("c5", "转人工"),))
    [(_, menu)] = rendering.messages((part,), "zh", menus=True)
    assert [item["content"] for item in menu["list"]] == [
        "1. 山屿 看配置",
        "2. 远岳 看配置",
        "3. 转人工",
    ]


def test_what_does_not_fit_into_a_menu_becomes_text() -> None:
    many = Part("选一个", buttons=tuple((f"c{n}", f"选项{n}") for n in range(11)))
    long = Part("很" * 400, buttons=(("c", "好"),))
    wide = Part("选一个", buttons=(("c", "好" * 50),))
    for part in (many, long, wide):
        [(kind, content)] = rendering.messages((part,), "en", menus=True)
        assert kind == "text"
        assert content["content"].endswith(texts.CHOOSE["en"])
    [(kind, _)] = rendering.messages((many,), "zh", menus=False)
    assert kind == "text"


@given(st.text(min_size=1, max_size=40))
def test_ids_of_menu_entries_are_numbers_that_fit(choice: str) -> None:
    assert 0 < menu_id(choice) < 2**31


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


SYMBOLS = st.sampled_from(
    (
        "好",
        "a",
        " ",
        "\n",
        "。",
        ". ",
        "😀",
        "👨‍👩‍👧",
        "👍🏽",
        "🇨🇳",
        "é",
        "，",
        "\u200d",
        "\u0301",
        "𠮷",
    )
)


@given(st.lists(SYMBOLS, max_size=300).map("".join), st.integers(60, 300))
def test_a_long_text_is_cut_into_pieces_that_fit(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(size(piece) <= limit for piece in pieces)
    assert squeezed("".join(pieces)) == squeezed(text)


def test_no_character_is_torn() -> None:
    family = "👨‍👩‍👧‍👦"
    text = "字" + family * 200
    pieces = split(text, 333)
    assert len(pieces) > 5
    assert all(piece.removeprefix("字").replace(family, "") == "" for piece in pieces)


def test_it_is_cut_between_lines_and_sentences_where_it_can() -> None:
    assert split("一行\n" * 20, 50)[0].endswith("一行")
    sentences = split("价格是3.5万。" * 100, 100)
    assert all(piece.endswith("万。") for piece in sentences)


def test_the_longest_answer_is_sent_as_texts_within_the_limit() -> None:
    parts = tuple(Part("很长的回答。" * 100) for _ in range(5))
    calls = rendering.messages(parts, "zh", menus=True)
    assert len(calls) > 1
    assert all(kind == "text" and size(c["content"]) <= TEXT_BYTES for kind, c in calls)
    assert json.dumps(calls)
