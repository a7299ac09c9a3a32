"""Technicians beside the bays: each visit needs both, for its whole time."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.outcomes import Booked, Refused
from backend.database import Database
from backend.models import Occupancy, ServiceBooking, ServiceItem, ServiceVisit, Technician
from backend.workshop.service import book_service, cancel_service, free_times, move_service
from tests.conftest import NOW
from tests.integration.world import OTHER_PHONE, PHONE, at, build, visit

WHEN = at("26 15:00")


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """Two bays, three technicians, one of whom may work on high voltage."""
    async with database.transaction() as session:
        await build(session)
        session.add_all(
            [
                Technician(code="t1", name="甲", skills=["high_voltage"]),
                Technician(code="t2", name="乙", skills=[]),
                Technician(code="t3", name="丙", skills=[], active=False),
            ]
        )
        wash = await session.scalar(select(ServiceItem).where(ServiceItem.code == "wash"))
        assert wash is not None
        wash.skill = "high_voltage"
        await session.flush()
        yield session


async def booked(session: AsyncSession, number: int, *items: str) -> Booked[ServiceBooking]:
    total = {"check": 8_000, "wash": 3_000}
    wanted = items or ("check",)
    outcome = await book_service(
        session,
        NOW,
        visit(
            WHEN,
            f"m{number}",
            items=wanted,
            told_total=sum(total[item] for item in wanted),
            plate=f"浙A0000{number}",
        ),
    )
    assert isinstance(outcome, Booked), outcome
    return outcome


async def technician_of(session: AsyncSession, booking: ServiceBooking) -> str:
    query = (
        select(Technician.code)
        .join(ServiceVisit, ServiceVisit.technician_id == Technician.id)
        .where(ServiceVisit.booking_id == booking.id)
    )
    return (await session.scalars(query)).one()


async def resources(session: AsyncSession, booking: ServiceBooking) -> set[str]:
    query = select(Occupancy.resource).where(Occupancy.service_booking_id == booking.id)
    return {row.partition(":")[0] for row in await session.scalars(query)}


async def test_a_visit_takes_a_bay_and_the_technician_with_the_fewest_skills(
    session: AsyncSession,
) -> None:
    first = await booked(session, 1)
    second = await booked(session, 2)

    assert await technician_of(session, first.booking) == "t2"
    assert await technician_of(session, second.booking) == "t1"
    assert await resources(session, first.booking) == {"bay", "technician"}


async def test_without_a_technician_a_free_bay_is_of_no_use(session: AsyncSession) -> None:
    await session.execute(update(Technician).where(Technician.code == "t1").values(active=False))
    await booked(session, 1)
    outcome = await book_service(session, NOW, visit(WHEN, "m2", plate="浙A00002"))

    assert isinstance(outcome, Refused)
    assert outcome.reason == "taken"
    assert outcome.alternatives
    assert WHEN not in outcome.alternatives


async def test_a_rare_skill_decides(session: AsyncSession) -> None:
    first = await booked(session, 1, "wash")
    assert await technician_of(session, first.booking) == "t1"
    times = await free_times(session, NOW, ["check", "wash"], WHEN)
    # t2 is free at that time, and cannot do it.
    assert WHEN not in times
    await cancel_service(session, NOW, first.booking, "test:1")
    assert WHEN in await free_times(session, NOW, ["check", "wash"], WHEN)


async def test_a_move_keeps_the_technician_where_it_can(session: AsyncSession) -> None:
    first = await booked(session, 1)
    moved = await move_service(session, NOW, first.booking, at("26 16:00"), "test:1")
    assert isinstance(moved, Booked)
    assert await technician_of(session, moved.booking) == "t2"
    # The old time is free again, for both.
    await booked(session, 2)
    await booked(session, 3)
    back = await move_service(session, NOW, moved.booking, WHEN, "test:1")
    assert isinstance(back, Refused)
    assert await technician_of(session, moved.booking) == "t2"


async def test_a_technician_cannot_be_written_twice(session: AsyncSession) -> None:
    """The last guard, should every lock be missing: the row itself."""
    first = await booked(session, 1)
    row = (
        await session.scalars(
            select(Occupancy).where(
                Occupancy.service_booking_id == first.booking.id,
                Occupancy.resource.startswith("technician:"),
            )
        )
    ).first()
    assert row is not None
    with pytest.raises(IntegrityError):
        async with session.begin_nested():
            session.add(
                Occupancy(
                    resource=row.resource,
                    quarter=row.quarter,
                    service_booking_id=first.booking.id,
                )
            )


async def test_two_cars_of_one_person_need_two_technicians(session: AsyncSession) -> None:
    await booked(session, 1)
    await booked(session, 2)
    outcome = await book_service(
        session, NOW, visit(WHEN, "m3", plate="浙A00003", phone=OTHER_PHONE)
    )
    assert PHONE != OTHER_PHONE
    assert isinstance(outcome, Refused)
