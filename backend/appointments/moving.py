"""Whether a test drive could be moved, before the customer is asked to confirm it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.occupancy import look
from backend.appointments.offers import offer_for
from backend.appointments.outcomes import Refused
from backend.models import TestDriveBooking


async def check_move(
    session: AsyncSession, now: datetime, booking: TestDriveBooking, starts_at: datetime
) -> Refused | datetime:
    """When it would begin, or why not, under the rules of `service.move_test_drive`; writes and
    reserves nothing."""
    phone = booking.customer.phone or ""
    offer = await offer_for(session, now, booking.model.code, phone, moving=booking)
    if isinstance(offer, Refused):
        return offer
    slot = await look(session, now, offer.search, starts_at)
    return slot if isinstance(slot, Refused) else slot.starts_at
