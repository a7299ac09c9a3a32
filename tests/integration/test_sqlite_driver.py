"""The driver keeps what SQLAlchemy's own adapter promises, with one call for a statement."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import literal_column, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from backend.database import Database


class Brief(Database):
    """Each of its transactions is brief."""

    def transaction(self, **options: bool) -> Any:
        return super().transaction(**{"brief": True, **options})

    def reading(self, **_: bool) -> Any:
        return super().reading(brief=True)


def store(folder: Path, kind: type[Database] = Database, patience_ms: int = 50) -> Database:
    return kind(f"sqlite+aiosqlite:///{folder}/store.db", busy_timeout_ms=patience_ms)


@pytest.fixture(params=[Database, Brief])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    made = store(tmp_path, request.param)
    async with made.transaction() as session:
        await session.execute(text("CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"))
    yield made
    await made.dispose()


@pytest.fixture
async def other(database: Database, tmp_path: Path) -> Any:
    """The same store in another process, as far as SQLite can tell."""
    made = store(tmp_path, patience_ms=8000)
    yield made
    await made.dispose()


class Calls(list[str]):
    def __init__(self) -> None:
        self.begun = asyncio.Event()

    def append(self, call: str) -> None:
        super().append(call)
        if call == "_begin":
            self.begun.set()


@pytest.fixture
def calls(database: Database, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The calls to the thread of a connection."""
    from aiosqlite import Connection

    seen = Calls()
    original: Any = Connection._execute

    async def counted(self: Connection, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        seen.append(getattr(work, "__name__", str(work)))
        return await original(self, work, *given, **named)

    monkeypatch.setattr(Connection, "_execute", counted)
    return seen


async def names(database: Database) -> list[str]:
    async with database.reading() as session:
        return list(await session.scalars(text("SELECT name FROM names ORDER BY id")))


async def add(database: Database, name: str, **options: bool) -> None:
    async with database.transaction(**options) as session:
        await session.execute(text("INSERT INTO names (name) VALUES (:name)"), {"name": name})


async def test_a_statement_is_one_call(database: Database, calls: Calls) -> None:
    if isinstance(database, Brief):
        pytest.skip("it makes none")
    await names(database)
    # The statement with its BEGIN, and the ROLLBACK that ends what was only read.
    assert calls == ["_run", "rollback"]
    calls.clear()
    async with database.transaction() as session:
        await session.execute(text("INSERT INTO names (name) VALUES ('a')"))
        await session.execute(text("SELECT name FROM names"))
    assert calls == ["_run", "_run", "commit"]


async def test_only_waiting_for_the_disk_takes_a_brief_transaction_to_a_thread(
    database: Database, calls: Calls
) -> None:
    assert [await database_names(database), calls] == [[], []]
    async with database.transaction(brief=True) as session:
        await session.execute(text("SELECT name FROM names"))
    await add(database, "a", brief=True, durable=False)
    with pytest.raises(IntegrityError):
        await add(database, "a", brief=True)
    assert calls == []
    await add(database, "b", brief=True)
    assert calls == ["commit"]
    assert await database_names(database) == ["a", "b"]


async def database_names(database: Database) -> list[str]:
    async with database.reading(brief=True) as session:
        return list(await session.scalars(text("SELECT name FROM names ORDER BY id")))


async def test_a_brief_transaction_waits_for_another_process_beside_the_event_loop(
    tmp_path: Path, other: Database, calls: Calls
) -> None:
    patient = store(tmp_path, Brief, 8000)
    async with other.transaction() as session:
        await session.execute(text("INSERT INTO names (name) VALUES ('first')"))
        waiting = asyncio.create_task(add(patient, "second"))
        # The loop is free: this very transaction goes on, and ends.
        await asyncio.wait_for(calls.begun.wait(), 10)
        assert not waiting.done()
    await waiting
    assert await names(patient) == ["first", "second"]
    await patient.dispose()


async def test_a_task_that_is_cancelled_while_it_waits_leaves_the_connection_usable(
    tmp_path: Path, other: Database, calls: Calls
) -> None:
    patient = store(tmp_path, Brief, 8000)
    async with other.transaction() as session:
        await session.execute(text("INSERT INTO names (name) VALUES ('first')"))
        waiting = asyncio.create_task(add(patient, "lost"))
        await asyncio.wait_for(calls.begun.wait(), 10)
        waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await add(patient, "second")
    assert await names(patient) == ["first", "second"]
    await patient.dispose()


async def test_what_reads_first_holds_nobody_up_and_sees_what_is_there(
    database: Database, other: Database
) -> None:
    async with database.transaction(reads_first=True) as session:
        assert await session.scalar(text("SELECT count(*) FROM names")) == 0
        await add(other, "a")
        assert await session.scalar(text("SELECT count(*) FROM names")) == 1
        await session.execute(text("INSERT INTO names (name) VALUES ('b')"))
        with pytest.raises(OperationalError, match="locked"):
            async with database.transaction() as second:
                await second.execute(text("SELECT 1 FROM names"))
    assert await names(other) == ["a", "b"]


async def test_what_reads_first_holds_the_store_from_the_row_that_it_holds(
    database: Database,
) -> None:
    held: Any = select(literal_column("name")).select_from(text("names")).with_for_update()
    async with database.transaction(reads_first=True) as session:
        await session.execute(held)
        with pytest.raises(OperationalError, match="locked"):
            await add(database, "a", reads_first=True)
    await add(database, "a", reads_first=True)
    assert await names(database) == ["a"]


async def test_what_reads_first_and_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction(reads_first=True) as session:
            await session.execute(text("SELECT name FROM names"))
            await session.execute(text("INSERT INTO names (name) VALUES ('a')"))
            await session.execute(text("INSERT INTO names (name) VALUES ('a')"))
    assert await names(database) == []
    await add(database, "a", reads_first=True)
    assert await names(database) == ["a"]


async def test_a_transaction_without_a_statement_is_none(database: Database, calls: Calls) -> None:
    async with database.transaction():
        pass
    assert calls == []


async def test_rows_numbers_and_many_at_once(database: Database) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        many = await connection.execute(
            text("INSERT INTO names (name) VALUES (:name)"), [{"name": "a"}, {"name": "b"}]
        )
        assert many.rowcount == 2
        one = await connection.execute(text("INSERT INTO names (name) VALUES ('c')"))
        assert one.lastrowid == 3
        changed = await connection.execute(text("UPDATE names SET name = name || '!' RETURNING id"))
        assert [row.id for row in changed] == [1, 2, 3]
    assert await names(database) == ["a!", "b!", "c!"]


async def test_an_error_is_that_of_the_driver_and_nothing_stays(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            await session.execute(text("INSERT INTO names (name) VALUES ('a')"))
            await session.execute(text("INSERT INTO names (name) VALUES ('a')"))
    assert await names(database) == []
    with pytest.raises(OperationalError):
        async with database.reading() as session:
            await session.execute(text("SELECT nothing FROM names"))


async def test_who_writes_holds_the_store_from_its_first_statement(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("SELECT 1 FROM names"))
        with pytest.raises(OperationalError, match="locked"):
            async with database.transaction() as other:
                await other.execute(text("SELECT 1 FROM names"))
        # Reading waits for nobody.
        assert await names(database) == []
    async with database.transaction() as session:
        await session.execute(text("INSERT INTO names (name) VALUES ('a')"))


async def test_a_begin_that_failed_leaves_the_connection_usable(database: Database) -> None:
    holding = asyncio.Event()
    done = asyncio.Event()

    async def hold() -> None:
        async with database.transaction() as session:
            await session.execute(text("SELECT 1 FROM names"))
            holding.set()
            await done.wait()

    holder = asyncio.create_task(hold())
    await holding.wait()
    for _ in range(3):
        with pytest.raises(OperationalError, match="locked"):
            async with database.transaction() as session:
                await session.execute(text("INSERT INTO names (name) VALUES ('a')"))
    done.set()
    await holder
    async with database.transaction() as session:
        await session.execute(text("INSERT INTO names (name) VALUES ('a')"))
    assert await names(database) == ["a"]


async def test_a_snapshot_stays_while_others_write(database: Database) -> None:
    async with database.reading() as reader:
        count = text("SELECT count(*) FROM names")
        assert await reader.scalar(count) == 0
        async with database.transaction() as session:
            await session.execute(text("INSERT INTO names (name) VALUES ('a')"))
        assert await reader.scalar(count) == 0
    assert await names(database) == ["a"]


async def test_the_adapter_still_makes_more_calls_than_needed(tmp_path: Path) -> None:
    """Fails when SQLAlchemy does by itself what the driver is for: then it can go."""
    from sqlalchemy.ext.asyncio import create_async_engine

    made: list[str] = []
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/plain.db")
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        original = driver._execute

        async def counted(work: Callable[..., Any], *given: Any, **named: Any) -> Any:
            made.append(getattr(work, "__name__", str(work)))
            return await original(work, *given, **named)

        driver._execute = counted
        await connection.execute(text("SELECT 1"))
    await engine.dispose()
    assert made[:3] == ["cursor", "execute", "fetchall"]
