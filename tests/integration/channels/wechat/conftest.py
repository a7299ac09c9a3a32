"""A backend with the WeChat channel, a scripted assistant, and WeChat itself."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from backend.app import create_app
from backend.channels.wechat import WechatChannel
from backend.clock import FixedClock
from backend.conversations import takeover
from backend.database import Database
from backend.models import Base, Conversation, Message, Outbox, Staff, Task
from backend.runtime import Runtime
from tests.conftest import NOW
from tests.fakes.wechat import FakeWechat
from tests.fakes.wechat_platform import Platform
from tests.fakes.wechat_server import ApiServer
from tests.integration.chat.conftest import configuration
from tests.integration.chat.talk import FakeTurn
from tests.unit.channels.wechat.account import (
    ACCOUNT,
    AES_KEY,
    APP_ID,
    SECRET,
    TOKEN,
    settings,
)

LIMIT = 15.0
"""Seconds after which what has not happened counts as missing."""
ANNA = "oAnna-0000000001"


@dataclass
class Account:
    """The account from both sides: WeChat and its customers, the backend and its store."""

    wechat: FakeWechat
    platform: Platform
    assistant: FakeTurn
    database: Database
    clock: FixedClock
    channel: WechatChannel
    runtime: Runtime
    api: ApiServer

    async def screen(self, number: int, openid: str = ANNA) -> list[str]:
        """What the customer's phone shows once it is `number` messages."""
        return list(await self.platform.customer(openid).sees(number, LIMIT))

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        """Returns when `true` is; looks again at each change in the store."""
        end = time.monotonic() + LIMIT
        with self.runtime.signals.subscribed_to_all() as event:
            while not await true():
                assert time.monotonic() < end, "it does not happen"
                event.clear()
                if await true():
                    return
                await asyncio.wait_for(event.wait(), LIMIT)

    async def conversation(self, openid: str = ANNA) -> Conversation:
        async with self.database.reading() as session:
            wanted = select(Conversation).where(Conversation.address == openid)
            return (await session.scalars(wanted)).one()

    async def messages(self, sender: str | None = None, openid: str = ANNA) -> list[Message]:
        async with self.database.reading() as session:
            wanted = (
                select(Message)
                .join(Conversation, Conversation.id == Message.conversation_id)
                .where(Conversation.address == openid)
                .order_by(Message.seq)
            )
            if sender is not None:
                wanted = wanted.where(Message.sender == sender)
            return list(await session.scalars(wanted))

    async def outbox(self) -> list[Outbox]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Outbox).order_by(Outbox.id)))

    async def tasks(self) -> list[Task]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Task)))

    async def count(self, table: type[Base]) -> int:
        async with self.database.reading() as session:
            return int(await session.scalar(select(func.count()).select_from(table)) or 0)

    async def settled(self, *states: str) -> list[Outbox]:
        """The outbox once its rows are in these states, in order."""

        async def reached() -> bool:
            return [row.state for row in await self.outbox()] == list(states)

        await self.until(reached)
        return await self.outbox()

    async def tried(self, tries: int = 1, *, number: int = 1) -> Outbox:
        """The last row of the outbox, which has `number` then, once it has been tried so often
        and the try has ended."""

        async def reached() -> bool:
            rows = await self.outbox()
            return len(rows) >= number and rows[-1].tries >= tries and rows[-1].state != "sending"

        await self.until(reached)
        return (await self.outbox())[-1]

    async def take_over(self, text: str | None = None) -> None:
        """A member of staff takes the conversation, and says something."""
        conversation = await self.conversation()
        now = self.clock.now()
        async with self.database.transaction() as session:
            person = Staff(
                username="chen", name="陈晨", role="consultant", password_hash="x",
                language="zh", active=True, created_at=NOW,
            )  # fmt: skip
            session.add(person)
            await session.flush()
            if text is None:
                await takeover.take_over(session, now, conversation.id, staff_id=person.id)
            else:
                await takeover.reply(
                    session, now, conversation.id, staff_id=person.id, text=text, limit=2000
                )

    def calls(self, path: str) -> list[dict[str, Any]]:
        return [body for called, body in self.platform.calls if called == path]


@asynccontextmanager
async def opened(
    database: Database, clock: FixedClock, folder: Path, *, menus: bool = True, **changes: Any
) -> AsyncIterator[Account]:
    """An account and its backend from start to stop; `changes` are of the channel's settings."""
    platform = Platform(
        app_id=APP_ID, app_secret=SECRET, now=lambda: clock.now().timestamp(), menus=menus
    )
    assistant = FakeTurn()
    async with ApiServer(platform) as api:
        given = settings(**{"api_url": api.url, **changes})
        channel = WechatChannel(given, database, clock)
        app = create_app(configuration(folder), database, clock, assistant, {channel.name: channel})
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client,
        ):
            wechat = FakeWechat(platform, client, TOKEN, AES_KEY, given.mode, ACCOUNT, LIMIT)
            runtime: Runtime = app.state.services
            yield Account(wechat, platform, assistant, database, clock, channel, runtime, api)
            assistant.gate.set()
            await wechat.close()


@pytest.fixture
async def account(database: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Account]:
    """On both databases."""
    async with opened(database, clock, tmp_path / "var") as running:
        yield running


@pytest.fixture
async def store(sqlite_store: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty store, for what has nothing to do with it."""
    shutil.copy(sqlite_store, tmp_path / "one.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'one.db'}")
    yield database
    await database.dispose()


@pytest.fixture
async def quick(store: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Account]:
    """The same on SQLite alone."""
    async with opened(store, clock, tmp_path / "var") as running:
        yield running
