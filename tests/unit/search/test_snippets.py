"""Pieces around what was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.search.snippets import LONGEST, Part, snippet
from backend.search.terms import parse, said

ALPHABET = "试駕驾山屿的，。 abE5é<&>\"'\u200b🙂ﬁ㎡"


def shown(text: str, looked_for: str) -> str:
    query = parse(looked_for)
    heard = said(text)
    assert heard.wanted(query)
    parts = snippet(text, query, heard)
    return "".join(f"[{part.text}]" if part.found else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "looked_for", "marked"),
    [
        ("我想試駕", "试驾", "我想[試駕]"),
        ("试驾试驾，再试驾", "试驾", "[试驾试驾]，再[试驾]"),
        ("一二一二三", "一二三", "一二[一二三]"),
        ("Test drives, test", "test dri", "[Test] [dri]ves, [test]"),
        ("the other", "the", "[the] other"),
        ("电话138-0000 0001。", "13800000001", "电话[138-0000 0001]。"),
        ("车牌浙A·12345，保养", "浙a12345 保养", "车牌[浙A·12345]，[保养]"),
        ("CAF\u00c9 ﬁn", "cafe fin", "[CAF\u00c9] [ﬁn]"),
        ("zero\u200bwidth", "zerowidth", "[zero\u200bwidth]"),
        ("多" * 40 + "山屿", "山屿", "…" + "多" * 20 + "[山屿]"),
        ("one two three four five six sunroof", "sunroof", "…three four five six [sunroof]"),
        ("one twothreefourfivesixseven sunroof", "sunroof", "…reefourfivesixseven [sunroof]"),
        ("山屿" + "多" * 200, "山屿", "[山屿]" + "多" * (LONGEST - 2) + "…"),
        ("好" * 300, "好" * 200, "[" + "好" * LONGEST + "]…"),
    ],
)
def test_snippets(text: str, looked_for: str, marked: str) -> None:
    assert shown(text, looked_for) == marked


@given(st.text(ALPHABET, max_size=300), st.data())
def test_a_snippet_is_a_part_of_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    query = parse(text[start : start + data.draw(st.integers(0, 12))])
    heard = said(text)
    if not heard.wanted(query):
        return
    parts = snippet(text, query, heard)
    assert any(part.found for part in parts)
    assert all(part.text for part in parts)
    joined = "".join(part.text for part in parts)
    assert joined.removeprefix("…").removesuffix("…") in text
    assert len(joined) <= LONGEST + 7


def test_parts_are_plain_text() -> None:
    query = parse("script")
    text = "<script>alert(1)</script>"
    assert snippet(text, query, said(text)) == (
        Part("<"), Part("script", True), Part(">alert(1)</"), Part("script", True), Part(">"),
    )  # fmt: skip
