"""The public backend with a scripted assistant, on both databases."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select

from backend.app import create_app
from backend.clock import FixedClock
from backend.conversations import service
from backend.conversations.ownership import set_owner
from backend.database import Database
from backend.models import Conversation, Message, Task
from backend.settings import Settings
from tests.conftest import NOW
from tests.integration.chat.talk import FakeTurn, Talk


@dataclass
class Site:
    """A running backend, its assistant and its store."""

    app: FastAPI
    client: httpx.AsyncClient
    assistant: FakeTurn
    database: Database

    async def talk(self, locale: str | None = None) -> Talk:
        return await Talk.open(self.client, locale)

    async def conversation(self, talk: Talk) -> Conversation:
        async with self.database.reading() as session:
            return await session.get_one(Conversation, talk.id)

    async def messages(self, talk: Talk) -> list[Message]:
        query = select(Message).where(Message.conversation_id == talk.id).order_by(Message.seq)
        async with self.database.reading() as session:
            return list(await session.scalars(query))

    async def tasks(self, talk: Talk) -> list[Task]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Task).where(Task.conversation_id == talk.id)))

    async def give_to(self, talk: Talk, owner: str) -> None:
        """Changes the owner of the conversation, as a member of staff does."""
        async with self.database.transaction() as session:
            conversation = await service.lock(session, talk.id)
            set_owner(session, NOW, conversation, owner, actor="staff:1")


def configuration(folder: Path) -> Settings:
    return Settings(  # type: ignore[call-arg]  # `_env_file` is unseen by mypy
        _env_file=None,
        channel_secret=SecretStr("c" * 40),
        session_secret=SecretStr("s" * 40),
        var=folder,
    )


@asynccontextmanager
async def serving(
    database: Database, clock: FixedClock, folder: Path, assistant: FakeTurn | None = None
) -> AsyncIterator[Site]:
    """A backend from its start to its stop, reached without a network."""
    fake = assistant or FakeTurn()
    app = create_app(configuration(folder), database, clock, assistant=fake)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://chat.test", timeout=30) as client,
    ):
        yield Site(app, client, fake, database)


@pytest.fixture
async def site(database: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Site]:
    async with serving(database, clock, tmp_path / "var") as running:
        yield running


@pytest.fixture
async def talk(site: Site) -> Talk:
    return await site.talk()
