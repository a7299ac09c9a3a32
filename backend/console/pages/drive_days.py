"""The day of a test drive on its page: the car's checklist, arrival, end, no-show."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import attendance, feedback, preparation
from backend.appointments.preparation import Findings
from backend.console.changing import Tried, changing
from backend.console.http import ConsoleRoute, Form, Who
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

    async def do(session: AsyncSession, now: datetime, booking_id: int) -> None:
        await preparation.check_for(
            session, now, booking_id, findings, actor=f"staff:{who.staff.id}", note=note
        )

    return await _done(request, number, do, "drive_checked")


@router.post("/test-drives/{number}/arrive")
async def arrive(request: Request, who: Who, form: Form, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""

    async def do(session: AsyncSession, now: datetime, booking_id: int) -> None:
        await attendance.arrive(session, now, booking_id, actor=f"staff:{who.staff.id}")

    return await _done(request, number, do, "drive_arrived")


@router.post("/test-drives/{number}/complete")
async def complete(request: Request, who: Who, form: Form, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""

    async def do(session: AsyncSession, now: datetime, booking_id: int) -> None:
        await attendance.complete(session, now, booking_id, actor=f"staff:{who.staff.id}")

    return await _done(request, number, do, "drive_completed")


@router.post("/test-drives/{number}/no-show")
async def no_show(request: Request, who: Who, form: Form, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""

    async def do(session: AsyncSession, now: datetime, booking_id: int) -> None:
        await attendance.no_show(session, now, booking_id, actor=f"staff:{who.staff.id}")

    return await _done(request, number, do, "drive_no_show")


async def _done(
    request: Request,
    number: str,
    do: Callable[[AsyncSession, datetime, int], Awaitable[None]],
    said: str,
) -> Response:
    """Back to the page; or the page again with the reason why not."""
    held = services(request)
    async with held.database.reading() as session:
        booking_id = (await queries.test_drive(session, number)).booking.id
    try:
        async with held.database.transaction() as session:
            await do(session, held.clock.now(), booking_id)
    except ConflictError as error:
        code = error.code if error.code in EXPLAINED else "not_active"
        notice = Texts(language_of(request))(f"drive_day.{code}")
        return await page(request, number, status=409, notice=notice)
    path = f"/console/test-drives/{quote(number, safe='')}"
    return RedirectResponse(f"{path}?said={said}", status_code=303)
