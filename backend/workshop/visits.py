"""What became of a booked visit: arrived, finished, missed. By staff alone.

What was really done, and at what mileage, is what the next marks of the plan count from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import bookings
from backend.appointments.hours import Hours, dealership
from backend.appointments.slots import ceil_quarter
from backend.models import Occupancy, ServiceBooking, ServiceItem, ServiceVisit, Vehicle
from backend.workshop import history
from backend.workshop.service import KIND

MOST_KM = 999_999

Reason: TypeAlias = Literal[
    "unknown",  # no such booking
    "not_active",  # already cancelled, done or missed
    "too_early",  # the day of the visit, or its time, has not come yet
    "not_arrived",  # work on a car that is not there
    "arrived",  # a car that is there was not missed
    "mileage",  # not a mileage
    "mileage_below",  # less than the workshop has read from this car before; `km` says what
    "unknown_item",  # not on the service menu; `codes` says which
]


@dataclass(frozen=True)
class NotRecorded:
    """Nothing was written."""

    reason: Reason
    km: int | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recorded:
    """`already`: it had been recorded before; nothing was written now."""

    booking: ServiceBooking
    visit: ServiceVisit
    already: bool = False


async def arrive(
    session: AsyncSession, now: datetime, booking_id: int, actor: str
) -> Recorded | NotRecorded:
    """The car is there: on the day of its visit, whatever the hour."""
    found = await _locked(session, booking_id)
    if found is None:
        return NotRecorded("unknown")
    booking, visit = found
    if visit.arrived_at is not None:
        return Recorded(booking, visit, already=True)
    if booking.state != "booked":
        return NotRecorded("not_active")
    hours = Hours.of(await dealership(session))
    if hours.day(now) < hours.day(booking.starts_at):
        return NotRecorded("too_early")
    visit.arrived_at = now
    bookings.note(session, now, KIND, booking, actor=actor, event="arrived")
    await session.flush()
    return Recorded(booking, visit)


async def complete(
    session: AsyncSession,
    now: datetime,
    booking_id: int,
    actor: str,
    *,
    mileage_km: int,
    done: Sequence[str] | None = None,
) -> Recorded | NotRecorded:
    """The work is done: at that mileage, these items, else those that were booked.

    What is left of its time in bay and with the technician is free again.
    """
    found = await _locked(session, booking_id)
    if found is None:
        return NotRecorded("unknown")
    booking, visit = found
    if booking.state == "done":
        return Recorded(booking, visit, already=True)
    if booking.state != "booked":
        return NotRecorded("not_active")
    if visit.arrived_at is None:
        return NotRecorded("not_arrived")
    if not 0 <= mileage_km <= MOST_KM:
        return NotRecorded("mileage")
    codes = list(dict.fromkeys(done if done is not None else [i["code"] for i in booking.items]))
    known = set(await session.scalars(select(ServiceItem.code).where(ServiceItem.code.in_(codes))))
    if unknown := tuple(code for code in codes if code not in known):
        return NotRecorded("unknown_item", codes=unknown)
    if booking.vehicle_id is not None:
        before = await history.workshop_mileage(session, booking.vehicle_id)
        if before is not None and mileage_km < before:
            return NotRecorded("mileage_below", km=before)
        vehicle = await session.get_one(Vehicle, booking.vehicle_id, with_for_update=True)
        vehicle.mileage_km = mileage_km
        await history.record_mileage(
            session, now, booking.vehicle_id, mileage_km, source="workshop", booking_id=booking.id
        )
    booking.state = "done"
    visit.finished_at, visit.mileage_km, visit.done = now, mileage_km, codes
    await _free_rest(session, now, booking)
    data: dict[str, object] = {"km": mileage_km, "items": codes}
    bookings.note(session, now, KIND, booking, actor=actor, event="completed", data=data)
    await session.flush()
    return Recorded(booking, visit)


async def no_show(
    session: AsyncSession, now: datetime, booking_id: int, actor: str
) -> Recorded | NotRecorded:
    """Nobody came, once the time of the visit has begun. The rest of its time is free again."""
    found = await _locked(session, booking_id)
    if found is None:
        return NotRecorded("unknown")
    booking, visit = found
    if booking.state == "no_show":
        return Recorded(booking, visit, already=True)
    if booking.state != "booked":
        return NotRecorded("not_active")
    if visit.arrived_at is not None:
        return NotRecorded("arrived")
    if now < booking.starts_at:
        return NotRecorded("too_early")
    booking.state = "no_show"
    await _free_rest(session, now, booking)
    bookings.note(session, now, KIND, booking, actor=actor, event="no_show")
    await session.flush()
    return Recorded(booking, visit)


async def _locked(
    session: AsyncSession, booking_id: int
) -> tuple[ServiceBooking, ServiceVisit] | None:
    """The booking and its visit as they stand now, held until the transaction ends."""
    known = await session.get(ServiceBooking, booking_id)
    if known is None:
        return None
    booking = await bookings.reload(session, KIND, known)
    visit = await session.get(ServiceVisit, booking_id, populate_existing=True)
    if visit is None:
        # Booked before visits were kept.
        visit = ServiceVisit(booking_id=booking_id, done=[])
        session.add(visit)
        await session.flush()
    return booking, visit


async def _free_rest(session: AsyncSession, now: datetime, booking: ServiceBooking) -> None:
    await session.execute(
        delete(Occupancy).where(
            Occupancy.service_booking_id == booking.id, Occupancy.quarter >= ceil_quarter(now)
        )
    )
