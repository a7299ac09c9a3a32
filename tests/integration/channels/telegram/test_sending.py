"""What leaves by Telegram: once, in order, and with an end where it cannot."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from backend.conversations import outbox, sender
from backend.conversations.assistant import Answer
from backend.conversations.transcript import Reply, Understanding
from tests.fakes.messenger import Fault
from tests.fakes.site import Site, dying, eventually
from tests.fakes.telegram import TOKEN, Customer, FakeTelegram


def refused(status: int, description: str, **parameters: Any) -> Fault:
    return Fault(
        status=status,
        body={"ok": False, "error_code": status, "description": description,
              "parameters": parameters},
    )  # fmt: skip


def said(*replies: Reply) -> Answer:
    return Answer(Understanding(language="zh"), list(replies))


CARD: dict[str, Any] = {
    "title": "山屿", "subtitle": "SUV · 纯电",
    "facts": [{"label": "指导价", "value": "15.98 万元"}],
    "buttons": [{"title": "看配置", "payload": "/ask_config"},
                {"title": "约试驾", "payload": "/book_test_drive"}],
}  # fmt: skip


async def test_answers_to_one_message_leave_in_one(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    site.assistant.plays(
        said(
            Reply("这几款合适：", cards=[CARD, {**CARD, "title": "远岳"}]),
            Reply("*在售*的_车_<b>都是</b>自动挡。", buttons=[("转人工", "/request_human")]),
        )
    )
    await customer.says("推荐一款")
    [sent] = await fake.hears(customer.address)
    assert sent.text == (
        "这几款合适：\n\n山屿\nSUV · 纯电\n指导价：15.98 万元\n\n"
        "远岳\nSUV · 纯电\n指导价：15.98 万元\n\n*在售*的_车_<b>都是</b>自动挡。"
    )
    assert "parse_mode" not in sent.payload
    assert [button.title for button in sent.buttons] == [
        "山屿 看配置", "山屿 约试驾", "远岳 看配置", "远岳 约试驾", "转人工",
    ]  # fmt: skip
    rows = await site.settled(customer.address, "sent", "sent")
    assert {row.platform_id for row in rows} == {f"{customer.chat}:{sent.id}"}
    await customer.presses(sent, sent.button("远岳 约试驾"))
    await fake.hears(customer.address, 2)
    assert site.assistant.calls[-1].payload == "/book_test_drive"


async def test_a_long_text_leaves_in_pieces(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    lines = [f"第{n}行：山屿的配置说明，写得很长很长。" for n in range(350)]
    site.assistant.plays(said(Reply("\n".join(lines), buttons=[("好", "/affirm")])))
    await customer.says("都说说")
    heard = await fake.hears(customer.address, 2)
    assert "\n".join(sent.text for sent in heard) == "\n".join(lines)
    assert [len(sent.buttons) for sent in heard] == [0, 1]
    await site.settled(customer.address, "sent")


async def test_what_has_arrived_is_not_sent_again(
    site: Site, fake: FakeTelegram, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SEND_SECONDS", 15.0)
    site.assistant.plays(said(Reply("前" * 4096 + "后" * 4096 + "末")))
    slower = refused(429, "Too Many Requests", retry_after=1)
    fake.faults.extend([Fault("none"), slower, Fault("none"), Fault("cut")])
    await customer.says("都说说")
    [row] = await site.settled(customer.address, "failed")
    assert row.error == "partly_sent"
    assert [sent.text[0] for sent in fake.to(customer.address)] == ["前", "后"]
    [task] = await site.tasks()
    assert (task.kind, task.note) == ("undelivered", "partly_sent")


@pytest.mark.parametrize(
    ("fault", "error", "pause"),
    [
        (refused(429, "Too Many Requests: retry after 35", retry_after=35), "429", 35),
        (refused(500, "Internal Server Error"), "500", 2),
        (Fault(status=502, body={}), "502", 2),
        (refused(401, "Unauthorized"), "401", 900),
        (Fault("cut"), "broken", 2),
    ],
)
async def test_another_try_after_a_pause(
    site: Site, fake: FakeTelegram, customer: Customer, fault: Fault, error: str, pause: int
) -> None:
    fake.faults.append(fault)
    await customer.says("你好")
    await eventually(lambda: _tried(site, customer))
    [row] = await site.outbox(customer.address)
    assert (row.error, fake.sent) == (error, [])
    assert timedelta(seconds=pause) <= row.next_at - site.clock.now()
    assert row.next_at - site.clock.now() <= timedelta(seconds=pause) * 1.25
    site.clock.advance(timedelta(seconds=pause) * 1.3)
    [sent] = await fake.hears(customer.address)
    await site.settled(customer.address, "sent")
    assert sent.text == "≈你好"


async def _tried(site: Site, customer: Customer) -> bool:
    rows = await site.outbox(customer.address)
    return bool(rows) and all(row.error for row in rows)


async def test_an_answer_that_got_lost_is_tried_again(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    """Telegram cannot be asked: the customer rather reads it twice than never."""
    fake.faults.append(Fault("lost"))
    await customer.says("你好")
    await fake.hears(customer.address)
    await eventually(lambda: _tried(site, customer))
    site.clock.advance(timedelta(seconds=3))
    first, second = await fake.hears(customer.address, 2)
    assert first.text == second.text
    await site.settled(customer.address, "sent")
    assert len(await site.messages(customer.address)) == 2


async def test_a_process_that_dies_between_sending_and_writing_it_down(
    site: Site, fake: FakeTelegram, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one takes it up when the lease has run out: twice rather than never, and one message
    in the transcript."""
    with dying(monkeypatch) as died:
        await customer.says("你好")
        await died.wait()
    site.clock.advance(outbox.LEASE / 2)
    await customer.says("在吗")
    await site.settled(customer.address, "sending", "pending")
    assert len(fake.sent) == 1
    site.clock.advance(outbox.LEASE)
    await site.settled(customer.address, "sent", "sent")
    assert [sent.text for sent in fake.sent] == ["≈你好", "≈你好", "≈在吗"]
    assert len(await site.messages(customer.address)) == 4


async def test_a_call_without_an_answer(site: Site, fake: FakeTelegram, customer: Customer) -> None:
    fake.faults.append(Fault("silent"))
    await customer.says("你好")
    await eventually(lambda: _tried(site, customer))
    [row] = await site.outbox(customer.address)
    assert (row.state, row.error) == ("pending", "timeout")


async def test_nobody_listens(site: Site, fake: FakeTelegram, customer: Customer) -> None:
    """Retried without a doubt: it never left."""
    from backend.channels.base import Outgoing, Part, RetryableError
    from backend.channels.telegram import Telegram
    from tests.integration.channels.telegram.conftest import settings
    from tests.postgres import free_port

    channel = Telegram(settings(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(RetryableError, match="unreachable"):
        await channel.send(Outgoing(customer.address, (Part("你好"),), "reply", "zh", "k"))
    await channel.close()


async def test_a_customer_who_has_blocked_the_bot(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    customer.blocked = True
    await customer.says("你好")
    [row] = await site.settled(customer.address, "failed")
    assert (row.error, row.tries) == ("blocked", 1)
    assert not (await site.conversation(customer.address)).reachable
    [task] = await site.tasks()
    assert (task.kind, task.note) == ("undelivered", "blocked")
    assert [one.delivery for one in await site.messages(customer.address)] == [
        "received", "failed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refused(400, "Bad Request: chat not found"), "chat_not_found"),
        (refused(400, "Bad Request: message is too long"), "400"),
    ],
)
async def test_what_will_never_arrive_is_given_up_at_once(
    site: Site, fake: FakeTelegram, customer: Customer, fault: Fault, error: str
) -> None:
    fake.faults.append(fault)
    await customer.says("你好")
    [row] = await site.settled(customer.address, "failed")
    assert (row.error, row.tries) == (error, 1)
    assert [task.note for task in await site.tasks()] == [error]
    assert (await site.conversation(customer.address)).reachable


async def test_a_person_takes_over_while_an_answer_is_in_flight(
    site: Site, fake: FakeTelegram, customer: Customer
) -> None:
    """What is on its way arrives; what has not left yet never does."""
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
    deliveries = {one.text: one.delivery for one in await site.messages(customer.address)}
    assert (deliveries["≈第一句"], deliveries["≈第二句"]) == ("sent", "withdrawn")


async def test_the_token_is_in_no_log(
    site: Site, fake: FakeTelegram, customer: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for fault in (Fault("cut"), refused(401, "Unauthorized"), refused(400, "Bad Request")):
            fake.faults.append(fault)
            await customer.says("你好，我的电话是 13800000001")
            site.clock.advance(timedelta(hours=1))
            await eventually(lambda: _tried_all(fake))
    assert "see CHEFU_TELEGRAM_BOT_TOKEN" in caplog.text
    assert TOKEN not in caplog.text
    assert "13800000001" not in caplog.text


async def _tried_all(fake: FakeTelegram) -> bool:
    return not fake.faults
