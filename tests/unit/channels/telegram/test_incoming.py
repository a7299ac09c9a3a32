"""An update as a message or an event; a hostile one never as anything else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples

from backend.channels.telegram.incoming import Update, read
from backend.channels.webhooks import parse
from backend.conversations.inbox import Attached, Inbound
from backend.errors import InvalidError
from tests.fakes.fuzzing import anything, changed

CHAT = {"id": 42, "type": "private"}
SENDER = {"id": 42, "first_name": "王", "last_name": "伟", "language_code": "zh-hans"}


def update(**content: Any) -> dict[str, Any]:
    return {"update_id": 1, **content}


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 7, "chat": CHAT, "from": SENDER, **content}


def one(**content: Any) -> Inbound:
    found = read(update(message=message(**content))).message
    assert found is not None
    return found


def test_a_text_with_all_that_belongs_to_it() -> None:
    found = one(text="你好")
    assert found == Inbound(
        channel="telegram", address="42", platform_id=found.platform_id, text="你好",
        name="王 伟", locale="zh-hans",
    )  # fmt: skip
    assert found.platform_id.startswith("7:")


@pytest.mark.parametrize("code", ["", "zh hans", "\x00", "x" * 36, 5, None])
def test_a_language_that_is_none(code: Any) -> None:
    assert one(text="x", **{"from": {"language_code": code}}).locale is None


def test_the_largest_picture_that_may_be_kept() -> None:
    sizes = [
        {"file_id": "s", "file_size": 100},
        {"file_id": "m", "file_size": 8 * 1024 * 1024},
        {"file_id": "l", "file_size": 8 * 1024 * 1024 + 1},
    ]
    assert one(photo=sizes).media == Attached("m", "image")
    assert one(photo=[{"file_id": "a"}, {"file_id": "b"}]).media == Attached("b", "image")
    assert one(photo=[{"file_id": "a/../b"}]).media is None


def test_a_picture_sent_as_a_file_is_a_picture() -> None:
    document = {"file_id": "f", "mime_type": "image/png", "file_name": "车.png"}
    found = one(document=document)
    assert (found.media, found.notice, found.text) == (Attached("f", "image"), None, "")


def test_a_sticker_is_its_emoji() -> None:
    assert one(sticker={"emoji": "👍"}).text == "👍"


def test_a_place_with_a_name() -> None:
    place = {"location": {"latitude": 30.2, "longitude": 120.1}}
    assert one(**place, venue={"title": "店", "address": "路"}).text == "📍 店 · 路 · 30.2, 120.1"


def test_the_same_words_have_the_same_id() -> None:
    first = one(text="三点").platform_id
    edited = read(update(edited_message=message(text="四点", edit_date=9))).message
    unchanged = read(update(edited_message=message(text="三点", edit_date=9))).message
    assert edited is not None
    assert unchanged is not None
    assert (edited.platform_id != first, unchanged.platform_id == first) == (True, True)


@pytest.mark.parametrize("data", ["a\x00b", "x" * 65, "a b", ""])
def test_a_button_that_is_none_of_ours(data: str) -> None:
    markup = {"inline_keyboard": [[{"text": "好", "callback_data": data}]]}
    pressed = {"id": "q", "data": data, "message": message(reply_markup=markup)}
    found = read(update(callback_query=pressed))
    assert found.message is not None
    assert (found.message.choice, found.query) == (None, "q")


KINDS: list[Any] = [
    update(message=message(text="/start x")),
    update(message=message(photo=[{"file_id": "a", "file_size": 5}], caption="x")),
    update(message=message(document={"file_id": "a", "file_name": "b", "mime_type": "c"})),
    update(message=message(location={"latitude": 1, "longitude": 2}, venue={"title": "x"})),
    update(message=message(contact={"phone_number": "1"})),
    update(edited_message=message(text="x")),
    update(my_chat_member={"chat": CHAT, "new_chat_member": {"status": "kicked"}}),
    update(callback_query={
        "id": "q", "from": SENDER, "data": "abc",
        "message": message(reply_markup={
            "inline_keyboard": [[{"text": "好", "callback_data": "abc"}]]}),
    }),
]  # fmt: skip


@examples(max_examples=500, deadline=None)
@given(changed(KINDS) | anything())
def test_any_body_is_read_or_refused(body: Any) -> None:
    try:
        found = read(parse(json.dumps(body).encode()))
    except InvalidError:
        return
    assert isinstance(found, Update)
    assert found.query.isascii()
    if found.message is not None:
        assert found.message.address.lstrip("-").isdecimal()
        assert found.message.platform_id.isascii()
        assert found.message.payload in (None, "/greet")
        assert found.message.choice is None or found.message.choice.isascii()
