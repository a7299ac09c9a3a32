"""Many bays are free and one technician is: exactly one visit gets him.

First without the guards, to show that the race is real.
"""

import pytest
from sqlalchemy import func, select

from backend.appointments.outcomes import Booked, Refused
from backend.database import Database
from backend.models import Occupancy, ServiceBooking, ServiceVisit, Technician
from tests.concurrency.test_last_slot import (
    count,
    meet_before_writing,
    race,
    service_it,
    without_constraint,
    without_lock,
)
from tests.integration.world import build


async def prepared(database: Database) -> None:
    async with database.transaction() as session:
        await build(session, service_bays=8)
        session.add(Technician(code="t1", name="甲", skills=[]))


async def held(database: Database) -> int:
    """How often a quarter of the technician is held twice."""
    async with database.reading() as session:
        query = (
            select(Occupancy.quarter)
            .where(Occupancy.resource.startswith("technician:"))
            .group_by(Occupancy.resource, Occupancy.quarter)
            .having(func.count() > 1)
        )
        return len(list(await session.scalars(query)))


async def test_without_lock_and_constraint_he_works_on_two_cars(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepared(database)
    await without_constraint(database)
    without_lock(monkeypatch)
    meet_before_writing(monkeypatch, 2)
    outcomes = await race(database, service_it, 2)

    assert [type(outcome) for outcome in outcomes] == [Booked, Booked]
    assert await held(database) > 0


async def test_the_constraint_alone_is_enough(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepared(database)
    without_lock(monkeypatch)
    meet_before_writing(monkeypatch, 3)
    outcomes = await race(database, service_it, 3)

    assert sorted(isinstance(outcome, Booked) for outcome in outcomes) == [False, False, True]
    assert await held(database) == 0


async def test_the_last_technician_goes_to_exactly_one(database: Database) -> None:
    await prepared(database)
    outcomes = await race(database, service_it, 12)

    assert sum(isinstance(outcome, Booked) for outcome in outcomes) == 1
    assert {o.reason for o in outcomes if isinstance(o, Refused)} == {"taken"}
    assert await count(database, ServiceBooking) == await count(database, ServiceVisit) == 1
    assert await held(database) == 0
