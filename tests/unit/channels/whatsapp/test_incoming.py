"""A webhook as messages and statuses; hostile ones never as anything else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from backend.channels.webhooks import parse
from backend.channels.whatsapp.incoming import Status, Webhook, read
from backend.conversations.inbox import Attached, Inbound
from backend.errors import InvalidError
from backend.texts import messengers
from tests.fakes.fuzzing import anything, changed

NUMBER = "106540352242922"


def webhook(**value: Any) -> dict[str, Any]:
    value = {"metadata": {"phone_number_id": NUMBER}, **value}
    change = {"field": "messages", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"changes": [change]}]}


def message(kind: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"from": "8613800000001", "id": "wamid.1", "type": kind, kind: content, **more}


def one(kind: str, content: Any, **more: Any) -> Inbound:
    [found] = read(webhook(messages=[message(kind, content, **more)]), NUMBER).messages
    return found


def test_a_text_with_all_that_belongs_to_it() -> None:
    contacts = [{"profile": {"name": "王伟"}, "wa_id": "8613800000001"}]
    sent = message("text", {"body": "你好"})
    [found] = read(webhook(contacts=contacts, messages=[sent]), NUMBER).messages
    assert found == Inbound(
        channel="whatsapp", address="8613800000001", platform_id="wamid.1", text="你好",
        name="王伟", locale="zh",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "locale"),
    [("8613800000001", "zh"), ("85251234567", "zh"), ("886912345678", "zh"),
     ("447700900123", "en"), ("6591234567", "en")],
)  # fmt: skip
def test_the_country_is_the_first_guess_at_the_language(number: str, locale: str) -> None:
    assert one("text", {"body": "x"}, **{"from": number}).locale == locale


def test_media() -> None:
    assert one("image", {"id": "5", "caption": " 看 "}).media == Attached("5", "image")
    assert one("image", {"id": "5", "caption": " 看 "}).text == "看"
    assert one("image", {"id": "5"}).notice is None
    assert one("audio", {"id": "5"}).notice == messengers.VOICE
    assert one("voice", {"id": "5"}).media == Attached("5", "voice")
    assert one("document", {"id": "5", "filename": "a.pdf", "caption": "合同"}).text == "合同"
    assert one("document", {"id": "5", "filename": "a.pdf", "caption": "合同"}).notice is None
    # An id becomes part of an address.
    assert one("image", {"id": "../me"}).media is None


@pytest.mark.parametrize(
    ("title", "description", "text"),
    [
        ("确认", "", "确认"),
        ("10:00", "明天", "明天 10:00"),
        ("特别长的选…", "特别长的选项全文", "特别长的选项全文"),
        ("等等…", "明天", "明天 等等…"),
    ],
)
def test_what_a_row_says(title: str, description: str, text: str) -> None:
    reply = {"id": "abc", "title": title, "description": description}
    found = one("interactive", {"type": "list_reply", "list_reply": reply})
    assert (found.text, found.choice) == (text, "abc")


@pytest.mark.parametrize("choice", ["", "a b", "\x00", "x" * 65, 5, None])
def test_an_id_that_is_none_of_ours(choice: Any) -> None:
    reply = {"id": choice, "title": "好"}
    found = one("interactive", {"type": "button_reply", "button_reply": reply})
    assert (found.text, found.choice) == ("好", None)


def test_statuses() -> None:
    sent = [
        {"id": "wamid.1", "status": "delivered", "biz_opaque_callback_data": "abc"},
        {"id": "wamid.2", "status": "failed", "errors": [{"code": 131026}]},
        {"id": "wamid.3", "status": 5, "errors": [{"code": "x"}]},
    ]
    assert read(webhook(statuses=sent), NUMBER).statuses == [
        Status("wamid.1", "delivered", "abc"),
        Status("wamid.2", "failed", code=131026),
        Status("wamid.3", ""),
    ]


@pytest.mark.parametrize(
    "change",
    [{"id": ""}, {"id": 5}, {"id": "a\x00"}, {"from": None}, {"from": "x"}, {"from": "-1"},
     {"from": "１２３４５６"}, {"type": 5}],
)  # fmt: skip
def test_a_message_without_id_sender_or_type_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        read(webhook(messages=[{**message("text", {"body": "x"}), **change}]), NUMBER)


KINDS: list[Any] = [
    webhook(
        contacts=[{"profile": {"name": "王"}, "wa_id": "8613800000001"}],
        messages=[message("text", {"body": "x"}), message("image", {"id": "5", "caption": "x"}),
                  message("contacts", [{"phones": [{"phone": "1"}]}]),
                  message("location", {"latitude": 1.0, "longitude": 2.0, "name": "x"}),
                  message("interactive", {"type": "list_reply", "list_reply": {"id": "a"}})],
        statuses=[{"id": "w", "status": "failed", "errors": [{"code": 1}]}],
        errors=[{"code": 1}],
    )
]  # fmt: skip


@examples(max_examples=500, deadline=None)
@given(changed(KINDS) | anything())
def test_any_body_is_read_or_refused(body: Any) -> None:
    try:
        found = read(parse(json.dumps(body).encode()), NUMBER)
    except InvalidError:
        return
    assert isinstance(found, Webhook)
    for inbound in found.messages:
        assert inbound.address.isascii()
        assert inbound.platform_id.isascii()
        assert inbound.payload in (None, "/greet")
        assert inbound.media is None or inbound.media.ref.isascii()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        assert isinstance(parse(raw), dict)
    except InvalidError as error:
        assert error.code == "malformed"
