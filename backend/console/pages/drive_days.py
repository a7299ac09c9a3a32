"""The day of a test drive on its page: the car's checklist, arrival, end, no-show."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import attendance, feedback, preparation
from backend.appointments.preparation import Findings
from backend.console.changing import Tried, changing
from backend.console.http import ConsoleRoute, Form, Who
from backend.console.pages.recording import Do, record
from backend.console.texts import Texts
from backend.console.view import language_of, render, services
from backend.errors import ConflictError
from backend.models import DemoCarCheck
from backend.staff import queries

ITEMS = ("condition", "cleanliness", "energy", "tyres", "papers")
LONGEST_NOTE = 500
EXPLAINED = ("not_active", "too_early", "arrived", "no_car")

router = APIRouter(route_class=ConsoleRoute)


@router.get("/test-drives/{number}")
async def test_drive(request: Request, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    return await page(request, number)


async def page(
    request: Request,
    number: str,
    *,
    status: int = 200,
    notice: str | None = None,
    tried: Tried | None = None,
) -> Response:
    """The booking with its day: checks of its car, the customer's feedback; `tried` is a change
    that was refused. Raises NotFoundError, shown as a page."""
    held = services(request)
    async with held.database.reading() as session:
        record = await queries.test_drive(session, number)
        checks = await session.scalars(
            select(DemoCarCheck)
            .where(DemoCarCheck.test_drive_booking_id == record.booking.id)
            .order_by(DemoCarCheck.id.desc())
            .limit(5)
        )
        values: dict[str, Any] = {
            "record": record,
            "change": await changing(
                request, session, record.booking.number, drive=True, tried=tried
            ),
            "checks": list(checks),
            "said": await feedback.of_booking(session, record.booking.id),
            "items": ITEMS,
            "notice": notice,
            "now": held.clock.now(),
        }
    return render(request, "test_drive.html", values, status=status)


@router.post("/test-drives/{number}/checklist")
async def checklist(request: Request, who: Who, form: Form, number: str) -> Response:
    """What is ticked is well. Raises NotFoundError, shown as a page."""
    findings = Findings(**{item: form.get(item) == "yes" for item in ITEMS})
    note = form.get("note", "").strip()[:LONGEST_NOTE]

    do = partial(preparation.check_for, findings=findings, actor=f"staff:{who.staff.id}", note=note)
    return await _record(request, number, do, "drive_checked")


@router.post("/test-drives/{number}/arrive")
async def arrive(request: Request, who: Who, form: Form, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    do = partial(attendance.arrive, actor=f"staff:{who.staff.id}")
    return await _record(request, number, do, "drive_arrived")


@router.post("/test-drives/{number}/complete")
async def complete(request: Request, who: Who, form: Form, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    do = partial(attendance.complete, actor=f"staff:{who.staff.id}")
    return await _record(request, number, do, "drive_completed")


@router.post("/test-drives/{number}/no-show")
async def no_show(request: Request, who: Who, form: Form, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    do = partial(attendance.no_show, actor=f"staff:{who.staff.id}")
    return await _record(request, number, do, "drive_no_show")


async def _record(request: Request, number: str, do: Do[object], said: str) -> Response:
    async def refused(outcome: object) -> Response | None:
        if not isinstance(outcome, ConflictError):
            return None
        code = outcome.code if outcome.code in EXPLAINED else "not_active"
        notice = Texts(language_of(request))(f"drive_day.{code}")
        return await page(request, number, status=409, notice=notice)

    return await record(request, "/console/test-drives", number, _id, do, refused, said)


async def _id(session: AsyncSession, number: str) -> int:
    return (await queries.test_drive(session, number)).booking.id
