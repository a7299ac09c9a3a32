"""What customers send by WhatsApp: stored once, all of a webhook or none, and answered."""

import asyncio
import json
from typing import Any

import pytest

from backend.conversations import inbox
from backend.texts import messengers
from tests.fakes.messenger import Button, Sent
from tests.fakes.site import Site, eventually
from tests.fakes.whatsapp import NUMBER_ID, VERIFY_TOKEN, Customer, FakeWhatsApp
from tests.integration.chat.talk import answer
from tests.integration.chat.test_attachments import picture


async def test_meta_checks_the_address(site: Site, fake: FakeWhatsApp) -> None:
    async def check(**given: str) -> Any:
        query = {f"hub.{name}": value for name, value in given.items()}
        return await fake.backend.get(fake.path, params=query)

    right = {"mode": "subscribe", "verify_token": VERIFY_TOKEN, "challenge": "1158201444"}
    response = await check(**right)
    assert (response.status_code, response.text) == (200, "1158201444")
    assert response.headers["content-type"].startswith("text/plain")
    for wrong in (
        {"verify_token": "x"},
        {"verify_token": ""},
        {"verify_token": "密"},
        {"mode": "x"},
    ):
        response = await check(**(right | wrong))
        assert response.status_code == 403
        assert "1158201444" not in response.text
    assert (await check()).status_code == 403
    assert (await check(**(right | {"challenge": "<script>"}))).status_code == 422


async def test_a_text_is_stored_and_answered(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    await customer.says("山屿多少钱？")
    [sent] = await fake.hears(customer.address)
    assert (sent.text, sent.buttons) == ("≈山屿多少钱？", ())
    await site.settled(customer.address, "sent")
    conversation = await site.conversation(customer.address)
    assert (conversation.channel, conversation.profile_name) == ("whatsapp", "陈晨")
    asked, _ = await site.messages(customer.address)
    assert (asked.text, asked.turn) == ("山屿多少钱？", "done")
    assert (asked.client_message_id or "").startswith("wamid.")


async def test_a_hundred_deliveries_are_one_message(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    message = customer.message("text", {"body": "周六试驾山屿"})
    raw = json.dumps(fake.webhook(contacts=[customer.contact()], messages=[message])).encode()
    customer.wrote_at = fake.now()
    for _ in range(5):
        responses = await asyncio.gather(*(fake.post(raw) for _ in range(20)))
        assert {response.status_code for response in responses} == {200}
    await fake.hears(customer.address)
    await site.settled(customer.address, "sent")
    assert [one.sender for one in await site.messages(customer.address)] == [
        "customer", "assistant",
    ]  # fmt: skip
    assert (len(site.assistant.calls), len(fake.sent)) == (1, 1)


async def test_the_acknowledgement_does_not_wait_for_the_turn(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    site.assistant.gate.clear()
    message = customer.message("text", {"body": "你好"})
    response = await fake.post(json.dumps(fake.webhook(messages=[message])).encode())
    assert response.status_code == 200
    assert await site.said(customer.address) == ["你好"]
    assert fake.sent == []


async def test_one_webhook_with_messages_of_several_customers(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    other = fake.customer("李明")
    one, two = fake.webhook(), fake.webhook()
    one["entry"][0]["changes"] *= 2
    body = fake.webhook(
        contacts=[customer.contact(), other.contact()],
        messages=[
            customer.message("text", {"body": "第一句"}),
            other.message("text", {"body": "另一位"}),
            customer.message("text", {"body": "第二句"}),
        ],
    )
    body["entry"] += one["entry"] + two["entry"]
    for someone in (customer, other):
        someone.wrote_at = fake.now()
    assert (await fake.post(json.dumps(body).encode())).status_code == 200
    assert [sent.text for sent in await fake.hears(customer.address, 2)] == ["≈第一句", "≈第二句"]
    assert [sent.text for sent in await fake.hears(other.address)] == ["≈另一位"]
    assert (await site.conversation(other.address)).profile_name == "李明"


async def test_all_of_a_webhook_or_nothing(
    site: Site, fake: FakeWhatsApp, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = customer.message("text", {"body": "第一句"})
    bad = {**customer.message("text", {"body": "第二句"}), "id": "a\x00b"}
    refused = await fake.post(json.dumps(fake.webhook(messages=[good, bad])).encode())
    assert refused.status_code == 422
    assert await site.rows() == (0, 0)

    raw = json.dumps(
        fake.webhook(messages=[good, customer.message("text", {"body": "第二句"})])
    ).encode()
    take_in, taken = inbox.take_in, []

    async def failing(*args: Any, **named: Any) -> Any:
        received = await take_in(*args, **named)
        taken.append(received)
        if len(taken) == 2:
            raise ConnectionResetError
        return received

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "take_in", failing)
        away = await fake.post(raw)
    assert (away.status_code, away.json()["error"]["code"]) == (503, "unavailable")
    assert await site.rows() == (0, 0)
    customer.wrote_at = fake.now()
    assert await fake.deliver(raw) is not None
    await fake.hears(customer.address, 2)
    assert await site.said(customer.address) == ["第一句", "第二句"]


async def test_two_webhooks_with_the_same_customers_in_another_order(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    people = [customer, *(fake.customer(f"客户{n}") for n in range(5))]

    def webhook(order: list[Customer]) -> bytes:
        messages = [one.message("text", {"body": "你好"}) for one in order]
        return json.dumps(fake.webhook(messages=messages)).encode()

    raws = [webhook(people if n % 2 else people[::-1]) for n in range(10)]
    responses = await asyncio.gather(*(fake.post(raw) for raw in raws))
    assert {response.status_code for response in responses} == {200}
    for one in people:
        assert await site.said(one.address) == ["你好"] * 10


async def asked(fake: FakeWhatsApp, site: Site, customer: Customer, titles: list[str]) -> Sent:
    buttons = [(title, f'/inform{{"n": {n}}}') for n, title in enumerate(titles)]
    site.assistant.plays(answer("选一个", buttons=buttons))
    await customer.says("选")
    return (await fake.hears(customer.address))[-1]


async def test_a_reply_button(site: Site, fake: FakeWhatsApp, customer: Customer) -> None:
    sent = await asked(fake, site, customer, ["确认", "不了"])
    assert sent.payload["interactive"]["type"] == "button"
    assert "inform" not in json.dumps(sent.payload)
    await customer.presses(sent, sent.button("不了"))
    await fake.hears(customer.address, 2)
    assert site.assistant.calls[-1].payload == '/inform{"n": 1}'
    assert (await site.said(customer.address))[-1] == "不了"


async def test_a_row_of_a_list(site: Site, fake: FakeWhatsApp, customer: Customer) -> None:
    long = "这是一个特别特别长的选项，长到一行写不下，只能截断显示"
    sent = await asked(fake, site, customer, ["一", "二", "三", long])
    assert sent.payload["interactive"]["type"] == "list"
    await customer.presses(sent, sent.buttons[3])
    await fake.hears(customer.address, 2)
    assert site.assistant.calls[-1].payload == '/inform{"n": 3}'
    assert (await site.said(customer.address))[-1] == long


async def test_a_choice_that_is_not_the_customers_counts_as_its_words(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    sent = await asked(fake, site, customer, ["一", "二", "三", "四"])
    other = fake.customer("李明")
    await other.presses(sent, sent.button("三"))
    await other.presses(sent, Button("\x00' OR 1=1", "四"))
    await fake.hears(other.address, 2)
    assert [(call.payload, call.text) for call in site.assistant.calls[-2:]] == [
        (None, "三"), (None, "四"),
    ]  # fmt: skip


async def test_pictures_are_kept(site: Site, fake: FakeWhatsApp, customer: Customer) -> None:
    await customer.photographs(picture("JPEG"), "这里有划痕")
    await customer.photographs(picture("PNG"))
    await fake.hears(customer.address, 2)

    async def kept() -> bool:
        messages = await site.messages(customer.address)
        return all(one.attachment_id for one in messages if one.sender == "customer")

    await eventually(kept)
    assert [(call.payload, call.text) for call in site.assistant.calls] == [
        (None, "这里有划痕"), ("/send_picture", ""),
    ]  # fmt: skip


async def test_a_picture_that_is_gone_is_a_task(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    image = fake.keep(b"x")
    fake.media.clear()
    await customer.sends(customer.message("image", image))

    async def there() -> bool:
        return any(task.source_action == "media" for task in await site.tasks())

    await eventually(there)


async def test_what_the_assistant_cannot_read_is_kept_and_said(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    place = {"latitude": 30.2, "longitude": 120.1, "name": "停车场", "address": "文一路"}
    sent: list[tuple[str, Any, dict[str, str], str]] = [
        ("audio", {**fake.keep(b"OggS"), "voice": True}, messengers.VOICE, ""),
        ("video", fake.keep(b"x"), messengers.VIDEO, ""),
        ("document", {**fake.keep(b"x"), "filename": "合同.pdf"}, messengers.FILE, "合同.pdf"),
        ("location", place, messengers.PLACE, "📍 停车场 · 文一路 · 30.2, 120.1"),
        ("order", {}, messengers.UNSUPPORTED, "[order]"),
        ("unsupported", None, messengers.UNSUPPORTED, "[unsupported]"),
        ("interactive", {"type": "nfm_reply"}, messengers.UNSUPPORTED, "[nfm_reply]"),
        ("image", {}, messengers.UNSUPPORTED, "[image]"),
        ("text", {"body": 5}, messengers.UNSUPPORTED, "[text]"),
    ]
    for kind, content, _, _ in sent:
        await customer.sends(customer.message(kind, content))
    heard = await fake.hears(customer.address, len(sent))
    assert [one.text for one in heard] == [notice["zh"] for _, _, notice, _ in sent]
    assert await site.said(customer.address) == [shown for _, _, _, shown in sent]
    assert site.assistant.calls == []


async def test_a_contact_is_its_number(site: Site, fake: FakeWhatsApp, customer: Customer) -> None:
    contacts = [{"name": {"formatted_name": "王伟"}, "phones": [{"phone": "+86 138 0000 0001"}]}]
    await customer.sends(customer.message("contacts", contacts))
    await fake.hears(customer.address)
    assert await site.said(customer.address) == ["+86 138 0000 0001"]


async def test_the_button_of_a_template_is_its_words(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    await customer.sends(customer.message("button", {"payload": "/restart", "text": "改时间"}))
    await fake.hears(customer.address)
    [call] = site.assistant.calls
    assert (call.payload, call.text) == (None, "改时间")


async def test_what_expects_no_answer_is_passed_over(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    await customer.sends(customer.message("reaction", {"message_id": "wamid.1", "emoji": "👍"}))
    await customer.sends(customer.message("sticker", fake.keep(b"x")))
    await customer.sends(customer.message("system", {"body": "changed"}))
    await customer.sends({**customer.message("text", {"body": "你好"}), "group_id": "g1"})
    await fake.tell(errors=[{"code": 130429, "title": "Rate limit hit"}])
    assert await site.rows() == (0, 0)


async def test_another_number_of_the_business_is_not_ours(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    body = fake.webhook(messages=[customer.message("text", {"body": "你好"})])
    raw = json.dumps(body)
    for other in (
        raw.replace(NUMBER_ID, "999"),
        raw.replace('"field": "messages"', '"field": "account_update"'),
        raw.replace("whatsapp_business_account", "page"),
    ):
        assert other != raw
        assert (await fake.post(other.encode())).status_code == 200
    assert await site.rows() == (0, 0)


async def test_a_customer_who_hides_the_phone_number(site: Site, fake: FakeWhatsApp) -> None:
    hidden = fake.customer("Ann", "US.13491208655302741918")
    await hidden.records(b"OggS")
    [sent] = await fake.hears(hidden.address)
    assert sent.text == messengers.VOICE["en"]
    assert sent.payload["recipient"] == hidden.number
    assert "to" not in sent.payload
    assert (await site.conversation(hidden.address)).profile_name == "Ann"
