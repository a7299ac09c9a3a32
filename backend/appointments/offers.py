"""What can be driven and when: the demo cars of a model, the consultants, and their rules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from backend.appointments import bookings
from backend.appointments.hours import Hours, dealership
from backend.appointments.occupancy import Search, Slot, least_used, lock_name
from backend.appointments.outcomes import Refused
from backend.appointments.slots import Limits, Timing
from backend.models import Dealership, DemoCar, Model, TestDriveBooking, Trim

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

CONSULTANTS = "consultants"
"""The name of the lock on them: cars of different models share them."""
USE_COUNTED = timedelta(days=30)
"""How far back the drives of a car count when the least used one is chosen."""


@dataclass(frozen=True)
class Offer:
    """The cars of one model and the rules for driving them."""

    dealership: Dealership
    model: Model
    cars: dict[str, DemoCar]
    search: Search


@dataclass(frozen=True)
class SearchOfEach(Search):
    """Grants a time only where a car of each model is free: whichever is chosen then, it holds."""

    models: tuple[frozenset[str], ...] = ()

    def free(self, start: datetime, busy: dict[str, set[datetime]]) -> tuple[str, ...]:
        free = super().free(start, busy)
        return () if any(cars.isdisjoint(free) for cars in self.models) else free


async def search_of_each(session: AsyncSession, now: datetime) -> SearchOfEach:
    """For a customer who has not yet said which model he would like to drive."""
    query = (
        select(DemoCar.id, Trim.model_id)
        .join(DemoCar.trim)
        .join(Trim.model)
        .where(DemoCar.state == "available", Model.active.is_(True))
        .order_by(DemoCar.id)
    )
    cars: dict[int, set[str]] = {}
    for car_id, model_id in await session.execute(query):
        cars.setdefault(model_id, set()).add(f"demo_car:{car_id}")
    place = await dealership(session)
    hours = Hours.of(place)
    return SearchOfEach(
        timing_of(place, hours),
        _limits(place, hours, now),
        tuple(car for those in cars.values() for car in sorted(those)),
        people=_people(place),
        models=tuple(frozenset(those) for those in cars.values()),
    )


async def offer_for(
    session: AsyncSession,
    now: datetime,
    model_code: str,
    phone: str | None = None,
    *,
    lock: bool = False,
    moving: TestDriveBooking | None = None,
    car_id: int | None = None,
) -> Offer | Refused:
    """What is needed to find a time for a drive of that model, or why there is none.

    `car_id`: in this car and no other. `lock`: cars and consultants stay as they are until the
    transaction ends.
    """
    model = await session.scalar(
        select(Model).where(Model.code == model_code, Model.active.is_(True))
    )
    if model is None:
        return Refused("unknown_model")
    cars = await available_cars(session, model.id, lock=lock)
    if car_id is not None:
        cars = [car for car in cars if car.id == car_id]
    if not cars:
        return Refused("no_demo_car")
    place = await dealership(session)
    if lock and place.test_drive_consultants:
        # After the cars, always: whoever waits here holds cars that nobody waits for from here.
        await lock_consultants(session)
    hours = Hours.of(place)
    search = Search(
        timing_of(place, hours),
        _limits(place, hours, now),
        tuple(f"demo_car:{car.id}" for car in cars),
        await bookings.spans_of(session, KIND, phone, now, but=moving) if phone else (),
        moving,
        _people(place),
    )
    return Offer(place, model, {f"demo_car:{car.id}": car for car in cars}, search)


def _people(place: Dealership) -> tuple[str, ...]:
    return tuple(f"consultant:{n}" for n in range(1, place.test_drive_consultants + 1))


def timing_of(place: Dealership, hours: Hours) -> Timing:
    """How long a drive takes, and what its car needs before and after it."""
    return Timing(
        hours,
        "sales",
        timedelta(minutes=place.test_drive_minutes),
        timedelta(minutes=place.test_drive_buffer_minutes),
        prep=timedelta(minutes=place.test_drive_prep_minutes),
    )


def _limits(place: Dealership, hours: Hours, now: datetime) -> Limits:
    """Nobody can be there before the car is ready."""
    limits = Limits.of(place, hours, now)
    ready = now + timedelta(minutes=place.test_drive_prep_minutes)
    return replace(limits, earliest=max(limits.earliest, ready))


async def lock_consultants(session: AsyncSession) -> None:
    """One transaction at a time gives consultants away, until it ends."""
    await lock_name(session, CONSULTANTS)


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


async def by_use(
    session: AsyncSession, now: datetime, offer: Offer, slot: Slot, trims: Collection[str] = ()
) -> list[str]:
    """The free cars: those of the named versions first, of each the least used first."""
    ids = {offer.cars[resource].id: resource for resource in slot.free}
    used = await least_used(session, ids, now - USE_COUNTED)

    def rank(car_id: int) -> tuple[bool, int, int]:
        other = offer.cars[ids[car_id]].trim.code not in trims
        return bool(trims) and other, used[car_id], car_id

    return [ids[car_id] for car_id in sorted(ids, key=rank)]
