"""How texts are cut, and what a query asks for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.search.folding import fold, folded
from backend.search.terms import (
    LONGEST_ENTRY,
    MOST_ASKED,
    Query,
    Run,
    Word,
    entries,
    parse,
    said,
)

TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("试駕山屿浙粤挂的 abEé019+-.·()（）１３８３８00000001Ａ\u200b\ud800"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("試駕 Ｅ５", "试驾 e5"), ("CAFÉ", "cafe"), ("cafe\u0301", "cafe"), ("ﬁn", "fin"),
        ("㎡", "m2"), ("a\u200bb", "ab"), ("İ", "i"), ("が", "が"), ("한", "한"), ("ё", "е"),
        ("\ud800x", "x"), ("２０２６", "2026"), ("“引号”", "“引号”"),
    ],
)  # fmt: skip
def test_one_form_for_all_spellings(text: str, form: str) -> None:
    assert fold(text) == form
    assert folded(text).form == form


@given(TEXTS)
def test_the_way_back(text: str) -> None:
    it = folded(text)
    assert it.form == fold(text) == fold(fold(text))
    assert len(it.form) == len(it.origin)
    assert list(it.origin) == sorted(it.origin)
    for index, char in enumerate(it.form):
        start, end = it.span(index, index + 1)
        assert end == start + 1
        assert char in fold(text[start:end])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("试驾山屿", "试驾 驾山 山屿 屿"), ("好", "好"), ("好，好", "好"), ("的的的", "的的 的"),
        ("Test-drive it's", "test drive it s"), ("买E5吗", "买 e5 吗"), ("🙂，。", ""),
        ("电话138 0000 0001", "电话 话 138 0000 0001 13800000001"),
        ("+86-138-0000-0001", "86 138 0000 0001 13800000001"),
        ("8613800000001", "8613800000001 13800000001"), ("13800000001", "13800000001"),
        ("0571-8888 8888", "0571 8888 057188888888"), ("400-000-1234", "400 000 1234 4000001234"),
        ("11-25 138 0000 0001", "11 25 138 0000 0001 13800000001"),
        ("浙A·12345", "浙 a 12345 浙a12345"), ("粵B D12345", "粤 b d12345 粤bd12345"),
        ("浙A1234挂", "浙 a1234 挂 浙a1234挂"), ("TD261125-0001", "td261125 0001"),
        ("x" * 50, "x" * LONGEST_ENTRY),
    ],
)  # fmt: skip
def test_entries(text: str, found: str) -> None:
    assert entries(text) == found.split()


@given(TEXTS)
def test_entries_hold_nothing_that_a_query_language_knows(text: str) -> None:
    for entry in entries(text):
        assert not re.search(r"[\s\x00-/:-@\[-`{-\x7f]", entry)
        assert 0 < len(entry) <= LONGEST_ENTRY and entry == fold(entry)
        entry.encode()


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("試駕", ((Run("试驾"),),)),
        ("山屿 多少", ((Run("山屿"), Run("多少")),)),
        ("test dri", ((Word("test"), Word("dri", open_end=True)),)),
        ("test, ", ((Word("test"),),)),
        (
            "138 0000",
            ((Word("138"), Word("0000", open_end=True)), (Word("1380000", open_end=True),)),
        ),
        ("浙A12345", (
            (Run("浙"), Word("a12345", open_end=True)), (Word("浙a12345", open_end=True),),
        )),
        ('"*^:()', ()), ("", ()), ("\x00", ()), ("🙂", ()),
    ],
)  # fmt: skip
def test_parsing(text: str, ways: tuple[tuple[Run | Word, ...], ...]) -> None:
    assert parse(text) == Query(ways)


@given(TEXTS, st.data())
def test_whatever_is_wanted_has_the_entries_that_are_asked_for(
    text: str, data: st.DataObject
) -> None:
    """Else the index would hide what the text has."""
    start = data.draw(st.integers(0, len(text)))
    query = parse(text[start : data.draw(st.integers(start, len(text)))])
    if not said(text).wanted(query):
        return
    held = entries(text)

    def has(entry: str, open_end: bool) -> bool:
        return any(one.startswith(entry) if open_end else one == entry for one in held)

    assert any(all(has(one.text, one.open_end) for one in way) for way in query.entries())


def test_what_the_text_itself_decides() -> None:
    # All pairs are there, but not side by side.
    query = parse("一二三")
    assert not said("二三，一二").wanted(query) and said("零一二三四").wanted(query)
    long = parse("甲乙丙丁戊己庚辛壬癸" * 10)
    assert len(long.entries()[0]) <= MOST_ASKED
    assert not said("甲乙丙丁戊己庚辛壬癸" * 9).wanted(long)


@given(TEXTS)
def test_there_are_never_many_more_entries_than_characters(text: str) -> None:
    assert len(entries(text)) <= 1.5 * len(fold(text)) + 1
