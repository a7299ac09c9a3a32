"""Engine, sessions and the transaction that every service runs in.

SQLite runs in WAL mode, so that reading never waits for writing. Its write transactions
begin IMMEDIATE (see `sqlite_driver`).
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from backend.search import writing
from backend.sqlite_driver import READ, WRITE, SqliteConnection, Take, with_driver

BUSY_TIMEOUT_MS = 8000
CONNECT_SECONDS = 5
POOL_SECONDS = 10
"""For a free connection; longer than that, whoever waits is better told so."""
NEWS = "chefu_news"
"""The channel of PostgreSQL's NOTIFY on which processes tell each other what has changed."""
_CHANGED = "chefu_changed"

UNAVAILABLE = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    psycopg.OperationalError,
    sqlite3.OperationalError,
)
"""What is raised when the store cannot be reached, or is locked beyond patience. Nothing of the
transaction is written then, and a later try may well succeed."""

_take: ContextVar[Take | None] = ContextVar("take", default=None)

Changes = frozenset[tuple[str, str]]
"""Pairs of a topic and the id of a conversation."""


# Whatever a transaction says is found by a search once it has committed.
writing.listen(Session)


class Database:
    """Sessions on one store. Nothing connects before the first use."""

    def __init__(
        self, url: str, *, foreign_keys: bool = True, busy_timeout_ms: int = BUSY_TIMEOUT_MS
    ) -> None:
        """`foreign_keys`: False only where SQLite tables are copied, for migrations.
        `busy_timeout_ms`: how long a writer of SQLite waits for another one."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = (
            {}
            if self.is_sqlite
            else {
                "pool_size": 10,
                "max_overflow": 20,
                "pool_pre_ping": True,
                "pool_timeout": POOL_SECONDS,
                "connect_args": {"connect_timeout": CONNECT_SECONDS},
            }
        )
        self.engine: AsyncEngine = create_async_engine(
            # Errors that reach a log hold no customer data.
            with_driver(url),
            hide_parameters=True,
            **options,
        )
        if self.is_sqlite:
            _prepare_sqlite(self.engine, foreign_keys, busy_timeout_ms)
        self._brief = self.engine.execution_options(chefu_brief=True)
        writing = {
            brief: self.engine.execution_options(chefu_write=True, chefu_brief=brief)
            for brief in (False, True)
        }
        self._writing = {
            (brief, durable): engine if durable else engine.execution_options(chefu_relaxed=True)
            for brief, engine in writing.items()
            for durable in (False, True)
        }
        self._patience = busy_timeout_ms / 1000
        self._queues: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )
        self.on_change: Callable[[Changes], None] | None = None
        """Told, after the commit, what a transaction of this process has changed."""

    @asynccontextmanager
    async def transaction(
        self, *, durable: bool = True, brief: bool = False, reads_first: bool = False
    ) -> AsyncIterator[AsyncSession]:
        """One unit of work: commits at the end, rolls back on any exception.

        `brief`: each of its statements takes microseconds, so that the event loop need not be
        spared (see `sqlite_driver`); nothing else differs.
        `reads_first`: on SQLite it holds nobody up before it changes something or holds a row,
        which is how it is on PostgreSQL. What must stay as it was read has to be held.
        Not `durable`: the commit does not wait for the disk. Processes may die without harm, but a
        power cut may take the last of such transactions back. Only for what is done again then.
        """
        async with (
            self._turn_to_write(at_once=not reads_first),
            AsyncSession(self._writing[brief, durable], expire_on_commit=False) as session,
            session.begin(),
        ):
            if not durable and not self.is_sqlite:
                await session.execute(text("SET LOCAL synchronous_commit TO OFF"))
            yield session
            await session.flush()
            changes: Changes = frozenset(session.info.pop(_CHANGED, ()))
            if changes and not self.is_sqlite:
                # Sent by the server at the commit, to all processes but in order.
                await session.execute(
                    text(
                        "SELECT pg_notify(:channel, news) FROM unnest(CAST(:all AS text[])) AS news"
                    ),
                    {"channel": NEWS, "all": [":".join(change) for change in changes]},
                )
        if changes and self.on_change is not None:
            self.on_change(changes)

    @asynccontextmanager
    async def _turn_to_write(self, *, at_once: bool) -> AsyncIterator[None]:
        """Writers of this process wait for each other in order. SQLite lets one in at a time, and
        lets those who wait look again after longer and longer pauses: who came last often goes
        first, and somebody waits for ever. Other processes it still meets that way.

        Not `at_once`: the driver waits, when it comes to that."""
        if not self.is_sqlite:
            yield
            return
        queue = self._queues.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        is_ours = False

        async def take() -> None:
            nonlocal is_ours
            try:
                async with asyncio.timeout(self._patience):
                    is_ours = await queue.acquire()
            except TimeoutError:
                locked = sqlite3.OperationalError("database is locked")
                raise OperationalError(WRITE, None, locked) from None

        if at_once:
            await take()
        told = _take.set(None if at_once else take)
        try:
            yield
        finally:
            _take.reset(told)
            if is_ours:
                queue.release()

    @asynccontextmanager
    async def reading(self, *, brief: bool = False) -> AsyncIterator[AsyncSession]:
        """A consistent view that changes nothing; on SQLite it never waits for a writer. `brief` as
        in `transaction`."""
        engine = self._brief if brief else self.engine
        async with AsyncSession(engine, expire_on_commit=False) as session:
            yield session

    async def dispose(self) -> None:
        await self.engine.dispose()


@event.listens_for(Session, "before_flush")
def _collect_changes(session: Session, _context: Any, _instances: Any) -> None:
    """Notes of which conversations a flush writes something: no writer can forget to tell."""
    for row in (*session.new, *session.dirty, *session.deleted):
        signal = getattr(row, "signal", None)
        if signal is None or (row in session.dirty and not session.is_modified(row)):
            continue
        changed = session.info.setdefault(_CHANGED, set())
        changed.update((topic, str(getattr(row, signal))) for topic in row.topics)


def _prepare_sqlite(engine: AsyncEngine, foreign_keys: bool, busy_timeout_ms: int) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: ours begin in `_on_begin`.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
            f"busy_timeout={busy_timeout_ms}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        raw = cast(SqliteConnection, connection.connection.dbapi_connection)
        # FULL: what was acknowledged survives a power cut, not only a crash of the process.
        raw.begin(
            WRITE if options.get("chefu_write") else READ,
            "NORMAL" if options.get("chefu_relaxed") else "FULL",
            brief=options.get("chefu_brief", False),
            take=_take.get() if options.get("chefu_write") else None,
        )
