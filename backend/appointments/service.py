"""Test drives: what may be booked, booking, moving, cancelling, finding."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import bookings
from backend.appointments.occupancy import Slot, free_starts, lock_name, look, release
from backend.appointments.offers import KIND, Offer, by_use, offer_for, search_of_each
from backend.appointments.outcomes import Booked, Cancelled, Free, Refused
from backend.customers import service as customers
from backend.models import Conversation, TestDriveBooking
from backend.numbers import next_number


@dataclass(frozen=True)
class TestDriveRequest:
    """A customer's wish. `phone` in E.164; `starts_at` aware; `message_id` and `action` are the
    key under which it can be booked only once. `actor` for the audit, the conversation if
    empty; one of the two must be given. `trims`: codes of the versions that were asked for; one of
    them is taken where it is free."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    model_code: str
    starts_at: datetime
    name: str
    phone: str
    language: str
    conversation_id: str | None
    message_id: str
    action: str
    actor: str | None = None
    trims: tuple[str, ...] = ()


async def check_test_drive(
    session: AsyncSession,
    now: datetime,
    model_code: str,
    starts_at: datetime,
    phone: str | None = None,
    trims: Collection[str] = (),
) -> Refused | Free:
    """Whether that model could be driven at that time; writes and reserves nothing.

    With a phone, the person's other test drives count too. `trims` as in `TestDriveRequest`.
    """
    offer = await offer_for(session, now, model_code, phone)
    if isinstance(offer, Refused):
        return offer
    slot = await look(session, now, offer.search, starts_at)
    if isinstance(slot, Refused):
        return slot
    car = (await by_use(session, now, offer, slot, trims))[0]
    return Free(offer.cars[car], slot.starts_at, slot.ends_at, slot.rounded)


async def free_times(
    session: AsyncSession, now: datetime, model_code: str, around: datetime, count: int = 3
) -> list[datetime]:
    """Up to `count` times near `around`, in order, at which a test drive would be granted.

    Empty for a model that is unknown or has no demo car in service.
    """
    offer = await offer_for(session, now, model_code)
    if isinstance(offer, Refused):
        return []
    return await free_starts(session, offer.search, around, count)


async def free_for_each(
    session: AsyncSession, now: datetime, around: datetime, count: int = 3
) -> list[datetime]:
    """The same for a customer who has not said which model: then any of them could be driven."""
    return await free_starts(session, await search_of_each(session, now), around, count)


async def book_test_drive(
    session: AsyncSession, now: datetime, request: TestDriveRequest
) -> Booked[TestDriveBooking] | Refused:
    """Books the least used free car of the model, for the customer with that phone.

    The same message and action a second time gives the first booking with `already`, whatever
    else the request says.
    """
    made = await bookings.made_by(session, KIND, request.message_id, request.action)
    if made is not None:
        return Booked(made, already=True)
    await hold_conversation(session, request.conversation_id)
    await lock_name(session, f"test_drive:{request.phone}")
    offer = await offer_for(session, now, request.model_code, request.phone, lock=True)
    # Behind the lock it shows what a simultaneous try of the same message has booked.
    made = await bookings.made_by(session, KIND, request.message_id, request.action)
    if made is not None:
        return Booked(made, already=True)
    if isinstance(offer, Refused):
        return offer
    slot = await look(session, now, offer.search, request.starts_at)
    if isinstance(slot, Refused):
        return slot

    async def write(resource: str) -> TestDriveBooking:
        customer = await customers.find_or_create(
            session,
            now,
            request.name,
            request.phone,
            request.language,
            conversation_id=request.conversation_id,
        )
        return TestDriveBooking(
            number=await next_number(session, now, offer.dealership.zone, KIND.prefix),
            state="booked",
            model=offer.model,
            demo_car=offer.cars[resource],
            customer=customer,
            conversation_id=request.conversation_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            created_at=now,
            source_message_id=request.message_id,
            source_action=request.action,
        )

    order = await by_use(session, now, offer, slot, request.trims)
    try:
        booking = await _place(session, offer, slot, order, write)
    except IntegrityError as error:
        made = await bookings.made_by(session, KIND, request.message_id, request.action)
        if made is None:
            raise error
        return Booked(made, already=True)
    if booking is None:
        return await _taken(session, offer, slot)
    data = {"car": booking.demo_car_id, "starts_at": booking.starts_at.isoformat()}
    actor = request.actor or f"conversation:{request.conversation_id}"
    await bookings.record(session, now, KIND, booking, actor=actor, event="booked", data=data)
    return Booked(booking, rounded=slot.rounded)


async def hold_conversation(session: AsyncSession, conversation_id: str | None) -> None:
    """First of all, as everywhere: it is linked to its customer later, while cars are held."""
    if conversation_id is not None:
        await session.execute(
            select(Conversation.id)
            .where(Conversation.id == conversation_id)
            .with_for_update(key_share=True)
        )


async def move_test_drive(
    session: AsyncSession,
    now: datetime,
    booking: TestDriveBooking,
    starts_at: datetime,
    actor: str,
    *,
    car_id: int | None = None,
    why: str | None = None,
) -> Booked[TestDriveBooking] | Refused:
    """Moves a standing booking to another time under the rules of a new one; the same car if
    it is free, else one of the same version, or the car `car_id` and no other. A booking that is
    refused stays where it was. `why`: a code for the audit.

    One that has lost its car gets another one, at the same time too.
    """
    phone = booking.customer.phone or ""
    await lock_name(session, f"test_drive:{phone}")
    booking = await bookings.reload(session, KIND, booking)
    if booking.state != "booked":
        return Refused("not_active")
    if booking.starts_at <= now:
        return Refused("past")
    offer = await offer_for(
        session, now, booking.model.code, phone, lock=True, moving=booking, car_id=car_id
    )
    if isinstance(offer, Refused):
        return offer
    slot = await look(session, now, offer.search, starts_at)
    if isinstance(slot, Refused):
        return slot
    stays = car_id in (None, booking.demo_car_id) and booking.displaced_at is None
    if slot.starts_at == booking.starts_at and stays:
        return Booked(booking, already=True, rounded=slot.rounded)
    before = booking.starts_at

    async def write(resource: str) -> TestDriveBooking:
        await session.refresh(booking)
        await release(session, booking)
        booking.demo_car = offer.cars[resource]
        booking.starts_at = slot.starts_at
        booking.ends_at = slot.ends_at
        booking.displaced_at = None
        return booking

    same = f"demo_car:{booking.demo_car_id}"
    order = await by_use(session, now, offer, slot, (booking.demo_car.trim.code,))
    order.sort(key=lambda car: car != same)
    if await _place(session, offer, slot, order, write) is None:
        await session.refresh(booking)
        return await _taken(session, offer, slot)
    data = {
        "car": booking.demo_car_id,
        "before": before.isoformat(),
        "starts_at": booking.starts_at.isoformat(),
        **({"reason": why} if why else {}),
    }
    await bookings.record(session, now, KIND, booking, actor=actor, event="moved", data=data)
    return Booked(booking, rounded=slot.rounded)


async def cancel_test_drive(
    session: AsyncSession,
    now: datetime,
    booking: TestDriveBooking,
    actor: str,
    why: str | None = None,
) -> Cancelled[TestDriveBooking] | Refused:
    """See `bookings.cancel`."""
    return await bookings.cancel(session, now, KIND, booking, actor, why)


async def free_moves(
    session: AsyncSession,
    now: datetime,
    booking: TestDriveBooking,
    around: datetime,
    count: int = 3,
    car_id: int | None = None,
) -> list[datetime]:
    """Up to `count` times near `around` to which the booking could be moved, its own left out."""
    phone = booking.customer.phone
    offer = await offer_for(session, now, booking.model.code, phone, moving=booking, car_id=car_id)
    if isinstance(offer, Refused):
        return []
    found = await free_starts(session, offer.search, around, count + 1)
    return [start for start in found if start != booking.starts_at][:count]


async def find_booking(session: AsyncSession, number: str, phone: str) -> TestDriveBooking | None:
    """See `bookings.by_number`."""
    return await bookings.by_number(session, KIND, number, phone)


async def _place(
    session: AsyncSession,
    offer: Offer,
    slot: Slot,
    order: Sequence[str],
    write: Callable[[str], Awaitable[TestDriveBooking]],
) -> TestDriveBooking | None:
    timing = offer.search.timing
    return await bookings.place(
        session,
        KIND,
        order,
        timing.quarters(slot.starts_at),
        write,
        people=slot.people,
        attended=timing.attended(slot.starts_at),
    )


async def _taken(session: AsyncSession, offer: Offer, slot: Slot) -> Refused:
    times = await free_starts(session, offer.search, slot.starts_at)
    return Refused("taken", tuple(times), slot.starts_at)
