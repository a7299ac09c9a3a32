"""Engine, sessions and the transaction that every service runs in.

SQLite runs in WAL mode, so that reading never waits for writing. Its write transactions
begin IMMEDIATE: two that both read first and write later would otherwise end in a deadlock
that no busy timeout resolves.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from backend.search import writing

BUSY_TIMEOUT_MS = 8000


class IndexingSession(Session):
    """Messages that are written in it can be searched for when it commits."""


writing.listen(IndexingSession)


class Database:
    """Sessions on one store. Nothing connects before the first use."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = (
            {} if self.is_sqlite else {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}
        )
        self.engine: AsyncEngine = create_async_engine(
            # Errors that reach a log hold no customer data.
            url,
            hide_parameters=True,
            **options,
        )
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        self._writing = self.engine.execution_options(chefu_write=True)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One unit of work: commits at the end, rolls back on any exception."""
        async with (
            AsyncSession(
                self._writing, sync_session_class=IndexingSession, expire_on_commit=False
            ) as session,
            session.begin(),
        ):
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A consistent view that changes nothing; on SQLite it never waits for a writer."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    async def dispose(self) -> None:
        await self.engine.dispose()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: ours begin in `_on_begin`.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            # FULL: what was acknowledged survives a power cut, not only a crash of the process.
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("chefu_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
