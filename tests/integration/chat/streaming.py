"""The backend on a real port, and a client that reads its stream of events."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from backend.app import Server, create_app
from backend.channels.base import Channel
from backend.clock import FixedClock
from backend.database import Database
from tests.integration.chat.conftest import Site, configuration
from tests.integration.chat.talk import FakeTurn, Talk

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
        async for event in self.all():
            return event
        raise AssertionError("the stream ended")

    async def all(self) -> AsyncIterator[Event]:
        """Each event, until the stream ends."""
        block: dict[str, str] = {}
        async for line in self.lines:
            if not line and block:
                assert block["event"] == "messages"
                yield Event(int(block["id"]), json.loads(block["data"]))
                block = {}
            elif line and not line.startswith(":"):
                name, value = line.split(": ", 1)
                block[name] = value

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


@asynccontextmanager
async def served(
    database: Database,
    clock: FixedClock,
    folder: Path,
    channels: Mapping[str, Channel] | None = None,
) -> AsyncIterator[Served]:
    """`channels`: as in `create_app`."""
    fake = FakeTurn()
    app = create_app(configuration(folder), database, clock, assistant=fake, channels=channels)
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
