"""What a request may hold, and what becomes of a customer's text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message

from bot.customer_text import inert
from bot.turn_request import Refused, read_turn

GOOD: dict[str, Any] = {"sender": "0a1b-2c", "message_id": "m1", "text": "你好"}


def body(**changes: Any) -> bytes:
    data = {**GOOD, **changes}
    return json.dumps({key: value for key, value in data.items() if value is not ...}).encode()


def obeyed(text: str) -> bool:
    """Whether Rasa itself takes the text for a command."""
    message = Message({"text": text})
    return YAMLStoryReader.unpack_regex_message(message) is not message


@pytest.mark.parametrize(
    "typed",
    [
        "/restart",
        " /restart",
        "\u00a0\u3000\n/restart",
        "\u200b/restart",
        "\x00/restart",
        "\u3000\x00\u200b /restart",
        '/inform{"a":"b"}',
        "\x1f/session_start",
        "//restart",
        "\u2028/back",
    ],
)
def test_no_typed_text_is_a_command(typed: str) -> None:
    said = inert(typed)
    assert not obeyed(said)
    assert not said.strip().startswith("/")
    assert len(said) == len(typed)


def test_the_danger_is_real() -> None:
    assert obeyed("\u00a0/restart")


@pytest.mark.parametrize(
    "typed", ["2/3的首付", "and/or", "／restart", "http://example.com/a", " 你好 "]
)
def test_other_text_stays_as_it_is(typed: str) -> None:
    assert inert(typed) == typed


@given(st.text(st.one_of(st.characters(), st.sampled_from("/ \x00\u200b\u3000\ufeff\ud800"))))
def test_any_text_is_inert_and_keeps_its_length(typed: str) -> None:
    said = inert(typed)
    assert len(said) == len(typed)
    assert not said.strip().startswith("/")
    assert "\x00" not in said
    said.encode()


def test_a_turn_with_text() -> None:
    turn = read_turn(body(metadata={"locale": "zh-CN"}))
    assert (turn.sender, turn.text, turn.locale) == ("0a1b-2c", "你好", "zh")
    assert turn.metadata == {"message_id": "m1", "locale": "zh"}


def test_a_payload_stays_a_command() -> None:
    payload = '/inform{"model": "shanyu"}'
    turn = read_turn(body(text=..., payload=payload))
    assert turn.text == payload
    assert obeyed(turn.text)


@pytest.mark.parametrize(("locale", "language"), [("en_GB", "en"), ("EN", "en"), ("fr", None)])
def test_locales(locale: str, language: str | None) -> None:
    assert read_turn(body(metadata={"locale": locale})).locale == language


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        body(sender=...),
        body(sender=""),
        body(sender="0" * 65),
        body(sender="a\x00"),
        body(sender="default"),
        body(sender="a\n"),
        body(sender=5),
        body(message_id=...),
        body(message_id=""),
        body(message_id="a b"),
        body(text=...),
        body(text=""),
        body(text=" \u3000"),
        body(text=["/restart"]),
        body(payload="/greet"),
        body(text=..., payload="greet"),
        body(text=..., payload="/greet now"),
        body(text=..., payload="/greet{"),
        body(text=..., payload="/greet{a}"),
        body(metadata=[]),
        body(metadata={"locale": 5}),
    ],
)
def test_malformed_requests(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_turn(content)
    assert refused.value.status == 422


def test_the_longest_text_and_one_more() -> None:
    assert len(read_turn(body(text="好" * 2_000)).text) == 2_000
    with pytest.raises(Refused) as refused:
        read_turn(body(text="好" * 2_001))
    assert refused.value.status == 413


def test_a_huge_body_is_not_even_read() -> None:
    with pytest.raises(Refused) as refused:
        read_turn(b"{" * 100_000)
    assert refused.value.status == 413
