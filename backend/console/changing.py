"""What the page of a booking needs for moving and cancelling it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import offers
from backend.appointments import service as appointments
from backend.clock import local
from backend.console.view import services
from backend.errors import InvalidError
from backend.models import Conversation, DemoCar, TestDriveBooking
from backend.staff import desk
from backend.workshop import service as workshop

OFFERED = 6
"""Free times beside the form."""
DONE = ("moved", "moved_call", "cancelled", "cancelled_call", "same")


@dataclass(frozen=True)
class Tried:
    """A change that was refused: what the form held, the key of the reason, other times."""

    given: dict[str, str]
    reason: str
    times: Sequence[datetime] = ()


@dataclass(frozen=True)
class Changing:
    """`movable`, `cancellable`: whether the form stands there. `tells`: the customer can be told
    in the chat; else somebody has to call."""

    movable: bool
    cancellable: bool
    tells: bool
    cars: Sequence[DemoCar] = ()
    times: Sequence[datetime] = ()
    given: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    done: str = ""
    reasons: Sequence[str] = desk.REASONS


async def changing(
    request: Request, session: AsyncSession, ref: str, *, drive: bool, tried: Tried | None = None
) -> Changing:
    """For the booking `ref`, which exists. `?to=` fills in a time, `?done=` says what was done."""
    now = services(request).clock.now()
    zone = request.state.place.zone
    booking: TestDriveBooking | desk.Booking
    booking = await (desk.drive if drive else desk.visit)(session, ref)
    standing = booking.state == "booked"
    tells = False
    if booking.conversation_id is not None:
        conversation = await session.get(Conversation, booking.conversation_id)
        tells = conversation is not None and conversation.reachable
    wanted = _wanted(request.query_params.get("to", ""), zone) or booking.starts_at
    wall = local(wanted, zone)
    given = {"day": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}", "car": "", "reason": ""}
    movable = standing and booking.starts_at > now
    cars: Sequence[DemoCar] = ()
    times: Sequence[datetime] = tried.times if tried else ()
    if movable and isinstance(booking, TestDriveBooking):
        cars = await offers.available_cars(session, booking.model_id)
        if not times:
            times = await appointments.free_moves(session, now, booking, wanted, OFFERED)
    elif movable and not isinstance(booking, TestDriveBooking) and not times:
        times = await workshop.free_moves(session, now, booking, wanted, OFFERED)
    done = request.query_params.get("done", "")
    return Changing(
        movable=movable,
        cancellable=standing and booking.ends_at > now,
        tells=tells,
        cars=cars,
        times=times,
        given={**given, **(tried.given if tried else {})},
        refused=tried.reason if tried else "",
        done=done if done in DONE and not tried else "",
    )


def wanted_time(form: dict[str, str], zone: str) -> datetime:
    """Raises InvalidError for what is no time."""
    found = _wanted(f"{form.get('day', '')}T{form.get('time', '')}", zone)
    if found is None:
        raise InvalidError("no such time", code="bad_time")
    return found


def _wanted(text: str, zone: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text[:32])
    except ValueError:
        return None
    if not 2000 <= found.year <= 2200 or "T" not in text:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
