"""The stream of events, over a real connection: what comes, and that it ends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.clock import FixedClock
from backend.conversations import takeover
from backend.database import Database
from tests.conftest import NOW
from tests.integration.chat import streaming
from tests.integration.chat.streaming import GRACE, Served, stream
from tests.integration.chat.talk import refused


@pytest.fixture
async def served(database: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Served]:
    async with streaming.served(database, clock, tmp_path / "var") as running:
        yield running


async def test_a_stream_brings_what_is_new(served: Served) -> None:
    talk = await served.site.talk()
    async with stream(talk) as events:
        first = await events.next()
        assert first.id == 0
        assert first.data == {"messages": [], "typing": False, "state": "open"}
        await talk.say("山屿多少钱")
        seen = await events.until("≈山屿多少钱")
    shown = [one for event in seen for one in event.data["messages"]]
    assert shown == (await talk.read())["messages"]
    assert seen[-1].id == 2
    assert seen[-1].data["typing"] is False


async def test_a_stream_tells_that_an_answer_is_being_written(served: Served) -> None:
    talk = await served.site.talk()
    served.site.assistant.gate.clear()
    async with stream(talk) as events:
        await events.next()
        await talk.say("山屿多少钱")
        seen = await events.until("山屿多少钱")
        assert seen[-1].data["typing"] is True
        served.site.assistant.gate.set()
        seen = await events.until("≈山屿多少钱")
        assert seen[-1].data["typing"] is False


async def test_a_stream_tells_that_the_conversation_is_closed(served: Served) -> None:
    talk = await served.site.talk()
    await talk.ask("你好")
    async with stream(talk, after=2) as events:
        assert (await events.next()).data["state"] == "open"
        async with served.site.database.transaction() as session:
            await takeover.close(session, NOW, talk.id, staff_id=1, seen=2)
        served.site.app.state.services.signals.send(talk.id)
        async with asyncio.timeout(15):
            closed = await events.next()
        assert closed.data == {"messages": [], "typing": False, "state": "closed"}


async def test_a_stream_goes_on_where_the_last_one_ended(served: Served) -> None:
    talk = await served.site.talk()
    await talk.ask("一")
    async with stream(talk, after=2) as events:
        first = await events.next()
        assert (first.id, first.texts) == (2, [])
        await talk.say("二")
        seen = await events.until("≈二")
    assert [text for event in seen for text in event.texts] == ["二", "≈二"]


async def test_a_customer_who_leaves_is_forgotten(served: Served) -> None:
    talk = await served.site.talk()
    async with stream(talk) as events:
        await events.next()
        waiting = served.site.app.state.services.signals._waiting
        assert talk.id in waiting
    async with asyncio.timeout(10):
        while waiting:
            # Anything said reaches the streams that are still there.
            await talk.ask("还有人吗")
    assert not waiting


async def test_a_stop_ends_streams_and_waiting_reads_at_once(served: Served) -> None:
    talk, other = await served.site.talk(), await served.site.talk()
    loop = asyncio.get_running_loop()
    async with stream(talk) as events:
        await events.next()
        reading = asyncio.create_task(other.read(wait=20))
        waiting = served.site.app.state.services.signals._waiting
        async with asyncio.timeout(10):
            while other.id not in waiting:
                await talk.read()
        begun = loop.time()
        stopping = asyncio.create_task(served.stop())
        assert await events.rest() == []
        assert (await reading)["messages"] == []
        await stopping
    assert loop.time() - begun < GRACE / 2


async def test_a_stream_needs_the_token(served: Served) -> None:
    refused(await served.site.client.get("/api/chat/stream"), 401, "unauthorized")


async def test_a_body_over_the_limit_over_the_wire(served: Served) -> None:
    talk = await served.site.talk()

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"a" * 4096

    headers = {**talk.key, "Content-Type": "application/json"}
    response = await served.site.client.post(
        "/api/chat/messages", content=endless(), headers=headers
    )
    refused(response, 413, "too_large")
    assert (await talk.post(text="还能说话")).status_code == 202
