"""Reminders of bookings, of test drives and of the workshop alike: planned by the transaction that
books, planned anew by the one that moves, called off by the one that cancels.

The first comes the day before, when the wall shows the hour of the appointment; the second two
hours before it. What they say is read from the booking when they leave. The sender of the outbox
is their clock: it starts and stops with the backend, and several of them share the work.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from backend.appointments.hours import Hours, dealership
from backend.appointments.reach import AnyBooked, conversation_of, subject
from backend.clock import local
from backend.conversations import outbox
from backend.conversations.transcript import Reply
from backend.models import (
    Conversation,
    Dealership,
    Outbox,
    ServiceBooking,
    TestDriveBooking,
)
from backend.texts import appointments as texts
from backend.texts import moments

SUBJECT = "appointment"
DAY, HOURS = "day", "hours"
SHORTLY = timedelta(hours=2)


def due_times(hours: Hours, starts_at: datetime) -> dict[str, datetime]:
    """When each reminder of an appointment is due.

    A day is one of the wall: over a change of the clock it has 23 or 25 hours. Two hours are two.
    """
    before = hours.day(starts_at) - timedelta(days=1)
    return {DAY: hours.at(before, hours.wall(starts_at)), HOURS: starts_at - SHORTLY}


async def plan(session: AsyncSession, now: datetime, booking: AnyBooked) -> list[Outbox]:
    """Plans the reminders of a booking that has its number, and calls off those of an earlier
    time. One whose time has gone by is not planned; none are where nobody can be reached."""
    await withdraw(session, booking)
    conversation_id = await conversation_of(session, booking)
    if conversation_id is None:
        return []
    place = await dealership(session)
    planned = []
    for which, due_at in due_times(Hours.of(place), booking.starts_at).items():
        if due_at <= now:
            continue
        row = await outbox.plan(
            session,
            now,
            conversation_id=conversation_id,
            category="reminder",
            key=_key(booking, which),
            due_at=due_at,
            text_zh="",
            text_en="",
        )
        planned.append(row)
    return planned


async def withdraw(session: AsyncSession, booking: AnyBooked) -> None:
    """What is still planned of the booking will not be said."""
    await outbox.call_off(session, f"{SUBJECT}:{booking.number}:")


def _key(booking: AnyBooked, which: str) -> str:
    # With the time: a booking that is moved after its reminder was sent gets another one.
    return f"{SUBJECT}:{booking.number}:{which}:{booking.starts_at.astimezone(UTC):%Y%m%d%H%M}"


@outbox.composes(SUBJECT)
async def compose(
    session: AsyncSession, now: datetime, conversation: Conversation, row: Outbox
) -> Reply | None:
    """The reminder as the booking stands now; None when it was moved, called off, has lost its car,
    or has begun. Late by an outage, the first one gives way to the second."""
    _, number, which, _ = (row.key or "").split(":")
    booking = await _booking(session, number)
    if booking is None or booking.state != "booked" or row.key != _key(booking, which):
        return None
    if booking.starts_at <= now or (which == DAY and booking.starts_at - SHORTLY <= now):
        return None
    if isinstance(booking, TestDriveBooking) and (booking.displaced_at or booking.arrived_at):
        return None
    return Reply(_text(await dealership(session), conversation.language, now, booking))


async def _booking(session: AsyncSession, number: str) -> AnyBooked | None:
    drive = await session.scalar(
        select(TestDriveBooking)
        .options(selectinload(TestDriveBooking.model))
        .where(TestDriveBooking.number == number)
        .execution_options(populate_existing=True)
    )
    return drive or await session.scalar(
        select(ServiceBooking)
        .where(ServiceBooking.number == number)
        .execution_options(populate_existing=True)
    )


def _text(place: Dealership, language: str, now: datetime, booking: AnyBooked) -> str:
    english = language == "en"
    licence = isinstance(booking, TestDriveBooking) and place.test_drive_licence
    return texts.REMINDER[language].format(
        when=_when(place.zone, language, now, booking.starts_at),
        what=subject(booking, language),
        number=booking.number,
        address=place.address_en if english else place.address_zh,
        bring=texts.BRING_LICENCE[language] if licence else "",
    )


def _when(zone: str, language: str, now: datetime, starts_at: datetime) -> str:
    wall, today = local(starts_at, zone), local(now, zone).date()
    if wall.date() - today != timedelta(days=1):
        return moments.soon(starts_at, language, zone, now)
    day = moments.day(wall.date(), language, today).replace("（", "，").replace("）", "")
    return texts.TOMORROW[language].format(day=day, clock=f"{wall:%H:%M}")
