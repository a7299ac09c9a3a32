"""Moving and cancelling bookings by staff: the rules of the chat, with word to the customer.

The word goes out over the conversation in which the customer booked and over no other: a phone
that somebody typed elsewhere proves nothing. Without one the colleague has to call.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import bookings, offers
from backend.appointments import service as appointments
from backend.appointments.hours import dealership
from backend.appointments.occupancy import lock_name
from backend.appointments.outcomes import Refused
from backend.conversations import outbox
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.models import Conversation, DemoCar, ServiceBooking, TestDriveBooking
from backend.texts import bookings as texts
from backend.texts import moments
from backend.workshop import service as workshop

REASONS = ("customer", "car", "capacity", "mistake", "other")
"""Why a booking was changed, for the audit: codes, since words would hold personal data."""

Booking = TestDriveBooking | ServiceBooking


@dataclass(frozen=True)
class Changed:
    """`told`: word to the customer is on its way; without it somebody has to call. `already`: it
    stood like that before, nothing was written."""

    booking: Booking
    told: bool
    already: bool = False


async def drive(session: AsyncSession, ref: str) -> TestDriveBooking:
    """By its number or its id. Raises NotFoundError."""
    kind = offers.KIND
    found: TestDriveBooking | None = await session.scalar(
        select(TestDriveBooking).options(*kind.options).where(_named(TestDriveBooking, ref))
    )
    if found is None:
        raise NotFoundError("no such test drive")
    return found


async def visit(session: AsyncSession, ref: str) -> ServiceBooking:
    """By its number or its id. Raises NotFoundError."""
    kind = workshop.KIND
    found: ServiceBooking | None = await session.scalar(
        select(ServiceBooking).options(*kind.options).where(_named(ServiceBooking, ref))
    )
    if found is None:
        raise NotFoundError("no such service booking")
    return found


async def car_by_plate(session: AsyncSession, plate: str) -> int:
    """Raises InvalidError for a car that is none of ours."""
    found = await session.scalar(select(DemoCar.id).where(DemoCar.plate == plate.strip().upper()))
    if found is None:
        raise InvalidError("car: no demo car has this plate", code="unknown_car")
    return found


async def move(
    session: AsyncSession,
    now: datetime,
    booking: Booking,
    starts_at: datetime,
    *,
    actor: str,
    why: str,
    car_id: int | None = None,
    seen: datetime | None = None,
) -> Changed | Refused:
    """Moves it under the rules of the chat. `seen`: when it began for whoever decided this.

    Raises InvalidError for an unknown reason, ConflictError when it has been moved since.
    """
    booking = await _checked(session, booking, why, seen)
    if isinstance(booking, TestDriveBooking):
        drive = await appointments.move_test_drive(
            session, now, booking, starts_at, actor, car_id=car_id, why=why
        )
        if isinstance(drive, Refused):
            return drive
        moved: Booking = drive.booking
        already = drive.already
    else:
        visit = await workshop.move_service(session, now, booking, starts_at, actor, why=why)
        if isinstance(visit, Refused):
            return visit
        moved, already = visit.booking, visit.already
    if already:
        return Changed(moved, told=False, already=True)
    told = await _tell(session, now, moved, _moved(moved))
    return Changed(moved, told)


async def cancel(
    session: AsyncSession,
    now: datetime,
    booking: Booking,
    *,
    actor: str,
    why: str,
    seen: datetime | None = None,
) -> Changed | Refused:
    """Cancels it and frees its time. Raises as `move`."""
    booking = await _checked(session, booking, why, seen)
    if isinstance(booking, TestDriveBooking):
        drive = await appointments.cancel_test_drive(session, now, booking, actor, why)
        if isinstance(drive, Refused):
            return drive
        gone: Booking = drive.booking
        already = drive.already
    else:
        visit = await workshop.cancel_service(session, now, booking, actor, why)
        if isinstance(visit, Refused):
            return visit
        gone, already = visit.booking, visit.already
    if already:
        return Changed(gone, told=False, already=True)
    is_drive = isinstance(gone, TestDriveBooking)
    words = texts.DRIVE_CANCELLED if is_drive else texts.VISIT_CANCELLED
    return Changed(gone, await _tell(session, now, gone, words))


def _named(table: type[TestDriveBooking] | type[ServiceBooking], ref: str) -> ColumnElement[bool]:
    ref = ref.strip()
    if ref.isascii() and ref.isdigit() and len(ref) < 10:
        return table.id == int(ref)
    return table.number == ref.upper().replace("\x00", "")


async def _checked(
    session: AsyncSession, booking: Booking, why: str, seen: datetime | None
) -> Booking:
    """The booking as it stands, held in the order in which the services take their locks."""
    if why not in REASONS:
        raise InvalidError(f"reason: one of {', '.join(REASONS)}", code="bad_reason")
    held: Booking
    if isinstance(booking, TestDriveBooking):
        await lock_name(session, f"test_drive:{booking.customer.phone or ''}")
        held = await bookings.reload(session, offers.KIND, booking)
    else:
        await lock_name(session, f"service_booking:{booking.customer.phone or ''}")
        held = await bookings.reload(session, workshop.KIND, booking)
    if seen is not None and seen != held.starts_at:
        raise ConflictError("the booking has been changed meanwhile", code="changed")
    return held


def _moved(booking: Booking) -> Mapping[str, str]:
    return texts.DRIVE_MOVED if isinstance(booking, TestDriveBooking) else texts.VISIT_MOVED


async def _tell(
    session: AsyncSession, now: datetime, booking: Booking, words: Mapping[str, str]
) -> bool:
    """Puts the word into the outbox; a former one that has not left yet is not said any more."""
    if booking.conversation_id is None:
        return False
    conversation = await session.get(Conversation, booking.conversation_id)
    if conversation is None or not conversation.reachable:
        return False
    zone = (await dealership(session)).zone
    written = {}
    for language in ("zh", "en"):
        values = {
            "number": booking.number,
            "time": moments.moment(booking.starts_at, language, zone, now),
        }
        if isinstance(booking, TestDriveBooking):
            model = booking.model
            values["model"] = model.name_en if language == "en" else model.name_zh
            values["car"] = booking.demo_car.plate
        written[language] = words[language].format(**values)
    await outbox.call_off(session, f"changed:{booking.number}:")
    await outbox.plan(
        session,
        now,
        conversation_id=conversation.id,
        category="notice",
        key=f"changed:{booking.number}:{now.isoformat()}",
        due_at=now,
        text_zh=written["zh"],
        text_en=written["en"],
    )
    return True
