"""The stream of events, over a real connection: what comes, and that it ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from backend.app import Server, create_app
from backend.clock import FixedClock
from backend.conversations import takeover
from backend.database import Database
from tests.conftest import NOW
from tests.integration.chat.conftest import Site, configuration
from tests.integration.chat.talk import FakeTurn, Talk, refused

GRACE = 8
"""Seconds that uvicorn would wait for open connections."""


class Listening(Server):
    """Says when it answers."""

    ready: asyncio.Event

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@dataclass
class Served:
    site: Site
    server: Listening
    task: "asyncio.Task[None]"

    async def stop(self) -> None:
        self.server.should_exit = True
        await self.task


@dataclass
class Event:
    id: int
    data: dict[str, Any]

    @property
    def texts(self) -> list[str]:
        return [one["text"] for one in self.data["messages"]]


@dataclass
class Stream:
    """The events of one stream, as they come."""

    lines: AsyncIterator[str]
    ended: bool = field(default=False)

    async def next(self) -> Event:
        block: dict[str, str] = {}
        async for line in self.lines:
            if not line and block:
                assert block["event"] == "messages"
                return Event(int(block["id"]), json.loads(block["data"]))
            if line and not line.startswith(":"):
                name, value = line.split(": ", 1)
                block[name] = value
        raise AssertionError("the stream ended")

    async def until(self, text: str) -> list[Event]:
        """The events up to the one that brings `text`."""
        events = []
        async with asyncio.timeout(15):
            while True:
                events.append(await self.next())
                if text in events[-1].texts:
                    return events

    async def rest(self) -> list[str]:
        """What still comes until the server ends the stream."""
        async with asyncio.timeout(15):
            return [line async for line in self.lines if line]


@asynccontextmanager
async def stream(talk: Talk, after: int = 0) -> AsyncIterator[Stream]:
    async with talk.client.stream(
        "GET", "/api/chat/stream", params={"after": after}, headers=talk.key
    ) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        yield Stream(response.aiter_lines())


@pytest.fixture
async def served(database: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Served]:
    fake = FakeTurn()
    app = create_app(configuration(tmp_path / "var"), database, clock, assistant=fake)
    config = uvicorn.Config(
        app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE
    )
    server = Listening(app, config)
    server.ready = asyncio.Event()
    sock = config.bind_socket()
    task = asyncio.create_task(server.serve(sockets=[sock]))
    await server.ready.wait()
    address = f"http://127.0.0.1:{sock.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:
        running = Served(Site(app, client, fake, database), server, task)
        yield running
        await running.stop()


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
