"""What customers send by Telegram: stored once, answered, and nothing that is not theirs."""

import asyncio
import json
from typing import Any

import pytest

from backend.texts import messengers
from tests.fakes.messenger import Button, Sent
from tests.fakes.site import Site
from tests.fakes.telegram import Customer, FakeTelegram
from tests.integration.chat.talk import answer
from tests.integration.chat.test_attachments import picture


async def test_a_text_is_stored_and_answered(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    await customer.says("山屿多少钱？")
    [sent] = await fake.hears(customer.address)
    assert (sent.text, sent.buttons) == ("≈山屿多少钱？", ())
    asked, answered = await site.messages(customer.address)
    [row] = await site.settled(customer.address, "sent")
    conversation = await site.conversation(customer.address)
    assert (asked.sender, asked.text, asked.turn) == ("customer", "山屿多少钱？", "done")
    assert (row.message_id, row.platform_id) == (answered.id, f"{customer.chat}:{sent.id}")
    assert (conversation.channel, conversation.profile_name) == ("telegram", "王伟")
    assert (conversation.locale, conversation.language) == ("zh-hans", "zh")


async def test_the_language_of_the_app_is_the_first_guess(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    reader = fake.customer("Ann", "en-GB")
    await reader.records(b"OggS")
    await customer.records(b"OggS")
    assert [sent.text for sent in await fake.hears(reader.address)] == [messengers.VOICE["en"]]
    assert [sent.text for sent in await fake.hears(customer.address)] == [messengers.VOICE["zh"]]


async def test_a_hundred_deliveries_are_one_message(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    update = fake.made(message=customer.message(text="周六试驾山屿"))
    raw = json.dumps(update).encode()
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
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    site.assistant.gate.clear()
    raw = json.dumps(fake.made(message=customer.message(text="你好"))).encode()
    response = await fake.post(raw)
    assert response.status_code == 200
    assert await site.said(customer.address) == ["你好"]
    assert fake.sent == []
    site.assistant.gate.set()
    await fake.hears(customer.address)


async def test_a_customer_cannot_give_commands(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    typed = ["/restart", '/inform{"time": "2026-11-28T15:00"}', "/startle", " /help", "/start_over"]
    for text in typed:
        await customer.says(text)
    await fake.hears(customer.address, len(typed))
    assert [(call.payload, call.text) for call in site.assistant.calls] == [
        (None, text.strip()) for text in typed
    ]


@pytest.mark.parametrize("text", ["/start", "/start shanyu", "/start@chefu_bot x y"])
async def test_starting_the_chat_is_a_greeting(
    site: Site, fake: FakeTelegram, customer: Customer, text: str
) -> None:
    await customer.says(text)
    await fake.hears(customer.address)
    [call] = site.assistant.calls
    assert call.payload == "/greet"
    assert await site.said(customer.address) == [text]


async def asked(fake: FakeTelegram, site: Site, customer: Customer) -> Sent:
    """A question with two buttons, as the customer sees it."""
    site.assistant.plays(answer("确认预约吗？", buttons=[("确认", "/affirm"), ("不了", "/deny")]))
    await customer.says("预约")
    return (await fake.hears(customer.address))[-1]


async def test_a_button(site: Site, fake: FakeTelegram, customer: Customer) -> None:
    sent = await asked(fake, site, customer)
    assert [button.title for button in sent.buttons] == ["确认", "不了"]
    assert "affirm" not in json.dumps(sent.payload)
    query = await customer.presses(sent, sent.button("确认"))
    await fake.hears(customer.address, 2)
    assert (site.assistant.calls[-1].payload, site.assistant.calls[-1].text) == ("/affirm", "确认")
    assert fake.answered == [query]


async def test_a_button_that_is_no_longer_open_counts_as_its_words(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    sent = await asked(fake, site, customer)
    await customer.says("等一下")
    await fake.hears(customer.address, 2)
    await customer.presses(sent, sent.button("确认"))
    await fake.hears(customer.address, 3)
    assert (site.assistant.calls[-1].payload, site.assistant.calls[-1].text) == (None, "确认")


async def test_a_button_below_a_message_that_is_too_old_to_be_shown(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    sent = await asked(fake, site, customer)
    query = await customer.presses(sent, sent.button("确认"), old=True)
    assert (await fake.hears(customer.address, 2))[-1].text == messengers.BUTTON_GONE["zh"]
    assert len(site.assistant.calls) == 1
    assert fake.answered == [query]


async def test_a_button_of_somebody_else(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    sent = await asked(fake, site, customer)
    other = fake.customer("李明")
    forged = Button(sent.button("确认").id, "确认")
    await other.presses(sent, forged)
    await fake.hears(other.address)
    assert (site.assistant.calls[-1].payload, site.assistant.calls[-1].text) == (None, "确认")


async def test_the_largest_picture_is_kept(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    await customer.photographs(picture("JPEG"), "这里有划痕")
    await customer.photographs(picture("PNG"))
    await fake.hears(customer.address, 2)

    async def kept() -> bool:
        messages = await site.messages(customer.address)
        return all(one.attachment_id for one in messages if one.sender == "customer")

    from tests.fakes.site import eventually

    await eventually(kept)
    first, second = site.assistant.calls
    assert (first.payload, first.text) == (None, "这里有划痕")
    assert (second.payload, second.text) == ("/send_picture", "")


def large(fake: FakeTelegram) -> dict[str, Any]:
    return {**fake.keep(b"x"), "file_size": 9 * 1024 * 1024}


async def test_what_the_assistant_cannot_read_is_kept_and_said(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    file = {**fake.keep(b"%PDF"), "file_name": "合同.pdf"}
    sent: list[tuple[dict[str, Any], dict[str, str], str]] = [
        ({"voice": fake.keep(b"OggS")}, messengers.VOICE, "[voice]"),
        ({"video": fake.keep(b"x")}, messengers.VIDEO, "[video]"),
        ({"document": file}, messengers.FILE, "合同.pdf"),
        ({"document": large(fake)}, messengers.TOO_LARGE, "[document]"),
        ({"photo": [large(fake)]}, messengers.TOO_LARGE, "[photo]"),
        ({"location": {"latitude": 30.2, "longitude": 120.1}}, messengers.PLACE, "📍 30.2, 120.1"),
        ({"poll": {}}, messengers.UNSUPPORTED, "[poll]"),
    ]
    for content, _, _ in sent:
        await customer.sends(**content)
    heard = await fake.hears(customer.address, len(sent))
    assert [one.text for one in heard] == [notice["zh"] for _, notice, _ in sent]
    assert await site.said(customer.address) == [shown for _, _, shown in sent]
    assert site.assistant.calls == []


async def test_words_beside_a_file_are_answered(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    await customer.sends(video=fake.keep(b"x"), caption="发动机有异响")
    assert (await fake.hears(customer.address))[0].text == "≈发动机有异响"


async def test_a_contact_is_its_number(site: Site, fake: FakeTelegram, customer: Customer) -> None:
    await customer.sends(contact={"phone_number": "+8613800000001", "first_name": "王伟"})
    await fake.hears(customer.address)
    assert await site.said(customer.address) == ["+8613800000001"]


async def test_a_corrected_text_is_a_message_of_its_own(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    message = await customer.says("周六三点试驾")
    await fake.hears(customer.address)
    await customer.edits(message, text="周六四点试驾")
    await customer.edits(message, text="周六四点试驾")
    await customer.edits(message, text="周六三点试驾")
    assert (await fake.hears(customer.address, 2))[-1].text == "≈周六四点试驾"
    assert await site.said(customer.address) == ["周六三点试驾", "周六四点试驾"]


async def test_a_live_location_that_moves_is_one_message(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    place = {"latitude": 30.2, "longitude": 120.1}
    message = await customer.sends(location=place)
    for step in range(3):
        await customer.edits(message, location={**place, "latitude": 31.0 + step})
    assert len(await site.said(customer.address)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"chat": {"id": -100, "type": "group"}},
        {"chat": {"id": -100, "type": "supergroup"}},
        {"chat": {"id": -100, "type": "channel"}},
        {"from": {"id": 7, "is_bot": True, "first_name": "bot"}},
        {"text": None, "pinned_message": {}},
        {"text": None, "sticker": {"file_id": "x"}},
    ],
)
async def test_what_is_no_customer_speaking_is_passed_over(
    site: Site, fake: FakeTelegram, customer: Customer, change: dict[str, Any]
) -> None:
    message = {**customer.message(text="你好"), **change}
    raw = json.dumps(fake.made(message=message)).encode()
    assert (await fake.post(raw)).status_code == 200
    assert (await fake.post(json.dumps(fake.made(poll={})).encode())).status_code == 200
    assert await site.rows() == (0, 0)


async def test_a_customer_who_blocks_the_bot_is_written_to_no_more(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    await customer.says("你好")
    await fake.hears(customer.address)
    await customer.blocks()
    assert not (await site.conversation(customer.address)).reachable
    customer.blocked = False
    await customer.says("我又来了")
    await fake.hears(customer.address, 2)
    assert (await site.conversation(customer.address)).reachable


async def test_a_stranger_who_blocks_the_bot_leaves_no_trace(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    await customer.blocks()
    assert await site.rows() == (0, 0)
