"""Texts split without a cut character; cards and buttons as messengers show them."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.channels.base import Outgoing, Part
from backend.channels.composing import Option, cut, length, options, share, split, words
from backend.channels.telegram.composing import compose

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
FLAG = "🇨🇳"
THUMB = "👍🏽"
ACCENT = "e\u0301"
HEART = "❤\ufe0f"
WHOLE = (FAMILY, FLAG, THUMB, ACCENT, HEART, "𝕏", "车", "a", " ", "\n", "。")


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(st.lists(st.sampled_from(WHOLE), max_size=80).map("".join), st.integers(12, 40))
def test_split_loses_nothing_and_cuts_no_character(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert squeezed("".join(pieces)) == squeezed(text)
    for piece in pieces:
        assert 0 < length(piece) <= limit
        # Taken apart into the characters it was made of, nothing is left over.
        rest = piece
        for whole in WHOLE[:5]:
            rest = rest.replace(whole, "")
        assert all(char in "𝕏车a \n。" for char in rest), [piece]


@given(st.text(max_size=300), st.integers(2, 20))
def test_split_of_any_text(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert squeezed("".join(pieces)) == squeezed(text)
    assert all(0 < length(piece) <= limit for piece in pieces)


def test_split_prefers_paragraphs_then_lines_then_sentences_then_words() -> None:
    assert split("一二三四五六\n\n七八九\n十", 12) == ["一二三四五六", "七八九\n十"]
    assert split("一二三四五六\n七八九十", 10) == ["一二三四五六", "七八九十"]
    assert split("一二三四五。六七八九十", 9) == ["一二三四五。", "六七八九十"]
    assert split("one two three four", 10) == ["one two", "three four"]
    assert split("一二三四五六七八", 4) == ["一二三四", "五六七八"]
    assert split("", 10) == []
    assert split(" \n ", 10) == []


def test_split_does_not_leave_a_crumb() -> None:
    """A line end near the beginning is no place to break a long text."""
    first, _ = split("好\n" + "价" * 12, 10)
    assert len(first) > 5


def test_a_character_longer_than_the_limit_is_cut_all_the_same() -> None:
    monster = "e" + "\u0301" * 50
    pieces = split(monster, 10)
    assert "".join(pieces) == monster
    assert max(map(length, pieces)) <= 10


def test_cut_marks_what_is_missing() -> None:
    assert cut("一二三", 3) == "一二三"
    assert cut("一二三四", 3) == "一二…"
    assert cut(f"好{FAMILY}好", 6) == "好…"
    assert all(unicodedata.category(char) != "Cs" for char in cut("𝕏" * 9, 5))


def test_length_is_never_less_than_any_platform_counts() -> None:
    for text in ("车", "a", "𝕏", FAMILY, FLAG):
        assert length(text) == len(text.encode("utf-16-le")) // 2


def test_options_are_shared_out_fairly() -> None:
    def of(group: str, count: int) -> list[Option]:
        return [Option(f"{group}{n}", f"{n}", group) for n in range(count)]

    offered = of("a", 6) + of("b", 1) + of("c", 6)
    kept = [option.choice for option in share(offered, 9)]
    assert kept == ["a0", "a1", "a2", "a3", "b0", "c0", "c1", "c2", "c3"]
    assert share(offered, 99) == offered
    assert share([], 5) == []


CARD: dict[str, Any] = {
    "title": "山屿", "subtitle": "SUV", "image": "x.svg",
    "facts": [{"label": "指导价", "value": "15.98 万元"}, "nonsense"],
    "buttons": [{"choice": "c1", "title": "约试驾"}, {"choice": "", "title": "空"}],
}  # fmt: skip


def test_a_card_is_words_and_options() -> None:
    parts = (
        Part(" 两款： ", cards=(CARD, {"title": "周六", "buttons": []})),
        Part("", cards=({"title": "只有标题"},)),
        Part("说完了", buttons=(("c2", "好"), ("c3", " "))),
    )
    assert words(parts, "zh") == "两款：\n\n山屿\nSUV\n指导价：15.98 万元\n\n说完了"
    assert words(parts[:1], "en").endswith("指导价: 15.98 万元")
    assert options(parts) == [Option("c1", "约试驾", "山屿"), Option("c2", "好")]


def outgoing(*parts: Part, language: str = "zh") -> Outgoing:
    return Outgoing("42", parts, "reply", language, "key")


def test_nothing_in_a_text_is_markup() -> None:
    [payload] = compose(outgoing(Part("*价* <b>1</b> _x_ https://a.test")))
    assert payload == {
        "chat_id": 42, "text": "*价* <b>1</b> _x_ https://a.test",
        "link_preview_options": {"is_disabled": True},
    }  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_buttons_without_words_get_some(language: str) -> None:
    [payload] = compose(outgoing(Part("", buttons=(("c", "好"),)), language=language))
    assert payload["text"]


def test_nothing_to_say_is_no_call() -> None:
    assert compose(outgoing(Part(" "))) == []


def keyboard(*parts: Part) -> list[list[str]]:
    found: Any = compose(outgoing(*parts))[-1]["reply_markup"]
    return [[button["text"] for button in row] for row in found["inline_keyboard"]]


def test_short_buttons_share_a_row() -> None:
    titles = ["好", "不了", "改时间", "转人工", "一个长得自己要占一整行的按钮标题", "完"]
    buttons = tuple((f"c{n}", title) for n, title in enumerate(titles))
    assert keyboard(Part("？", buttons=buttons)) == [
        ["好", "不了", "改时间"], ["转人工"], ["一个长得自己要占一整行的按钮标题"], ["完"],
    ]  # fmt: skip


def test_buttons_of_several_cards_name_their_card() -> None:
    days: tuple[dict[str, Any], ...] = tuple(
        {"title": day, "buttons": [{"choice": f"{day}{hour}", "title": f"{hour}:00"}
                                   for hour in (10, 14)]}
        for day in ("明天", "周六")
    )  # fmt: skip
    assert keyboard(Part("哪天？", cards=days)) == [
        ["明天 10:00", "明天 14:00"], ["周六 10:00", "周六 14:00"],
    ]  # fmt: skip
    assert keyboard(Part("几点？", cards=days[:1])) == [["10:00", "14:00"]]
