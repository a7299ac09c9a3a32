"""Who occupies what: locks, free resources, free times, and the rows that make it so.

The order is always lock, check, write. The unique constraint on (resource, quarter) is the
last guard, should a lock ever be missing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from backend.appointments.hours import Span
from backend.appointments.outcomes import Refused
from backend.appointments.slots import Limits, Timing, near, nearest_quarter, overlaps, refusal
from backend.models import Occupancy, ServiceBooking, TestDriveBooking

BOTH = "+"
"""Joins resources that a booking needs together."""


@dataclass(frozen=True)
class Search:
    """All that decides whether an appointment may begin at a time.

    `resources`: any one of them will do. `own`: the customer's other appointments of the
    kind, which must not overlap. `moving`: the booking whose present time counts as free.
    `people`: one of them has to be there as long as the customer is; none where nobody counts.
    """

    timing: Timing
    limits: Limits
    resources: tuple[str, ...]
    own: tuple[Span, ...] = ()
    moving: TestDriveBooking | ServiceBooking | None = None
    people: tuple[str, ...] = ()

    def conflicts(self, start: datetime) -> bool:
        span = (start, start + self.timing.duration)
        return any(overlaps(span, other) for other in self.own)

    def free(self, start: datetime, busy: dict[str, set[datetime]]) -> tuple[str, ...]:
        """The resources that are free then; none where no person is."""
        if self.people and not self.free_people(start, busy):
            return ()
        wanted = self.timing.quarters(start)
        return tuple(r for r in self.resources if busy[r].isdisjoint(wanted))

    def free_people(self, start: datetime, busy: dict[str, set[datetime]]) -> tuple[str, ...]:
        wanted = self.timing.attended(start)
        return tuple(p for p in self.people if busy[p].isdisjoint(wanted))


@dataclass(frozen=True)
class Slot:
    """A time that can be granted, and the resources that are free then."""

    starts_at: datetime
    ends_at: datetime
    rounded: bool
    free: tuple[str, ...]
    people: tuple[str, ...] = ()


async def look(
    session: AsyncSession, now: datetime, search: Search, requested: datetime
) -> Refused | Slot:
    """Whether the appointment may begin at `requested`, rounded to a quarter of an hour."""
    start = nearest_quarter(requested)
    reason = refusal(search.timing, search.limits, now, requested, start)
    if reason is None and search.conflicts(start):
        reason = "own_conflict"
    if reason is None:
        wanted = search.timing.quarters(start)
        busy = await load_busy(session, search, wanted[0], wanted[-1])
        free = search.free(start, busy)
        if free:
            ends_at = start + search.timing.duration
            people = search.free_people(start, busy)
            return Slot(start, ends_at, start != requested, free, people)
        reason = "taken"
    times = await free_starts(session, search, start)
    return Refused(reason, tuple(times), start)


async def free_starts(
    session: AsyncSession, search: Search, around: datetime, count: int = 3
) -> list[datetime]:
    """Up to `count` starting times that would be granted, in order of time.

    Those nearest to `around` on its day come first; what is missing is filled from the days
    after it, at the hour nearest to the one asked for, and in the end from the days before.
    One query for each week looked at.
    """
    hours, limits = search.timing.hours, search.limits
    found: list[datetime] = []
    if not search.resources or count < 1:
        return found
    for days in limits.days_near(hours.day(around), hours.day(limits.earliest)):
        first = hours.at(min(days), datetime.min.time()) - search.timing.prep
        last = hours.at(max(days) + timedelta(days=2), datetime.min.time())
        busy = await load_busy(session, search, first, last)
        for day in days:
            starts = [
                start
                for start in search.timing.starts(day)
                if start >= limits.earliest
                and not search.conflicts(start)
                and search.free(start, busy)
            ]
            found += near(search.timing, day, around, starts)[: count - len(found)]
            if len(found) == count:
                return sorted(found)
    return sorted(found)


async def load_busy(
    session: AsyncSession, search: Search, first: datetime, last: datetime
) -> dict[str, set[datetime]]:
    """The occupied quarters of each resource and person from `first` to `last`, both inclusive."""
    everything = (*search.resources, *search.people)
    query = select(Occupancy.resource, Occupancy.quarter).where(
        Occupancy.resource.in_(everything), Occupancy.quarter.between(first, last)
    )
    if search.moving is not None:
        column = _column(search.moving)
        query = query.where(or_(column.is_(None), column != search.moving.id))
    busy: dict[str, set[datetime]] = {resource: set() for resource in everything}
    for resource, quarter in await session.execute(query):
        busy[resource].add(quarter)
    return busy


def occupy(
    session: AsyncSession,
    booking: TestDriveBooking | ServiceBooking,
    resource: str,
    quarters: Sequence[datetime],
) -> None:
    """Adds the rows of each of the joined resources; the flush raises IntegrityError if one
    quarter of one of them is taken."""
    key = _column(booking).key
    session.add_all(
        Occupancy(resource=one, quarter=quarter, **{key: booking.id})
        for one in resource.split(BOTH)
        for quarter in quarters
    )


async def release(session: AsyncSession, booking: TestDriveBooking | ServiceBooking) -> None:
    """Frees the time of a booking at once, so that the same quarters can be written again."""
    await session.execute(delete(Occupancy).where(_column(booking) == booking.id))


_HOLDS: Select[Any] = select(literal_column("1")).with_for_update()


async def lock_name(session: AsyncSession, name: str) -> None:
    """Holds everybody else who asks for the same name until the transaction ends.

    For what has no row to lock yet. On SQLite it holds every writer, as whatever is held does.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    else:
        await session.execute(_HOLDS)


async def least_used(
    session: AsyncSession, car_ids: Collection[int], since: datetime
) -> dict[int, int]:
    """How many test drives each car has from `since` on, those to come included."""
    counts = await session.execute(
        select(TestDriveBooking.demo_car_id, func.count())
        .where(
            TestDriveBooking.demo_car_id.in_(car_ids),
            TestDriveBooking.starts_at >= since,
            TestDriveBooking.state.in_(("booked", "done")),
        )
        .group_by(TestDriveBooking.demo_car_id)
    )
    found = {row[0]: row[1] for row in counts}
    return {car_id: found.get(car_id, 0) for car_id in car_ids}


def _column(booking: TestDriveBooking | ServiceBooking) -> InstrumentedAttribute[int | None]:
    if isinstance(booking, TestDriveBooking):
        return Occupancy.test_drive_booking_id
    return Occupancy.service_booking_id
