"""What the clock finds among bookings, with several processes looking at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete, select

from backend.appointments import attendance
from backend.appointments.keeper import BookingKeeper
from backend.clock import FixedClock
from backend.database import Database
from backend.models import CalendarEntry, Outbox
from backend.workshop import service as visits
from tests.conftest import NOW
from tests.integration.appointments.day import Day
from tests.integration.world import at, build, visit


@pytest.fixture
async def day(database: Database) -> AsyncIterator[Day]:
    async with database.transaction() as session:
        await build(session)
    yield Day(database)


async def looks(day: Day, clock: FixedClock, processes: int = 4) -> None:
    keepers = [BookingKeeper(day.database, clock) for _ in range(processes)]
    await asyncio.gather(*(keeper.look() for keeper in keepers))


async def test_nobody_said_how_it_ended(day: Day, clock: FixedClock) -> None:
    booking = await day.book()
    await day.book(at("27 15:00"))
    clock.advance(at("26 16:29") - clock.now())
    await looks(day, clock)
    assert await day.tasks() == []
    clock.advance(at("26 16:30") - clock.now())
    await looks(day, clock)
    await looks(day, clock)
    [task] = await day.tasks()
    assert booking.number in task.note


async def test_what_was_said_is_not_asked(day: Day, clock: FixedClock) -> None:
    booking = await day.book()
    clock.advance(at("26 15:30") - clock.now())
    async with day.database.transaction() as session:
        await attendance.complete(session, clock.now(), booking.id, actor="staff:1")
    clock.advance(at("26 18:00") - clock.now())
    await looks(day, clock)
    assert [task.source_action for task in await day.tasks()] == ["follow_up:done"]


async def test_bookings_from_before_are_reminded_of_too(day: Day, clock: FixedClock) -> None:
    await day.book()
    async with day.database.transaction() as session:
        await visits.book_service(session, NOW, visit(at("27 10:00")))
        await session.execute(delete(CalendarEntry))
        await session.execute(delete(Outbox))
    await looks(day, clock)
    await looks(day, clock)
    assert len(await day.planned()) == 4
    async with day.database.reading() as session:
        assert len(list(await session.scalars(select(CalendarEntry)))) == 2
