"""What the clock finds among bookings: drives of which nobody has said how they ended, and bookings
that stood before there were reminders.

Any number of processes look side by side: a task is opened once by its key, and a booking is taken
up by the row of its calendar entry, of which there can be only one.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import String, cast, exists, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import calendar, reminders
from backend.appointments.offers import KIND as DRIVES
from backend.appointments.reach import AnyBooked, conversation_of
from backend.clock import Clock
from backend.conversations.tasks import open_task
from backend.database import Database
from backend.models import CalendarEntry, ServiceBooking, Task, TestDriveBooking
from backend.rounds import Rounds

log = logging.getLogger(__name__)

POLL_SECONDS = 30.0
BATCH = 50
UNSAID = timedelta(hours=1)
"""From the end of a drive until somebody is reminded to say how it ended."""
FORGOTTEN = timedelta(days=7)
"""Older ones are left alone: a store that was asleep must not wake with a heap of tasks."""
ACTION = "unrecorded"


async def unrecorded(session: AsyncSession, now: datetime) -> list[int]:
    """Ids of drives that ended a while ago and still stand, and of which there is no task yet."""
    key = literal("test_drive:") + cast(TestDriveBooking.id, String)
    known = exists().where(Task.source_message_id == key, Task.source_action == ACTION)
    rows = await session.scalars(
        select(TestDriveBooking.id)
        .where(
            TestDriveBooking.state == "booked",
            TestDriveBooking.ends_at <= now - UNSAID,
            TestDriveBooking.ends_at > now - FORGOTTEN,
            TestDriveBooking.conversation_id.is_not(None),
            ~known,
        )
        .order_by(TestDriveBooking.id)
        .limit(BATCH)
    )
    return list(rows)


async def ask_staff(session: AsyncSession, now: datetime, booking_id: int) -> None:
    """Opens the task to say how a drive ended; once."""
    booking = await session.scalar(
        select(TestDriveBooking).options(*DRIVES.options).where(TestDriveBooking.id == booking_id)
    )
    conversation_id = await conversation_of(session, booking) if booking else None
    if booking is None or conversation_id is None or booking.state != "booked":
        return
    await open_task(
        session, now, kind="follow_up", conversation_id=conversation_id,
        note=f"试驾结果未登记（完成或未到店）：{booking.number} {booking.model.name_zh}",
        message_id=f"test_drive:{booking.id}", action=ACTION,
    )  # fmt: skip


async def without_entry(session: AsyncSession, now: datetime) -> list[tuple[str, int]]:
    """Kind and id of coming bookings that were made before bookings had reminders."""
    found: list[tuple[str, int]] = []
    for kind, table, column in (
        ("drive", TestDriveBooking, CalendarEntry.test_drive_booking_id),
        ("visit", ServiceBooking, CalendarEntry.service_booking_id),
    ):
        rows = await session.scalars(
            select(table.id)
            .where(
                table.state == "booked", table.starts_at > now, ~exists().where(column == table.id)
            )
            .limit(BATCH)
        )
        found += [(kind, row) for row in rows]
    return found


async def take_up(session: AsyncSession, now: datetime, kind: str, booking_id: int) -> None:
    """Gives a booking the reminders and the calendar entry that newer ones have from the start."""
    table = TestDriveBooking if kind == "drive" else ServiceBooking
    booking: AnyBooked | None = await session.scalar(
        select(table).where(table.id == booking_id).with_for_update(key_share=True)
    )
    if booking is None or booking.state != "booked" or await calendar.of(session, booking):
        return
    await reminders.plan(session, now, booking)
    await calendar.changed(session, now, booking)


class BookingKeeper(Rounds):
    """Looks at the clock for both, until it is stopped."""

    work = "bookings"

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__()
        self._database = database
        self._clock = clock

    def pause(self) -> float:
        return POLL_SECONDS

    async def look(self) -> None:
        """One look. Each booking is a transaction of its own; what fails is tried again later."""
        now = self._clock.now()
        # Reading first: an idle look must not take SQLite's write lock.
        async with self._database.reading() as session:
            ended = await unrecorded(session, now)
            old = await without_entry(session, now)
        for booking_id in ended:
            await self._once(booking_id)
        for kind, booking_id in old:
            try:
                async with self._database.transaction() as session:
                    await take_up(session, now, kind, booking_id)
            except IntegrityError:
                # Another process was first.
                continue

    async def _once(self, booking_id: int) -> None:
        try:
            async with self._database.transaction() as session:
                await ask_staff(session, self._clock.now(), booking_id)
        except IntegrityError:
            # Another process was first.
            return
