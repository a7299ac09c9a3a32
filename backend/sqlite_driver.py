"""SQLite, one visit to the driver's thread for a statement.

aiosqlite runs every call on a thread of the connection, and SQLAlchemy's adapter makes four calls
for a statement: a cursor, execute, fetch, close. Each costs two switches between threads, more than
the statement itself. Here all four are one call, and a transaction begins in that of its first
statement.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)

DRIVER = "sqlite+chefu"
_DRIVER_OF_URLS = "sqlite+aiosqlite:"


def with_driver(url: str) -> str:
    """The address of a store with this driver in it, if it is one of SQLite."""
    if url.startswith(_DRIVER_OF_URLS):
        return f"{DRIVER}:{url.removeprefix(_DRIVER_OF_URLS)}"
    return url


class _Outcome(NamedTuple):
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()


class _Cursor:
    """What the adapter takes for a cursor of aiosqlite. Only `execute` and `executemany` go to the
    thread; the rest is there already."""

    arraysize = 1

    def __init__(self, connection: "SqliteConnection") -> None:
        self._connection = connection
        self._outcome = _Outcome()

    async def __aenter__(self) -> "_Cursor":
        return self

    @property
    def description(self) -> Any:
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._outcome.lastrowid

    async def execute(self, operation: str, parameters: Any = ()) -> None:
        self._outcome = await self._connection.call(_execute, operation, parameters)

    async def executemany(self, operation: str, parameters: Any) -> None:
        self._outcome = await self._connection.call(_executemany, operation, parameters)

    async def fetchall(self) -> Sequence[Any]:
        return self._outcome.rows

    async def close(self) -> None:
        """Closed already, in the thread."""


def _execute(cursor: sqlite3.Cursor, operation: str, parameters: Any) -> _Outcome:
    cursor.execute(operation, parameters)
    rows = cursor.fetchall() if cursor.description else ()
    # How many rows a statement with RETURNING has changed is known when all are read.
    return _Outcome(cursor.description, cursor.rowcount, cursor.lastrowid, rows)


def _executemany(cursor: sqlite3.Cursor, operation: str, parameters: Any) -> _Outcome:
    cursor.executemany(operation, parameters)
    return _Outcome(None, cursor.rowcount, cursor.lastrowid)


Work = Callable[[sqlite3.Cursor, str, Any], _Outcome]


def _run(
    connection: sqlite3.Connection,
    begin: Sequence[str],
    work: Work,
    operation: str,
    parameters: Any,
) -> _Outcome:
    """What happens on the thread."""
    for statement in begin:
        connection.execute(statement)
    cursor = connection.cursor()
    try:
        return work(cursor, operation, parameters)
    finally:
        cursor.close()


class _AdaptedCursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def _make_new_cursor(self, _connection: Any) -> Any:
        return _Cursor(cast("SqliteConnection", self._adapt_connection))


class SqliteConnection(AsyncAdapt_aiosqlite_connection):
    """A connection of the pool, as SQLAlchemy's adapter wants it."""

    __slots__ = ("_begin", "_synchronous")
    _cursor_cls = _AdaptedCursor

    def __init__(self, driver: Any, connection: Any) -> None:
        super().__init__(driver, connection)
        self._begin: tuple[str, ...] = ()
        self._synchronous = ""

    def begin(self, statement: str, synchronous: str) -> None:
        """With `statement` the transaction begins, when its first statement does; its commit waits
        for the disk as `synchronous` (FULL, NORMAL) says."""
        changed = synchronous != self._synchronous
        self._begin = (f"PRAGMA synchronous={synchronous}", statement) if changed else (statement,)
        self._synchronous = synchronous

    async def call(self, work: Work, operation: str, parameters: Any) -> _Outcome:
        begin, self._begin = self._begin, ()
        outcome: _Outcome = await self._connection._execute(
            _run, self._connection._conn, begin, work, operation, parameters
        )
        return outcome

    def cursor(self, server_side: bool = False) -> Any:
        if server_side:
            # The adapter's own cursor knows nothing of a transaction that has yet to begin.
            raise NotImplementedError("results of SQLite are not streamed")
        return super().cursor()

    def commit(self) -> None:
        self._not_begun()
        if self._begun():
            super().commit()

    def rollback(self) -> None:
        self._not_begun()
        if self._begun():
            super().rollback()

    def _not_begun(self) -> None:
        if self._begin:
            # Nor has the setting been changed.
            self._begin, self._synchronous = (), ""

    def _begun(self) -> bool:
        connection = self._connection._connection
        return connection is not None and connection.in_transaction


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arguments: Any, **options: Any) -> AsyncAdapt_aiosqlite_connection:
        return SqliteConnection(self, super().connect(*arguments, **options)._connection)


class Dialect(SQLiteDialect_aiosqlite):
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        return _Driver(__import__("aiosqlite"), sqlite3)


registry.register("sqlite.chefu", __name__, "Dialect")
