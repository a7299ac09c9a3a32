"""Fifty customers want the last free time: exactly one gets it.

First the race is shown to be real: without the lock and without the unique constraint two get
the same car. Then each of the two guards is shown to be enough alone.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import occupancy, offers
from backend.appointments import service as drives
from backend.appointments.outcomes import Booked, Refused
from backend.database import Database
from backend.models import Customer, Occupancy, ServiceBooking, TestDriveBooking
from backend.workshop import capacity
from backend.workshop import service as visits
from tests.conftest import NOW
from tests.integration.world import at, build, drive, visit

CROWD = 50
WHEN = at("26 15:00")

Outcome = Booked[TestDriveBooking] | Booked[ServiceBooking] | Refused
Attempt = Callable[[AsyncSession, int], Awaitable[Outcome]]


def phone(number: int) -> str:
    return f"+86138000010{number:02d}"


async def drive_it(session: AsyncSession, number: int) -> Outcome:
    request = drive(WHEN, f"m{number}", model_code="xinghe-e5", phone=phone(number))
    return await drives.book_test_drive(session, NOW, request)


async def service_it(session: AsyncSession, number: int) -> Outcome:
    request = visit(WHEN, f"m{number}", plate=f"浙A000{number:02d}", phone=phone(number))
    return await visits.book_service(session, NOW, request)


BOTH = pytest.mark.parametrize(
    ("attempt", "table"), [(drive_it, TestDriveBooking), (service_it, ServiceBooking)]
)


def car_of(outcome: Booked[TestDriveBooking] | Booked[ServiceBooking]) -> int:
    assert isinstance(outcome.booking, TestDriveBooking)
    return outcome.booking.demo_car_id


async def race(database: Database, attempt: Attempt, crowd: int) -> list[Outcome]:
    async def one(number: int) -> Outcome:
        # As the actions do it.
        async with database.transaction(brief=True, reads_first=True) as session:
            return await attempt(session, number)

    return list(await asyncio.gather(*(one(number) for number in range(crowd))))


async def prepared(database: Database) -> Database:
    """One car of the model and one bay: each time can be had once."""
    async with database.transaction() as session:
        await build(session, service_bays=1)
    return database


async def without_constraint(database: Database) -> None:
    async with database.transaction() as session:
        if database.is_sqlite:
            await session.execute(text("DROP TABLE occupancy"))
            await session.execute(
                text(
                    "CREATE TABLE occupancy (id INTEGER PRIMARY KEY, resource VARCHAR NOT NULL,"
                    " quarter DATETIME NOT NULL, test_drive_booking_id INTEGER,"
                    " service_booking_id INTEGER)"
                )
            )
        else:
            await session.execute(
                text("ALTER TABLE occupancy DROP CONSTRAINT uq_occupancy_resource_quarter")
            )


def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_lock(_session: AsyncSession, _name: str = "") -> None:
        return None

    available = offers.available_cars

    async def unlocked(session: AsyncSession, model_id: int, *, lock: bool = False) -> Any:
        return await available(session, model_id, lock=False)

    async def not_held(_session: AsyncSession, _conversation_id: str | None) -> None:
        return None

    monkeypatch.setattr(offers, "available_cars", unlocked)
    monkeypatch.setattr(drives, "hold_conversation", not_held)
    monkeypatch.setattr(capacity, "lock_bays", no_lock)
    # On SQLite it holds all writers, whatever the name.
    monkeypatch.setattr(drives, "lock_name", no_lock)
    monkeypatch.setattr(visits, "lock_name", no_lock)


def meet_before_writing(monkeypatch: pytest.MonkeyPatch, crowd: int) -> None:
    """Nobody writes before everybody has found the time free."""
    barrier = asyncio.Barrier(crowd)

    async def look(
        session: AsyncSession, now: datetime, search: occupancy.Search, requested: datetime
    ) -> Refused | occupancy.Slot:
        found = await occupancy.look(session, now, search, requested)
        await asyncio.wait_for(barrier.wait(), timeout=20)
        return found

    monkeypatch.setattr(drives, "look", look)
    monkeypatch.setattr(visits, "look", look)


async def count(database: Database, table: type[Any]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


@BOTH
async def test_without_lock_and_constraint_two_get_the_same(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    attempt: Attempt,
    table: type[Any],
) -> None:
    await without_constraint(await prepared(database))
    without_lock(monkeypatch)
    meet_before_writing(monkeypatch, 2)

    outcomes = await race(database, attempt, 2)

    assert all(isinstance(outcome, Booked) for outcome in outcomes)
    assert await count(database, table) == 2


@BOTH
async def test_the_constraint_alone_is_enough(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    attempt: Attempt,
    table: type[Any],
) -> None:
    await prepared(database)
    without_lock(monkeypatch)
    meet_before_writing(monkeypatch, 5)

    outcomes = await race(database, attempt, 5)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refused) == 4
    assert {outcome.reason for outcome in refused} == {"taken"}
    for outcome in refused:
        assert len(outcome.alternatives) == 3
        assert WHEN not in outcome.alternatives
    assert await count(database, table) == 1
    # A try that failed leaves no trace, not even a customer.
    assert await count(database, Customer) == 1


@BOTH
async def test_the_lock_alone_is_enough(
    database: Database, attempt: Attempt, table: type[Any]
) -> None:
    await without_constraint(await prepared(database))

    outcomes = await race(database, attempt, CROWD)

    assert sum(isinstance(outcome, Booked) for outcome in outcomes) == 1
    assert await count(database, table) == 1


@BOTH
async def test_the_last_slot_goes_to_exactly_one(
    database: Database, attempt: Attempt, table: type[Any]
) -> None:
    await prepared(database)

    outcomes = await race(database, attempt, CROWD)

    winners = [outcome for outcome in outcomes if isinstance(outcome, Booked)]
    losers = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(winners) == 1
    assert len(losers) == CROWD - 1
    assert {loser.reason for loser in losers} == {"taken"}
    assert await count(database, table) == 1
    async with database.reading() as session:
        rows = (await session.execute(select(Occupancy.resource, Occupancy.quarter))).all()
    assert len(rows) == len(set(rows)) > 0


async def test_as_many_as_there_are_cars(database: Database) -> None:
    """Two cars of the model: the crowd gets both, each once."""
    await prepared(database)

    async def attempt(session: AsyncSession, number: int) -> Outcome:
        request = drive(WHEN, f"m{number}", phone=phone(number))
        return await drives.book_test_drive(session, NOW, request)

    outcomes = await race(database, attempt, CROWD)

    cars = [car_of(outcome) for outcome in outcomes if isinstance(outcome, Booked)]
    assert len(cars) == len(set(cars)) == 2


async def test_the_next_car_when_the_first_is_lost(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the lock two aim at the same car; the constraint sends one of them to the other."""
    await prepared(database)
    without_lock(monkeypatch)
    meet_before_writing(monkeypatch, 2)

    async def attempt(session: AsyncSession, number: int) -> Outcome:
        request = drive(WHEN, f"m{number}", phone=phone(number))
        return await drives.book_test_drive(session, NOW, request)

    outcomes = await race(database, attempt, 2)

    booked = [outcome for outcome in outcomes if isinstance(outcome, Booked)]
    assert len({car_of(outcome) for outcome in booked}) == 2
    assert {outcome.booking.number for outcome in booked} == {"TD261125-0001", "TD261125-0002"}


@BOTH
async def test_one_message_tried_by_many_books_once(
    database: Database, attempt: Attempt, table: type[Any]
) -> None:
    await prepared(database)

    async def same(session: AsyncSession, _number: int) -> Outcome:
        return await attempt(session, 1)

    outcomes = await race(database, same, CROWD)

    bookings = [outcome for outcome in outcomes if isinstance(outcome, Booked)]
    assert len(bookings) == CROWD
    assert sum(not outcome.already for outcome in bookings) == 1
    assert len({outcome.booking.number for outcome in bookings}) == 1
    assert await count(database, table) == 1


async def test_one_message_with_two_phones_books_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unique key of message and action stands even where the locks differ."""
    await prepared(database)
    without_lock(monkeypatch)
    meet_before_writing(monkeypatch, 2)

    async def attempt(session: AsyncSession, number: int) -> Outcome:
        return await drives.book_test_drive(session, NOW, drive(WHEN, phone=phone(number)))

    outcomes = await race(database, attempt, 2)

    assert sorted(isinstance(o, Booked) and o.already for o in outcomes) == [False, True]
    assert await count(database, TestDriveBooking) == 1


async def test_one_person_at_once_for_two_models(database: Database) -> None:
    """Other cars, other locks: the person's own appointments hold the person to one."""
    await prepared(database)

    async def attempt(session: AsyncSession, number: int) -> Outcome:
        model = ("shanyu", "xinghe-e5")[number % 2]
        return await drives.book_test_drive(
            session, NOW, drive(WHEN, f"m{number}", model_code=model)
        )

    outcomes = await race(database, attempt, 10)

    refused = {outcome.reason for outcome in outcomes if isinstance(outcome, Refused)}
    assert refused == {"own_conflict"}
    assert await count(database, TestDriveBooking) == 1


async def test_moving_and_booking_meet(database: Database) -> None:
    """One moves to the time that others book: the car is never there twice."""
    await prepared(database)
    async with database.transaction() as session:
        first = await drives.book_test_drive(
            session, NOW, drive(at("26 10:00"), "first", model_code="xinghe-e5")
        )
        assert isinstance(first, Booked)

    async def attempt(session: AsyncSession, number: int) -> Outcome:
        if number % 2:
            return await drive_it(session, number)
        return await drives.move_test_drive(session, NOW, first.booking, WHEN, "staff:1")

    await race(database, attempt, 20)

    async with database.reading() as session:
        at_that_time = await session.scalars(
            select(TestDriveBooking).where(TestDriveBooking.starts_at == WHEN)
        )
        assert len(at_that_time.all()) == 1
        rows = (await session.execute(select(Occupancy.resource, Occupancy.quarter))).all()
    assert len(rows) == 3 * await count(database, TestDriveBooking)


async def test_sqlite_writers_that_only_read_first_would_fail(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why writing transactions begin IMMEDIATE: two that began by reading cannot both write,
    and the loser gets an error of the database instead of an answer."""
    if not database.is_sqlite:
        pytest.skip("about SQLite")
    await prepared(database)
    meet_before_writing(monkeypatch, 2)

    async def one(number: int) -> Outcome:
        async with database.reading() as session:
            outcome = await drive_it(session, number)
            await session.commit()
            return outcome

    outcomes = await asyncio.gather(one(1), one(2), return_exceptions=True)

    assert sum(isinstance(outcome, Booked) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, OperationalError) for outcome in outcomes) == 1


@pytest.mark.parametrize("kind", ["drive", "visit"])
async def test_a_move_that_loses_its_time_leaves_the_booking(
    database: Database, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Somebody books the time after the mover has found it free: the constraint refuses the
    move, and the booking stands where it was, time and occupancy."""
    if database.is_sqlite:
        pytest.skip("a SQLite writer is alone in its transaction, with or without our locks")
    await prepared(database)
    without_lock(monkeypatch)
    module, attempt = (drives, drive_it) if kind == "drive" else (visits, service_it)
    before = at("26 10:00")
    async with database.transaction() as session:
        if kind == "drive":
            own = drive(before, "first", model_code="xinghe-e5")
            made: Outcome = await drives.book_test_drive(session, NOW, own)
        else:
            made = await visits.book_service(session, NOW, visit(before, "first"))
    assert isinstance(made, Booked)

    async def overtaken(
        session: AsyncSession, now: datetime, search: occupancy.Search, requested: datetime
    ) -> Refused | occupancy.Slot:
        found = await occupancy.look(session, now, search, requested)
        monkeypatch.setattr(module, "look", occupancy.look)
        async with database.transaction() as other:
            assert isinstance(await attempt(other, 1), Booked)
        return found

    monkeypatch.setattr(module, "look", overtaken)
    async with database.transaction() as session:
        if isinstance(made.booking, TestDriveBooking):
            moved: Outcome = await drives.move_test_drive(session, NOW, made.booking, WHEN, "s")
        else:
            moved = await visits.move_service(session, NOW, made.booking, WHEN, "s")

    assert isinstance(moved, Refused)
    assert moved.reason == "taken"
    assert len(moved.alternatives) == 3
    async with database.reading() as session:
        table = type(made.booking)
        query = select(table.state, table.starts_at).where(table.id == made.booking.id)
        assert (await session.execute(query)).one() == ("booked", before)
        first = await session.scalar(select(func.min(Occupancy.quarter)))
        assert first == before
