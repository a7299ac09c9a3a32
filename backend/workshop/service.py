"""Visits to the workshop: what may be booked, booking, moving, cancelling, finding.

Work may go on over the lunch break: the car stays in its bay. The visit has to begin and to
end in opening hours of the same day, so that somebody takes the car in and hands it over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from backend.appointments import bookings
from backend.appointments.occupancy import Search, Slot, free_starts, lock_name, look, release
from backend.appointments.outcomes import Booked, Cancelled, FreeBay, Refused
from backend.customers import service as customers
from backend.customers import vehicles
from backend.models import Customer, Model, ServiceBooking
from backend.numbers import next_number
from backend.workshop.capacity import find_offer, place_of, search_for, with_own_visits

KIND = bookings.Kind(
    ServiceBooking,
    "SV",
    "service_booking",
    (selectinload(ServiceBooking.model), selectinload(ServiceBooking.customer)),
)


@dataclass(frozen=True)
class ServiceRequest:
    """A customer's wish; the fields as in `TestDriveRequest`.

    `told_total` is the sum in fen that the customer was told, empty if none could be told.
    """

    item_codes: tuple[str, ...]
    model_code: str | None
    plate: str | None
    mileage_km: int | None
    starts_at: datetime
    name: str
    phone: str
    language: str
    conversation_id: str | None
    message_id: str
    action: str
    note: str = ""
    told_total: int | None = None
    other_make: bool = False
    """The car is of another make: the menu's prices are not for it, none is promised."""
    actor: str | None = None


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
    return FreeBay(_bay(slot.free[0]), slot.starts_at, slot.ends_at, slot.rounded)


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

    async def write(resource: str) -> ServiceBooking:
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
            bay=_bay(resource),
            model=offer.model,
            customer=customer,
            vehicle_id=await _vehicle(session, now, request, customer, offer.model),
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
    bookings.note(
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
    search = search_for(place, now, booking.ends_at - booking.starts_at, booking)
    search = await with_own_visits(session, now, search, phone, booking.plate)
    slot = await look(session, now, search, starts_at)
    if isinstance(slot, Refused):
        return slot
    if slot.starts_at == booking.starts_at:
        return Booked(booking, already=True, rounded=slot.rounded)
    before = booking.starts_at

    async def write(resource: str) -> ServiceBooking:
        await session.refresh(booking)
        await release(session, booking)
        booking.bay = _bay(resource)
        booking.starts_at = slot.starts_at
        booking.ends_at = slot.ends_at
        return booking

    same = f"bay:{booking.bay}"
    order = sorted(slot.free, key=lambda bay: bay != same)
    quarters = search.timing.quarters(slot.starts_at)
    if await bookings.place(session, KIND, order, quarters, write) is None:
        await session.refresh(booking)
        return await _taken(session, search, slot)
    bookings.note(
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
    search = search_for(place, now, booking.ends_at - booking.starts_at, booking)
    phone = booking.customer.phone
    search = await with_own_visits(session, now, search, phone, booking.plate)
    found = await free_starts(session, search, around, count + 1)
    return [start for start in found if start != booking.starts_at][:count]


async def find_bookings(
    session: AsyncSession, conversation_id: str, until_after: datetime | None = None
) -> list[ServiceBooking]:
    """See `bookings.of_conversation`."""
    return await bookings.of_conversation(session, KIND, conversation_id, until_after)


async def find_booking(session: AsyncSession, number: str, phone: str) -> ServiceBooking | None:
    """See `bookings.by_number`."""
    return await bookings.by_number(session, KIND, number, phone)


async def _vehicle(
    session: AsyncSession,
    now: datetime,
    request: ServiceRequest,
    customer: Customer,
    model: Model | None,
) -> int | None:
    if request.plate is None:
        return None
    return await vehicles.find_or_create(
        session,
        now,
        request.plate,
        customer.id,
        model_id=model.id if model else None,
        mileage_km=request.mileage_km,
    )


async def _taken(session: AsyncSession, search: Search, slot: Slot) -> Refused:
    times = await free_starts(session, search, slot.starts_at)
    return Refused("taken", tuple(times), slot.starts_at)


def _bay(resource: str) -> int:
    return int(resource.removeprefix("bay:"))
