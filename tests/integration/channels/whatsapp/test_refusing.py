"""What does not come from Meta, or makes no sense, changes nothing."""

import hashlib
import hmac
import json
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.fakes.fuzzing import anything, changed
from tests.fakes.messenger import Sent
from tests.fakes.site import Site
from tests.fakes.whatsapp import APP_SECRET, Customer, FakeWhatsApp

HEADER = "X-Hub-Signature-256"
OBJECT = b'"object": "whatsapp_business_account"'
NOT_WEBHOOKS = (
    b"", b"{", b"[]", b"5", b"null", b"\xff\xfe", b"[" * 50_000, b"{}", b'{"entry": []}',
    b"{" + OBJECT + b"}", b"{" + OBJECT + b', "entry": {}}', b"{" + OBJECT + b', "entry": [5]}',
    b"{" + OBJECT + b', "entry": [{"changes": 5}]}',
    b"{" + OBJECT + b', "entry": [{"changes": [5]}]}',
    b"{" + OBJECT + b', "entry": [{"changes": [{"field": "messages"}]}]}',
)  # fmt: skip


def text(fake: FakeWhatsApp, customer: Customer) -> bytes:
    message = customer.message("text", {"body": "你好"})
    return json.dumps(fake.webhook(messages=[message])).encode()


def forged(raw: bytes) -> list[dict[str, str]]:
    right = hmac.new(APP_SECRET.encode(), raw, hashlib.sha256).hexdigest()
    other = hmac.new(b"another secret", raw, hashlib.sha256).hexdigest()
    sha1 = hmac.new(APP_SECRET.encode(), raw, hashlib.sha1).hexdigest()
    return [
        {}, {HEADER: ""}, {HEADER: "sha256="}, {HEADER: right}, {HEADER: f"sha256={other}"},
        {HEADER: f"sha256={right[:-1]}"}, {HEADER: f"sha256={right}0"}, {HEADER: f"sha1={sha1}"},
        {HEADER: f"SHA256={right.upper()}"}, {"X-Hub-Signature": f"sha1={sha1}"},
    ]  # fmt: skip


async def test_without_the_signature_nothing_is_taken(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    for raw in (text(fake, customer), *NOT_WEBHOOKS):
        for headers in forged(raw):
            response = await fake.post(raw, headers)
            assert (response.status_code, response.json()["error"]["code"]) == (403, "forbidden")
    assert await site.rows() == (0, 0)


async def test_the_signature_is_of_the_very_bytes(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    raw = text(fake, customer)
    headers = fake.signed(raw)
    for changed_bytes in (raw + b" ", raw.replace(b": ", b":"), json.dumps(json.loads(raw),
                          ensure_ascii=False).encode()):  # fmt: skip
        assert (await fake.post(changed_bytes, headers)).status_code == 403
    assert await site.rows() == (0, 0)
    assert (await fake.post(raw, headers)).status_code == 200


async def test_malformed_webhooks_are_refused(site: Site, fake: FakeWhatsApp) -> None:
    found = {}
    for raw in NOT_WEBHOOKS:
        response = await fake.post(raw)
        found[raw] = (response.status_code, response.json()["error"]["code"])
    assert found == dict.fromkeys(NOT_WEBHOOKS, (422, "malformed"))
    assert await site.rows() == (0, 0)


async def test_a_body_that_is_too_large(site: Site, fake: FakeWhatsApp, customer: Customer) -> None:
    many = [customer.message("text", {"body": "价" * 500}) for _ in range(100)]
    raw = json.dumps(fake.webhook(messages=many)).encode()
    assert len(raw) > 300_000
    assert (await fake.post(raw)).status_code == 200
    for size in (3 * 1024 * 1024, 5 * 1024 * 1024):
        large = json.dumps(fake.webhook(padding="p" * size)).encode()
        response = await fake.post(large)
        assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")
    assert len(await site.said(customer.address)) == 100


async def test_characters_that_a_store_refuses(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    customer.name = "陈\x00\ud800晨"
    await customer.says("周六\x00\ud83d试驾\x1b[31m")
    await fake.hears(customer.address)
    assert await site.said(customer.address) == ["周六\ufffd试驾[31m"]
    assert (await site.conversation(customer.address)).profile_name == "陈\ufffd晨"


def kinds(fake: FakeWhatsApp, customer: Customer) -> list[dict[str, Any]]:
    """A webhook of every kind that is read."""
    file = fake.keep(b"x")
    sent = Sent(customer.address, "wamid.1", "", (), {"biz_opaque_callback_data": "abc"})
    contents: list[tuple[str, Any]] = [
        ("text", {"body": "你好"}), ("image", {**file, "caption": "看"}), ("audio", file),
        ("document", {**file, "filename": "a.pdf"}), ("button", {"text": "好"}),
        ("interactive", {"type": "list_reply",
                         "list_reply": {"id": "abc", "title": "好…", "description": "好的"}}),
        ("location", {"latitude": 1.5, "longitude": 2, "name": "店"}),
        ("contacts", [{"phones": [{"phone": "13800000001"}]}]), ("unsupported", {}),
    ]  # fmt: skip
    contacts = [customer.contact()]
    return [
        *(fake.webhook(contacts=contacts, messages=[customer.message(kind, content)])
          for kind, content in contents),
        fake.webhook(statuses=[fake.status(sent, "delivered"), fake.status(sent, "failed", 1)]),
        fake.webhook(errors=[{"code": 1}]),
    ]  # fmt: skip


@examples(
    max_examples=100, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(data=st.data())
async def test_no_body_makes_the_backend_fail(
    site: Site, fake: FakeWhatsApp, customer: Customer, data: st.DataObject
) -> None:
    # Nothing is answered meanwhile: only webhooks write.
    site.assistant.gate.clear()
    raw = json.dumps(data.draw(changed(kinds(fake, customer)) | anything())).encode()
    before = await site.rows()
    assert (await fake.post(raw, {HEADER: "sha256=0"})).status_code == 403
    assert await site.rows() == before
    response = await fake.post(raw)
    assert response.status_code in (200, 422), response.text
