"""What does not come from Telegram, or makes no sense, changes nothing; what cannot be stored comes
again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from backend.clock import FixedClock
from backend.conversations import inbox
from backend.database import Database
from tests.fakes.fuzzing import anything, changed
from tests.fakes.site import Site
from tests.fakes.telegram import SECRET, Customer, FakeTelegram

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def update(fake: FakeTelegram, customer: Customer, text: str = "你好") -> bytes:
    return json.dumps(fake.made(message=customer.message(text=text))).encode()


WRONG = (None, "", SECRET[:-1], SECRET + "x", SECRET.upper(), "密")
NOT_UPDATES = (
    b"", b"{", b"[]", b"5", b"null", b"\xff\xfe", b"[" * 50_000, b"{}", b'{"update_id": "1"}',
    b'{"update_id": true}', b'{"update_id": 1, "message": null}',
    b'{"update_id": 1, "message": {"message_id": 1}}',
    b'{"update_id": 1, "message": {"chat": {"id": 1, "type": "private"}}}',
    b'{"update_id": 1, "message": {"message_id": 1, "chat": {"id": "1", "type": "private"}}}',
    b'{"update_id": 1, "callback_query": {"data": "x"}}',
    b'{"update_id": 1, "callback_query": {"id": "a\\u0000b"}}',
    b'{"update_id": ' + b"9" * 5000 + b"}",
)  # fmt: skip


async def test_without_the_secret_nothing_is_taken(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    for secret in WRONG:
        headers: dict[Any, Any] = {} if secret is None else {HEADER: secret.encode()}
        for raw in (update(fake, customer), *NOT_UPDATES):
            response = await fake.post(raw, headers)
            assert (response.status_code, response.json()["error"]["code"]) == (403, "forbidden")
    assert await site.rows() == (0, 0)


async def test_malformed_updates_are_refused(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    found = {}
    for raw in NOT_UPDATES:
        response = await fake.post(raw)
        found[raw] = (response.status_code, response.json()["error"]["code"])
    assert found == dict.fromkeys(NOT_UPDATES, (422, "malformed"))
    assert await site.rows() == (0, 0)


async def test_a_body_that_is_too_large(site: Site, fake: FakeTelegram, customer: Customer) -> None:
    message = customer.message(text="x", padding="p" * 200_000)
    assert (await fake.post(json.dumps(fake.made(message=message)).encode())).status_code == 200
    await fake.hears(customer.address)
    for size in (1024 * 1024, 5 * 1024 * 1024):
        message = customer.message(text="x", padding="p" * size)
        response = await fake.post(json.dumps(fake.made(message=message)).encode())
        assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")
    assert await site.rows() == (1, 2)


async def test_characters_that_a_store_refuses(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    customer.name = "王\x00\ud800伟"
    await customer.says("周六\x00\ud83d试驾\x1b[31m")
    await fake.hears(customer.address)
    assert await site.said(customer.address) == ["周六\ufffd试驾[31m"]
    assert (await site.conversation(customer.address)).profile_name == "王\ufffd伟"


async def test_a_text_over_the_limit_is_cut(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    await customer.says("价" * 4096)
    await fake.hears(customer.address)
    [said] = await site.said(customer.address)
    assert said == "价" * 1999 + "…"


@contextmanager
def store_away(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Iterator[None]:
    """Every message fails after it has been written, before the end of the transaction."""
    take_in = inbox.take_in

    async def failing(*args: Any, **named: Any) -> Any:
        await take_in(*args, **named)
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "take_in", failing)
        yield


@pytest.mark.parametrize(
    "error", [OperationalError("insert", {}, Exception("gone")), ConnectionResetError()]
)
async def test_while_the_store_is_away_telegram_keeps_the_message(
    site: Site,
    fake: FakeTelegram,
    customer: Customer,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    raw = update(fake, customer)
    with store_away(monkeypatch, error):
        response = await fake.post(raw)
    assert (response.status_code, response.json()["error"]["code"]) == (503, "unavailable")
    assert await site.rows() == (0, 0)
    assert await fake.deliver(raw) is not None
    await fake.hears(customer.address)
    assert await site.said(customer.address) == ["你好"]


async def test_a_store_that_cannot_be_reached(
    fake: FakeTelegram, clock: FixedClock, tmp_path: Path, door: Any
) -> None:
    from backend.channels.telegram import Telegram
    from tests.fakes.site import serving
    from tests.integration.channels.telegram.conftest import settings

    nowhere = Database(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'store.db'}")
    channel = Telegram(settings(fake.url))
    async with serving(nowhere, clock, tmp_path / "var", door, {channel.name: channel}):
        response = await fake.post(update(fake, fake.customer()))
    assert response.status_code == 503


async def test_the_backend_was_down_for_a_moment(
    site: Site, fake: FakeTelegram, customer: Customer, door: Any
) -> None:
    app, door.app = door.app, None
    fake.later(customer.says("在吗"))
    door.app = app
    assert [sent.text for sent in await fake.hears(customer.address)] == ["≈在吗"]


def kinds(fake: FakeTelegram, customer: Customer) -> list[dict[str, Any]]:
    """One update of every kind that is read."""
    file = fake.keep(b"x")
    markup = {"inline_keyboard": [[{"text": "确认", "callback_data": "abc"}]]}
    contents: list[dict[str, Any]] = [
        {"text": "你好"}, {"photo": [file], "caption": "看"}, {"voice": file},
        {"document": {**file, "file_name": "a.pdf", "mime_type": "image/png"}},
        {"contact": {"phone_number": "13800000001"}},
        {"location": {"latitude": 1.5, "longitude": 2}, "venue": {"title": "店", "address": "路"}},
        {"sticker": {"emoji": "👍"}}, {"poll": {}},
    ]  # fmt: skip
    messages = [customer.message(**content) for content in contents]
    return [
        *(fake.made(message=message) for message in messages),
        fake.made(edited_message=messages[0]),
        fake.made(callback_query={
            "id": "1", "from": customer.as_user(), "data": "abc",
            "message": customer.message(text="?", reply_markup=markup),
        }),
        fake.made(my_chat_member={
            "chat": customer.as_chat(), "new_chat_member": {"status": "kicked"},
        }),
    ]  # fmt: skip


@examples(
    max_examples=100, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(data=st.data())
async def test_no_body_makes_the_backend_fail(
    site: Site, fake: FakeTelegram, customer: Customer, data: st.DataObject
) -> None:
    # Nothing is answered meanwhile: only webhooks write.
    site.assistant.gate.clear()
    raw = json.dumps(data.draw(changed(kinds(fake, customer)) | anything())).encode()
    before = await site.rows()
    assert (await fake.post(raw, {HEADER: "another"})).status_code == 403
    assert await site.rows() == before
    response = await fake.post(raw)
    assert response.status_code in (200, 422), response.text


@examples(
    max_examples=30, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(raw=st.binary(max_size=300))
async def test_no_bytes_make_the_backend_fail(
    site: Site, fake: FakeTelegram, customer: Customer, raw: bytes
) -> None:
    assert (await fake.post(raw)).status_code == 422
    assert await site.rows() == (0, 0)
