"""In which conversation the dealership may speak of a booking, and what it is called there."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import BookingClaim, Conversation, Customer, ServiceBooking, TestDriveBooking
from backend.texts import appointments as texts

AnyBooked = TestDriveBooking | ServiceBooking

BY_PHONE = ("whatsapp",)
"""Channels whose addresses are phone numbers, without the plus: there the platform has proved the
person."""


async def conversation_of(session: AsyncSession, booking: AnyBooked) -> str | None:
    """The id of the conversation that may hear of the booking; None where there is none.

    That is the one in which it was made; else the one in which its number and phone were last
    named together, or the customer's own on a channel that proves his number. A conversation in
    which somebody merely named that number is not his.
    """
    if booking.conversation_id is not None:
        return booking.conversation_id
    drive = isinstance(booking, TestDriveBooking)
    column = BookingClaim.test_drive_booking_id if drive else BookingClaim.service_booking_id
    claimed: str | None = await session.scalar(
        select(BookingClaim.conversation_id)
        .where(column == booking.id)
        .order_by(BookingClaim.at.desc(), BookingClaim.id.desc())
        .limit(1)
    )
    if claimed is not None:
        return claimed
    phone = await session.scalar(select(Customer.phone).where(Customer.id == booking.customer_id))
    found = await proved_by(session, phone) if phone else None
    return found.id if found else None


async def proved_by(session: AsyncSession, phone: str) -> Conversation | None:
    """The conversation of whoever has that number (E.164), on a channel that proves it."""
    found: Conversation | None = await session.scalar(
        select(Conversation).where(
            Conversation.channel.in_(BY_PHONE),
            Conversation.address == phone.removeprefix("+"),
            Conversation.reachable.is_(True),
        )
    )
    return found


def subject(booking: AnyBooked, language: str) -> str:
    """`试驾山屿`, `Oil change and inspection`: what is booked, in a few words. The model of a test
    drive has to be loaded."""
    english = language == "en"
    if isinstance(booking, TestDriveBooking):
        model = booking.model.name_en if english else booking.model.name_zh
        return texts.DRIVE[language].format(model=model)
    items = [item["name_en" if english else "name_zh"] for item in booking.items]
    return (", " if english else "、").join(items)
