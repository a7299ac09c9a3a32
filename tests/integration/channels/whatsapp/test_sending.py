"""What leaves by WhatsApp: within its limits, once, and with an end where it cannot."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from backend.channels.base import (
    AmbiguousError,
    FinalError,
    Outgoing,
    Part,
    RetryableError,
    SendError,
)
from backend.channels.whatsapp import WhatsApp
from backend.conversations import outbox
from backend.conversations.assistant import Answer
from backend.conversations.transcript import Reply, Understanding
from tests.fakes.messenger import Fault
from tests.fakes.site import Site, eventually
from tests.fakes.whatsapp import ACCESS_TOKEN, Customer, FakeWhatsApp
from tests.integration.channels.whatsapp.conftest import settings
from tests.postgres import free_port


def refused(status: int, code: int, **headers: str) -> Fault:
    return Fault(status=status, body={"error": {"code": code}}, headers=headers)


def said(*replies: Reply) -> Answer:
    return Answer(Understanding(language="zh"), list(replies))


def card(title: str, *buttons: str, **more: Any) -> dict[str, Any]:
    offered = [{"title": button, "payload": f"/inform_{n}"} for n, button in enumerate(buttons)]
    return {"title": title, "buttons": offered, **more}


async def tried(site: Site, customer: Customer) -> bool:
    rows = await site.outbox(customer.address)
    return bool(rows) and all(row.error for row in rows)


async def test_answers_to_one_message_leave_in_one(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    facts = [{"label": "指导价", "value": "15.98 万元"}]
    cards = [card(name, "看配置", "约试驾", facts=facts) for name in ("山屿", "远岳")]
    site.assistant.plays(
        said(Reply("这几款合适：", cards=cards), Reply("都是自动挡。", buttons=[("转人工", "/x")]))
    )
    await customer.says("推荐一款")
    [sent] = await fake.hears(customer.address)
    assert sent.text == (
        "这几款合适：\n\n山屿\n指导价：15.98 万元\n\n远岳\n指导价：15.98 万元\n\n都是自动挡。"
    )
    assert [(button.group, button.title) for button in sent.buttons] == [
        ("山屿", "看配置"), ("山屿", "约试驾"), ("远岳", "看配置"), ("远岳", "约试驾"),
        ("其他", "转人工"),
    ]  # fmt: skip
    rows = await site.settled(customer.address, "sent", "sent")
    assert {row.platform_id for row in rows} == {sent.id}
    await customer.presses(sent, sent.buttons[3])
    await fake.hears(customer.address, 2)
    assert site.assistant.calls[-1].payload == "/inform_1"


async def test_times_of_several_days(site: Site, fake: FakeWhatsApp, customer: Customer) -> None:
    """Eighteen times: ten of them as rows, of each day as many as of the others."""
    hours = [f"{hour}:00" for hour in range(10, 16)]
    cards = [card(day, *hours) for day in ("明天", "周五", "周六")]
    site.assistant.plays(said(Reply("您哪天方便？", cards=cards)))
    await customer.says("试驾")
    [sent] = await fake.hears(customer.address)
    days = [button.group for button in sent.buttons]
    assert [days.count(day) for day in ("明天", "周五", "周六")] == [4, 3, 3]
    assert sent.text == "您哪天方便？"


async def test_a_long_text_with_buttons(site: Site, fake: FakeWhatsApp, customer: Customer) -> None:
    """Reply buttons take 1,024 characters, a list 4,096; the fake holds both."""
    for size in (1024, 1025, 4096, 9000):
        site.assistant.plays(said(Reply("价" * size, buttons=[("好", "/x")])))
        await customer.says(f"{size}")
    heard = await fake.hears(customer.address, 6)
    kinds = [sent.payload.get("interactive", {}).get("type", "text") for sent in heard]
    assert kinds == ["button", "list", "list", "text", "text", "button"]
    assert "".join(sent.text for sent in heard[3:]) == "价" * 9000


@pytest.mark.parametrize(
    ("fault", "error", "pause"),
    [
        (refused(400, 130429), "130429", 30),
        (refused(400, 131048), "131048", 1800),
        (refused(400, 131056), "131056", 10),
        (refused(400, 80007), "80007", 300),
        (refused(429, 4), "4", 60),
        (Fault(status=429, headers={"Retry-After": "77"}), "429", 77),
        (refused(401, 190), "190", 900),
        (refused(500, 131000), "131000", 2),
        (refused(500, 2), "2", 2),
        (Fault(status=503), "503", 2),
        (Fault("cut"), "broken", 15),
        (Fault(status=504), "504", 15),
    ],
)
async def test_another_try_after_a_pause(
    site: Site, fake: FakeWhatsApp, customer: Customer, fault: Fault, error: str, pause: int
) -> None:
    fake.faults.append(fault)
    await customer.says("你好")
    await eventually(lambda: tried(site, customer))
    [row] = await site.outbox(customer.address)
    assert (row.state, row.error, fake.sent) == ("pending", error, [])
    assert timedelta(seconds=pause) <= row.next_at - site.clock.now()
    assert row.next_at - site.clock.now() <= timedelta(seconds=pause) * 1.25
    site.clock.advance(timedelta(seconds=pause) * 1.3)
    assert [sent.text for sent in await fake.hears(customer.address)] == ["≈你好"]
    await site.settled(customer.address, "sent")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refused(400, 131026), "131026"),
        (refused(400, 368), "368"),
        (refused(400, 131031), "131031"),
        (refused(400, 131047), "window_closed"),
        (refused(400, 100), "100"),
        (refused(400, 999999), "999999"),
        (Fault(status=404), "404"),
    ],
)
async def test_what_will_never_arrive_is_given_up_at_once(
    site: Site, fake: FakeWhatsApp, customer: Customer, fault: Fault, error: str
) -> None:
    fake.faults.append(fault)
    await customer.says("你好")
    [row] = await site.settled(customer.address, "failed")
    assert (row.error, row.tries) == (error, 1)
    assert [(task.kind, task.note) for task in await site.tasks()] == [("undelivered", error)]


async def test_the_kinds_of_error(fake: FakeWhatsApp, customer: Customer) -> None:
    """What the sender goes by: certainly not, never, nobody knows."""
    channel = WhatsApp(settings(fake.url))
    outgoing = Outgoing(customer.address, (Part("你好"),), "reply", "zh", "k")
    found: dict[str, type[SendError]] = {}
    for name, fault in {
        "rate": refused(400, 130429), "token": refused(401, 190), "busy": refused(500, 1),
        "gateway": Fault(status=504), "cut": Fault("cut"), "blocked": refused(400, 368),
        "not json": Fault(status=400),
    }.items():  # fmt: skip
        fake.faults.append(fault)
        with pytest.raises(SendError) as caught:
            await channel.send(outgoing)
        found[name] = caught.type
    await channel.close()
    nowhere = WhatsApp(settings(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(SendError, match="unreachable") as caught:
        await nowhere.send(outgoing)
    await nowhere.close()
    assert found | {"nobody": caught.type} == {
        "rate": RetryableError, "token": RetryableError, "busy": RetryableError,
        "gateway": AmbiguousError, "cut": AmbiguousError, "blocked": FinalError,
        "not json": FinalError, "nobody": RetryableError,
    }  # fmt: skip


async def test_a_person_takes_over_while_an_answer_is_in_flight(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    staff_id = await site.colleague()
    fake.gate.clear()
    await customer.says("第一句")
    await fake.entered.wait()
    await customer.says("第二句")
    await site.settled(customer.address, "sending", "pending")
    await site.take_over(customer.address, staff_id)
    fake.gate.set()
    await site.settled(customer.address, "sent", "withdrawn")
    await customer.says("第三句")
    assert [sent.text for sent in fake.to(customer.address)] == ["≈第一句"]
    assert len(site.assistant.calls) == 2


async def remind(site: Site, customer: Customer, category: str, due: timedelta) -> None:
    conversation = await site.conversation(customer.address)
    now = site.clock.now()
    async with site.database.transaction() as session:
        await outbox.plan(
            session, now, conversation_id=conversation.id, category=category, key=category,
            due_at=now + due, text_zh="明天 10:00 试驾山屿。\n地址：文一路 1 号",
            text_en="Test drive tomorrow at 10:00.\nAddress: 1 Wenyi Road",
        )  # fmt: skip


async def test_within_the_window_a_reminder_is_a_text(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    await customer.says("你好")
    await fake.hears(customer.address)
    await remind(site, customer, "reminder", timedelta(hours=23))
    site.clock.advance(timedelta(hours=23))
    sent = (await fake.hears(customer.address, 2))[-1]
    assert (sent.payload["type"], sent.text) == ("text", "明天 10:00 试驾山屿。\n地址：文一路 1 号")


@pytest.mark.parametrize("at_once", [True, False])
async def test_outside_of_the_window_a_reminder_is_a_template(
    site: Site, fake: FakeWhatsApp, customer: Customer, at_once: bool
) -> None:
    fake.at_once = at_once
    await customer.says("你好")
    await fake.hears(customer.address)
    await remind(site, customer, "reminder", timedelta(hours=25))
    site.clock.advance(timedelta(hours=25))
    sent = (await fake.hears(customer.address, 2))[-1]
    assert sent.payload["template"]["name"] == "booking_reminder"
    assert sent.payload["template"]["language"] == {"code": "zh_CN"}
    assert sent.text == "明天 10:00 试驾山屿。 · 地址：文一路 1 号"
    await site.settled(customer.address, "sent", "sent")


async def test_the_template_is_in_the_customers_language(site: Site, fake: FakeWhatsApp) -> None:
    ann = fake.customer("Ann", "447700900123")
    await ann.records(b"OggS")
    await fake.hears(ann.address)
    await remind(site, ann, "reminder", timedelta(hours=25))
    site.clock.advance(timedelta(hours=25))
    sent = (await fake.hears(ann.address, 2))[-1]
    assert sent.payload["template"]["language"] == {"code": "en_GB"}
    assert sent.text == "Test drive tomorrow at 10:00. · Address: 1 Wenyi Road"


async def test_outside_of_the_window_without_a_template(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    await customer.says("你好")
    await fake.hears(customer.address)
    await remind(site, customer, "notice", timedelta(hours=25))
    site.clock.advance(timedelta(hours=25))
    _, row = await site.settled(customer.address, "sent", "failed")
    assert (row.error, len(fake.sent)) == ("window_closed", 1)
    assert [task.note for task in await site.tasks()] == ["window_closed"]


async def test_their_clock_says_when_the_window_closed(
    site: Site, fake: FakeWhatsApp, customer: Customer
) -> None:
    """A message that reached us late opened the window earlier than we think."""
    fake.at_once = True
    await customer.says("你好")
    await fake.hears(customer.address)
    await remind(site, customer, "reminder", timedelta(hours=23))
    customer.wrote_at = site.clock.now() - timedelta(hours=2)
    site.clock.advance(timedelta(hours=23))
    sent = (await fake.hears(customer.address, 2))[-1]
    assert sent.payload["template"]["name"] == "booking_reminder"


async def test_the_token_is_in_no_log(
    site: Site, fake: FakeWhatsApp, customer: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        fake.faults.append(refused(401, 190))
        await customer.says("我的电话是 13800000001")
        await eventually(lambda: tried(site, customer))
    assert "see to the access token" in caplog.text
    assert ACCESS_TOKEN not in caplog.text
    assert "13800000001" not in caplog.text
    assert customer.number not in caplog.text
