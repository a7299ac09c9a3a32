"""The demo dealership in a store of each test's own, and a conversation with it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from backend.catalogue.importing import import_folder
from backend.clock import FixedClock
from backend.database import Database
from backend.migrations.migrate import migrate
from backend.models import Conversation
from backend.services import Services
from backend.settings import Settings
from bot.actions.base import configure
from tests.conftest import NOW
from tests.integration.actions.dialogue import ROOT, Dialogue
from tests.postgres import PostgresServer

SETTINGS = Settings(  # type: ignore[call-arg]  # pydantic's own argument
    _env_file=None,
    channel_secret=SecretStr("c" * 40),
    session_secret=SecretStr("s" * 40),
)


async def _fill(url: str) -> None:
    store = Database(url)
    await migrate(store)
    await import_folder(store, FixedClock(NOW), ROOT / "demo")
    await store.dispose()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo dealership imported once, to be copied."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    asyncio.run(_fill(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def demo_template(postgres_server: PostgresServer) -> str:
    """The same on PostgreSQL; databases are made from it as a template."""
    url = postgres_server.new_database()
    asyncio.run(_fill(url))
    return url


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`; tests marked with `both` run on PostgreSQL too."""
    return str(getattr(request, "param", "sqlite"))


Opening = Callable[..., Awaitable[Dialogue]]
"""What the fixture `start` gives: a function that opens a conversation."""

both = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def store_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A filled store of the test's own."""
    if database_kind == "sqlite":
        shutil.copy(request.getfixturevalue("demo_file"), tmp_path / "store.db")
        return f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"
    template: str = request.getfixturevalue("demo_template")
    base, _, source = template.rpartition("/")
    name = f"test_{uuid4().hex[:12]}"
    server = base.replace("postgresql+psycopg", "postgresql") + "/postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(source))
        )
    return f"{base}/{name}"


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Database]:
    made = Database(store_url)
    yield made
    await made.dispose()


@pytest.fixture
def services(store: Database, clock: FixedClock) -> Services:
    """What the actions work with, handed to them."""
    made = Services(store, clock, SETTINGS)
    configure(made)
    return made


@pytest.fixture
async def start(services: Services) -> Opening:
    """Opens a conversation: `await start()`, `await start(language="en", id="d" * 32)`."""

    async def opening(language: str = "zh", id: str = "c" * 32, **slots: Any) -> Dialogue:
        async with services.database.transaction() as session:
            session.add(
                Conversation(
                    id=id, channel="web", token_hash=id, language=language,
                    created_at=NOW, updated_at=NOW,
                )
            )  # fmt: skip
        return Dialogue(services, id=id, language=language, slots=slots)

    return opening


@pytest.fixture
async def chat(start: Opening) -> Dialogue:
    """A conversation in Chinese."""
    return await start()


@pytest.fixture
async def english(start: Opening) -> Dialogue:
    return await start(language="en", id="e" * 32)
