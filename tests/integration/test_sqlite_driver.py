"""The driver keeps what SQLAlchemy's own adapter promises, with one call for a statement."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from backend.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> Any:
    made = Database(f"sqlite+aiosqlite:///{tmp_path}/store.db", busy_timeout_ms=50)
    async with made.transaction() as session:
        await session.execute(text("CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"))
    yield made
    await made.dispose()


@pytest.fixture
def calls(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls to the thread of a connection."""
    from aiosqlite import Connection

    seen: list[str] = []
    original: Any = Connection._execute

    async def counted(self: Connection, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        seen.append(getattr(work, "__name__", str(work)))
        return await original(self, work, *given, **named)

    monkeypatch.setattr(Connection, "_execute", counted)
    return seen


async def names(database: Database) -> list[str]:
    async with database.reading() as session:
        return list(await session.scalars(text("SELECT name FROM names ORDER BY id")))


async def test_a_statement_is_one_call(database: Database, calls: list[str]) -> None:
    await names(database)
    # The statement with its BEGIN, and the ROLLBACK that ends what was only read.
    assert calls == ["_run", "rollback"]
    calls.clear()
    async with database.transaction() as session:
        await session.execute(text("INSERT INTO names (name) VALUES ('a')"))
        await session.execute(text("SELECT name FROM names"))
    assert calls == ["_run", "_run", "commit"]


async def test_a_transaction_without_a_statement_is_none(
    database: Database, calls: list[str]
) -> None:
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
