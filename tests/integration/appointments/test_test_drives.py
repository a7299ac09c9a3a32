"""Test drives on the store: what is granted, what is refused and why, what is offered instead."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.claims import of_conversation
from backend.appointments.offers import KIND
from backend.appointments.outcomes import Booked, Cancelled, Free, Reason, Refused
from backend.appointments.service import (
    book_test_drive,
    cancel_test_drive,
    check_test_drive,
    find_booking,
    free_times,
    move_test_drive,
)
from backend.database import Database
from backend.models import Audit, Conversation, Customer, Occupancy, TestDriveBooking
from tests.conftest import NOW
from tests.integration.world import (
    CONVERSATION,
    OTHER_CONVERSATION,
    OTHER_PHONE,
    PHONE,
    at,
    build,
    cars,
    drive,
    walls,
)


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.transaction() as session:
        await build(session)
        yield session


async def booked(
    session: AsyncSession, when: str, message: str, **changes: str
) -> TestDriveBooking:
    outcome = await book_test_drive(session, NOW, drive(at(when), message, **changes))
    assert isinstance(outcome, Booked), outcome
    return outcome.booking


async def test_a_booking_is_complete(session: AsyncSession) -> None:
    outcome = await book_test_drive(session, NOW, drive(at("26 15:00")))

    assert isinstance(outcome, Booked)
    assert not outcome.already
    assert not outcome.rounded
    booking = outcome.booking
    assert booking.number == "TD261125-0001"
    assert booking.starts_at == at("26 15:00")
    assert booking.ends_at == at("26 15:30")
    assert booking.model.code == booking.demo_car.trim.model.code == "shanyu"
    assert (booking.customer.name, booking.customer.phone) == ("王伟", PHONE)
    conversation = await session.get(Conversation, CONVERSATION, populate_existing=True)
    assert conversation is not None
    assert conversation.customer_id == booking.customer_id
    occupied = await session.scalars(select(Occupancy.quarter).order_by(Occupancy.quarter))
    assert walls(list(occupied)) == ["26 15:00", "26 15:15", "26 15:30"]
    await session.flush()
    line = (await session.scalars(select(Audit))).one()
    assert line.actor == f"conversation:{CONVERSATION}"
    assert line.action == "test_drive.booked"
    assert line.subject == f"test_drive:{booking.id}"
    assert PHONE not in str(line.data)


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("25 09:45", "past"),
        ("24 15:00", "past"),
        ("25 11:45", "too_soon"),
        ("12-10 15:00", "too_far"),
        ("26 08:45", "closed"),
        ("26 11:45", "closed"),
        ("26 12:30", "closed"),
        ("26 17:45", "closed"),
        ("26 23:00", "closed"),
        ("28 15:00", "closed"),
        ("29 09:30", "closed"),
        ("29 15:45", "closed"),
    ],
)
async def test_refused_by_the_clock(session: AsyncSession, when: str, reason: Reason) -> None:
    outcome = await check_test_drive(session, NOW, "shanyu", at(when))

    assert isinstance(outcome, Refused)
    assert outcome.reason == reason
    assert len(outcome.alternatives) == 3
    for alternative in outcome.alternatives:
        again = await check_test_drive(session, NOW, "shanyu", alternative)
        assert isinstance(again, Free), (alternative, again)


@pytest.mark.parametrize(
    "when",
    ["26 09:00", "26 11:30", "26 13:30", "26 17:30", "29 10:00", "29 12:00", "29 15:30",
     "12-09 17:30"],
)  # fmt: skip
async def test_granted_up_to_the_boundary(session: AsyncSession, when: str) -> None:
    outcome = await check_test_drive(session, NOW, "shanyu", at(when))

    assert isinstance(outcome, Free)
    assert outcome.ends_at - outcome.starts_at == timedelta(minutes=30)


async def test_the_lead_time_is_exact(session: AsyncSession) -> None:
    earlier = NOW + timedelta(minutes=90)
    granted = await check_test_drive(session, earlier, "shanyu", at("25 13:30"))
    refused = await check_test_drive(
        session, earlier + timedelta(seconds=1), "shanyu", at("25 13:30")
    )

    assert isinstance(granted, Free)
    assert isinstance(refused, Refused)
    assert refused.reason == "too_soon"
    assert walls(refused.alternatives) == ["25 13:45", "25 14:00", "25 14:15"]


async def test_times_are_rounded_to_quarters(session: AsyncSession) -> None:
    down = await check_test_drive(session, NOW, "shanyu", at("26 15:07"))
    up = await check_test_drive(session, NOW, "shanyu", at("26 15:08"))

    assert isinstance(down, Free)
    assert isinstance(up, Free)
    assert (walls([down.starts_at]), down.rounded) == (["26 15:00"], True)
    assert (walls([up.starts_at]), up.rounded) == (["26 15:15"], True)


async def test_an_unknown_model_and_one_without_a_car(session: AsyncSession) -> None:
    unknown = await check_test_drive(session, NOW, "nothing", at("26 15:00"))
    without = await book_test_drive(session, NOW, drive(at("26 15:00"), model_code="guitu-m8"))

    assert unknown == Refused("unknown_model")
    assert without == Refused("no_demo_car")
    assert await free_times(session, NOW, "guitu-m8", at("26 15:00")) == []


async def test_a_car_out_of_service_is_not_lent(session: AsyncSession) -> None:
    first, second = await cars(session, "shanyu")
    first.state = "out_of_service"
    await session.flush()

    booking = await booked(session, "26 15:00", "m1")
    other = await book_test_drive(session, NOW, drive(at("26 15:00"), "m2", phone=OTHER_PHONE))

    assert booking.demo_car_id == second.id
    assert isinstance(other, Refused)


async def test_taken_offers_what_is_near(session: AsyncSession) -> None:
    await booked(session, "26 15:00", "m1", model_code="xinghe-e5")

    outcome = await book_test_drive(
        session, NOW, drive(at("26 15:15"), "m2", model_code="xinghe-e5", phone=OTHER_PHONE)
    )

    assert isinstance(outcome, Refused)
    assert outcome.reason == "taken"
    assert walls(outcome.alternatives) == ["26 14:15", "26 15:45", "26 16:00"]
    assert await session.scalar(select(func.count()).select_from(TestDriveBooking)) == 1
    assert await session.scalar(select(func.count()).select_from(Customer)) == 1


async def test_the_buffer_keeps_the_car(session: AsyncSession) -> None:
    await booked(session, "26 15:00", "m1", model_code="xinghe-e5")

    during = await check_test_drive(session, NOW, "xinghe-e5", at("26 15:30"))
    after = await check_test_drive(session, NOW, "xinghe-e5", at("26 15:45"))
    before = await check_test_drive(session, NOW, "xinghe-e5", at("26 14:15"))
    too_near = await check_test_drive(session, NOW, "xinghe-e5", at("26 14:30"))

    assert isinstance(during, Refused)
    assert isinstance(after, Free)
    assert isinstance(before, Free)
    assert isinstance(too_near, Refused)


async def test_a_holiday_leads_to_the_next_day_then_back(session: AsyncSession) -> None:
    ahead = await free_times(session, NOW, "shanyu", at("28 11:00"))
    last = await check_test_drive(session, NOW, "shanyu", at("12-20 15:00"))

    assert walls(ahead) == ["29 10:45", "29 11:00", "29 11:15"]
    assert isinstance(last, Refused)
    assert walls(last.alternatives) == ["09 14:45", "09 15:00", "09 15:15"]


async def test_a_full_last_day_leads_back(session: AsyncSession) -> None:
    (car,) = await cars(session, "xinghe-e5")
    holder = await booked(session, "26 15:00", "m1", model_code="xinghe-e5")
    day = at("12-09 09:00")
    session.add_all(
        Occupancy(
            resource=f"demo_car:{car.id}",
            quarter=day + timedelta(minutes=15 * n),
            test_drive_booking_id=holder.id,
        )
        for n in range(37)
    )
    await session.flush()

    outcome = await check_test_drive(session, NOW, "xinghe-e5", at("12-09 15:00"))

    assert isinstance(outcome, Refused)
    assert outcome.reason == "taken"
    assert walls(outcome.alternatives) == ["08 14:45", "08 15:00", "08 15:15"]


async def test_the_least_used_car_is_lent(session: AsyncSession) -> None:
    first, second = await cars(session, "shanyu")

    lent = [
        (await booked(session, when, when)).demo_car_id
        for when in ("26 09:00", "26 10:00", "26 14:00", "26 15:00")
    ]

    assert lent == [first.id, second.id, first.id, second.id]


async def test_one_person_cannot_drive_two_cars_at_once(session: AsyncSession) -> None:
    await booked(session, "26 15:00", "m1")

    outcome = await book_test_drive(
        session, NOW, drive(at("26 15:15"), "m2", model_code="xinghe-e5")
    )
    checked = await check_test_drive(session, NOW, "xinghe-e5", at("26 15:15"), phone=PHONE)
    after = await check_test_drive(session, NOW, "xinghe-e5", at("26 15:30"), phone=PHONE)

    assert isinstance(outcome, Refused)
    assert outcome.reason == "own_conflict"
    assert walls(outcome.alternatives) == ["26 14:30", "26 15:30", "26 15:45"]
    assert checked == outcome
    assert isinstance(after, Free)


async def test_the_same_message_books_once(session: AsyncSession) -> None:
    first = await booked(session, "26 15:00", "m1")

    again = await book_test_drive(session, NOW, drive(at("27 10:00"), "m1"))
    other = await book_test_drive(session, NOW, drive(at("27 10:00"), "m1", action="other"))

    assert again == Booked(first, already=True)
    assert isinstance(other, Booked)
    assert other.booking.id != first.id
    assert other.booking.number == "TD261125-0002"


async def test_a_cancelled_time_is_free_again(session: AsyncSession) -> None:
    booking = await booked(session, "26 15:00", "m1", model_code="xinghe-e5")

    first = await cancel_test_drive(session, NOW, booking, "staff:1")
    second = await cancel_test_drive(session, NOW, booking, "staff:1")
    new = await booked(session, "26 15:00", "m2", model_code="xinghe-e5")

    assert isinstance(first, Cancelled)
    assert isinstance(second, Cancelled)
    assert (first.already, second.already) == (False, True)
    assert first.booking.state == "cancelled"
    assert new.state == "booked"
    actions = await session.scalars(select(Audit.action).order_by(Audit.id))
    assert list(actions) == ["test_drive.booked", "test_drive.cancelled", "test_drive.booked"]


async def test_what_is_over_cannot_be_cancelled(session: AsyncSession) -> None:
    booking = await booked(session, "26 15:00", "m1")
    over = await cancel_test_drive(session, at("26 15:30"), booking, "staff:1")
    booking.state = "no_show"
    await session.flush()
    missed = await cancel_test_drive(session, NOW, booking, "staff:1")

    assert over == Refused("past")
    assert missed == Refused("not_active")


async def test_moving_frees_the_old_time(session: AsyncSession) -> None:
    booking = await booked(session, "26 15:00", "m1", model_code="xinghe-e5")

    outcome = await move_test_drive(session, NOW, booking, at("26 15:15"), "staff:1")

    assert isinstance(outcome, Booked)
    assert not outcome.already
    assert outcome.booking.number == booking.number
    quarters = await session.scalars(select(Occupancy.quarter).order_by(Occupancy.quarter))
    assert walls(list(quarters)) == ["26 15:15", "26 15:30", "26 15:45"]
    again = await move_test_drive(session, NOW, booking, at("26 15:15"), "staff:1")
    assert isinstance(again, Booked)
    assert again.already


async def test_a_refused_move_leaves_the_booking(session: AsyncSession) -> None:
    booking = await booked(session, "26 15:00", "m1", model_code="xinghe-e5")
    await booked(session, "26 10:00", "m2", model_code="xinghe-e5", phone=OTHER_PHONE)

    taken = await move_test_drive(session, NOW, booking, at("26 10:15"), "staff:1")
    closed = await move_test_drive(session, NOW, booking, at("26 12:00"), "staff:1")
    gone = await move_test_drive(session, at("26 15:00"), booking, at("26 16:00"), "staff:1")

    assert isinstance(taken, Refused)
    assert taken.reason == "taken"
    assert isinstance(closed, Refused)
    assert closed.reason == "closed"
    assert gone == Refused("past")
    assert booking.starts_at == at("26 15:00")
    await cancel_test_drive(session, NOW, booking, "staff:1")
    assert await move_test_drive(session, NOW, booking, at("26 16:00"), "s") == Refused(
        "not_active"
    )


async def test_moving_keeps_the_car_if_it_can(session: AsyncSession) -> None:
    booking = await booked(session, "26 15:00", "m1")
    other = await booked(session, "26 10:00", "m2", phone=OTHER_PHONE)
    assert booking.demo_car_id != other.demo_car_id
    kept = booking.demo_car_id

    await move_test_drive(session, NOW, booking, at("26 14:00"), "staff:1")
    assert booking.demo_car_id == kept
    await move_test_drive(session, NOW, other, at("26 14:00"), "staff:1")
    assert other.demo_car_id != kept
    third = await book_test_drive(session, NOW, drive(at("26 14:00"), "m3", phone="+8613800000003"))
    assert isinstance(third, Refused)


async def test_bookings_are_found_by_those_who_made_them(session: AsyncSession) -> None:
    later = await booked(session, "27 15:00", "m1")
    sooner = await booked(session, "26 15:00", "m2")
    await booked(session, "26 10:00", "m3", phone=OTHER_PHONE, conversation_id=OTHER_CONVERSATION)

    assert await of_conversation(session, NOW, KIND, CONVERSATION) == [sooner, later]
    assert await of_conversation(session, at("26 15:30"), KIND, CONVERSATION) == [later]
    assert await find_booking(session, later.number.lower(), PHONE) == later
    assert await find_booking(session, later.number, OTHER_PHONE) is None
    await cancel_test_drive(session, NOW, later, "staff:1")
    assert await of_conversation(session, NOW, KIND, CONVERSATION) == [sooner]


async def test_a_found_booking_can_be_described_after_the_transaction(database: Database) -> None:
    async with database.transaction() as session:
        await build(session)
        await booked(session, "26 15:00", "m1")
    async with database.reading() as session:
        (found,) = await of_conversation(session, NOW, KIND, CONVERSATION)

    assert found.model.name_zh == "山屿"
    assert found.demo_car.trim.model.name_en == "Shanyu"
    assert found.customer.name == "王伟"
    assert found.starts_at == datetime(2026, 11, 26, 7, tzinfo=UTC)


async def test_free_times_cost_a_handful_of_queries(
    database: Database, session: AsyncSession
) -> None:
    statements: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    times = await free_times(session, NOW, "shanyu", at("26 15:00"), count=3)

    assert walls(times) == ["26 14:45", "26 15:00", "26 15:15"]
    assert len(statements) <= 6, statements
