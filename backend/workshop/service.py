"""Visits to the workshop: what may be booked, booking, moving, cancelling, finding.

Work may go on over the lunch break: the car stays in its bay. The visit has to begin and to
end in opening hours of the same day, so that somebody takes the car in and hands it over.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from backend.appointments import bookings
from backend.appointments.occupancy import Search, Slot, free_starts, lock_name, look, release
from backend.appointments.outcomes import Booked, Cancelled, FreeBay, Refused
from backend.customers import service as customers
from backend.models import ServiceBooking, ServiceVisit
from backend.numbers import next_number
from backend.workshop.capacity import (
    crew_for,
    find_offer,
    parts_of,
    place_of,
    resource_of,
    search_for,
    skills_of,
    with_own_visits,
)
from backend.workshop.requests import ServiceRequest, note_car, vehicle_of

__all__ = [
    "KIND", "ServiceRequest", "book_service", "cancel_service", "check_service", "find_booking",
    "free_times", "move_service",
]  # fmt: skip

KIND = bookings.Kind(
    ServiceBooking,
    "SV",
    "service_booking",
    (selectinload(ServiceBooking.model), selectinload(ServiceBooking.customer)),
)


async def check_service(
    session: AsyncSession,
    now: datetime,
    item_codes: Sequence[str],
    starts_at: datetime,
    *,
    model_code: str | None = None,
    phone: str | None = None,
    plate: str | None = None,
) -> Refused | FreeBay:
    """Whether that work could begin at that time; writes and reserves nothing.

    With a phone, the person's other visits with that car count too.
    """
    offer = await find_offer(session, now, item_codes, model_code)
    if isinstance(offer, Refused):
        return offer
    search = await with_own_visits(session, now, offer.search, phone, plate)
    slot = await look(session, now, search, starts_at)
    if isinstance(slot, Refused):
        return slot
    return FreeBay(parts_of(slot.free[0])[0], slot.starts_at, slot.ends_at, slot.rounded)


async def free_times(
    session: AsyncSession,
    now: datetime,
    item_codes: Sequence[str],
    around: datetime,
    count: int = 3,
) -> list[datetime]:
    """Up to `count` times near `around`, in order, at which that work could begin."""
    offer = await find_offer(session, now, item_codes, None)
    return (
        []
        if isinstance(offer, Refused)
        else await free_starts(session, offer.search, around, count)
    )


async def book_service(
    session: AsyncSession, now: datetime, request: ServiceRequest
) -> Booked[ServiceBooking] | Refused:
    """Books a bay for the named work at the price that was told, or not at all.

    The same message and action a second time gives the first booking with `already`, whatever
    else the request says.
    """
    made = await bookings.made_by(session, KIND, request.message_id, request.action)
    if made is not None:
        return Booked(made, already=True)
    await lock_name(session, f"service_booking:{request.phone}")
    offer = await find_offer(session, now, request.item_codes, request.model_code, lock=True)
    # Behind the lock it shows what a simultaneous try of the same message has booked.
    made = await bookings.made_by(session, KIND, request.message_id, request.action)
    if made is not None:
        return Booked(made, already=True)
    if isinstance(offer, Refused):
        return offer
    if request.other_make:
        offer = replace(offer, quote=offer.quote.without_prices())
    if offer.quote.total != request.told_total:
        return Refused("price_changed")
    search = await with_own_visits(session, now, offer.search, request.phone, request.plate)
    slot = await look(session, now, search, request.starts_at)
    if isinstance(slot, Refused):
        return slot

    who: list[int | None] = []

    async def write(resource: str) -> ServiceBooking:
        who.append(parts_of(resource)[1])
        customer = await customers.find_or_create(
            session,
            now,
            request.name,
            request.phone,
            request.language,
            conversation_id=request.conversation_id,
        )
        return ServiceBooking(
            number=await next_number(session, now, offer.dealership.zone, KIND.prefix),
            state="booked",
            bay=parts_of(resource)[0],
            model=offer.model,
            customer=customer,
            vehicle_id=await vehicle_of(session, now, request, customer, offer.model),
            conversation_id=request.conversation_id,
            plate=request.plate,
            mileage_km=request.mileage_km,
            items=offer.quote.told(),
            price=offer.quote.total,
            currency=offer.dealership.currency,
            note=request.note,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            created_at=now,
            source_message_id=request.message_id,
            source_action=request.action,
        )

    quarters = search.timing.quarters(slot.starts_at)
    try:
        booking = await bookings.place(session, KIND, slot.free, quarters, write)
    except IntegrityError as error:
        made = await bookings.made_by(session, KIND, request.message_id, request.action)
        if made is None:
            raise error
        return Booked(made, already=True)
    if booking is None:
        return await _taken(session, search, slot)
    session.add(ServiceVisit(booking_id=booking.id, technician_id=who[-1], done=[]))
    await note_car(session, now, request, booking)
    await bookings.record(
        session,
        now,
        KIND,
        booking,
        actor=request.actor or f"conversation:{request.conversation_id}",
        event="booked",
        data={
            "bay": booking.bay,
            "starts_at": booking.starts_at.isoformat(),
            "items": [item.code for item in offer.quote.items],
            "price": booking.price,
        },
    )
    return Booked(booking, rounded=slot.rounded)


async def move_service(
    session: AsyncSession,
    now: datetime,
    booking: ServiceBooking,
    starts_at: datetime,
    actor: str,
    *,
    why: str | None = None,
) -> Booked[ServiceBooking] | Refused:
    """Moves a standing visit to another time, its length and its price kept; the same bay if
    it is free. A booking that is refused stays where it was. `why`: a code for the audit."""
    phone = booking.customer.phone or ""
    await lock_name(session, f"service_booking:{phone}")
    booking = await bookings.reload(session, KIND, booking)
    if booking.state != "booked":
        return Refused("not_active")
    if booking.starts_at <= now:
        return Refused("past")
    place = await place_of(session, lock=True)
    crew = await crew_for(session, await skills_of(session, booking))
    search = search_for(place, now, booking.ends_at - booking.starts_at, crew, booking)
    search = await with_own_visits(session, now, search, phone, booking.plate)
    slot = await look(session, now, search, starts_at)
    if isinstance(slot, Refused):
        return slot
    if slot.starts_at == booking.starts_at:
        return Booked(booking, already=True, rounded=slot.rounded)
    before = booking.starts_at

    same = await resource_of(session, booking)

    async def write(resource: str) -> ServiceBooking:
        await session.refresh(booking)
        await release(session, booking)
        booking.bay, technician = parts_of(resource)
        visit = await session.get(ServiceVisit, booking.id, populate_existing=True)
        if visit is None:
            session.add(ServiceVisit(booking_id=booking.id, technician_id=technician, done=[]))
        else:
            visit.technician_id = technician
        booking.starts_at = slot.starts_at
        booking.ends_at = slot.ends_at
        return booking

    bay, technician = parts_of(same)
    order = sorted(
        slot.free, key=lambda r: (r != same, parts_of(r)[0] != bay, parts_of(r)[1] != technician)
    )
    quarters = search.timing.quarters(slot.starts_at)
    if await bookings.place(session, KIND, order, quarters, write) is None:
        await session.refresh(booking)
        return await _taken(session, search, slot)
    await bookings.record(
        session,
        now,
        KIND,
        booking,
        actor=actor,
        event="moved",
        data={
            "bay": booking.bay,
            "before": before.isoformat(),
            "starts_at": booking.starts_at.isoformat(),
            **({"reason": why} if why else {}),
        },
    )
    return Booked(booking, rounded=slot.rounded)


async def cancel_service(
    session: AsyncSession,
    now: datetime,
    booking: ServiceBooking,
    actor: str,
    why: str | None = None,
) -> Cancelled[ServiceBooking] | Refused:
    """See `bookings.cancel`."""
    return await bookings.cancel(session, now, KIND, booking, actor, why)


async def free_moves(
    session: AsyncSession,
    now: datetime,
    booking: ServiceBooking,
    around: datetime,
    count: int = 3,
) -> list[datetime]:
    """Up to `count` times near `around` to which the visit could be moved, its own left out."""
    place = await place_of(session, lock=False)
    crew = await crew_for(session, await skills_of(session, booking))
    search = search_for(place, now, booking.ends_at - booking.starts_at, crew, booking)
    phone = booking.customer.phone
    search = await with_own_visits(session, now, search, phone, booking.plate)
    found = await free_starts(session, search, around, count + 1)
    return [start for start in found if start != booking.starts_at][:count]


async def find_booking(session: AsyncSession, number: str, phone: str) -> ServiceBooking | None:
    """See `bookings.by_number`."""
    return await bookings.by_number(session, KIND, number, phone)


async def _taken(session: AsyncSession, search: Search, slot: Slot) -> Refused:
    times = await free_starts(session, search, slot.starts_at)
    return Refused("taken", tuple(times), slot.starts_at)
