"""Whether a visit could be moved, before the customer is asked to confirm it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.occupancy import look
from backend.appointments.outcomes import Refused
from backend.models import ServiceBooking
from backend.workshop.capacity import (
    crew_for,
    place_of,
    search_for,
    skills_of,
    with_own_visits,
)


async def check_move(
    session: AsyncSession, now: datetime, booking: ServiceBooking, starts_at: datetime
) -> Refused | datetime:
    """When it would begin, or why not, under the rules of `service.move_service`; writes and
    reserves nothing."""
    place = await place_of(session, lock=False)
    crew = await crew_for(session, await skills_of(session, booking))
    search = search_for(place, now, booking.ends_at - booking.starts_at, crew, booking)
    search = await with_own_visits(
        session, now, search, booking.customer.phone or "", booking.plate
    )
    slot = await look(session, now, search, starts_at)
    return slot if isinstance(slot, Refused) else slot.starts_at
