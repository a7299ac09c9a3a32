import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.text import normalise

ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\ud800\udbff\udc00\udfff"),
        st.sampled_from("\x00\u200b\u202e\ufeff\u3000／ＡＢ１２哈😀👍🏽٣۳ﷺİ"),
        st.sampled_from(string.printable),
    ),
    max_size=200,
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("星禾Ｅ５", "星禾e5"),
        ("１３８００００００１２", "13800000012"),
        ("ＨＥＬＬＯ　World", "hello world"),
        ("青\u200b岚", "青岚"),
        ("a\x00b", "ab"),
        ("哈哈哈哈哈哈", "哈哈哈"),
        ("soooooo", "sooo"),
        ("多少钱？？？？", "多少钱?"),
        ("好😀😀👍👍", "好😀"),
        ("13800000001", "13800000001"),
        ("零零零零零", "零零零零零"),
        ("a   b\n\n c", "a b c"),
        ("what’s", "what's"),
        ("\ud83d", ""),
    ],
)
def test_normal_form(text: str, normal: str) -> None:
    assert normalise(text).text == normal


def test_offsets_lead_back_to_the_customers_own_words() -> None:
    text = "😀😀😀 我要\u200b 星禾　Ｅ５，哈哈哈哈哈"
    normal = normalise(text)
    start = normal.text.index("星禾")
    first, last = normal.span(start, start + len("星禾 e5"))
    assert text[first:last] == "星禾　Ｅ５"


@given(ANY_TEXT)
def test_any_text_has_a_normal_form_with_rising_offsets(text: str) -> None:
    normal = normalise(text)
    assert len(normal.text) == len(normal.offsets)
    assert list(normal.offsets) == sorted(normal.offsets)
    assert all(0 <= offset < len(text) for offset in normal.offsets)
