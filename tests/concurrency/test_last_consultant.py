"""Cars of different models share the consultants: the last one goes to exactly one drive.

As with the cars: first the race is shown to be real, then each guard is shown to be enough.
"""

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import occupancy, offers
from backend.appointments import service as drives
from backend.appointments.outcomes import Booked, Refused
from backend.database import Database
from backend.models import Occupancy, TestDriveBooking
from tests.concurrency.test_last_slot import count, phone, without_constraint
from tests.conftest import NOW
from tests.integration.world import at, build, drive, walls

WHEN = at("26 15:00")
MODELS = ("shanyu", "xinghe-e5")

Outcome = Booked[TestDriveBooking] | Refused


async def prepared(database: Database, **numbers: int) -> None:
    """Three cars and one consultant."""
    async with database.transaction() as session:
        await build(session, **{"test_drive_consultants": 1, **numbers})


async def race(database: Database, crowd: int) -> list[Outcome]:
    async def one(number: int) -> Outcome:
        request = drive(WHEN, f"m{number}", model_code=MODELS[number % 2], phone=phone(number))
        async with database.transaction(brief=True, reads_first=True) as session:
            return await drives.book_test_drive(session, NOW, request)

    return list(await asyncio.gather(*(one(number) for number in range(crowd))))


def without_lock(monkeypatch: pytest.MonkeyPatch, crowd: int) -> None:
    """Nobody holds the consultants, and nobody writes before everybody has found one free."""
    barrier = asyncio.Barrier(crowd)

    async def no_lock(_session: AsyncSession, _name: str = "") -> None:
        return None

    async def look(
        session: AsyncSession, now: datetime, search: occupancy.Search, requested: datetime
    ) -> Refused | occupancy.Slot:
        found = await occupancy.look(session, now, search, requested)
        await asyncio.wait_for(barrier.wait(), timeout=20)
        return found

    async def not_held(_session: AsyncSession, _conversation_id: str | None) -> None:
        return None

    monkeypatch.setattr(offers, "lock_consultants", no_lock)
    monkeypatch.setattr(drives, "hold_conversation", not_held)
    # On SQLite it holds all writers, whatever the name.
    monkeypatch.setattr(drives, "lock_name", no_lock)
    monkeypatch.setattr(drives, "look", look)


async def accompanied(database: Database) -> list[str]:
    async with database.reading() as session:
        query = select(Occupancy.resource).where(Occupancy.resource.startswith("consultant:"))
        return list(await session.scalars(query.order_by(Occupancy.resource)))


async def test_without_lock_and_constraint_one_consultant_drives_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.is_sqlite:
        pytest.skip("a SQLite writer is alone in its transaction, with or without our locks")
    await prepared(database)
    await without_constraint(database)
    without_lock(monkeypatch, 2)
    outcomes = await race(database, 2)
    assert all(isinstance(outcome, Booked) for outcome in outcomes)
    assert await accompanied(database) == ["consultant:1"] * 4


async def test_the_constraint_alone_is_enough(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.is_sqlite:
        pytest.skip("a SQLite writer is alone in its transaction, with or without our locks")
    await prepared(database)
    without_lock(monkeypatch, 2)
    outcomes = await race(database, 2)
    [refused] = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert refused.reason == "taken"
    assert WHEN not in refused.alternatives
    assert await accompanied(database) == ["consultant:1"] * 2
    # A car was free, and was given back.
    assert await count(database, TestDriveBooking) == 1


async def test_the_lock_alone_is_enough(database: Database) -> None:
    await prepared(database)
    await without_constraint(database)
    outcomes = await race(database, 12)
    assert sum(isinstance(outcome, Booked) for outcome in outcomes) == 1
    assert await accompanied(database) == ["consultant:1"] * 2


@pytest.mark.parametrize(("consultants", "booked"), [(0, 3), (1, 1), (2, 2), (5, 3)])
async def test_as_many_as_there_are_consultants_and_cars(
    database: Database, consultants: int, booked: int
) -> None:
    await prepared(database, test_drive_consultants=consultants)
    outcomes = await race(database, 12)
    assert sum(isinstance(outcome, Booked) for outcome in outcomes) == booked
    refused = {outcome.reason for outcome in outcomes if isinstance(outcome, Refused)}
    assert refused == {"taken"}


async def test_a_consultant_is_free_again_when_the_customer_has_left(database: Database) -> None:
    """The car is cleaned meanwhile; the other model can be driven."""
    await prepared(database, test_drive_prep_minutes=15)
    async with database.transaction() as session:
        made = await drives.book_test_drive(session, NOW, drive(WHEN, model_code="xinghe-e5"))
        assert isinstance(made, Booked)
        query = select(Occupancy.quarter).where(Occupancy.resource.startswith("demo_car:"))
        assert walls(list(await session.scalars(query.order_by(Occupancy.quarter)))) == [
            "26 14:45", "26 15:00", "26 15:15", "26 15:30",
        ]  # fmt: skip
        times = await drives.free_times(session, NOW, "shanyu", WHEN, 2)
        assert walls(times) == ["26 14:30", "26 15:30"]
        times = await drives.free_times(session, NOW, "xinghe-e5", WHEN, 2)
        assert walls(times) == ["26 14:00", "26 16:00"]
        # Moved away, the time is free for both.
        moved = await drives.move_test_drive(session, NOW, made.booking, at("26 17:00"), "staff:1")
        assert isinstance(moved, Booked)
        assert walls(await drives.free_times(session, NOW, "shanyu", WHEN, 1)) == ["26 15:00"]
