"""What the workshop can take in: bays, the length of visits, the customer's other visits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import Hours, Span, dealership
from backend.appointments.occupancy import Search
from backend.appointments.outcomes import Refused
from backend.appointments.slots import QUARTER, Limits, Timing
from backend.models import Customer, Dealership, Model, ServiceBooking
from backend.workshop.pricing import Quote, quote

SHORTEST = timedelta(minutes=30)
"""Of a visit: taking in and handing over take their time, however small the work."""


@dataclass(frozen=True)
class Offer:
    """Work at its price, and the bays and rules for doing it."""

    dealership: Dealership
    model: Model | None
    quote: Quote
    search: Search


def visit_length(minutes: int) -> timedelta:
    """How long a bay is needed for so much work: whole quarters of an hour, at least 30 minutes."""
    return max(SHORTEST, -(-timedelta(minutes=minutes) // QUARTER) * QUARTER)


async def find_offer(
    session: AsyncSession,
    now: datetime,
    item_codes: Sequence[str],
    model_code: str | None,
    *,
    lock: bool = False,
) -> Offer | Refused:
    """What is needed to find a time for the named work, or why there is no such work."""
    place = await place_of(session, lock=lock)
    model = None
    if model_code is not None:
        model = await session.scalar(select(Model).where(Model.code == model_code))
        if model is None:
            return Refused("unknown_model")
    today = Hours.of(place).day(now)
    price = await quote(session, today, item_codes, model_code)
    if price.unknown or not price.items:
        return Refused("unknown_item", codes=price.unknown)
    if price.unsuitable:
        return Refused("unsuitable_item", codes=tuple(item.code for item in price.unsuitable))
    return Offer(place, model, price, search_for(place, now, visit_length(price.minutes)))


async def place_of(session: AsyncSession, *, lock: bool) -> Dealership:
    """The dealership; with `lock` one transaction at a time gets past this point, since bays
    have no rows of their own to lock."""
    if lock:
        await lock_bays(session)
    return await dealership(session)


async def lock_bays(session: AsyncSession) -> None:
    """Keeps other bookings of bays waiting until the transaction ends."""
    await session.execute(select(Dealership.id).with_for_update(key_share=True))


def search_for(
    place: Dealership, now: datetime, length: timedelta, moving: ServiceBooking | None = None
) -> Search:
    """Any bay for so long; in a move the booking's present time counts as free."""
    hours = Hours.of(place)
    bays = tuple(f"bay:{number}" for number in range(1, place.service_bays + 1))
    timing = Timing(hours, "service", length, over_breaks=True)
    return Search(timing, Limits.of(place, hours, now), bays, moving=moving)


async def with_own_visits(
    session: AsyncSession, now: datetime, search: Search, phone: str | None, plate: str | None
) -> Search:
    """The search with the visits that the same person has for the same car.

    Somebody may well bring two cars at once; only where a plate is not known on either side
    is it taken to be the same car.
    """
    if phone is None:
        return search
    query = (
        select(ServiceBooking.starts_at, ServiceBooking.ends_at, ServiceBooking.plate)
        .join(ServiceBooking.customer)
        .where(
            Customer.phone == phone,
            ServiceBooking.state == "booked",
            ServiceBooking.ends_at > now,
            ServiceBooking.id != (search.moving.id if search.moving else 0),
        )
    )
    own: list[Span] = []
    for start, end, other in await session.execute(query):
        if plate is None or other is None or plate == other:
            own.append((start, end))
    return replace(search, own=tuple(own))
