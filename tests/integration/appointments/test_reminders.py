"""Reminders of drives and visits: planned with the booking, moved and called off with it, worded by
what stands in the store when they leave."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import reminders
from backend.appointments import service as drives
from backend.appointments.hours import Hours
from backend.appointments.outcomes import Booked, Cancelled
from backend.conversations import outbox
from backend.conversations.service import lock
from backend.database import Database
from backend.models import Conversation, Dealership, Message, Outbox, TestDriveBooking
from backend.workshop import service as visits
from tests.conftest import NOW
from tests.integration.world import (
    CONVERSATION,
    OTHER_CONVERSATION,
    PHONE,
    at,
    build,
    drive,
    visit,
)

WHEN = at("27 15:00")


@dataclass
class Desk:
    """A store with the small dealership, and the clock of the sender."""

    database: Database
    now: datetime = NOW
    heard: list[Message] = field(default_factory=list)

    async def book(self, kind: str = "drive", when: datetime = WHEN, **changes: Any) -> Any:
        async with self.database.transaction() as session:
            if kind == "drive":
                made: Any = await drives.book_test_drive(session, self.now, drive(when, **changes))
            else:
                made = await visits.book_service(session, self.now, visit(when, **changes))
        assert isinstance(made, Booked), made
        return made.booking

    @staticmethod
    async def found(session: AsyncSession, booking: Any) -> Any:
        drive = await drives.find_booking(session, booking.number, PHONE)
        return drive or await visits.find_booking(session, booking.number, PHONE)

    async def move(self, booking: Any, when: datetime) -> Any:
        async with self.database.transaction() as session:
            held: Any = await self.found(session, booking)
            if isinstance(booking, TestDriveBooking):
                moved: Any = await drives.move_test_drive(session, self.now, held, when, "staff:1")
            else:
                moved = await visits.move_service(session, self.now, held, when, "staff:1")
        assert isinstance(moved, Booked), moved
        return moved.booking

    async def cancel(self, booking: Any) -> None:
        async with self.database.transaction() as session:
            held: Any = await self.found(session, booking)
            if isinstance(booking, TestDriveBooking):
                done: Any = await drives.cancel_test_drive(session, self.now, held, "staff:1")
            else:
                done = await visits.cancel_service(session, self.now, held, "staff:1")
        assert isinstance(done, Cancelled)

    async def rows(self) -> list[Outbox]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Outbox).order_by(Outbox.due_at, Outbox.id)))

    async def planned(self) -> list[str]:
        return [
            f"{row.due_at.astimezone(WHEN.tzinfo):%d %H:%M}"
            for row in await self.rows()
            if row.state == "planned"
        ]

    async def look(self, moment: datetime) -> list[str]:
        """What customers read of a look of one sender at that moment."""
        self.now = moment
        async with self.database.reading() as session:
            before = set(await session.scalars(select(Message.id)))
            due = await outbox.due_conversations(session, moment, 100)
        for conversation_id in due:
            async with self.database.transaction() as session:
                held = await lock(session, conversation_id)
                await outbox.claim(session, moment, held, "sender", most=5, budget=3)
        async with self.database.reading() as session:
            said = await session.scalars(select(Message).order_by(Message.seq))
            return [message.text for message in said if message.id not in before]


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    async with database.transaction() as session:
        await build(session)
    yield Desk(database)


BOTH = pytest.mark.parametrize("kind", ["drive", "visit"])


@BOTH
async def test_two_reminders_come_with_the_booking(desk: Desk, kind: str) -> None:
    booking = await desk.book(kind)
    assert await desk.planned() == ["26 15:00", "27 13:00"]
    assert {row.category for row in await desk.rows()} == {"reminder"}
    assert await desk.look(at("26 14:59")) == []
    [first] = await desk.look(at("26 15:00"))
    assert "明天（11月27日，周五）15:00" in first
    assert booking.number in first
    assert "望湖大道 188 号" in first
    assert ("试驾山屿" in first, "驾驶证" in first) == (kind == "drive", kind == "drive")
    assert ("全车检查" in first) == (kind == "visit")
    assert await desk.look(at("27 12:59")) == []
    [second] = await desk.look(at("27 13:00"))
    assert "今天 15:00" in second
    assert await desk.look(at("27 14:00")) == []


@BOTH
async def test_they_speak_the_customers_language(desk: Desk, kind: str) -> None:
    await desk.book(kind)
    async with desk.database.transaction() as session:
        await session.execute(update(Conversation).values(language="en"))
    [said] = await desk.look(at("26 15:00"))
    assert "tomorrow, Fri 27 Nov, 15:00" in said
    assert ("test drive of the Shanyu" if kind == "drive" else "Inspection") in said


@BOTH
async def test_a_move_moves_them(desk: Desk, kind: str) -> None:
    booking = await desk.book(kind)
    await desk.move(booking, at("30 10:00"))
    assert await desk.planned() == ["29 10:00", "30 08:00"]
    assert await desk.look(at("27 14:00")) == []
    [said] = await desk.look(at("29 10:00"))
    assert "11月30日，周一）10:00" in said


@BOTH
async def test_a_move_after_the_first_was_sent_brings_another(desk: Desk, kind: str) -> None:
    booking = await desk.book(kind)
    assert len(await desk.look(at("26 15:00"))) == 1
    await desk.move(booking, at("30 10:00"))
    assert await desk.planned() == ["29 10:00", "30 08:00"]
    # Back again: what he has read already he does not read twice.
    await desk.move(booking, WHEN)
    assert await desk.planned() == ["27 13:00"]


@BOTH
async def test_a_cancelled_booking_is_not_spoken_of(desk: Desk, kind: str) -> None:
    booking = await desk.book(kind)
    await desk.cancel(booking)
    assert await desk.planned() == []
    assert await desk.look(at("26 15:00")) == []
    assert await desk.look(at("27 13:00")) == []


@BOTH
async def test_what_has_gone_by_is_not_planned(desk: Desk, kind: str) -> None:
    await desk.book(kind, at("26 09:30"))
    assert await desk.planned() == ["26 07:30"]
    await desk.book("drive", at("25 13:30"), message="m2", phone="+8613800000009")
    assert await desk.planned() == ["25 11:30", "26 07:30"]


async def test_late_by_an_outage_one_of_two_is_sent(desk: Desk) -> None:
    await desk.book()
    said = await desk.look(at("27 13:30"))
    assert len(said) == 1
    assert "今天 15:00" in said[0]


async def test_nobody_is_reminded_of_what_has_begun(desk: Desk) -> None:
    await desk.book()
    assert await desk.look(at("27 15:00")) == []
    assert {(row.state, row.error) for row in await desk.rows()} == {("withdrawn", "stale")}


async def test_the_record_counts_not_what_was_planned(desk: Desk) -> None:
    """Whatever a hand in the store has changed, nothing is said that does not stand there."""
    booking = await desk.book()
    async with desk.database.transaction() as session:
        row = await session.get_one(TestDriveBooking, booking.id)
        row.starts_at, row.ends_at = at("28 15:00"), at("28 15:30")
    assert await desk.look(at("26 15:00")) == []
    async with desk.database.transaction() as session:
        row = await session.get_one(TestDriveBooking, booking.id)
        row.starts_at, row.ends_at, row.state = WHEN, at("27 15:30"), "no_show"
    assert await desk.look(at("27 13:00")) == []


async def test_a_cancellation_under_way_is_waited_for(desk: Desk) -> None:
    """On PostgreSQL a reminder falls due while a cancellation has not been committed yet."""
    if desk.database.is_sqlite:
        pytest.skip("a SQLite writer is alone in its transaction")
    booking = await desk.book()
    composed = asyncio.Event()

    async def cancel() -> None:
        async with desk.database.transaction() as session:
            held = await desk.found(session, booking)
            await drives.cancel_test_drive(session, at("26 15:00"), held, "staff:1")
            cancelling.set()
            # Ended only when the other one has read the booking and waits.
            await asyncio.wait_for(composed.wait(), 20)

    async def remind() -> None:
        await asyncio.wait_for(cancelling.wait(), 20)
        async with desk.database.transaction() as session:
            held = await lock(session, CONVERSATION)
            original = outbox._composers[reminders.SUBJECT]

            async def compose(*given: Any) -> Any:
                reply = await original(*given)
                assert reply is not None, "it reads the booking as it was"
                composed.set()
                return reply

            outbox._composers[reminders.SUBJECT] = compose
            try:
                await outbox.claim(session, at("26 15:00"), held, "sender", most=5, budget=3)
            finally:
                outbox._composers[reminders.SUBJECT] = original

    cancelling = asyncio.Event()
    await asyncio.gather(cancel(), remind())
    async with desk.database.reading() as session:
        assert list(await session.scalars(select(Message))) == []


async def test_a_kill_between_booking_and_reminder_leaves_neither(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    async def dies(*_given: object, **_more: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(reminders, "plan", dies)
        with pytest.raises(Killed):
            await desk.book()
    async with desk.database.reading() as session:
        assert list(await session.scalars(select(TestDriveBooking))) == []
    assert await desk.rows() == []
    # The message is processed again: both, once.
    await desk.book()
    await desk.book()
    assert await desk.planned() == ["26 15:00", "27 13:00"]


async def test_several_senders_remind_once(desk: Desk) -> None:
    await desk.book()

    async def sender(number: int) -> None:
        async with desk.database.transaction() as session:
            held = await lock(session, CONVERSATION)
            await outbox.claim(session, at("26 15:00"), held, f"s{number}", most=5, budget=3)

    await asyncio.gather(*(sender(number) for number in range(8)))
    async with desk.database.reading() as session:
        assert len(list(await session.scalars(select(Message)))) == 1


async def test_a_booking_by_phone_is_told_where_the_platform_proves_the_number(
    desk: Desk,
) -> None:
    by_hand = {"conversation_id": None, "actor": "staff:1"}
    async with desk.database.transaction() as session:
        # Somebody who only named the number in a chat is not thereby its owner.
        first = await drives.book_test_drive(session, NOW, drive(WHEN, message="m1"))
        assert isinstance(first, Booked)
        await session.execute(
            update(Conversation)
            .where(Conversation.id == OTHER_CONVERSATION)
            .values(customer_id=first.booking.customer_id)
        )
    await desk.cancel(first.booking)
    await desk.book("drive", at("27 16:00"), message="m2", **by_hand)
    assert await desk.planned() == []
    async with desk.database.transaction() as session:
        await session.execute(
            update(Conversation)
            .where(Conversation.id == OTHER_CONVERSATION)
            .values(channel="whatsapp", address=PHONE.removeprefix("+"))
        )
    await desk.book("drive", at("27 17:00"), message="m3", **by_hand)
    assert await desk.planned() == ["26 17:00", "27 15:00"]


def test_a_day_is_one_of_the_wall_and_two_hours_are_two() -> None:
    """Berlin puts its clocks back on 25 October 2026 and forward on 28 March 2027."""
    hours = Hours("Europe/Berlin", {("sales", day): (("09:00", "18:00"),) for day in range(7)})
    for day, length in ((date(2026, 10, 25), 25), (date(2027, 3, 28), 23)):
        starts_at = hours.at(day, time(10))
        due = reminders.due_times(hours, starts_at)
        assert hours.wall(due["day"]) == time(10)
        assert starts_at - due["day"] == timedelta(hours=length)
        assert starts_at - due["hours"] == timedelta(hours=2)
    early = hours.at(date(2026, 10, 25), time(4))
    # Between one and three o'clock lie three hours then: two before four is three.
    assert hours.wall(reminders.due_times(hours, early)["hours"]) == time(2)


async def test_over_a_change_of_the_clock_the_customer_hears_in_time(desk: Desk) -> None:
    async with desk.database.transaction() as session:
        await session.execute(
            update(Dealership).values(zone="Europe/Berlin", booking_lead_minutes=0)
        )
    desk.now = datetime.fromisoformat("2027-03-26T10:00+01:00")
    when = datetime.fromisoformat("2027-03-28T10:00+02:00")
    await desk.book("drive", when)
    [day, _] = await desk.rows()
    assert day.due_at == datetime.fromisoformat("2027-03-27T10:00+01:00")
    [said] = await desk.look(day.due_at)
    assert "明天（3月28日，周日）10:00" in said
    [said] = await desk.look(datetime.fromisoformat("2027-03-28T08:00+02:00"))
    assert "今天 10:00" in said
