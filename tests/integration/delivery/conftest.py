"""A backend with a scripted assistant and one messaging platform, on both databases."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from backend.app import create_app
from backend.clock import FixedClock
from backend.conversations import inbox
from backend.database import Database
from backend.models import Conversation, Message, Outbox, Task
from backend.runtime import Runtime
from tests.integration.chat.conftest import configuration
from tests.integration.chat.talk import LIMIT, FakeTurn
from tests.integration.delivery.pigeon import NAME, Pigeon

BIRD = "bird-1"


@dataclass
class Loft:
    """The backend, its platform, and the store behind them."""

    app: FastAPI
    client: httpx.AsyncClient
    assistant: FakeTurn
    pigeon: Pigeon
    database: Database
    clock: FixedClock

    @property
    def runtime(self) -> Runtime:
        found: Runtime = self.app.state.services
        return found

    async def arrives(self, text: str, letter: str, **more: Any) -> httpx.Response:
        """A message of the customer at the webhook."""
        body = {"address": BIRD, "platform_id": letter, "text": text, **more}
        return await self.client.post("/api/channels/pigeon", json=body)

    async def conversation(self, address: str = BIRD) -> Conversation:
        async with self.database.reading() as session:
            found = await inbox.find(session, NAME, address)
        assert found is not None
        return found

    async def messages(self) -> list[Message]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Message).order_by(Message.seq)))

    async def rows(self) -> list[Outbox]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Outbox).order_by(Outbox.id)))

    async def tasks(self) -> list[Task]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Task)))

    async def until(self, true: Callable[[], bool | Awaitable[bool]]) -> None:
        """Returns when it is true, and fails when it never is."""
        end = time.monotonic() + LIMIT
        while True:
            found = true()
            if found if isinstance(found, bool) else await found:
                return
            assert time.monotonic() < end, "it never came to that"
            await asyncio.sleep(0.01)

    async def settles(self, *states: str, rows: int = 1) -> list[Outbox]:
        """The rows of the outbox, at least so many, once all are in one of these states."""
        end = time.monotonic() + LIMIT
        while True:
            found = await self.rows()
            if len(found) >= rows and all(row.state in states for row in found):
                return found
            assert time.monotonic() < end, [(row.state, row.error) for row in found]
            await asyncio.sleep(0.01)

    async def wakes(self) -> None:
        """The sender looks again, as its slow poll does."""
        self.runtime.sender.wake((await self.conversation()).id)


@asynccontextmanager
async def serving(
    database: Database, clock: FixedClock, folder: Path, pigeon: Pigeon | None = None
) -> AsyncIterator[Loft]:
    fake, bird = FakeTurn(), pigeon or Pigeon()
    app = create_app(configuration(folder), database, clock, assistant=fake, channels={NAME: bird})
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://chat.test", timeout=30) as client,
    ):
        yield Loft(app, client, fake, bird, database, clock)


@pytest.fixture
async def loft(database: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Loft]:
    async with serving(database, clock, tmp_path / "var") as running:
        yield running
