"""Fixtures for tests on the store: the same tests on SQLite and on PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from backend.clock import FixedClock
    from backend.database import Database
    from tests.postgres import PostgresServer

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=timezone.utc)
"""A Wednesday, 10:00 in Shanghai."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator["PostgresServer"]:
    from tests.postgres import PostgresServer

    with PostgresServer() as server:
        yield server


def _migrated(url: str) -> None:
    from backend.database import Database
    from backend.migrations.migrate import migrate

    async def run() -> None:
        store = Database(url)
        await migrate(store)
        await store.dispose()

    # In a thread of its own: the test that asks for it first runs in an event loop.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(run())).result()


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store with the newest schema, to be copied: migrating takes its time."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    _migrated(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_store(postgres_server: "PostgresServer") -> str:
    """The same as a template database; its name."""
    url = postgres_server.new_database()
    _migrated(url)
    return url.rsplit("/", 1)[1]


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator["Database"]:
    """An empty store with the newest schema, built by the real migrations."""
    from backend.database import Database

    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_store"), tmp_path / "store.db")
        url = f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database(template=request.getfixturevalue("postgres_store"))
    store = Database(url)
    yield store
    await store.dispose()


@pytest.fixture
def clock() -> "FixedClock":
    from backend.clock import FixedClock

    return FixedClock(NOW)
