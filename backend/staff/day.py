"""The calendar of one day: what occupies each car, bay and person, and what is free.

Cars, bays and people appear with a lane of their own though nothing occupies them: who is idle is
what the page is looked at for. Resources are read from the occupancy as well, so that every kind
for which quarters of an hour are written appears, under `PREFIX:ID`.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from backend.appointments.hours import Department, Hours, SpecialHours, dealership
from backend.appointments.slots import QUARTER, ceil_quarter, floor_quarter
from backend.models import (
    Dealership,
    DemoCar,
    Occupancy,
    ServiceBooking,
    Staff,
    Technician,
    TestDriveBooking,
    Trim,
)
from backend.staff import queries
from backend.staff.filters import Filters

DEPARTMENTS: dict[str, Department] = {
    "demo_car": "sales", "consultant": "sales", "staff": "sales", "bay": "service",
    "technician": "service",
}  # fmt: skip
"""Whose opening hours a kind of resource keeps; the order of the lanes too."""
COUNTED = {"bay": "service_bays", "consultant": "test_drive_consultants"}
"""Kinds numbered from 1 up to what a column of the dealership says; without the column, none."""


async def staff_names(session: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    """By the ids of members of staff."""
    rows = await session.scalars(select(Staff).where(Staff.id.in_(ids)))
    return {row.id: row.name for row in rows}


async def technician_names(session: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    """By their ids, of those too who work here no more."""
    rows = await session.scalars(select(Technician).where(Technician.id.in_(ids)))
    return {row.id: row.name for row in rows}


NAMES: dict[str, Callable[[AsyncSession, Sequence[int]], Awaitable[dict[int, str]]]] = {
    "staff": staff_names,
    "technician": technician_names,
}
"""Kinds whose ids have names of their own; the others are shown by their number."""

Segment = Literal["free", "past", "closed", "out", "busy", "after"]


@dataclass(frozen=True)
class Block:
    """A booking as it lies in a lane. `until`: when the resource is ready again."""

    kind: Literal["test_drive", "service"]
    record: queries.TestDriveRecord | queries.ServiceRecord
    starts_at: datetime
    ends_at: datetime
    until: datetime

    @property
    def booking(self) -> TestDriveBooking | ServiceBooking:
        return self.record.booking


@dataclass(frozen=True)
class Piece:
    """A stretch of a lane, `quarters` of an hour long. `after`: it is made ready for the next."""

    kind: Segment
    starts_at: datetime
    ends_at: datetime
    block: Block | None = None

    @property
    def quarters(self) -> int:
        return int((self.ends_at - self.starts_at) / QUARTER)


@dataclass
class Lane:
    """One resource. `rows` is more than one only where bookings overlap."""

    kind: str
    id: str
    car: DemoCar | None = None
    name: str = ""
    blocks: list[Block] = field(default_factory=list)
    rows: list[list[Piece]] = field(default_factory=list)

    @property
    def out(self) -> bool:
        return self.car is not None and self.car.state == "out_of_service"


@dataclass(frozen=True)
class Day:
    """`hours`: the full hours of the grid, empty when there is nothing to show."""

    day: date
    special: SpecialHours | None
    hours: Sequence[datetime]
    lanes: Sequence[Lane]
    cancelled: Sequence[Block]
    week: Sequence[tuple[date, int]]
    """The days of the same week with the number of standing bookings."""

    @property
    def groups(self) -> list[tuple[str, list[Lane]]]:
        grouped: dict[str, list[Lane]] = defaultdict(list)
        for lane in self.lanes:
            grouped[lane.kind].append(lane)
        return list(grouped.items())


async def read(session: AsyncSession, now: datetime, day: date) -> Day:
    """Raises NotFoundError before a dealership is set up."""
    place = await dealership(session)
    hours = Hours.of(place)
    first, last = hours.at(day, time()), hours.at(day + timedelta(days=1), time())
    of_day = Filters(since=first, until=last, sort="due")
    blocks = [
        *(
            Block(
                "test_drive", row, row.booking.starts_at, row.booking.ends_at, row.booking.ends_at
            )
            for row in await queries.test_drive_rows(session, queries.test_drives(of_day))
        ),
        *(
            Block("service", row, row.booking.starts_at, row.booking.ends_at, row.booking.ends_at)
            for row in await queries.service_rows(session, queries.service_bookings(of_day))
        ),
    ]
    standing = [block for block in blocks if block.booking.state != "cancelled"]
    lanes = await _lanes(session, place)
    await _occupied(session, first, last, standing, lanes)
    await _named(session, lanes.values())
    grid = _grid(hours, day, standing)
    if grid:
        for lane in lanes.values():
            _fill(lane, hours, day, now, grid)
    order = list(DEPARTMENTS)
    return Day(
        day,
        hours.special(day),
        _full_hours(grid) if grid else (),
        sorted(
            lanes.values(),
            key=lambda lane: order.index(lane.kind) if lane.kind in order else len(order),
        ),
        [block for block in blocks if block.booking.state == "cancelled"],
        await _week(session, hours, day),
    )


async def _lanes(session: AsyncSession, place: Dealership) -> dict[str, Lane]:
    cars = await session.scalars(
        select(DemoCar)
        .options(joinedload(DemoCar.trim).joinedload(Trim.model))
        .order_by(DemoCar.trim_id, DemoCar.id)
    )
    found = {f"demo_car:{car.id}": Lane("demo_car", str(car.id), car=car) for car in cars}
    for kind, column in COUNTED.items():
        for n in range(1, (getattr(place, column, 0) or 0) + 1):
            found[f"{kind}:{n}"] = Lane(kind, str(n))
    technicians = await session.scalars(
        select(Technician.id).where(Technician.active.is_(True)).order_by(Technician.id)
    )
    found |= {f"technician:{one}": Lane("technician", str(one)) for one in technicians}
    return found


async def _occupied(
    session: AsyncSession,
    first: datetime,
    last: datetime,
    blocks: Iterable[Block],
    lanes: dict[str, Lane],
) -> None:
    """Puts each booking into the lane of its own car or bay and of all that it occupies."""
    taken: dict[tuple[str, str, int], datetime] = {}
    query = select(Occupancy).where(Occupancy.quarter >= first, Occupancy.quarter < last)
    for row in await session.scalars(query):
        drive = row.test_drive_booking_id
        kind, booking_id = ("test_drive", drive) if drive else ("service", row.service_booking_id)
        key = (row.resource, kind, booking_id or 0)
        taken[key] = max(taken.get(key, row.quarter), row.quarter)
    for block in blocks:
        booking = block.booking
        own = (
            f"demo_car:{booking.demo_car_id}"
            if isinstance(booking, TestDriveBooking)
            else f"bay:{booking.bay}"
        )
        resources = {key[0] for key in taken if key[1:] == (block.kind, booking.id)} | {own}
        for resource in resources:
            kind, _, identity = resource.partition(":")
            lane = lanes.setdefault(resource, Lane(kind, identity))
            end = taken.get((resource, block.kind, booking.id))
            until = max(block.ends_at, end + QUARTER) if end else block.ends_at
            lane.blocks.append(
                Block(block.kind, block.record, block.starts_at, block.ends_at, until)
            )


async def _named(session: AsyncSession, lanes: Iterable[Lane]) -> None:
    held = [lane for lane in lanes if lane.id.isascii() and lane.id.isdigit()]
    for kind, namer in NAMES.items():
        own = [lane for lane in held if lane.kind == kind]
        names = await namer(session, [int(lane.id) for lane in own]) if own else {}
        for lane in own:
            lane.name = names.get(int(lane.id), "")


def _grid(hours: Hours, day: date, blocks: Sequence[Block]) -> tuple[datetime, datetime] | None:
    """From the full hour before all that is open or booked to the one after it."""
    edges = [
        *(
            edge
            for name in ("sales", "service")
            for span in hours.spans(day, name)
            for edge in span
        ),
        *(edge for block in blocks for edge in (block.starts_at, block.ends_at)),
    ]
    if not edges:
        return None
    first, last = min(edges), max(edges)
    whole = timedelta(hours=1)
    start = hours.at(day, hours.wall(first).replace(minute=0, second=0, microsecond=0))
    length = -(-(last - start) // whole)
    return start, start + max(1, length) * whole


def _full_hours(grid: tuple[datetime, datetime]) -> list[datetime]:
    first, last = grid
    count = int((last - first) / timedelta(hours=1))
    return [first + timedelta(hours=n) for n in range(count)]


def _fill(
    lane: Lane, hours: Hours, day: date, now: datetime, grid: tuple[datetime, datetime]
) -> None:
    """Cuts the lane into pieces: its bookings, and between them what is free, past or closed."""
    first, last = grid
    spans = hours.spans(day, DEPARTMENTS.get(lane.kind, "sales"))
    rows: list[list[Block]] = []
    for block in sorted(lane.blocks, key=lambda one: (one.starts_at, one.booking.id)):
        for row in rows:
            if row[-1].until <= block.starts_at:
                row.append(block)
                break
        else:
            rows.append([block])

    def empty(start: datetime, end: datetime) -> list[Piece]:
        """Quarter by quarter, neighbours of one kind joined."""
        found: list[Piece] = []
        while start < end:
            following = start + QUARTER
            is_open = any(a <= start and following <= b for a, b in spans)
            kind: Segment = "closed"
            if is_open:
                kind = "out" if lane.out else "past" if start < now else "free"
            if found and found[-1].kind == kind:
                found[-1] = Piece(kind, found[-1].starts_at, following)
            else:
                found.append(Piece(kind, start, following))
            start = following
        return found

    for blocks in rows or [[]]:
        pieces: list[Piece] = []
        at = first
        for block in blocks:
            start = max(at, floor_quarter(block.starts_at))
            end = min(last, max(start + QUARTER, ceil_quarter(block.ends_at)))
            if end <= start:
                continue
            pieces += empty(at, start)
            pieces.append(Piece("busy", start, end, block))
            at = min(last, max(end, ceil_quarter(block.until)))
            if at > end:
                pieces.append(Piece("after", end, at))
        pieces += empty(at, last)
        lane.rows.append(pieces)


async def _week(session: AsyncSession, hours: Hours, day: date) -> list[tuple[date, int]]:
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    counts = dict.fromkeys(days, 0)
    first, last = hours.at(monday, time()), hours.at(monday + timedelta(days=7), time())
    for table in (TestDriveBooking, ServiceBooking):
        starts = await session.scalars(
            select(table.starts_at).where(
                table.state != "cancelled", table.starts_at >= first, table.starts_at < last
            )
        )
        for start in starts:
            counts[hours.day(start)] += 1
    return list(counts.items())
