"""The demo dealership's website: quickly on SQLite, and on both databases where it matters."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.catalogue.importing import import_folder
from backend.clock import FixedClock
from backend.database import Database
from backend.migrations.migrate import migrate
from backend.settings import ROOT
from tests.conftest import NOW
from tests.integration.site.world import Site


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demo dealership, to be copied."""
    file = tmp_path_factory.mktemp("demo") / "store.db"

    async def build() -> None:
        store = Database(f"sqlite+aiosqlite:///{file}")
        await migrate(store)
        await import_folder(store, FixedClock(NOW), ROOT / "demo")
        await store.dispose()

    asyncio.run(build())
    return file


@pytest.fixture
async def site(imported: Path, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Site]:
    for part in imported.parent.glob("store.db*"):
        shutil.copy(part, tmp_path / part.name)
    store = Database(f"sqlite+aiosqlite:///{tmp_path / imported.name}")
    made = Site(store, clock, tmp_path)
    yield made
    await made.client.aclose()
    await store.dispose()


@pytest.fixture
async def site_anywhere(
    database: Database, clock: FixedClock, tmp_path: Path
) -> AsyncIterator[Site]:
    """The same on SQLite and on PostgreSQL."""
    await import_folder(database, clock, ROOT / "demo")
    made = Site(database, clock, tmp_path)
    yield made
    await made.client.aclose()
