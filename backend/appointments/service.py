"""Test drives: what may be booked, booking, moving, cancelling, finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from backend.appointments import bookings
from backend.appointments.hours import Hours, dealership
from backend.appointments.occupancy import (
    Search,
    Slot,
    free_starts,
    least_used,
    lock_name,
    look,
    release,
)
from backend.appointments.outcomes import Booked, Cancelled, Free, Refused
from backend.appointments.slots import Limits, Timing
from backend.customers import service as customers
from backend.models import Dealership, DemoCar, Model, TestDriveBooking, Trim
from backend.numbers import next_number

KIND = bookings.Kind(
    TestDriveBooking,
    "TD",
    "test_drive",
    (
        selectinload(TestDriveBooking.model),
        selectinload(TestDriveBooking.customer),
        selectinload(TestDriveBooking.demo_car).joinedload(DemoCar.trim).joinedload(Trim.model),
    ),
)

USE_COUNTED = timedelta(days=30)
"""How far back the drives of a car count when the least used one is chosen."""


@dataclass(frozen=True)
class TestDriveRequest:
    """A customer's wish. `phone` in E.164; `starts_at` aware; `message_id` and `action` are the
    key under which it can be booked only once. `actor` for the audit, the conversation if
    empty; one of the two must be given. `trim_code` is the version that the customer was shown:
    its car goes first while it is free."""

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
    trim_code: str | None = None


@dataclass(frozen=True)
class _Offer:
    """The cars of one model and the rules for driving them."""

    dealership: Dealership
    model: Model
    cars: dict[str, DemoCar]
    search: Search


async def check_test_drive(
    session: AsyncSession,
    now: datetime,
    model_code: str,
    starts_at: datetime,
    phone: str | None = None,
) -> Refused | Free:
    """Whether that model could be driven at that time; writes and reserves nothing.

    With a phone, the person's other test drives count too.
    """
    offer = await _offer(session, now, model_code, phone)
    if isinstance(offer, Refused):
        return offer
    slot = await look(session, now, offer.search, starts_at)
    if isinstance(slot, Refused):
        return slot
    car = (await _by_use(session, now, offer, slot))[0]
    return Free(offer.cars[car], slot.starts_at, slot.ends_at, slot.rounded)


async def free_times(
    session: AsyncSession, now: datetime, model_code: str, around: datetime, count: int = 3
) -> list[datetime]:
    """Up to `count` times near `around`, in order, at which a test drive would be granted.

    Empty for a model that is unknown or has no demo car in service.
    """
    offer = await _offer(session, now, model_code)
    if isinstance(offer, Refused):
        return []
    return await free_starts(session, offer.search, around, count)


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
    await lock_name(session, f"test_drive:{request.phone}")
    offer = await _offer(session, now, request.model_code, request.phone, lock=True)
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

    order = await _by_use(session, now, offer, slot)
    order.sort(key=lambda resource: offer.cars[resource].trim.code != request.trim_code)
    quarters = offer.search.timing.quarters(slot.starts_at)
    try:
        booking = await bookings.place(session, KIND, order, quarters, write)
    except IntegrityError as error:
        made = await bookings.made_by(session, KIND, request.message_id, request.action)
        if made is None:
            raise error
        return Booked(made, already=True)
    if booking is None:
        return await _taken(session, offer, slot)
    data = {"car": booking.demo_car_id, "starts_at": booking.starts_at.isoformat()}
    actor = request.actor or f"conversation:{request.conversation_id}"
    bookings.note(session, now, KIND, booking, actor=actor, event="booked", data=data)
    return Booked(booking, rounded=slot.rounded)


async def move_test_drive(
    session: AsyncSession,
    now: datetime,
    booking: TestDriveBooking,
    starts_at: datetime,
    actor: str,
) -> Booked[TestDriveBooking] | Refused:
    """Moves a standing booking to another time under the rules of a new one; the same car if
    it is free. A booking that is refused stays where it was."""
    phone = booking.customer.phone or ""
    await lock_name(session, f"test_drive:{phone}")
    booking = await bookings.reload(session, KIND, booking)
    if booking.state != "booked":
        return Refused("not_active")
    if booking.starts_at <= now:
        return Refused("past")
    offer = await _offer(session, now, booking.model.code, phone, lock=True, moving=booking)
    if isinstance(offer, Refused):
        return offer
    slot = await look(session, now, offer.search, starts_at)
    if isinstance(slot, Refused):
        return slot
    if slot.starts_at == booking.starts_at:
        return Booked(booking, already=True, rounded=slot.rounded)
    before = booking.starts_at

    async def write(resource: str) -> TestDriveBooking:
        await session.refresh(booking)
        await release(session, booking)
        booking.demo_car = offer.cars[resource]
        booking.starts_at = slot.starts_at
        booking.ends_at = slot.ends_at
        return booking

    same = f"demo_car:{booking.demo_car_id}"
    order = sorted(await _by_use(session, now, offer, slot), key=lambda car: car != same)
    quarters = offer.search.timing.quarters(slot.starts_at)
    if await bookings.place(session, KIND, order, quarters, write) is None:
        await session.refresh(booking)
        return await _taken(session, offer, slot)
    data = {
        "car": booking.demo_car_id,
        "before": before.isoformat(),
        "starts_at": booking.starts_at.isoformat(),
    }
    bookings.note(session, now, KIND, booking, actor=actor, event="moved", data=data)
    return Booked(booking, rounded=slot.rounded)


async def cancel_test_drive(
    session: AsyncSession, now: datetime, booking: TestDriveBooking, actor: str
) -> Cancelled[TestDriveBooking] | Refused:
    """See `bookings.cancel`."""
    return await bookings.cancel(session, now, KIND, booking, actor)


async def find_bookings(
    session: AsyncSession, conversation_id: str, until_after: datetime | None = None
) -> list[TestDriveBooking]:
    """See `bookings.of_conversation`."""
    return await bookings.of_conversation(session, KIND, conversation_id, until_after)


async def find_booking(session: AsyncSession, number: str, phone: str) -> TestDriveBooking | None:
    """See `bookings.by_number`."""
    return await bookings.by_number(session, KIND, number, phone)


async def _offer(
    session: AsyncSession,
    now: datetime,
    model_code: str,
    phone: str | None = None,
    *,
    lock: bool = False,
    moving: TestDriveBooking | None = None,
) -> _Offer | Refused:
    model = await session.scalar(
        select(Model).where(Model.code == model_code, Model.active.is_(True))
    )
    if model is None:
        return Refused("unknown_model")
    cars = await available_cars(session, model.id, lock=lock)
    if not cars:
        return Refused("no_demo_car")
    place = await dealership(session)
    hours = Hours.of(place)
    search = Search(
        Timing(
            hours,
            "sales",
            timedelta(minutes=place.test_drive_minutes),
            timedelta(minutes=place.test_drive_buffer_minutes),
        ),
        Limits.of(place, hours, now),
        tuple(f"demo_car:{car.id}" for car in cars),
        await bookings.spans_of(session, KIND, phone, now, but=moving) if phone else (),
        moving,
    )
    return _Offer(place, model, {f"demo_car:{car.id}": car for car in cars}, search)


async def available_cars(
    session: AsyncSession, model_id: int, *, lock: bool = False
) -> Sequence[DemoCar]:
    """The demo cars of a model that are in service, by id.

    With `lock` their rows stay locked until the transaction ends, always in the order of the
    ids, so that two bookings cannot wait for each other.
    """
    query = (
        select(DemoCar)
        .join(DemoCar.trim)
        .where(Trim.model_id == model_id, DemoCar.state == "available")
        .options(joinedload(DemoCar.trim).joinedload(Trim.model))
        .order_by(DemoCar.id)
        .execution_options(populate_existing=True)
    )
    if lock:
        query = query.with_for_update(of=DemoCar, key_share=True)
    return (await session.scalars(query)).all()


async def _by_use(session: AsyncSession, now: datetime, offer: _Offer, slot: Slot) -> list[str]:
    """The free cars, the least used first."""
    ids = {offer.cars[resource].id: resource for resource in slot.free}
    used = await least_used(session, ids, now - USE_COUNTED)
    return [ids[car_id] for car_id in sorted(ids, key=lambda car_id: (used[car_id], car_id))]


async def _taken(session: AsyncSession, offer: _Offer, slot: Slot) -> Refused:
    times = await free_starts(session, offer.search, slot.starts_at)
    return Refused("taken", tuple(times), slot.starts_at)
