"""Sending: merged, cut, within the window and the quota, and what each failure leads to."""

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path

import pytest

from backend.channels.base import (
    AmbiguousError,
    FinalError,
    Outgoing,
    Part,
    RetryableError,
    SendError,
)
from backend.channels.wechat import WechatChannel, api
from backend.clock import FixedClock
from backend.conversations import outbox, takeover
from backend.conversations.service import lock
from backend.database import Database
from backend.models import Conversation
from tests.fakes.wechat_platform import Fault
from tests.fakes.wechat_server import SEND, TEMPLATE, TOKEN
from tests.integration.channels.wechat.conftest import ANNA, LIMIT, Account, opened
from tests.integration.chat.talk import answer
from tests.postgres import free_port
from tests.unit.channels.wechat.account import AES_KEY, SECRET, settings


def outgoing(*texts: str, category: str = "reply", outside: bool = False) -> Outgoing:
    return Outgoing(
        address=ANNA, parts=tuple(Part(text) for text in texts or ("你好",)), category=category,
        language="zh", key="k" * 32, outside=outside,
    )  # fmt: skip


async def plan(account: Account, text: str, category: str = "reminder") -> str:
    """Something to be said unasked, now; the conversation's id."""
    conversation = await account.conversation()
    now = account.clock.now()
    async with account.database.transaction() as session:
        await outbox.plan(
            session, now, conversation_id=conversation.id, category=category,
            key=f"{category}:{text[:8]}", due_at=now, text_zh=text, text_en=text,
        )  # fmt: skip
    account.runtime.sender.wake(conversation.id)
    return conversation.id


async def greeted(account: Account) -> Conversation:
    """A customer who has written and got an answer."""
    await account.wechat.says(ANNA, "你好")
    await account.screen(1)
    await account.settled("sent")
    return await account.conversation()


async def test_answers_to_one_message_leave_in_one_call(account: Account) -> None:
    account.assistant.plays(answer("第一", "第二", "第三", "第四", "第五", "第六"))
    await account.wechat.says(ANNA, "你好")
    assert await account.screen(2) == ["第一\n\n第二\n\n第三\n\n第四\n\n第五", "第六"]
    await account.settled(*["sent"] * 6)


async def test_a_long_answer_comes_in_whole_characters(quick: Account) -> None:
    long = "山屿的配置很丰富。" * 150
    quick.assistant.plays(answer(long))
    await quick.wechat.says(ANNA, "配置")
    await quick.settled("sent")
    shown = await quick.screen(2)
    assert "".join(shown) == long
    assert all(len(text.encode()) <= 2047 for text in shown)


async def test_no_piece_is_said_twice_when_a_later_one_fails(quick: Account) -> None:
    quick.platform.fails(SEND, Fault(0, "pass"), Fault(-1), Fault(0, "pass"))
    quick.platform.acts(ANNA, "message")
    long = outgoing("一" * 600 + "\n" + "二" * 600 + "\n" + "三" * 600)
    with pytest.raises(RetryableError):
        await quick.channel.send(long)
    await quick.channel.send(long)
    assert [text[0] for text in quick.platform.customer(ANNA).screen] == ["一", "二", "三"]


FINAL = {45015: "window_closed", 45047: "quota", 48001: "48001", 45002: "45002", 99999: "99999"}


@pytest.mark.parametrize("code", FINAL)
async def test_codes_that_end_it(quick: Account, code: int) -> None:
    quick.platform.fails(SEND, Fault(code))
    await quick.wechat.says(ANNA, "你好")
    [row] = await quick.settled("failed")
    assert row.error == FINAL[code]
    assert len(quick.calls(SEND)) == 1
    assert [(task.kind, task.note) for task in await quick.tasks()] == [
        ("undelivered", FINAL[code])
    ]
    [message] = await quick.messages("assistant")
    assert message.delivery == "failed"
    assert (await quick.conversation()).reachable


@pytest.mark.parametrize("code", [43004, 40003])
async def test_codes_that_say_that_the_customer_is_gone(account: Account, code: int) -> None:
    account.platform.fails(SEND, Fault(code))
    await account.wechat.says(ANNA, "你好")
    [row] = await account.settled("failed")
    assert row.error == str(code)
    assert not (await account.conversation()).reachable
    await account.wechat.says(ANNA, "又来了")
    assert await account.screen(1) == ["≈又来了"]


@pytest.mark.parametrize(("code", "pause"), [(-1, 2), (45011, 60), (45009, 3600)])
async def test_codes_that_pass(account: Account, code: int, pause: int) -> None:
    account.platform.fails(SEND, Fault(code))
    await account.wechat.says(ANNA, "你好")
    row = await account.tried()
    assert row.error == str(code)
    wait = (row.next_at - account.clock.now()).total_seconds()
    assert pause <= wait <= pause * 1.25
    account.clock.advance(timedelta(seconds=wait + 1))
    account.runtime.sender.wake(row.conversation_id)
    assert await account.screen(1) == ["≈你好"]
    [row] = await account.settled("sent")
    assert row.tries == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_once_and_the_message_arrives(
    quick: Account, code: int
) -> None:
    await greeted(quick)
    quick.platform.revoke()
    quick.platform.fails(SEND, Fault(code))
    await quick.wechat.says(ANNA, "还在吗")
    assert await quick.screen(2) == ["≈你好", "≈还在吗"]
    await quick.settled("sent", "sent")
    assert quick.platform.token_calls == [False, False]
    assert len(quick.calls(SEND)) == 3


async def test_a_token_that_is_refused_again_is_not_asked_for_without_end(quick: Account) -> None:
    quick.platform.fails(SEND, *[Fault(40001)] * 20)
    await quick.wechat.says(ANNA, "你好")
    row = await quick.tried()
    assert row.error == "40001"
    assert len(quick.calls(SEND)) == 2
    # The second time by force: WeChat had given the same one again.
    assert quick.platform.token_calls == [False, False, True]
    with pytest.raises(RetryableError):
        await quick.channel.send(outgoing())
    assert quick.platform.token_calls == [False, False, True, False]


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (Fault(0, "drop", done=True), AmbiguousError, "broken"),
        (Fault(0, "hang", done=True), AmbiguousError, "timeout"),
        (Fault(502, "status"), AmbiguousError, "http_502"),
        (Fault(0, "garbled"), AmbiguousError, "garbled"),
        (Fault(429, "status"), RetryableError, "http_429"),
        (Fault(404, "status"), FinalError, "http_404"),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
async def test_what_a_broken_call_means(
    store: Database, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    fault: Fault, kind: type[SendError], code: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(api, "ANSWER_SECONDS", 0.5)
    async with opened(store, clock, tmp_path) as account:
        account.platform.acts(ANNA, "message")
        account.platform.fails(SEND, fault)
        with pytest.raises(SendError) as failed:
            await account.channel.send(outgoing())
        assert (type(failed.value), failed.value.code) == (kind, code)


async def test_a_platform_that_cannot_be_reached(store: Database, clock: FixedClock) -> None:
    away = settings(api_url=f"http://127.0.0.1:{free_port()}")
    channel = WechatChannel(away, store, clock)
    with pytest.raises(RetryableError) as failed:
        await channel.send(outgoing())
    assert failed.value.code == "token_unreachable"
    with pytest.raises(RetryableError):
        await channel.fetch("m1")
    await channel.close()


async def test_a_message_that_may_have_arrived_is_tried_again_and_ends_as_unknown(
    quick: Account,
) -> None:
    quick.platform.fails(SEND, *[Fault(502, "status")] * 20)
    await quick.wechat.says(ANNA, "你好")
    row = await quick.tried()
    while row.state == "pending":
        quick.clock.advance(row.next_at - quick.clock.now() + timedelta(seconds=1))
        quick.runtime.sender.wake(row.conversation_id)
        row = await quick.tried(row.tries + 1)
    assert (row.state, row.error) == ("unknown", "http_502")
    assert [task.kind for task in await quick.tasks()] == ["undelivered"]


async def test_who_is_killed_between_sending_and_writing_it_down(account: Account) -> None:
    """The message is neither lost nor sent more than once again."""
    account.platform.fails(SEND, *[Fault(-1)] * 1)
    await account.wechat.says(ANNA, "你好")
    row = await account.tried()
    account.clock.advance(timedelta(minutes=1))
    async with account.database.transaction() as session:
        held = await lock(session, row.conversation_id)
        claimed = await outbox.claim(session, account.clock.now(), held, "killed", most=5, budget=3)
    assert claimed is not None
    await account.channel.send(outgoing("≈你好"))
    # The process ends here. Nobody touches the message while its lease runs.
    account.runtime.sender.wake(row.conversation_id)
    account.clock.advance(outbox.LEASE - timedelta(seconds=1))
    account.runtime.sender.wake(row.conversation_id)
    await account.wechat.event(ANNA, "VIEW")
    [row] = await account.outbox()
    assert (row.state, row.lease_holder) == ("sending", "killed")
    account.clock.advance(timedelta(seconds=2))
    account.runtime.sender.wake(row.conversation_id)
    await account.settled("sent")
    assert account.platform.customer(ANNA).screen == ["≈你好", "≈你好"]


async def test_a_person_takes_over_while_an_answer_is_in_flight(account: Account) -> None:
    account.assistant.gate.clear()
    await account.wechat.says(ANNA, "你好")
    await asyncio.wait_for(account.assistant.entered.wait(), LIMIT)
    await account.take_over("我是陈晨，我来帮您。")
    account.assistant.gate.set()
    assert await account.screen(1) == ["我是陈晨，我来帮您。"]
    await account.settled("sent")
    await account.wechat.says(ANNA, "好的")
    assert await account.messages("assistant") == []
    assert len(account.assistant.calls) == 1
    assert account.platform.customer(ANNA).screen == ["我是陈晨，我来帮您。"]


async def test_a_person_takes_over_while_an_answer_waits_for_its_next_try(
    account: Account,
) -> None:
    account.platform.fails(SEND, Fault(-1))
    await account.wechat.says(ANNA, "你好")
    await account.tried()
    await account.take_over("我来帮您。")
    await account.settled("withdrawn", "sent")
    assert account.platform.customer(ANNA).screen == ["我来帮您。"]
    [message] = await account.messages("assistant")
    assert message.delivery == "withdrawn"


async def test_five_messages_and_no_more(quick: Account) -> None:
    conversation = await greeted(quick)
    quick.clock.advance(timedelta(seconds=1))
    await quick.take_over("1")
    await quick.settled("sent", "sent")
    for number in range(2, 6):
        quick.clock.advance(timedelta(seconds=1))
        await say_again(quick, conversation.id, str(number))
        await quick.tried()
    rows = await quick.settled(*["sent"] * 5, "failed")
    assert rows[-1].error == "window_closed"
    assert len(quick.calls(SEND)) == 5


async def say_again(account: Account, conversation_id: str, text: str) -> None:
    async with account.database.transaction() as session:
        await takeover.reply(
            session, account.clock.now(), conversation_id, staff_id=1, text=text, limit=2000
        )


async def test_outside_the_window_nothing_is_tried(account: Account) -> None:
    await greeted(account)
    account.clock.advance(timedelta(hours=48, seconds=1))
    await plan(account, "明天10点试驾")
    rows = await account.settled("sent", "failed")
    assert rows[1].error == "window_closed"
    assert len(account.calls(SEND)) == 1
    assert account.calls(TEMPLATE) == []
    assert [task.kind for task in await account.tasks()] == ["undelivered"]


async def test_a_reminder_outside_the_window_is_a_template_message(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    fields = ["thing2", "thing5"]
    async with opened(
        database, clock, tmp_path, template_reminder="t1", template_fields=fields
    ) as account:
        account.platform.templates.add("t1")
        await greeted(account)
        await plan(account, "今天10点试驾山屿")
        assert (await account.screen(2))[1] == "今天10点试驾山屿"
        await account.settled("sent", "sent")
        account.clock.advance(timedelta(hours=49))
        text = "提醒您明天上午十点在望湖大道188号试驾山屿，请带上驾驶证，有事请随时联系我们的顾问"
        await plan(account, text)
        rows = await account.settled("sent", "sent", "sent")
        [body] = account.calls(TEMPLATE)
        values = [body["data"][name]["value"] for name in fields]
        assert values == [text[:20], text[20:39] + "…"]
        assert body["client_msg_id"] == rows[2].message_id
        # What WeChat says about it later.
        assert rows[2].platform_id is not None
        await account.wechat.event(
            ANNA, "TEMPLATESENDJOBFINISH", MsgID=rows[2].platform_id, Status="success"
        )
        assert [m.delivery for m in await account.messages("system")] == ["sent", "delivered"]
        await account.wechat.event(
            ANNA, "TEMPLATESENDJOBFINISH", MsgID=rows[2].platform_id, Status="failed:user block"
        )
        assert [m.delivery for m in await account.messages("system")] == ["sent", "failed"]
        assert (await account.outbox())[2].state == "failed"


async def test_a_window_that_wechat_closes_earlier(
    store: Database, clock: FixedClock, tmp_path: Path
) -> None:
    """A press on the account's menu opens it for a minute only."""
    async with opened(store, clock, tmp_path, template_reminder="t1") as account:
        account.platform.templates.add("t1")
        await account.wechat.event(ANNA, "CLICK", "ask_price")
        await account.screen(1)
        await account.settled("sent")
        account.clock.advance(timedelta(minutes=2))
        await plan(account, "明天试驾")
        await account.settled("sent", "sent")
        assert account.platform.customer(ANNA).screen[-1] == "[通知] 明天试驾"
        await plan(account, "新优惠", "follow_up")
        rows = await account.settled("sent", "sent", "failed")
        assert rows[2].error == "window_closed"


async def test_a_template_message_that_may_have_arrived_is_sent_once(
    store: Database, clock: FixedClock, tmp_path: Path
) -> None:
    async with opened(store, clock, tmp_path, template_reminder="t1") as account:
        account.platform.templates.add("t1")
        account.platform.customer(ANNA)
        account.platform.fails(TEMPLATE, Fault(0, "drop", done=True))
        late = outgoing("明天试驾", category="reminder", outside=True)
        with pytest.raises(AmbiguousError):
            await account.channel.send(late)
        assert await account.channel.send(late) is not None
        assert account.platform.customer(ANNA).screen == ["[通知] 明天试驾"]


@pytest.mark.parametrize("code", [40013, 40125, 40164])
async def test_a_token_that_wechat_does_not_give(quick: Account, code: int) -> None:
    quick.platform.fails(TOKEN, Fault(code))
    await quick.wechat.says(ANNA, "你好")
    row = await quick.tried()
    assert row.error == f"token_{code}"
    assert (row.next_at - quick.clock.now()).total_seconds() >= 60


async def test_secrets_do_not_get_into_logs(
    quick: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "backend")
    for fault in (Fault(40001), Fault(0, "drop"), Fault(45015), Fault(502, "status")):
        quick.platform.fails(SEND, fault)
        with contextlib.suppress(SendError):
            await quick.channel.send(outgoing("秘密的话"))
    quick.platform.fails(SEND, Fault(99999))
    await quick.wechat.says(ANNA, "秘密的话")
    await quick.settled("failed")
    await quick.wechat.post(quick.wechat.fields(ANNA, "text", Content="秘密的话"), signature="")
    written = [r.getMessage() for r in caplog.records if r.name.startswith("backend")]
    assert len(written) >= 4
    for hidden in (quick.platform.token, ANNA, "秘密的话", SECRET, AES_KEY):
        assert not any(hidden in line for line in written)
