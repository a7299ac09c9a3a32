"""A running backend with a scripted assistant, and what its store holds of one customer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from backend.app import create_app
from backend.channels.base import Channel
from backend.clock import FixedClock
from backend.conversations import outbox, takeover
from backend.database import Database
from backend.models import Conversation, Message, Outbox, Staff, Task
from tests.fakes.messenger import LIMIT
from tests.integration.chat.conftest import configuration
from tests.integration.chat.talk import FakeTurn


@dataclass
class Site:
    app: FastAPI
    assistant: FakeTurn
    database: Database
    clock: FixedClock

    async def conversation(self, address: str) -> Conversation:
        async with self.database.reading() as session:
            found = select(Conversation).where(Conversation.address == address)
            return (await session.scalars(found)).one()

    async def messages(self, address: str) -> list[Message]:
        wanted = (
            select(Message)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(Conversation.address == address)
            .order_by(Message.seq)
        )
        async with self.database.reading() as session:
            return list(await session.scalars(wanted))

    async def said(self, address: str) -> list[str]:
        """What the customer has said, as it is stored."""
        return [one.text for one in await self.messages(address) if one.sender == "customer"]

    async def outbox(self, address: str) -> list[Outbox]:
        wanted = (
            select(Outbox)
            .join(Conversation, Conversation.id == Outbox.conversation_id)
            .where(Conversation.address == address)
            .order_by(Outbox.id)
        )
        async with self.database.reading() as session:
            return list(await session.scalars(wanted))

    async def tasks(self) -> list[Task]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Task).order_by(Task.id)))

    async def rows(self) -> tuple[int, int]:
        """How many conversations and messages there are."""
        async with self.database.reading() as session:
            counted = [
                await session.scalar(select(func.count()).select_from(table))
                for table in (Conversation, Message)
            ]
        return counted[0] or 0, counted[1] or 0

    async def settled(self, address: str, *states: str) -> list[Outbox]:
        """The outbox of a customer, once its rows are in these states, in this order."""
        rows: list[Outbox] = []

        async def there() -> bool:
            rows[:] = await self.outbox(address)
            return tuple(row.state for row in rows) == states

        await eventually(there)
        return rows

    async def take_over(self, address: str, staff_id: int) -> None:
        conversation = await self.conversation(address)
        async with self.database.transaction() as session:
            await takeover.take_over(session, self.clock.now(), conversation.id, staff_id=staff_id)

    async def colleague(self) -> int:
        """A member of staff."""
        async with self.database.transaction() as session:
            colleague = Staff(
                username="chen", name="陈晨", role="consultant", password_hash="x",
                created_at=self.clock.now(),
            )  # fmt: skip
            session.add(colleague)
            await session.flush()
            return colleague.id


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    """Returns once it is true."""
    async with asyncio.timeout(LIMIT):
        while not await true():  # noqa: ASYNC110 (the store is changed by others)
            await asyncio.sleep(0.01)


@contextmanager
def dying(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Event]:
    """Within it a sender dies after a call to the platform, before it can write down how that
    ended; the event is set when one has."""
    died = asyncio.Event()

    async def settle(*_: Any, **__: Any) -> Any:
        died.set()
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "settle", settle)
        yield died


class Door(httpx.AsyncBaseTransport):
    """The way into the backend: a fake platform holds it before there is a backend."""

    def __init__(self) -> None:
        self.app: FastAPI | None = None
        self._inside: set[asyncio.Task[httpx.Response]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.app is None:
            raise httpx.ConnectError("nobody listens")
        inside = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        # As with a real server: a request that has come in goes to its end, whoever hangs up.
        task = asyncio.create_task(inside.handle_async_request(request))
        self._inside.add(task)
        task.add_done_callback(self._inside.discard)
        return await asyncio.shield(task)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self, base_url="http://chefu.test", timeout=30)

    async def shut(self) -> None:
        """Lets nobody in and waits for those inside."""
        self.app = None
        await asyncio.gather(*self._inside, return_exceptions=True)


@asynccontextmanager
async def serving(
    database: Database,
    clock: FixedClock,
    folder: Path,
    door: Door,
    channels: Mapping[str, Channel],
) -> AsyncIterator[Site]:
    """A backend from its start to its stop, behind `door`."""
    fake = FakeTurn()
    app = create_app(configuration(folder), database, clock, assistant=fake, channels=channels)
    async with app.router.lifespan_context(app):
        door.app = app
        yield Site(app, fake, database, clock)
        await door.shut()
