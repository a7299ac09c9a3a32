"""What becomes of a customer's text, and waking those who wait, without any store."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.conversations.signals import Signals, wait
from backend.conversations.text import clean, language_of, readable
from backend.errors import InvalidError, TooLargeError

LIMIT = 2000


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  山屿多少钱 ", "山屿多少钱"),
        ("a\x00b\x1bc", "abc"),
        ("第一行\n第二行\t末", "第一行\n第二行\t末"),
        ("坏\ud800字", "坏\ufffd字"),
        ("/restart", "/restart"),
        ("👍", "👍"),
    ],
)
def test_cleaning(text: str, kept: str) -> None:
    assert clean(text, LIMIT) == kept


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\u200b\u200d", "\u3000\n\t"])
def test_nothing_readable_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        clean(text, LIMIT)


def test_the_limit_counts_characters() -> None:
    assert clean("车" * LIMIT, LIMIT) == "车" * LIMIT
    with pytest.raises(TooLargeError):
        clean("车" * (LIMIT + 1), LIMIT)


@given(st.text(max_size=200))
def test_what_is_kept_can_be_stored_and_is_stable(text: str) -> None:
    try:
        kept = clean(text, LIMIT)
    except InvalidError:
        assert not readable(text.replace("\x00", ""))
        return
    kept.encode("utf-8")
    assert "\x00" not in kept
    assert clean(kept, LIMIT) == kept


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("山屿多少钱", "zh"),
        ("how much is the Shanyu", "en"),
        ("13800000001", None),
        ("Shanyu", None),
        ("我想看 Xinghe E5 这款车", "zh"),
        ("王伟", "zh"),
        ("😀", None),
    ],
)
def test_the_language_by_its_letters(text: str, language: str | None) -> None:
    assert language_of(text) == language


async def test_a_signal_wakes_only_its_conversation() -> None:
    signals = Signals()
    with signals.subscribed("a") as here, signals.subscribed("b") as there:
        signals.send("a")
        assert await wait(here, 1)
        assert not there.is_set()
        signals.send_all()
        assert await wait(there, 1)


async def test_waiting_ends_without_news_and_after_leaving_nothing_is_kept() -> None:
    signals = Signals()
    with signals.subscribed("a") as event:
        assert not await wait(event, 0)
    signals.send("a")
    assert not event.is_set()
    assert isinstance(event, asyncio.Event)
