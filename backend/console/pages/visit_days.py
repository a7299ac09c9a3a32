"""The day of a visit on its page: the car is there, the work is done, nobody came."""

from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.changing import Tried, changing
from backend.console.http import ConsoleRoute, Form, Who
from backend.console.pages.recording import Do, record
from backend.console.texts import Texts
from backend.console.view import language_of, render, services
from backend.diagnosis import service as diagnoses
from backend.errors import ConflictError
from backend.models import ServiceVisit, Technician
from backend.staff import queries
from backend.workshop import visits
from backend.workshop.visits import NotRecorded, Recorded

WORDS = {"arrived": "was_arrived", "mileage": "bad_mileage", "unknown": "not_active"}
"""Texts of refusals that are not named like the refusal."""

router = APIRouter(route_class=ConsoleRoute)


@router.get("/service-bookings/{number}")
async def service_booking(request: Request, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    return await page(request, number)


async def page(
    request: Request,
    number: str,
    *,
    status: int = 200,
    notice: str | None = None,
    given_km: str = "",
    tried: Tried | None = None,
) -> Response:
    """The booking with its day; `tried` is a change that was refused, `notice` why the day could
    not be recorded. Raises NotFoundError, shown as a page."""
    async with services(request).database.reading() as session:
        record = await queries.service_booking(session, number)
        visit = await session.get(ServiceVisit, record.booking.id)
        who = visit.technician_id if visit is not None else None
        values: dict[str, Any] = {
            "record": record,
            "visit": visit,
            "technician": await session.get(Technician, who) if who is not None else None,
            "diagnosis": await diagnoses.of_booking(session, record.booking.id),
            "change": await changing(
                request, session, record.booking.number, drive=False, tried=tried
            ),
            "notice": notice,
            "given_km": given_km,
        }
    return render(request, "service_booking.html", values, status=status)


@router.post("/service-bookings/{number}/arrive")
async def arrive(request: Request, who: Who, form: Form, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    do = partial(visits.arrive, actor=f"staff:{who.staff.id}")
    return await _record(request, number, do, "visit_arrived")


@router.post("/service-bookings/{number}/complete")
async def complete(request: Request, who: Who, form: Form, number: str) -> Response:
    """What is ticked was done. Raises NotFoundError, shown as a page."""
    written = form.get("mileage_km", "").replace(",", "").strip()[:8]
    done = [name.removeprefix("done_") for name in form if name.startswith("done_")]

    async def do(session: AsyncSession, now: datetime, booking_id: int) -> Recorded | NotRecorded:
        if not (written.isascii() and written.isdigit()):
            return NotRecorded("mileage")
        return await visits.complete(
            session, now, booking_id, f"staff:{who.staff.id}", mileage_km=int(written), done=done
        )

    return await _record(request, number, do, "visit_completed", written)


@router.post("/service-bookings/{number}/no-show")
async def no_show(request: Request, who: Who, form: Form, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    do = partial(visits.no_show, actor=f"staff:{who.staff.id}")
    return await _record(request, number, do, "visit_no_show")


async def _record(
    request: Request, number: str, do: Do[Recorded | NotRecorded], said: str, given_km: str = ""
) -> Response:
    async def refused(outcome: object) -> Response | None:
        if isinstance(outcome, ConflictError):
            raise outcome
        if not isinstance(outcome, NotRecorded):
            return None
        key = WORDS.get(outcome.reason, outcome.reason)
        km = f"{outcome.km:,}" if outcome.km is not None else ""
        notice = Texts(language_of(request))(f"visit_day.{key}", km=km)
        return await page(request, number, status=409, notice=notice, given_km=given_km)

    return await record(request, "/console/service-bookings", number, _id, do, refused, said)


async def _id(session: AsyncSession, number: str) -> int:
    return (await queries.service_booking(session, number)).booking.id
