"""SQLite without a switch of threads for every call.

aiosqlite runs every call on a thread of the connection, and SQLAlchemy's adapter makes four calls
for a statement: a cursor, execute, fetch, close. Each costs two switches between threads, more than
the statement itself, and in a busy process each waits for the interpreter's lock besides. Here all
four are one call, and a transaction begins in that of its first statement.

In a *brief* transaction, whose statements find what they need by an index, there is no switch at
all: they run on the thread of the event loop. Only what may wait goes to the connection's thread,
which is for the lock that another process has, and for the disk.

A transaction that *reads first* has the lock from its first statement that changes or holds
something. What it reads before is read as it is at that moment, as on PostgreSQL.
"""

import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple, cast

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.util import await_

DRIVER = "sqlite+chefu"
_DRIVER_OF_URLS = "sqlite+aiosqlite:"
READ, WRITE = "BEGIN", "BEGIN IMMEDIATE"
"""How transactions begin. One that reads first and writes later would end in a deadlock with
another one that no patience resolves."""
_HELD = " /* FOR UPDATE */"
_CHECKPOINT_PAGES = 1000
"""Of the log of changes, from which on a commit also carries them over; SQLite's own default."""


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

    def close(self) -> None:
        """Closed already, where it was executed."""

    def execute_now(self, operation: str, parameters: Any) -> Sequence[Any]:
        """For a brief transaction. Returns the rows."""
        self._outcome = self._connection.call_now(_execute, operation, parameters)
        return self._outcome.rows


def _execute(cursor: sqlite3.Cursor, operation: str, parameters: Any) -> _Outcome:
    cursor.execute(operation, parameters)
    rows = cursor.fetchall() if cursor.description else ()
    # How many rows a statement with RETURNING has changed is known when all are read.
    return _Outcome(cursor.description, cursor.rowcount, cursor.lastrowid, rows)


def _executemany(cursor: sqlite3.Cursor, operation: str, parameters: Any) -> _Outcome:
    cursor.executemany(operation, parameters)
    return _Outcome(None, cursor.rowcount, cursor.lastrowid)


Work = Callable[[sqlite3.Cursor, str, Any], _Outcome]
Take = Callable[[], Awaitable[None]]
"""Waits for the turn among the writers of this process."""


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
    _awaitable_cursor_close = False

    def _make_new_cursor(self, _connection: Any) -> Any:
        return _Cursor(cast("SqliteConnection", self._adapt_connection))

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        connection = cast("SqliteConnection", self._adapt_connection)
        if not connection.is_brief():
            return super().execute(operation, parameters)
        try:
            rows = cast(_Cursor, self._cursor).execute_now(operation, parameters or ())
        except Exception as error:
            connection._handle_exception(error)
        self._rows = deque(rows)
        return None


class SqliteConnection(AsyncAdapt_aiosqlite_connection):
    """A connection of the pool, as SQLAlchemy's adapter wants it."""

    __slots__ = (
        "_begin",
        "_brief",
        "_done",
        "_sent",
        "_synchronous",
        "_take",
        "_unchanged",
        "_wish",
    )
    _cursor_cls = _AdaptedCursor

    def __init__(self, driver: Any, connection: Any) -> None:
        super().__init__(driver, connection)
        self._begin = ""
        self._brief = False
        # Calls to the thread; each is counted by one thread only.
        self._sent = self._done = 0
        self._synchronous = self._wish = ""
        self._take: Take | None = None
        self._unchanged = -1

    def begin(
        self, statement: str, synchronous: str, *, brief: bool = False, take: Take | None = None
    ) -> None:
        """With `statement` the transaction begins, when its first statement does; its commit waits
        for the disk as `synchronous` (FULL, NORMAL) says, if it writes at all.

        With `take` it reads first, and calls that before it takes the lock.
        """
        self._begin, self._wish = statement, synchronous
        self._brief, self._take = brief, take

    def _beginning(self, operation: str) -> Sequence[str]:
        """What must be said before a statement."""
        statement = self._begin
        if not statement or (self._take is not None and _only_reads(operation)):
            return ()
        self._begin = ""
        if statement == READ or self._wish == self._synchronous:
            return (statement,)
        self._synchronous = self._wish
        # Carrying over waits for the disk as well: left to those who wait in any case.
        pages = _CHECKPOINT_PAGES if self._wish == "FULL" else 0
        return (
            f"PRAGMA synchronous={self._wish}", f"PRAGMA wal_autocheckpoint={pages}", statement
        )  # fmt: skip

    def is_brief(self) -> bool:
        """Whether a call may be made here and now. A task that was cancelled leaves its call to the
        thread, which must be done before the next one is made."""
        return self._brief and self._sent == self._done and self._raw is not None

    @property
    def _raw(self) -> sqlite3.Connection | None:
        raw: sqlite3.Connection | None = self._connection._connection
        return raw

    async def call(self, work: Work, operation: str, parameters: Any) -> _Outcome:
        """On the connection's thread."""
        begin = self._beginning(operation)
        if begin and self._take is not None:
            await self._take()
        outcome: _Outcome = await self._call(
            _run, self._connection._conn, begin, work, operation, parameters
        )
        return outcome

    def call_now(self, work: Work, operation: str, parameters: Any) -> _Outcome:
        """On this thread. The lock of a writer in another process is waited for on the other."""
        # SQLAlchemy takes a call in which nothing is awaited for one of a driver that cannot.
        await_(_nothing())
        raw: sqlite3.Connection = self._connection._conn
        begin = self._beginning(operation)
        if begin:
            if self._take is not None:
                await_(self._take())
            if not _begun_at_once(raw, begin):
                await_(self._call(_begin, raw, begin))
            self._unchanged = raw.total_changes
        return _run(raw, (), work, operation, parameters)

    async def _call(self, work: Callable[..., Any], *arguments: Any) -> Any:
        self._sent += 1

        @wraps(work)
        def counted() -> Any:
            try:
                return work(*arguments)
            finally:
                self._done += 1

        return await self._connection._execute(counted)

    def cursor(self, server_side: bool = False) -> Any:
        if server_side:
            # The adapter's own cursor knows nothing of a transaction that has yet to begin.
            raise NotImplementedError("results of SQLite are not streamed")
        return super().cursor()

    def commit(self) -> None:
        self._begin = ""
        self._end("commit", here=self._synchronous != "FULL")

    def rollback(self) -> None:
        self._begin = ""
        self._end("rollback", here=True)

    def _end(self, how: str, *, here: bool) -> None:
        """`here`: there is no disk to wait for."""
        raw = self._raw
        if raw is None:
            return
        if not self.is_brief() or not (here or raw.total_changes == self._unchanged):
            if raw.in_transaction or self._sent != self._done:
                getattr(super(), how)()
        elif raw.in_transaction:
            try:
                getattr(raw, how)()
            except Exception as error:
                self._handle_exception(error)


async def _nothing() -> None:
    pass


def _begin(connection: sqlite3.Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def _begun_at_once(connection: sqlite3.Connection, statements: Sequence[str]) -> bool:
    """False when another process writes: then nothing has begun."""
    if statements[-1] == READ:
        _begin(connection, statements)
        return True
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout=0")
    try:
        _begin(connection, statements)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout={patience}")
    return True


def _only_reads(operation: str) -> bool:
    return operation.startswith("SELECT") and not operation.endswith(_HELD)


class _Compiler(SQLiteCompiler):
    def for_update_clause(self, select: Any, **_: Any) -> str:
        """SQLite has no such clause; the driver must see where it would be."""
        return _HELD


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arguments: Any, **options: Any) -> AsyncAdapt_aiosqlite_connection:
        # A call is made on one thread or the other, never on both at a time.
        options["check_same_thread"] = False
        return SqliteConnection(self, super().connect(*arguments, **options)._connection)


class Dialect(SQLiteDialect_aiosqlite):
    supports_statement_cache = True
    statement_compiler = _Compiler

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        return _Driver(__import__("aiosqlite"), sqlite3)


registry.register("sqlite.chefu", __name__, "Dialect")
