"""What test drives and visits to the workshop have in common once they are bookings."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.interfaces import ORMOption

from backend import audit, once
from backend.appointments import calendar, reminders
from backend.appointments.hours import Span
from backend.appointments.occupancy import occupy, release
from backend.appointments.outcomes import AnyBooking, Cancelled, Refused
from backend.models import Customer


@dataclass(frozen=True)
class Kind(Generic[AnyBooking]):
    """One kind of booking: its table, the prefix of its numbers, its name in the audit, and
    the loading of all that is needed to describe it."""

    table: type[AnyBooking]
    prefix: str
    name: str
    options: tuple[ORMOption, ...]


async def made_by(
    session: AsyncSession, kind: Kind[AnyBooking], message_id: str, action: str
) -> AnyBooking | None:
    """The booking that this message and action made, if it did."""
    return await once.made_by(session, kind.table, message_id, action, *kind.options)


async def by_number(
    session: AsyncSession, kind: Kind[AnyBooking], number: str, phone: str
) -> AnyBooking | None:
    """The booking with that number, if it was made for that phone (E.164): numbers can be
    guessed, so neither of the two is enough alone."""
    return await session.scalar(
        select(kind.table)
        .options(*kind.options)
        .join(Customer, kind.table.customer_id == Customer.id)
        .where(kind.table.number == number.strip().upper(), Customer.phone == phone)
    )


async def spans_of(
    session: AsyncSession,
    kind: Kind[AnyBooking],
    phone: str,
    now: datetime,
    but: AnyBooking | None = None,
) -> tuple[Span, ...]:
    """The times of the standing bookings of the person with that phone, `but` left out."""
    query = (
        select(kind.table.starts_at, kind.table.ends_at)
        .join(Customer, kind.table.customer_id == Customer.id)
        .where(Customer.phone == phone, kind.table.state == "booked", kind.table.ends_at > now)
    )
    if but is not None:
        query = query.where(kind.table.id != but.id)
    return tuple((start, end) for start, end in await session.execute(query))


async def place(
    session: AsyncSession,
    kind: Kind[AnyBooking],
    resources: Sequence[str],
    quarters: Sequence[datetime],
    write: Callable[[str], Awaitable[AnyBooking]],
    *,
    people: Sequence[str] = (),
    attended: Sequence[datetime] = (),
) -> AnyBooking | None:
    """Writes the booking on the first of `resources` whose time is still free, and, where there
    are `people`, with the first of them who is free in the quarters `attended`.

    `write` makes or changes the booking for a resource. Each try is a savepoint, so that a
    failed one leaves nothing, not even a number; what it changed in an existing object has to
    be read again before use. None when each was taken in the meantime.
    """
    for resource in resources:
        try:
            async with session.begin_nested():
                booking = await write(resource)
                session.add(booking)
                await session.flush()
                occupy(session, booking, resource, quarters)
                await session.flush()
                if people and not await _with(session, booking, people, attended):
                    raise _NobodyFreeError
        except _NobodyFreeError:
            # Another resource would not help.
            return None
        except IntegrityError as error:
            if not broke(error, "occupancy", "quarter"):
                raise
        else:
            return booking
    return None


class _NobodyFreeError(Exception):
    """Undoes the try: everybody has been taken in the meantime."""


async def _with(
    session: AsyncSession,
    booking: AnyBooking,
    people: Sequence[str],
    attended: Sequence[datetime],
) -> bool:
    """Gives the booking the first of `people` who is still free; False when nobody is."""
    for person in people:
        try:
            async with session.begin_nested():
                occupy(session, booking, person, attended)
                await session.flush()
        except IntegrityError as error:
            if not broke(error, "occupancy", "quarter"):
                raise
        else:
            return True
    return False


async def reload(session: AsyncSession, kind: Kind[AnyBooking], booking: AnyBooking) -> AnyBooking:
    """The booking as it stands now, its row locked until the transaction ends."""
    found = await session.scalars(
        select(kind.table)
        .options(*kind.options)
        .where(kind.table.id == booking.id)
        .with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    )
    return found.one()


async def cancel(
    session: AsyncSession,
    now: datetime,
    kind: Kind[AnyBooking],
    booking: AnyBooking,
    actor: str,
    why: str | None = None,
) -> Cancelled[AnyBooking] | Refused:
    """Cancels a standing booking and frees its time. `why`: a code for the audit.

    Refused as `not_active` when it was done or missed, as `past` when it is over by `now`.
    """
    booking = await reload(session, kind, booking)
    if booking.state == "cancelled":
        return Cancelled(booking, already=True)
    if booking.state != "booked":
        return Refused("not_active")
    if booking.ends_at <= now:
        return Refused("past")
    booking.state = "cancelled"
    await release(session, booking)
    await session.flush()
    await record(session, now, kind, booking, actor=actor, event="cancelled", data=_reason(why))
    return Cancelled(booking)


async def record(
    session: AsyncSession,
    now: datetime,
    kind: Kind[AnyBooking],
    booking: AnyBooking,
    *,
    actor: str,
    event: str,
    data: dict[str, object] | None = None,
) -> None:
    """What each booking, move and cancellation brings with it, in its own transaction: a line of
    the audit, the reminders as they are to be now, a newer entry for the customer's calendar."""
    note(session, now, kind, booking, actor=actor, event=event, data=data)
    if booking.state == "booked":
        await reminders.plan(session, now, booking)
    else:
        await reminders.withdraw(session, booking)
    await calendar.changed(session, now, booking)
    await session.flush()


def _reason(why: str | None) -> dict[str, object]:
    return {"reason": why} if why else {}


def note(
    session: AsyncSession,
    now: datetime,
    kind: Kind[AnyBooking],
    booking: AnyBooking,
    *,
    actor: str,
    event: str,
    data: dict[str, object] | None = None,
) -> None:
    """One line of the audit about a booking that has its id."""
    audit.record(
        session,
        now,
        actor=actor,
        action=f"{kind.name}.{event}",
        subject=f"{kind.name}:{booking.id}",
        data={"number": booking.number, **(data or {})},
    )


def broke(error: IntegrityError, table: str, column: str) -> bool:
    """Whether a unique constraint on that column of that table was violated."""
    text = str(error.orig).lower()
    return "unique" in text and table in text and column in text
