"""A store that can be taken away and given back: PostgreSQL stopped and started, or SQLite locked
by another writer for longer than anybody waits for it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from backend.clock import FixedClock
from backend.conversations import media, promises, sender, turns
from backend.database import Database
from backend.migrations.migrate import migrate
from tests.integration.delivery.conftest import Loft, serving
from tests.integration.world import build
from tests.postgres import PostgresServer

BUSY_MS = 2000
"""Above what writers wait for each other on a busy machine, far below what a test waits for."""


class Postgres:
    """A server of the tests' own: others go on while it is stopped."""

    readable = False

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self.database = Database(server.new_database())

    async def goes(self) -> None:
        await asyncio.to_thread(self._server.stop, "immediate")

    async def comes(self) -> None:
        await asyncio.to_thread(self._server.start)


class Sqlite:
    """Somebody writes and does not end; whoever only reads does not notice."""

    readable = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: sqlite3.Connection | None = None
        self.database = Database(f"sqlite+aiosqlite:///{path}", busy_timeout_ms=BUSY_MS)

    async def goes(self) -> None:
        # In a thread: whoever is writing just now can only end while the loop runs.
        self._writer = await asyncio.to_thread(self._lock)

    def _lock(self) -> sqlite3.Connection:
        writer = sqlite3.connect(
            self._path, isolation_level=None, timeout=10, check_same_thread=False
        )
        writer.execute("BEGIN IMMEDIATE")
        return writer

    async def comes(self) -> None:
        assert self._writer is not None
        self._writer.execute("ROLLBACK")
        self._writer.close()
        self._writer = None


Store = Postgres | Sqlite


@pytest.fixture(scope="session")
def own_server() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["postgresql", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store
    if request.param == "postgresql":
        made = Postgres(request.getfixturevalue("own_server"))
    else:
        made = Sqlite(tmp_path / "store.db")
    await migrate(made.database)
    async with made.database.transaction() as session:
        await build(session)
    yield made
    await made.database.dispose()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks every moment instead of every few seconds."""
    for module in (turns, sender, media, promises):
        monkeypatch.setattr(module, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(sender, "SETTLE_PAUSE", 0.05)
    monkeypatch.setattr(turns, "RETRY_PAUSE", 0.01)


@pytest.fixture
async def loft(store: Store, clock: FixedClock, tmp_path: Path, quick: None) -> AsyncIterator[Loft]:
    async with serving(store.database, clock, tmp_path / "var") as running:
        yield running


@asynccontextmanager
async def away(store: Store) -> AsyncIterator[None]:
    """Within it the store cannot be used."""
    await store.goes()
    try:
        yield
    finally:
        await store.comes()
