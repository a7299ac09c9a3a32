"""What is known of a customer's own car, as far as he may see it.

Anybody can name a plate and a telephone number. So of a car only that is shown which was said
or booked in the same conversation, or belongs to a booking whose number and phone were given.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import local
from backend.models import (
    BookingClaim,
    MileageReading,
    Model,
    ServiceBooking,
    ServiceVisit,
    Vehicle,
)
from backend.workshop.plan import Car, Done

PLAN = "plan"
"""The subject of what is planned to be said about a car that is due."""
LEAST_DAYS = 30
"""Two readings nearer to each other say nothing of a habit."""
MOST_KM_A_DAY = 300
"""More than this is a mistaken reading, not a habit."""


@dataclass(frozen=True)
class Reading:
    km: int
    on: date


@dataclass(frozen=True)
class OwnCar:
    """`readings` oldest first; `done` by code of item; `visits` are those that are finished."""

    vehicle: Vehicle
    model: Model | None
    readings: tuple[Reading, ...]
    done: dict[str, Done]
    last_visit: date | None

    @property
    def last(self) -> Reading | None:
        """The highest reading: an odometer does not go back."""
        return max(self.readings, key=lambda r: (r.km, r.on), default=None)

    def on(self, today: date, mileage_km: int | None = None) -> Car:
        """The car on a day, at the mileage that was said, else at the one estimated."""
        km = mileage_km if mileage_km is not None else self.estimate(today)
        return Car(today, km, self.vehicle.in_service_on, self.done)

    def rate(self) -> float | None:
        """Kilometres a day: from the first to the last recorded mileage, or from new."""
        last = self.last
        if last is None:
            return None
        first = min(self.readings, key=lambda r: (r.on, r.km))
        if (last.on - first.on).days < LEAST_DAYS:
            new = self.vehicle.in_service_on
            if new is None or (last.on - new).days < LEAST_DAYS:
                return None
            first = Reading(0, new)
        rate = (last.km - first.km) / (last.on - first.on).days
        return rate if 0 < rate <= MOST_KM_A_DAY else None

    def estimate(self, today: date) -> int | None:
        """The mileage on `today`: the last recorded one, moved on at the car's own rate."""
        last, rate = self.last, self.rate()
        if last is None:
            return None
        return last.km + round((rate or 0) * max(0, (today - last.on).days))

    def reaches(self, km: int) -> date | None:
        """The day on which the car is estimated to show `km`; None without a rate."""
        last, rate = self.last, self.rate()
        if last is None or rate is None:
            return None
        days = max(0, round((km - last.km) / rate))
        return last.on + timedelta(days=days) if days < 3650 else None


async def own_cars(session: AsyncSession, conversation_id: str, zone: str) -> list[OwnCar]:
    """The cars with visits that were booked in this conversation or claimed in it by number and
    phone; the one seen last first."""
    claimed = select(BookingClaim.service_booking_id).where(
        BookingClaim.conversation_id == conversation_id,
        BookingClaim.service_booking_id.is_not(None),
    )
    seen = or_(ServiceBooking.conversation_id == conversation_id, ServiceBooking.id.in_(claimed))
    bookings = list(
        await session.scalars(
            select(ServiceBooking)
            .where(seen, ServiceBooking.vehicle_id.is_not(None))
            .order_by(ServiceBooking.created_at.desc(), ServiceBooking.id.desc())
        )
    )
    found = []
    for vehicle_id in dict.fromkeys(booking.vehicle_id for booking in bookings):
        ids = [booking.id for booking in bookings if booking.vehicle_id == vehicle_id]
        found.append(await _car(session, int(vehicle_id or 0), ids, conversation_id, zone))
    return found


async def car_of(
    session: AsyncSession, conversation_id: str, zone: str, vehicle_id: int
) -> OwnCar | None:
    """One of `own_cars`."""
    cars = await own_cars(session, conversation_id, zone)
    return next((car for car in cars if car.vehicle.id == vehicle_id), None)


async def _car(
    session: AsyncSession, vehicle_id: int, booking_ids: list[int], conversation_id: str, zone: str
) -> OwnCar:
    vehicle = await session.get_one(Vehicle, vehicle_id)
    model = await session.get(Model, vehicle.model_id) if vehicle.model_id else None
    readings = await session.scalars(
        select(MileageReading)
        .where(
            MileageReading.vehicle_id == vehicle_id,
            or_(
                MileageReading.conversation_id == conversation_id,
                MileageReading.booking_id.in_(booking_ids),
            ),
        )
        .order_by(MileageReading.read_at, MileageReading.id)
    )
    visits = await session.scalars(
        select(ServiceVisit)
        .where(ServiceVisit.booking_id.in_(booking_ids), ServiceVisit.finished_at.is_not(None))
        .order_by(ServiceVisit.finished_at)
    )
    done: dict[str, Done] = {}
    last_visit = None
    for visit in visits:
        if visit.finished_at is None:
            continue
        last_visit = local(visit.finished_at, zone).date()
        done |= dict.fromkeys(visit.done, Done(last_visit, visit.mileage_km))
    return OwnCar(
        vehicle,
        model,
        tuple(Reading(r.km, local(r.read_at, zone).date()) for r in readings),
        done,
        last_visit,
    )


async def record_mileage(
    session: AsyncSession,
    now: datetime,
    vehicle_id: int,
    km: int,
    *,
    source: str,
    conversation_id: str | None = None,
    booking_id: int | None = None,
) -> None:
    """Keeps what the odometer showed. What was read before stays: the rate comes from both."""
    session.add(
        MileageReading(
            vehicle_id=vehicle_id, km=km, read_at=now, source=source,
            conversation_id=conversation_id, booking_id=booking_id,
        )
    )  # fmt: skip
    await session.flush()


async def workshop_mileage(session: AsyncSession, vehicle_id: int) -> int | None:
    """The highest mileage that the workshop itself has read from the car."""
    return await session.scalar(
        select(MileageReading.km)
        .where(MileageReading.vehicle_id == vehicle_id, MileageReading.source == "workshop")
        .order_by(MileageReading.km.desc())
        .limit(1)
    )


def months_before(today: date, months: int) -> date:
    """The day of first registration of a car that is so many months old."""
    return today - relativedelta(months=months)


def reminder_key(vehicle_id: int) -> str:
    """How the keys in the outbox begin of what is to be said about a car that is due."""
    return f"{PLAN}:{vehicle_id}:"
