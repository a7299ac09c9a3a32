"""Who may see a booking that was made elsewhere: whoever names its number and its phone together.

Numbers can be guessed by those who know a phone, so failed tries are counted, by conversation and
by phone, and after a few of them nobody is answered for a day. Whether it was the number or the
phone that did not fit is never told.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from backend.appointments import reminders
from backend.appointments.bookings import Kind, by_number
from backend.appointments.occupancy import lock_name
from backend.appointments.outcomes import AnyBooking
from backend.appointments.reach import BY_PHONE
from backend.models import (
    BookingClaim,
    Conversation,
    Customer,
    ServiceBooking,
    TestDriveBooking,
)

WINDOW = timedelta(days=1)
PER_CONVERSATION = 5
PER_PHONE = 10


@dataclass(frozen=True)
class NotFound:
    """`locked`: too many tries; nothing was looked up."""

    locked: bool = False


async def claim(
    session: AsyncSession,
    now: datetime,
    kind: Kind[AnyBooking],
    conversation_id: str,
    number: str,
    phone: str,
) -> AnyBooking | NotFound:
    """The booking with that number and phone (E.164), to be seen in the conversation from now on.

    A failed try is counted before the answer is known, under a lock: many at once are no way
    around. Old failures are forgotten here.
    """
    named = hashlib.sha256(phone.encode()).hexdigest()
    # Always in this order, or two tries could wait for each other.
    await lock_name(session, f"claim:{conversation_id}")
    await lock_name(session, f"claim:{named}")
    failed = and_(
        BookingClaim.test_drive_booking_id.is_(None), BookingClaim.service_booking_id.is_(None)
    )
    await session.execute(delete(BookingClaim).where(failed, BookingClaim.at <= now - WINDOW))
    counts = select(
        func.count().filter(BookingClaim.conversation_id == conversation_id),
        func.count().filter(BookingClaim.phone_hash == named),
    ).where(failed, BookingClaim.at > now - WINDOW)
    here, of_phone = (await session.execute(counts)).one()
    if here >= PER_CONVERSATION or of_phone >= PER_PHONE:
        return NotFound(locked=True)
    booking = await by_number(session, kind, number, phone)
    made = BookingClaim(conversation_id=conversation_id, phone_hash=named, at=now)
    if booking is None:
        session.add(made)
        await session.flush()
        return NotFound()
    column = column_of(kind.table)
    known = await session.scalar(
        select(BookingClaim.id).where(
            BookingClaim.conversation_id == conversation_id, column == booking.id
        )
    )
    if known is None:
        setattr(made, column.key, booking.id)
        session.add(made)
        await session.flush()
        if booking.conversation_id is None and booking.state == "booked":
            # Made by phone: now there is somewhere to remind him.
            await reminders.plan(session, now, booking)
    return booking


async def of_conversation(
    session: AsyncSession, now: datetime, kind: Kind[AnyBooking], conversation_id: str
) -> list[AnyBooking]:
    """The standing bookings that have not ended and that the conversation may see: its own, those
    that were claimed in it, and, where the platform proves the number, all of that number."""
    conversation = await session.get(Conversation, conversation_id)
    column = column_of(kind.table)
    claimed = select(column).where(
        BookingClaim.conversation_id == conversation_id, column.is_not(None)
    )
    mine = [kind.table.conversation_id == conversation_id, kind.table.id.in_(claimed)]
    if conversation is not None and conversation.channel in BY_PHONE and conversation.address:
        owner = select(Customer.id).where(Customer.phone == f"+{conversation.address}")
        mine.append(kind.table.customer_id.in_(owner))
    found = await session.scalars(
        select(kind.table)
        .options(*kind.options)
        .where(or_(*mine), kind.table.state == "booked", kind.table.ends_at > now)
        .order_by(kind.table.starts_at, kind.table.id)
    )
    return list(found)


def column_of(
    table: type[TestDriveBooking] | type[ServiceBooking],
) -> InstrumentedAttribute[int | None]:
    """Where a claim names a booking of that kind."""
    if table is TestDriveBooking:
        return BookingClaim.test_drive_booking_id
    return BookingClaim.service_booking_id
