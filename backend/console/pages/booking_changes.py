"""Moving and cancelling a booking, from its page."""

from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from backend.appointments.outcomes import Refused
from backend.console.changing import Tried, wanted_time
from backend.console.http import ConsoleRoute, Form, Who
from backend.console.pages import drive_days, visit_days
from backend.console.view import services
from backend.errors import ConflictError, InvalidError
from backend.staff import desk
from backend.staff.filters import LARGEST_ID

FIELDS = ("day", "time", "car", "reason")

router = APIRouter(route_class=ConsoleRoute)


@router.post("/test-drives/{number}/move")
async def move_drive(request: Request, who: Who, form: Form, number: str) -> Response:
    """Back to the page with word of what was done, or the page again with the reason why not and
    other times. Raises NotFoundError, shown as a page."""
    return await _change(request, who.staff.id, form, number, drive=True, cancel=False)


@router.post("/test-drives/{number}/cancel")
async def cancel_drive(request: Request, who: Who, form: Form, number: str) -> Response:
    """As `move_drive`."""
    return await _change(request, who.staff.id, form, number, drive=True, cancel=True)


@router.post("/service-bookings/{number}/move")
async def move_visit(request: Request, who: Who, form: Form, number: str) -> Response:
    """As `move_drive`."""
    return await _change(request, who.staff.id, form, number, drive=False, cancel=False)


@router.post("/service-bookings/{number}/cancel")
async def cancel_visit(request: Request, who: Who, form: Form, number: str) -> Response:
    """As `move_drive`."""
    return await _change(request, who.staff.id, form, number, drive=False, cancel=True)


@router.get("/test-drives/{number}/move")
@router.get("/test-drives/{number}/cancel")
async def after_drive_refusal(number: str) -> Response:
    """A refusal stands at the form's own address: loading that again leads to the page."""
    return RedirectResponse(_path(number, drive=True), status_code=303)


@router.get("/service-bookings/{number}/move")
@router.get("/service-bookings/{number}/cancel")
async def after_visit_refusal(number: str) -> Response:
    """As `after_drive_refusal`."""
    return RedirectResponse(_path(number, drive=False), status_code=303)


async def _change(
    request: Request, staff_id: int, form: dict[str, str], number: str, *, drive: bool, cancel: bool
) -> Response:
    held = services(request)
    given = {name: form.get(name, "")[:40] for name in FIELDS if name in form}
    page = drive_days.page if drive else visit_days.page
    actor, why = f"staff:{staff_id}", form.get("reason", "")
    done: desk.Changed | Refused
    try:
        async with held.database.transaction() as session:
            now = held.clock.now()
            booking = await (desk.drive if drive else desk.visit)(session, number)
            seen = _moment(form.get("seen", ""))
            if cancel:
                done = await desk.cancel(session, now, booking, actor=actor, why=why, seen=seen)
            else:
                done = await desk.move(
                    session,
                    now,
                    booking,
                    wanted_time(form, request.state.place.zone),
                    actor=actor,
                    why=why,
                    car_id=_id(form.get("car", "")),
                    seen=seen,
                )
    except (InvalidError, ConflictError) as error:
        tried = Tried(given, f"change.{error.code}")
        return await page(request, number, tried=tried, status=error.status)
    if isinstance(done, Refused):
        tried = Tried(given, f"refusal.{done.reason}", done.alternatives)
        return await page(request, number, tried=tried, status=409)
    if done.already:
        outcome = "same"
    else:
        outcome = ("cancelled" if cancel else "moved") + ("" if done.told else "_call")
    path = _path(done.booking.number, drive=drive)
    return RedirectResponse(f"{path}?done={outcome}", status_code=303)


def _path(number: str, *, drive: bool) -> str:
    return f"/console/{'test-drives' if drive else 'service-bookings'}/{quote(number, safe='')}"


def _id(text: str) -> int | None:
    """Of a car; 0 for what can be none."""
    if not text:
        return None
    known = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if known and int(text) <= LARGEST_ID else 0


def _moment(text: str) -> datetime | None:
    """When the booking began for whoever filled in the form; what is none cannot be right."""
    try:
        found = datetime.fromisoformat(text[:40])
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ConflictError("the page is out of date", code="changed")
    return found
