"""What the workshop can take in: bays, technicians, the length of visits, the customer's other
visits."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import Hours, Span, dealership
from backend.appointments.occupancy import BOTH, Search
from backend.appointments.outcomes import Refused
from backend.appointments.slots import QUARTER, Limits, Timing
from backend.models import (
    Customer,
    Dealership,
    Model,
    ServiceBooking,
    ServiceItem,
    ServiceVisit,
    Technician,
)
from backend.workshop.pricing import Quote, quote

SHORTEST = timedelta(minutes=30)
"""Of a visit: taking in and handing over take their time, however small the work."""


@dataclass(frozen=True)
class WorkshopSearch(Search):
    """A bay and, where the workshop names its technicians, one of them who is able to do it.

    What is free is both together, written `bay:1+technician:3`.
    """

    bays: tuple[str, ...] = ()
    crew: tuple[str, ...] | None = None
    """None: no technicians are named, bays alone count."""

    def free(self, start: datetime, busy: dict[str, set[datetime]]) -> tuple[str, ...]:
        wanted = self.timing.quarters(start)
        bays = [bay for bay in self.bays if busy[bay].isdisjoint(wanted)]
        if self.crew is None:
            return tuple(bays)
        hands = [one for one in self.crew if busy[one].isdisjoint(wanted)]
        return tuple(f"{bay}{BOTH}{one}" for bay in bays for one in hands)


@dataclass(frozen=True)
class Offer:
    """Work at its price, and the bays and rules for doing it."""

    dealership: Dealership
    model: Model | None
    quote: Quote
    search: WorkshopSearch


def visit_length(minutes: int) -> timedelta:
    """How long a bay is needed for so much work: whole quarters of an hour, at least 30 minutes."""
    return max(SHORTEST, -(-timedelta(minutes=minutes) // QUARTER) * QUARTER)


def longest_visit(place: Dealership, now: datetime) -> timedelta:
    """The longest time that a car can be in the workshop on one of the next two weeks' days."""
    hours = Hours.of(place)
    days = [hours.day(now) + timedelta(days=ahead) for ahead in range(14)]
    spans = [hours.spans(day, "service") for day in days]
    return max((one[-1][1] - one[0][0] for one in spans if one), default=timedelta())


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
    crew = await crew_for(session, {item.skill for item in price.items if item.skill})
    length = visit_length(price.minutes)
    return Offer(place, model, price, search_for(place, now, length, crew))


async def place_of(session: AsyncSession, *, lock: bool) -> Dealership:
    """The dealership; with `lock` one transaction at a time gets past this point, since bays
    have no rows of their own to lock."""
    if lock:
        await lock_bays(session)
    return await dealership(session)


async def lock_bays(session: AsyncSession) -> None:
    """Keeps other bookings of bays waiting until the transaction ends."""
    await session.execute(select(Dealership.id).with_for_update(key_share=True))


async def crew_for(session: AsyncSession, skills: Set[str]) -> tuple[str, ...] | None:
    """The technicians who can do work that needs `skills`, those with the fewest others first,
    so that rare skills stay free; None when the workshop names no technicians."""
    people = list(await session.scalars(select(Technician).where(Technician.active.is_(True))))
    if not people:
        return None
    able = [one for one in people if skills <= set(one.skills)]
    able.sort(key=lambda one: (len(one.skills), one.id))
    return tuple(f"technician:{one.id}" for one in able)


async def skills_of(session: AsyncSession, booking: ServiceBooking) -> set[str]:
    """What the work of a booking asks of a technician."""
    codes = [item["code"] for item in booking.items]
    found = await session.scalars(select(ServiceItem.skill).where(ServiceItem.code.in_(codes)))
    return {skill for skill in found if skill}


async def resource_of(session: AsyncSession, booking: ServiceBooking) -> str:
    """What a booking occupies, as `WorkshopSearch.free` writes it."""
    query = select(ServiceVisit.technician_id).where(ServiceVisit.booking_id == booking.id)
    technician = await session.scalar(query)
    bay = f"bay:{booking.bay}"
    return bay if technician is None else f"{bay}{BOTH}technician:{technician}"


def parts_of(resource: str) -> tuple[int, int | None]:
    """The number of the bay and the id of the technician in what is to be occupied."""
    bay, _, technician = resource.partition(BOTH)
    who = technician.removeprefix("technician:")
    return int(bay.removeprefix("bay:")), int(who) if who else None


def search_for(
    place: Dealership,
    now: datetime,
    length: timedelta,
    crew: tuple[str, ...] | None,
    moving: ServiceBooking | None = None,
) -> WorkshopSearch:
    """Any bay and technician for so long; in a move the booking's present time counts as free."""
    hours = Hours.of(place)
    bays = tuple(f"bay:{number}" for number in range(1, place.service_bays + 1))
    timing = Timing(hours, "service", length, over_breaks=True)
    return WorkshopSearch(
        timing,
        Limits.of(place, hours, now),
        (*bays, *(crew or ())),
        moving=moving,
        bays=bays,
        crew=crew,
    )


async def with_own_visits(
    session: AsyncSession,
    now: datetime,
    search: WorkshopSearch,
    phone: str | None,
    plate: str | None,
) -> WorkshopSearch:
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
