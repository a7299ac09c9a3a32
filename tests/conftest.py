"""Fixtures for tests on the store: the same tests on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
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


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator["Database"]:
    """An empty store with the newest schema, built by the real migrations."""
    from backend.database import Database
    from backend.migrations.migrate import migrate

    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database()
    store = Database(url)
    await migrate(store)
    yield store
    await store.dispose()


@pytest.fixture
def clock() -> "FixedClock":
    from backend.clock import FixedClock

    return FixedClock(NOW)
