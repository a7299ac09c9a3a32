"""Demo cars made ready: the checklist, and what follows when a car does not pass it.

Such a car is out of service, and its coming drives get another car of the model at the same time.
Where there is none the drive stands without a car, and the customer is offered other times. A car
that passes is in service again.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from backend import audit
from backend.appointments import bookings, displaced
from backend.appointments.hours import Hours, dealership
from backend.appointments.occupancy import Search, load_busy, occupy
from backend.appointments.offers import KIND, available_cars, timing_of
from backend.appointments.slots import Limits
from backend.conversations.service import lock
from backend.errors import NotFoundError
from backend.models import Dealership, DemoCar, DemoCarCheck, Occupancy, TestDriveBooking, Trim


@dataclass(frozen=True)
class Findings:
    """What was looked at; true is well. `energy`: charge or fuel for the drive; `papers`: plates,
    registration and insurance."""

    condition: bool
    cleanliness: bool
    energy: bool
    tyres: bool
    papers: bool

    @property
    def passed(self) -> bool:
        return all(asdict(self).values())


@dataclass(frozen=True)
class Checked:
    """`moved`: drives that have another car now; `displaced`: those that have none; `restored`:
    those that have theirs again. By number."""

    check: DemoCarCheck
    car: DemoCar
    moved: tuple[str, ...] = ()
    displaced: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()


async def check_for(
    session: AsyncSession,
    now: datetime,
    booking_id: int,
    findings: Findings,
    *,
    actor: str,
    note: str = "",
) -> Checked:
    """The checklist of the car that a test drive is booked with. Raises NotFoundError."""
    booking = await session.get(TestDriveBooking, booking_id)
    if booking is None:
        raise NotFoundError("no such test drive")
    return await check_car(
        session, now, booking.demo_car_id, findings, actor=actor, note=note, booking_id=booking_id
    )


async def check_car(
    session: AsyncSession,
    now: datetime,
    car_id: int,
    findings: Findings,
    *,
    actor: str,
    note: str = "",
    booking_id: int | None = None,
) -> Checked:
    """Records a check, and takes the car out of service or back into it. Raises NotFoundError."""
    # Conversations, bookings, cars: booking and moving hold them in this order.
    await _hold_conversations(session, now, car_id)
    await _coming(session, now, car_id)
    car = await _hold_cars(session, car_id)
    check = DemoCarCheck(
        demo_car_id=car.id, test_drive_booking_id=booking_id, passed=findings.passed,
        note=note, actor=actor, at=now, **asdict(findings),
    )  # fmt: skip
    session.add(check)
    await session.flush()
    failed = [name for name, well in asdict(findings).items() if not well]
    _note(session, now, car, actor, "checked", {"failed": failed, "booking": booking_id})
    if not findings.passed:
        moved, lost = await _take_out(session, now, car, actor)
        return Checked(check, car, moved, lost)
    restored = await _bring_back(session, now, car, actor)
    return Checked(check, car, restored=restored)


async def _take_out(
    session: AsyncSession, now: datetime, car: DemoCar, actor: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if car.state == "available":
        car.state = "out_of_service"
        await session.flush()
        _note(session, now, car, actor, "taken_out")
    place = await dealership(session)
    moved, lost = [], []
    for booking in await _coming(session, now, car.id):
        if booking.displaced_at is not None:
            continue
        other = await _other_car(session, booking, place)
        if other is not None:
            before = booking.demo_car.trim_id
            await _give(session, now, booking, other, actor)
            if other.trim_id != before:
                await displaced.tell_other_trim(session, now, booking)
            moved.append(booking.number)
            continue
        booking.displaced_at = now
        bookings.note(session, now, KIND, booking, actor=actor, event="displaced")
        await session.flush()
        await displaced.offer_other_times(session, now, booking)
        lost.append(booking.number)
    return tuple(moved), tuple(lost)


async def _bring_back(
    session: AsyncSession, now: datetime, car: DemoCar, actor: str
) -> tuple[str, ...]:
    if car.state == "available":
        return ()
    car.state = "available"
    _note(session, now, car, actor, "returned")
    restored = []
    for booking in await _coming(session, now, car.id):
        if booking.displaced_at is None:
            continue
        # Its time was never given away: nobody else could have the car.
        booking.displaced_at = None
        await bookings.record(session, now, KIND, booking, actor=actor, event="restored")
        await displaced.tell_restored(session, now, booking)
        restored.append(booking.number)
    return tuple(restored)


async def _hold_conversations(session: AsyncSession, now: datetime, car_id: int) -> None:
    """All that may be spoken in, before anything else is held; in the order of their ids, so that
    two checks cannot wait for each other."""
    found = await session.scalars(
        select(TestDriveBooking.conversation_id)
        .where(
            TestDriveBooking.demo_car_id == car_id,
            TestDriveBooking.state == "booked",
            TestDriveBooking.ends_at > now,
            TestDriveBooking.conversation_id.is_not(None),
        )
        .distinct()
    )
    for conversation_id in sorted(one for one in found if one):
        await lock(session, conversation_id)


async def _hold_cars(session: AsyncSession, car_id: int) -> DemoCar:
    """The car, held with all of its model, in the order of their ids. Raises NotFoundError."""
    model = (
        select(Trim.model_id)
        .join(DemoCar, DemoCar.trim_id == Trim.id)
        .where(DemoCar.id == car_id)
        .scalar_subquery()
    )
    cars = await session.scalars(
        select(DemoCar)
        .join(DemoCar.trim)
        .where(Trim.model_id == model)
        .options(joinedload(DemoCar.trim).joinedload(Trim.model))
        .order_by(DemoCar.id)
        .with_for_update(of=DemoCar, key_share=True)
        .execution_options(populate_existing=True)
    )
    for car in cars:
        if car.id == car_id:
            return car
    raise NotFoundError("no such demo car")


async def _coming(session: AsyncSession, now: datetime, car_id: int) -> Sequence[TestDriveBooking]:
    """The drives of a car that have not begun with the customer there, in order of time."""
    found = await session.scalars(
        select(TestDriveBooking)
        .options(*KIND.options)
        .where(
            TestDriveBooking.demo_car_id == car_id,
            TestDriveBooking.state == "booked",
            TestDriveBooking.arrived_at.is_(None),
            TestDriveBooking.ends_at > now,
        )
        .order_by(TestDriveBooking.starts_at, TestDriveBooking.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def _other_car(
    session: AsyncSession, booking: TestDriveBooking, place: Dealership
) -> DemoCar | None:
    """A car of the model that is free at the time of the booking, of the same version if can be."""
    cars = await available_cars(session, booking.model_id, lock=True)
    hours = Hours.of(place)
    quarters = timing_of(place, hours).quarters(booking.starts_at)
    search = Search(
        timing_of(place, hours),
        Limits.of(place, hours, booking.starts_at),
        tuple(f"demo_car:{car.id}" for car in cars),
    )
    busy = await load_busy(session, search, quarters[0], quarters[-1])
    free = [car for car in cars if busy[f"demo_car:{car.id}"].isdisjoint(quarters)]
    free.sort(key=lambda car: (car.trim_id != booking.demo_car.trim_id, car.id))
    return free[0] if free else None


async def _give(
    session: AsyncSession, now: datetime, booking: TestDriveBooking, car: DemoCar, actor: str
) -> None:
    """Another car at the same time; the consultant stays. The cars are locked: nobody comes
    between, and the constraint would say so."""
    place = await dealership(session)
    old = booking.demo_car_id
    quarters = timing_of(place, Hours.of(place)).quarters(booking.starts_at)
    await session.execute(
        delete(Occupancy).where(
            Occupancy.test_drive_booking_id == booking.id,
            Occupancy.resource.startswith("demo_car:"),
        )
    )
    booking.demo_car = car
    occupy(session, booking, f"demo_car:{car.id}", quarters)
    await session.flush()
    data: dict[str, object] = {"before": old, "car": car.id}
    bookings.note(session, now, KIND, booking, actor=actor, event="car_changed", data=data)


def _note(
    session: AsyncSession,
    now: datetime,
    car: DemoCar,
    actor: str,
    event: str,
    data: dict[str, object] | None = None,
) -> None:
    audit.record(
        session, now, actor=actor, action=f"demo_car.{event}", subject=f"demo_car:{car.id}",
        data=data,
    )  # fmt: skip
