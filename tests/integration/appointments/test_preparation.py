"""Demo cars that fail their check: out of service, their drives in another car or offered anew."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update

from backend.appointments import service as drives
from backend.appointments.outcomes import Booked, Refused
from backend.database import Database
from backend.models import Conversation, DemoCar, Occupancy, TestDriveBooking
from tests.integration.appointments.day import WELL, WHEN, Day
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION, at, build, drive, walls


@pytest.fixture
async def day(database: Database) -> AsyncIterator[Day]:
    async with database.transaction() as session:
        await build(session)
    yield Day(database)


async def test_a_car_that_passes_stays(day: Day) -> None:
    booking = await day.book()
    done = await day.check(booking.demo_car_id)
    assert (done.check.passed, done.moved, done.displaced) == (True, (), ())
    assert await day.car(booking.demo_car_id) == "available"
    assert await day.heard() == []
    assert ("staff:1", "demo_car.checked") in await day.audit()


@pytest.mark.parametrize("failing", list(WELL))
async def test_its_drives_get_another_car_at_the_same_time(day: Day, failing: str) -> None:
    booking = await day.book()
    done = await day.check(booking.demo_car_id, **{failing: False})
    assert (done.moved, done.displaced) == ((booking.number,), ())
    assert await day.car(booking.demo_car_id) == "out_of_service"
    row = await day.again(booking)
    assert (row.state, row.starts_at, row.displaced_at) == ("booked", WHEN, None)
    assert row.demo_car_id != booking.demo_car_id
    async with day.database.reading() as session:
        query = select(Occupancy.resource).order_by(Occupancy.id)
        assert set(await session.scalars(query)) == {f"demo_car:{row.demo_car_id}"}
    # The other car is another version: the customer was told which one, so he is told.
    [said] = await day.heard()
    assert "2 型" in said.text
    assert booking.number in said.text
    assert ("staff:1", "test_drive.car_changed") in await day.audit()


async def test_the_same_version_is_no_news(day: Day) -> None:
    async with day.database.transaction() as session:
        first, second = (await session.scalars(select(DemoCar).order_by(DemoCar.id).limit(2))).all()
        second.trim_id = first.trim_id
    booking = await day.book()
    done = await day.check(booking.demo_car_id, energy=False)
    assert done.moved == (booking.number,)
    assert await day.heard() == []


async def test_without_another_car_he_is_offered_other_times(day: Day) -> None:
    one, other = await day.book(), await day.book(conversation_id=OTHER_CONVERSATION)
    done = await day.check(one.demo_car_id, tyres=False)
    assert (done.moved, done.displaced) == ((), (one.number,))
    row = await day.again(one)
    assert (row.state, row.displaced_at) == ("booked", day.now)
    [said] = await day.heard()
    assert "没通过" in said.text
    assert "14:15" in said.text
    assert said.cards is not None
    titles = [button["title"] for card in said.cards for button in card["buttons"]]
    assert titles
    assert "15:00" not in titles
    assert [button["title"] for button in said.buttons or []] == ["不试了"]
    assert await day.heard(OTHER_CONVERSATION) == []
    [task] = await day.tasks()
    assert (task.kind, one.number in task.note) == ("follow_up", True)
    # Nobody is reminded to come to a car that is not there.
    reminded = await day.look(at("26 13:00"))
    assert {message.conversation_id for message in reminded} == {OTHER_CONVERSATION}
    # Said again it changes nothing.
    again = await day.check(one.demo_car_id, tyres=False)
    assert (again.moved, again.displaced) == ((), ())
    assert len(await day.heard()) == 1
    assert (await day.again(other)).displaced_at is None


async def test_the_time_that_he_chooses_is_a_booking_as_before(day: Day) -> None:
    one, _ = await day.book(), await day.book()
    await day.check(one.demo_car_id, tyres=False)
    async with day.database.transaction() as session:
        held = await drives.find_booking(session, one.number, one.customer.phone or "")
        assert held is not None
        moved = await drives.move_test_drive(session, day.now, held, at("26 16:30"), "staff:1")
    assert isinstance(moved, Booked)
    row = await day.again(one)
    assert (row.displaced_at, row.starts_at) == (None, at("26 16:30"))
    assert row.demo_car_id != one.demo_car_id
    assert walls(sorted((await day.planned()).values()))[-1] == "26 14:30"


async def test_of_a_model_without_another_car_a_consultant_takes_care(day: Day) -> None:
    booking = await day.book(model_code="xinghe-e5")
    async with day.database.transaction() as session:
        await session.execute(update(Conversation).values(language="en"))
    await day.check(booking.demo_car_id, condition=False)
    [said] = await day.heard()
    assert "A consultant will get in touch" in said.text
    assert not said.cards
    refused = await book(day, "xinghe-e5")
    assert isinstance(refused, Refused)
    assert refused.reason == "no_demo_car"


async def book(day: Day, model: str) -> Booked[TestDriveBooking] | Refused:
    async with day.database.transaction() as session:
        return await drives.book_test_drive(
            session,
            day.now,
            drive(at("27 15:00"), "other", model_code=model, phone="+8613800000900"),
        )


async def test_back_in_service_the_drive_stands_again(day: Day) -> None:
    booking = await day.book(model_code="xinghe-e5")
    await day.check(booking.demo_car_id, condition=False)
    done = await day.check(booking.demo_car_id)
    assert done.restored == (booking.number,)
    assert await day.car(booking.demo_car_id) == "available"
    assert (await day.again(booking)).displaced_at is None
    said = await day.heard()
    assert "可以照原来的时间来" in said[-1].text
    [reminder] = await day.look(at("26 13:00"))
    assert booking.number in reminder.text


async def test_a_messenger_hears_through_the_outbox(day: Day) -> None:
    async with day.database.transaction() as session:
        await session.execute(
            update(Conversation)
            .where(Conversation.id == CONVERSATION)
            .values(channel="pigeon", address="bird")
        )
    booking = await day.book(model_code="xinghe-e5")
    await day.check(booking.demo_car_id, papers=False)
    [said] = await day.heard()
    assert (said.sender, said.delivery) == ("system", "queued")


async def test_checks_and_bookings_at_the_same_time(day: Day) -> None:
    """Whoever comes first: no drive stands in a car that is out of service unknown to anybody."""
    [car_id] = [(await day.book(at("27 09:00"), model_code="xinghe-e5")).demo_car_id]

    async def books(number: int) -> None:
        async with day.database.transaction() as session:
            request = drive(
                at(f"26 {14 + number}:00"), f"r{number}", model_code="xinghe-e5",
                phone=f"+861380000020{number}",
            )  # fmt: skip
            await drives.book_test_drive(session, day.now, request)

    await asyncio.gather(*(books(n) for n in range(4)), day.check(car_id, energy=False))
    async with day.database.reading() as session:
        rows = list(await session.scalars(select(TestDriveBooking)))
    assert all(row.displaced_at is not None for row in rows)
    assert len(await day.heard()) == len(rows)
