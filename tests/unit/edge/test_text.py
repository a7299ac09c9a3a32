"""What becomes of a customer's text, and what its letters tell."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.conversations.text import clean, language_of, readable
from backend.errors import InvalidError, TooLargeError

LIMIT = 50
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("\x00\x1b \u200b\u3000\ud800\n价")))


@given(TEXTS)
def test_what_is_kept_can_be_stored_and_seen(text: str) -> None:
    try:
        kept = clean(text, LIMIT)
    except TooLargeError:
        assert len(text) > LIMIT
    except InvalidError as error:
        assert error.code == "empty_message"
        assert not readable(text)
    else:
        assert kept.encode("utf-8")
        assert not any(unicodedata.category(c) == "Cc" for c in kept if c not in "\n\r\t")
        assert kept == kept.strip()
        assert len(kept) <= len(text) <= LIMIT
        assert clean(kept, LIMIT) == kept


def test_the_limit_counts_what_was_sent() -> None:
    assert clean("价" * LIMIT, LIMIT) == "价" * LIMIT
    with pytest.raises(TooLargeError):
        clean(" " * (LIMIT + 1), LIMIT)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("山屿多少钱", "zh"),
        ("这个有 CarPlay 吗", "zh"),
        ("does the 山屿 have a sunroof", "en"),
        ("how much is it", "en"),
        ("Xinghe E5", None),
        ("13800000001", None),
        ("😀", None),
        ("", None),
    ],
)
def test_the_language_of_letters(text: str, language: str | None) -> None:
    assert language_of(text) == language
