"""Bookings that were made elsewhere, seen by whoever names number and phone."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from backend.appointments import reminders
from backend.appointments.bookings import Kind, by_number
from backend.appointments.outcomes import AnyBooking
from backend.appointments.reach import BY_PHONE
from backend.customers import proof
from backend.customers.proof import NotFound
from backend.models import (
    BookingClaim,
    Conversation,
    Customer,
    ServiceBooking,
    TestDriveBooking,
)


async def claim(
    session: AsyncSession,
    now: datetime,
    kind: Kind[AnyBooking],
    conversation_id: str,
    number: str,
    phone: str,
) -> AnyBooking | NotFound:
    """The booking with that number and phone (E.164), to be seen in the conversation from now on;
    tries are counted (`proof`)."""

    async def look() -> AnyBooking | None:
        return await by_number(session, kind, number, phone)

    booking = await proof.named(session, now, conversation_id, phone, look)
    if isinstance(booking, NotFound):
        return booking
    column = column_of(kind.table)
    known = await session.scalar(
        select(BookingClaim.id).where(
            BookingClaim.conversation_id == conversation_id, column == booking.id
        )
    )
    if known is None:
        made = BookingClaim(
            conversation_id=conversation_id, phone_hash=proof.hash_of(phone), at=now
        )
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
