"""What leaves: with an end to each try, once unless nobody can know, in order, within limits."""

from datetime import timedelta
from pathlib import Path

import pytest

from backend.channels.base import AmbiguousError, FinalError, Limits, RetryableError
from backend.clock import FixedClock
from backend.conversations import outbox, takeover
from backend.conversations.sender import MOST_TRIES
from backend.conversations.service import lock
from backend.database import Database
from backend.models import Customer
from tests.integration.chat.talk import answer
from tests.integration.console.browser import staff
from tests.integration.delivery.conftest import Loft, serving
from tests.integration.delivery.pigeon import Pigeon

HOUR = timedelta(hours=1)


async def test_an_answer_is_sent_and_marked(loft: Loft) -> None:
    await loft.arrives("山屿多少钱", "w1")
    [row] = await loft.settles("sent")
    assert (row.category, row.platform_id, row.tries) == ("reply", "p1", 1)
    assert [one.delivery for one in await loft.messages()] == ["received", "sent"]
    [sent] = loft.pigeon.sent
    assert (sent.address, sent.answers, sent.outside) == ("bird-1", "w1", False)


@pytest.mark.parametrize(
    ("error", "delivery"),
    [
        (RetryableError("-1"), "queued"),
        (AmbiguousError("timeout"), "queued"),
        (FinalError("45015"), "failed"),
    ],
)
async def test_a_failure_of_each_kind(
    loft: Loft, error: RetryableError | AmbiguousError | FinalError, delivery: str
) -> None:
    loft.pigeon.outcomes.append(error)
    await loft.arrives("在吗", "w1")
    await loft.until(lambda: len(loft.pigeon.tried) == 1)
    [row] = await loft.settles("pending", "failed")
    assert (row.error, (await loft.messages())[1].delivery) == (error.code, delivery)
    if isinstance(error, FinalError):
        assert [(task.kind, task.note) for task in await loft.tasks()] == [("undelivered", "45015")]
    loft.clock.advance(HOUR)
    await loft.wakes()
    if not isinstance(error, FinalError):
        await loft.settles("sent")
        assert loft.pigeon.tried[0].key == loft.pigeon.tried[1].key
        assert await loft.tasks() == []
    assert len(loft.pigeon.tried) == (1 if isinstance(error, FinalError) else 2)


async def test_tries_come_to_an_end(loft: Loft) -> None:
    loft.pigeon.outcomes.extend(RetryableError("-1") for _ in range(MOST_TRIES))
    await loft.arrives("在吗", "w1")
    for tried in range(1, MOST_TRIES + 1):
        await loft.until(lambda wanted=tried: len(loft.pigeon.tried) == wanted)  # type: ignore[misc]
        await loft.settles("pending", "failed")
        loft.clock.advance(HOUR)
        await loft.wakes()
    await loft.settles("failed")
    assert [task.kind for task in await loft.tasks()] == ["undelivered"]


async def test_a_later_message_waits_for_an_earlier_one(loft: Loft) -> None:
    loft.pigeon.outcomes.append(RetryableError("busy", retry_after=600))
    await loft.arrives("一", "w1")
    await loft.until(lambda: len(loft.pigeon.tried) == 1)
    await loft.arrives("二", "w2")
    await loft.settles("pending", rows=2)
    assert loft.pigeon.sent == []
    [first, second] = await loft.rows()
    assert first.next_at - loft.clock.now() >= timedelta(seconds=600)
    loft.clock.advance(HOUR)
    await loft.wakes()
    await loft.settles("sent")
    assert loft.pigeon.texts == ["≈一", "≈二"]
    assert second.tries == 0


async def test_a_sender_that_died_is_followed_up(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    """Nobody knows whether it arrived: it is sent again, under the same key."""
    pigeon = Pigeon()
    pigeon.outcomes.append(RetryableError("busy"))
    async with serving(database, clock, tmp_path, pigeon) as loft:
        await loft.arrives("在吗", "w1")
        await loft.until(lambda: len(pigeon.tried) == 1)
        await loft.settles("pending")
        conversation = await loft.conversation()
    # Once its own sender is gone: it would look again by itself.
    clock.advance(HOUR)
    async with database.transaction() as session:
        held = await lock(session, conversation.id)
        claimed = await outbox.claim(session, clock.now(), held, "dead", most=1, budget=3)
        assert claimed is not None
    async with serving(database, clock, tmp_path) as again:
        await again.wakes()
        assert again.pigeon.tried == []
        clock.advance(outbox.LEASE + timedelta(seconds=1))
        await again.wakes()
        [row] = await again.settles("sent")
        assert (again.pigeon.texts, row.tries) == (["≈在吗"], 3)


async def test_what_the_assistant_has_not_sent_yet_is_withdrawn(loft: Loft) -> None:
    await staff(loft.database, "li", "consultant")
    loft.pigeon.outcomes.append(RetryableError("busy"))
    await loft.arrives("在吗", "w1")
    await loft.until(lambda: len(loft.pigeon.tried) == 1)
    await loft.settles("pending")
    conversation = await loft.conversation()
    async with loft.database.transaction() as session:
        await takeover.reply(
            session, loft.clock.now(), conversation.id, staff_id=1, text="我是李明", limit=2000
        )
    loft.clock.advance(HOUR)
    await loft.wakes()
    await loft.settles("withdrawn", "sent")
    assert loft.pigeon.texts == ["我是李明"]
    assert [one.delivery for one in await loft.messages()] == ["received", "withdrawn", "sent"]


async def test_answers_to_one_message_are_merged(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    async with serving(database, clock, tmp_path, Pigeon(most_merged=5)) as loft:
        loft.assistant.plays(answer("一", "二", "三"))
        await loft.arrives("在吗", "w1")
        await loft.settles("sent")
        assert [[part.text for part in sent.parts] for sent in loft.pigeon.sent] == [
            ["一", "二", "三"]
        ]


async def test_the_window_and_the_quota_of_a_platform(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    pigeon = Pigeon(limits=Limits(window=timedelta(hours=48), quota=2))
    async with serving(database, clock, tmp_path, pigeon) as loft:
        loft.assistant.plays(answer("一"), answer("二"))
        await loft.arrives("在吗", "w1")
        await loft.settles("sent")
        clock.advance(timedelta(seconds=1))
        conversation = await loft.conversation()

        async def say(key: str) -> None:
            async with database.transaction() as session:
                await outbox.plan(
                    session, clock.now(), conversation_id=conversation.id, category="reminder",
                    key=key, due_at=clock.now(), text_zh=f"提醒{key}", text_en=key,
                )  # fmt: skip
            await loft.settles("sent")
            clock.advance(timedelta(seconds=1))

        await say("a")
        await say("b")
        clock.advance(timedelta(hours=49))
        await say("c")
        assert [sent.outside for sent in pigeon.sent] == [False, False, True, True]
        await loft.arrives("我在", "w2")
        await loft.settles("sent", rows=5)
        assert pigeon.sent[-1].outside is False


async def test_a_reply_in_time_leaves_by_the_webhook(loft: Loft) -> None:
    loft.assistant.gate.clear()
    await loft.arrives("在吗", "w1")
    [said] = await loft.messages()

    async def answered() -> str:
        loft.assistant.gate.set()
        outgoing = await loft.runtime.sender.answer_to(said.id, 10)
        assert outgoing is not None
        return outgoing.parts[0].text

    assert await answered() == "≈在吗"
    await loft.settles("sent")
    assert loft.pigeon.tried == []
    assert await loft.runtime.sender.answer_to(said.id, 0.01) is None


async def test_plans_fall_due_once_and_can_be_called_off(loft: Loft) -> None:
    await loft.arrives("在吗", "w1")
    await loft.settles("sent")
    conversation = await loft.conversation()
    now = loft.clock.now()

    async def plan(key: str, due: timedelta, text: str) -> None:
        async with loft.database.transaction() as session:
            await outbox.plan(
                session, now, conversation_id=conversation.id, category="reminder", key=key,
                due_at=now + due, text_zh=text, text_en=text,
            )  # fmt: skip

    await plan("reminder:1:day", HOUR, "明天三点")
    await plan("reminder:1:day", HOUR, "明天四点")
    await plan("reminder:2:day", HOUR, "不要了")
    async with loft.database.transaction() as session:
        await outbox.call_off(session, "reminder:2:")
    await loft.wakes()
    loft.clock.advance(HOUR)
    await loft.wakes()
    await loft.until(lambda: len(loft.pigeon.sent) == 2)
    await plan("reminder:1:day", HOUR, "明天五点")
    loft.clock.advance(HOUR)
    await loft.wakes()
    await loft.settles("sent", "withdrawn")
    assert loft.pigeon.texts == ["≈在吗", "明天四点"]
    assert (await loft.messages())[-1].sender == "system"


async def test_a_customer_is_not_written_to_too_often(loft: Loft) -> None:
    await loft.arrives("在吗", "w1")
    await loft.settles("sent")
    first = await loft.conversation()
    await loft.client.post(
        "/api/channels/pigeon", json={"address": "bird-2", "platform_id": "x1", "text": "在吗"}
    )
    await loft.until(lambda: len(loft.pigeon.sent) == 2)
    second = await loft.conversation("bird-2")
    now = loft.clock.now()
    async with loft.database.transaction() as session:
        customer = Customer(name="李", phone="+8613800000001", created_at=now)
        session.add(customer)
        await session.flush()
        for conversation in (first, second):
            held = await session.merge(conversation)
            held.customer_id = customer.id
    for number, category in enumerate(["survey", "follow_up", "reminder", "survey", "reminder"]):
        async with loft.database.transaction() as session:
            await outbox.plan(
                session, now, conversation_id=(first, second)[number % 2].id, category=category,
                key=f"k{number}", due_at=now, text_zh=f"第{number}条", text_en="",
            )  # fmt: skip
        await loft.settles("sent", "withdrawn")
    rows = [row for row in await loft.rows() if row.key]
    assert [(row.state, row.error) for row in rows] == [
        ("sent", ""), ("sent", ""), ("sent", ""), ("withdrawn", "budget"), ("sent", ""),
    ]  # fmt: skip


async def test_the_platform_tells_what_became_of_a_message(loft: Loft) -> None:
    await loft.arrives("在吗", "w1")
    await loft.settles("sent")
    async with loft.database.transaction() as session:
        await outbox.delivered(session, "pigeon", "p1", "delivered")
    assert (await loft.messages())[1].delivery == "delivered"


async def test_what_was_planned_for_the_website_is_read_there(loft: Loft) -> None:
    opened = (await loft.client.post("/api/chat/conversations", json={})).json()
    async with loft.database.transaction() as session:
        await outbox.plan(
            session, loft.clock.now(), conversation_id=opened["conversation_id"],
            category="reminder", key="r", due_at=loft.clock.now(), text_zh="明天见", text_en="",
        )  # fmt: skip
    await loft.settles("sent")
    [said] = await loft.messages()
    assert (said.text, said.sender, said.delivery) == ("明天见", "system", "sent")
