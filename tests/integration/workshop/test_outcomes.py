"""Arrived, finished, missed: what staff record of a visit, and what the plan learns from it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import claims
from backend.appointments.outcomes import Booked
from backend.database import Database
from backend.models import Audit, MileageReading, Occupancy, ServiceBooking, Vehicle
from backend.workshop.history import own_cars
from backend.workshop.plan import plan_for
from backend.workshop.service import KIND, book_service, cancel_service
from backend.workshop.visits import NotRecorded, Recorded, arrive, complete, no_show
from tests.conftest import NOW
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION, at, build, visit

WHEN, SOON, DONE = at("26 15:00"), at("26 14:50"), at("26 15:20")
ZONE, BY = "Asia/Shanghai", "staff:1"


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.transaction() as session:
        await build(session)
        yield session


@pytest.fixture
async def booking(session: AsyncSession) -> ServiceBooking:
    request = visit(WHEN, items=("oil", "check"), told_total=56_000)
    made = await book_service(session, NOW, request)
    assert isinstance(made, Booked)
    return made.booking


async def reason(outcome: Recorded | NotRecorded) -> str | None:
    return outcome.reason if isinstance(outcome, NotRecorded) else None


async def test_a_visit_from_arrival_to_the_next_mark(
    session: AsyncSession, booking: ServiceBooking
) -> None:
    came = await arrive(session, SOON, booking.id, BY)
    assert isinstance(came, Recorded)
    assert came.visit.arrived_at == SOON
    done = await complete(session, DONE, booking.id, BY, mileage_km=20_400, done=["oil"])
    assert isinstance(done, Recorded)
    assert (done.booking.state, done.visit.mileage_km, done.visit.done) == ("done", 20_400, ["oil"])
    vehicle = await session.get_one(Vehicle, booking.vehicle_id)
    assert vehicle.mileage_km == 20_400
    readings = await session.scalars(select(MileageReading).order_by(MileageReading.id))
    assert [(r.km, r.source) for r in readings] == [(20_100, "customer"), (20_400, "workshop")]
    (own,) = await own_cars(session, CONVERSATION, ZONE)
    assert own.last is not None
    assert own.last.km == 20_400
    assert own.done["oil"].km == 20_400
    plan = await plan_for(session, own.on(own.done["oil"].on), "shanyu", "petrol")
    # Not the round mark of 30,000: from when it was done. The check was not done, and is due.
    assert next(n.at_km for n in plan.next if n.item.code == "oil") == 30_400
    assert "oil" not in plan.due_codes
    assert "check" in plan.due_codes
    lines = await session.scalars(select(Audit).order_by(Audit.id))
    kept = [(line.actor, line.action) for line in lines if line.actor == BY]
    assert kept == [(BY, "service_booking.arrived"), (BY, "service_booking.completed")]


async def test_the_rest_of_its_time_is_free_again(
    session: AsyncSession, booking: ServiceBooking
) -> None:
    await arrive(session, SOON, booking.id, BY)
    await complete(session, DONE, booking.id, BY, mileage_km=20_400)
    left = await session.scalars(
        select(Occupancy.quarter).where(Occupancy.service_booking_id == booking.id)
    )
    assert sorted(left) == [WHEN, at("26 15:15")]


async def test_twice_is_once(session: AsyncSession, booking: ServiceBooking) -> None:
    for expected in (False, True):
        came = await arrive(session, SOON, booking.id, BY)
        assert isinstance(came, Recorded)
        assert came.already is expected
    for expected in (False, True):
        done = await complete(session, DONE, booking.id, BY, mileage_km=20_400)
        assert isinstance(done, Recorded)
        assert done.already is expected
    assert len(list(await session.scalars(select(MileageReading)))) == 2


async def test_missed(session: AsyncSession, booking: ServiceBooking) -> None:
    assert await reason(await no_show(session, SOON, booking.id, BY)) == "too_early"
    missed = await no_show(session, DONE, booking.id, BY)
    assert isinstance(missed, Recorded)
    assert missed.booking.state == "no_show"
    assert await reason(await arrive(session, DONE, booking.id, BY)) == "not_active"
    assert (await own_cars(session, CONVERSATION, ZONE))[0].done == {}


async def test_what_cannot_be(session: AsyncSession, booking: ServiceBooking) -> None:
    assert await reason(await arrive(session, SOON, 4711, BY)) == "unknown"
    assert await reason(await arrive(session, NOW, booking.id, BY)) == "too_early"
    early = await complete(session, DONE, booking.id, BY, mileage_km=20_400)
    assert await reason(early) == "not_arrived"
    await arrive(session, SOON, booking.id, BY)
    assert await reason(await no_show(session, DONE, booking.id, BY)) == "arrived"
    for km in (-1, 1_000_000):
        assert await reason(await complete(session, DONE, booking.id, BY, mileage_km=km)) == (
            "mileage"
        )
    wrong = await complete(session, DONE, booking.id, BY, mileage_km=20_400, done=["oil", "tea"])
    assert wrong == NotRecorded("unknown_item", codes=("tea",))
    assert booking.state == "booked"


async def test_an_odometer_does_not_go_back(session: AsyncSession, booking: ServiceBooking) -> None:
    await arrive(session, SOON, booking.id, BY)
    await complete(session, DONE, booking.id, BY, mileage_km=20_400)
    again = await book_service(session, NOW, visit(at("27 15:00"), "m2"))
    assert isinstance(again, Booked)
    await arrive(session, at("27 15:00"), again.booking.id, BY)
    lower = await complete(session, at("27 15:30"), again.booking.id, BY, mileage_km=20_399)
    assert lower == NotRecorded("mileage_below", km=20_400)


async def test_a_cancelled_visit_is_over(session: AsyncSession, booking: ServiceBooking) -> None:
    await cancel_service(session, NOW, booking, BY)
    for act in (arrive, no_show):
        assert await reason(await act(session, DONE, booking.id, BY)) == "not_active"


async def test_a_car_is_known_only_where_it_was_booked_or_claimed(
    session: AsyncSession, booking: ServiceBooking
) -> None:
    assert await own_cars(session, OTHER_CONVERSATION, ZONE) == []
    phone = booking.customer.phone or ""
    await claims.claim(session, NOW, KIND, OTHER_CONVERSATION, booking.number, phone)
    (own,) = await own_cars(session, OTHER_CONVERSATION, ZONE)
    # What was said elsewhere about another visit is not in it; this visit's own mileage is.
    assert [r.km for r in own.readings] == [20_100]
