"""While the store is away everybody is told so and nothing is acknowledged; when it is back, all
goes on by itself, and nothing has happened twice."""

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from backend.clock import FixedClock
from backend.conversations import service, waiting
from backend.conversations.media import MediaKeeper
from backend.models import Attachment, Media, Message, Task
from backend.texts import notices
from tests.integration.chat.talk import Talk, refused
from tests.integration.delivery.conftest import Loft
from tests.integration.delivery.pigeon import NAME, Pigeon
from tests.integration.outage.conftest import Store, away

PICTURE = Path(__file__).parents[3] / "docs/images/phone-en.png"


def unavailable(response: httpx.Response) -> None:
    refused(response, 503, "unavailable")
    assert int(response.headers["retry-after"]) >= 1


async def test_writing_is_refused_and_accepted_once_later(loft: Loft, store: Store) -> None:
    talk = await Talk.open(loft.client)
    await talk.ask("你好")
    async with away(store):
        unavailable(await talk.post(client_message_id="m1", text="山屿多少钱"))
        unavailable(await loft.client.post("/api/chat/conversations"))
        unavailable(await loft.client.post("/api/chat/rating", json={"score": 5}, headers=talk.key))
        unavailable(await loft.arrives("你好", "p1"))
    async with loft.database.reading() as session:
        said = await session.scalars(select(Message.text).where(Message.sender == "customer"))
        assert list(said) == ["你好"]
    for _ in range(2):
        accepted = await talk.post(client_message_id="m1", text="山屿多少钱")
        assert accepted.status_code == 202
        assert (await loft.arrives("你好", "p1")).status_code == 202
    heard = await talk.hears(2)
    assert [one["text"] for one in heard] == ["≈你好", "≈山屿多少钱"]
    await loft.settles("sent")
    assert loft.pigeon.texts == ["≈你好"]


async def test_reading_is_refused_where_it_needs_the_store(loft: Loft, store: Store) -> None:
    if store.readable:
        pytest.skip("SQLite can be read while somebody writes")
    talk = await Talk.open(loft.client)
    async with away(store):
        unavailable(await loft.client.get("/api/chat/messages", headers=talk.key))
        unavailable(await loft.client.get("/api/chat/stream", headers=talk.key))
        unavailable(await loft.client.get("/healthz"))
        unavailable(
            await loft.client.get(
                "/api/staff/test-drives", headers={"Authorization": f"Bearer {talk.token}"}
            )
        )
        page = await loft.client.get("/", headers={"Accept": "text/html"})
        assert page.status_code == 503
        assert page.headers["content-type"].startswith("text/html")
        assert all(text in page.text for text in notices.UNAVAILABLE.values())
    assert (await loft.client.get("/healthz")).json() == {"status": "ok"}


async def test_a_turn_in_flight_is_answered_once(loft: Loft, store: Store) -> None:
    talk = await Talk.open(loft.client)
    loft.assistant.gate.clear()
    await talk.say("山屿多少钱")
    await asyncio.wait_for(loft.assistant.entered.wait(), 20)
    async with away(store):
        loft.assistant.gate.set()
        # Its answer is there and cannot be written.
        unavailable(await talk.post(text="还在吗"))
    heard = await talk.hears()
    await talk.settles()
    assert [one["text"] for one in heard] == ["≈山屿多少钱"]
    async with loft.database.reading() as session:
        tasks = list(await session.scalars(select(Task)))
    assert tasks == []


async def test_what_was_sent_is_not_sent_again(loft: Loft, store: Store, clock: FixedClock) -> None:
    loft.pigeon.gate.clear()
    await loft.arrives("你好", "p1")
    await asyncio.wait_for(loft.pigeon.entered.wait(), 20)
    async with away(store):
        # The platform has it; nobody can write that down.
        loft.pigeon.gate.set()
        await loft.until(lambda: bool(loft.pigeon.sent))
        clock.advance(timedelta(seconds=30))
    (row,) = await loft.settles("sent")
    assert row.tries == 1
    assert loft.pigeon.texts == ["≈你好"]


async def test_a_promise_is_admitted_when_the_store_is_back(
    loft: Loft, store: Store, clock: FixedClock
) -> None:
    talk = await Talk.open(loft.client)
    async with loft.database.transaction() as session:
        conversation = await service.lock(session, talk.id)
        await waiting.call_person(
            session, clock.now(), conversation, kind="handover", note="转人工",
            message_id="m1", actor=f"conversation:{talk.id}",
        )  # fmt: skip
    async with away(store):
        clock.advance(timedelta(minutes=16))
        unavailable(await talk.post(text="人呢"))
    (notice,) = await talk.hears()
    assert notice["sender"] == "system"
    assert "今天 10:15 前" in notice["text"]
    # Several looks later it still stands there once.
    await talk.ask("人呢")
    heard = [one for one in (await talk.read())["messages"] if one["sender"] == "system"]
    assert len(heard) == 1


async def test_a_picture_is_fetched_when_the_store_is_back(
    store: Store, clock: FixedClock, tmp_path: Path, quick: None
) -> None:
    bird = Pigeon(letters={"letter": PICTURE.read_bytes()})
    database = store.database
    async with database.transaction() as session:
        conversation, _ = await service.start(session, clock.now(), channel=NAME, locale=None)
        message = Message(
            id="m1", conversation_id=conversation.id, seq=1, sender="customer", text="",
            channel=NAME, sent_at=clock.now(),
        )  # fmt: skip
        session.add(message)
        await session.flush()
        session.add(Media(message_id="m1", ref="letter", kind="image", next_at=clock.now()))
    keeper = MediaKeeper(database, clock, {NAME: bird}, tmp_path)
    async with away(store):
        await keeper.start()
        await asyncio.sleep(0)
    try:
        async with asyncio.timeout(30):
            while True:
                async with database.reading() as session:
                    kept = await session.scalar(select(Attachment))
                if kept is not None:
                    break
                await asyncio.sleep(0.01)
        assert kept.conversation_id == conversation.id
    finally:
        await keeper.stop()
