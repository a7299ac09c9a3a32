"""What staff say of a test drive on its day: the customer is there, has driven, did not come.

Each is said once and audited; said again it changes nothing. A customer who was given up and comes
late after all can still arrive: his car and consultant are kept until the end of his time.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import bookings, feedback, reminders
from backend.appointments.hours import Hours, dealership
from backend.appointments.offers import KIND
from backend.appointments.reach import conversation_of
from backend.clock import local
from backend.conversations import outbox
from backend.conversations.service import lock
from backend.conversations.tasks import close, open_task
from backend.errors import ConflictError, NotFoundError
from backend.models import Task, TestDriveBooking
from backend.texts import appointments as texts

EARLY = timedelta(hours=2)
"""So long before its time a customer may be there; earlier than that it is the wrong booking."""
DAYTIME = (time(9), time(21))
"""Nobody is written to unasked at night."""
AFTER_NO_SHOW = timedelta(hours=1)
MORNING = timedelta(hours=1)
"""After the opening of the next day, for the consultant to get in touch."""


async def arrive(
    session: AsyncSession, now: datetime, booking_id: int, *, actor: str
) -> TestDriveBooking:
    """The customer is there. Raises NotFoundError, ConflictError (`not_active`, `too_early`)."""
    booking = await _held(session, booking_id)
    if booking.arrived_at is not None and booking.state in ("booked", "done"):
        return booking
    late = booking.state == "no_show" and now < booking.ends_at
    if booking.state != "booked" and not late:
        raise ConflictError("this test drive does not stand", code="not_active")
    _not_too_early(booking, now)
    if late:
        booking.state = "booked"
        await outbox.call_off(session, f"missed:{booking.number}")
        await _close_task(session, now, booking, "no_show", actor)
    booking.arrived_at = now
    await reminders.withdraw(session, booking)
    bookings.note(session, now, KIND, booking, actor=actor, event="arrived")
    await session.flush()
    return booking


async def complete(
    session: AsyncSession, now: datetime, booking_id: int, *, actor: str
) -> TestDriveBooking:
    """The customer has driven: feedback will be asked for, and a consultant follows it up.

    Raises NotFoundError, ConflictError (`not_active`, `too_early`, `no_car`).
    """
    booking = await _held(session, booking_id)
    if booking.state == "done":
        return booking
    if booking.state != "booked":
        raise ConflictError("this test drive does not stand", code="not_active")
    if booking.displaced_at is not None:
        raise ConflictError("this test drive has no car", code="no_car")
    _not_too_early(booking, now)
    booking.state = "done"
    booking.arrived_at = booking.arrived_at or now
    await reminders.withdraw(session, booking)
    bookings.note(session, now, KIND, booking, actor=actor, event="done")
    await session.flush()
    await feedback.plan(session, now, booking, await _daytime(session, now + feedback.AFTER))
    await _follow_up(session, now, booking, "done", "试驾后跟进")
    return booking


async def no_show(
    session: AsyncSession, now: datetime, booking_id: int, *, actor: str
) -> TestDriveBooking:
    """The customer did not come: another time is offered, and a consultant follows it up.

    Raises NotFoundError, ConflictError (`not_active`, `arrived`, `too_early`: its time has not
    come yet).
    """
    booking = await _held(session, booking_id)
    if booking.state == "no_show":
        return booking
    if booking.state != "booked":
        raise ConflictError("this test drive does not stand", code="not_active")
    if booking.arrived_at is not None:
        raise ConflictError("the customer has arrived", code="arrived")
    if now < booking.starts_at:
        raise ConflictError("its time has not come yet", code="too_early")
    booking.state = "no_show"
    await reminders.withdraw(session, booking)
    bookings.note(session, now, KIND, booking, actor=actor, event="no_show")
    await session.flush()
    conversation_id = await conversation_of(session, booking)
    if conversation_id is not None and booking.displaced_at is None:
        zone = (await dealership(session)).zone
        said = {
            language: text.format(
                clock=f"{local(booking.starts_at, zone):%H:%M}", number=booking.number
            )
            for language, text in texts.MISSED.items()
        }
        due_at = await _daytime(session, now + AFTER_NO_SHOW)
        if local(due_at, zone).date() == local(booking.starts_at, zone).date():
            await outbox.plan(
                session, now, conversation_id=conversation_id, category="follow_up",
                key=f"missed:{booking.number}", due_at=due_at,
                text_zh=said["zh"], text_en=said["en"],
            )  # fmt: skip
    await _follow_up(session, now, booking, "no_show", "试驾未到店，联系改期")
    return booking


async def _held(session: AsyncSession, booking_id: int) -> TestDriveBooking:
    """The booking, held, and before it the conversation that is spoken of it in."""
    booking = await session.get(TestDriveBooking, booking_id)
    if booking is None:
        raise NotFoundError("no such test drive")
    if booking.conversation_id is not None:
        await lock(session, booking.conversation_id)
    return await bookings.reload(session, KIND, booking)


def _not_too_early(booking: TestDriveBooking, now: datetime) -> None:
    if now < booking.starts_at - EARLY:
        raise ConflictError("its time has not come yet", code="too_early")


async def _daytime(session: AsyncSession, moment: datetime) -> datetime:
    """`moment`, or the next morning when it is at night on the dealership's wall."""
    hours = Hours.of(await dealership(session))
    wall, day = hours.wall(moment), hours.day(moment)
    if wall < DAYTIME[0]:
        return hours.at(day, DAYTIME[0])
    if wall >= DAYTIME[1]:
        return hours.at(day + timedelta(days=1), DAYTIME[0])
    return moment


async def _follow_up(
    session: AsyncSession, now: datetime, booking: TestDriveBooking, event: str, what: str
) -> None:
    """A task for a consultant, for the morning of the next day on which the showroom is open."""
    conversation_id = await conversation_of(session, booking)
    if conversation_id is None:
        return
    hours = Hours.of(await dealership(session))
    tomorrow = hours.at(hours.day(now) + timedelta(days=1), time())
    opens = hours.next_open(tomorrow, "sales")
    await open_task(
        session, now, kind="follow_up", conversation_id=conversation_id,
        note=f"{what}：{booking.number} {booking.model.name_zh}",
        message_id=f"test_drive:{booking.id}", action=f"follow_up:{event}",
        due_at=(opens or tomorrow) + MORNING,
    )  # fmt: skip


async def _close_task(
    session: AsyncSession, now: datetime, booking: TestDriveBooking, event: str, actor: str
) -> None:
    task = await session.scalar(
        select(Task).where(
            Task.source_message_id == f"test_drive:{booking.id}",
            Task.source_action == f"follow_up:{event}",
            Task.state == "open",
        )
    )
    if task is not None:
        close(session, now, task, actor=actor, reason="arrived")
