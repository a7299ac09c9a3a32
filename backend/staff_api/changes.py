"""Calls of the staff API that change bookings. Each needs a token that may write."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from backend.appointments.outcomes import Refused
from backend.clock import local
from backend.errors import InvalidError
from backend.models import StaffToken, TestDriveBooking
from backend.staff import desk, queries
from backend.staff_api import convert
from backend.staff_api import schemas as out
from backend.staff_api.http import ApiRoute, services, writer

router = APIRouter(
    route_class=ApiRoute,
    responses={
        403: {"model": out.ErrorOut},
        404: {"model": out.ErrorOut},
        409: {"model": out.RefusedOut},
    },
)

Writer = Annotated[StaffToken, Depends(writer)]
Reason = Literal["customer", "car", "capacity", "mistake", "other"]


class CancelIn(BaseModel):
    """`reason` goes into the audit."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class VisitMoveIn(CancelIn):
    """`starts_at` without an offset is on the dealership's clock."""

    starts_at: datetime


class DriveMoveIn(VisitMoveIn):
    """`car`: the plate of the demo car, when it has to be that one."""

    car: str | None = None


@router.post("/test-drives/{ref}/move", response_model=out.TestDriveOut)
async def move_test_drive(request: Request, held: Writer, ref: str, body: DriveMoveIn) -> Response:
    """By number or id. 409 with the reason and other times when the rules do not allow it."""
    return await _move(request, held, ref, body, body.car, drive=True)


@router.post("/test-drives/{ref}/cancel", response_model=out.TestDriveOut)
async def cancel_test_drive(request: Request, held: Writer, ref: str, body: CancelIn) -> Response:
    """By number or id. Cancelling what is cancelled answers the same and changes nothing."""
    return await _cancel(request, held, ref, body, drive=True)


@router.post("/service-bookings/{ref}/move", response_model=out.ServiceBookingOut)
async def move_service(request: Request, held: Writer, ref: str, body: VisitMoveIn) -> Response:
    """As for a test drive."""
    return await _move(request, held, ref, body, None, drive=False)


@router.post("/service-bookings/{ref}/cancel", response_model=out.ServiceBookingOut)
async def cancel_service(request: Request, held: Writer, ref: str, body: CancelIn) -> Response:
    """As for a test drive."""
    return await _cancel(request, held, ref, body, drive=False)


async def _move(
    request: Request, held: StaffToken, ref: str, body: VisitMoveIn, car: str | None, *, drive: bool
) -> Response:
    served = services(request)
    async with served.database.transaction() as session:
        zone = (await queries.place(session)).zone
        starts_at = body.starts_at
        if not 2000 <= starts_at.year <= 2200:
            raise InvalidError("starts_at: no such time")
        if starts_at.tzinfo is None:
            starts_at = starts_at.replace(tzinfo=ZoneInfo(zone))
        booking = await (desk.drive if drive else desk.visit)(session, ref)
        done = await desk.move(
            session,
            served.clock.now(),
            booking,
            starts_at,
            actor=f"token:{held.id}",
            why=body.reason,
            car_id=await desk.car_by_plate(session, car) if car is not None else None,
        )
    return await _answer(request, zone, done)


async def _cancel(
    request: Request, held: StaffToken, ref: str, body: CancelIn, *, drive: bool
) -> Response:
    served = services(request)
    async with served.database.transaction() as session:
        zone = (await queries.place(session)).zone
        booking = await (desk.drive if drive else desk.visit)(session, ref)
        done = await desk.cancel(
            session, served.clock.now(), booking, actor=f"token:{held.id}", why=body.reason
        )
    return await _answer(request, zone, done)


async def _answer(request: Request, zone: str, done: desk.Changed | Refused) -> Response:
    if isinstance(done, Refused):
        refused = out.RefusedOut(
            error=out.RefusedBody(
                code=done.reason,
                message=f"refused: {done.reason}",
                alternatives=[local(time, zone) for time in done.alternatives],
            )
        )
        return JSONResponse(refused.model_dump(mode="json"), status_code=409)
    found: BaseModel
    async with services(request).database.reading() as session:
        if isinstance(done.booking, TestDriveBooking):
            record = await queries.test_drive(session, done.booking.number)
            found = convert.test_drive(record, zone)
        else:
            visit = await queries.service_booking(session, done.booking.number)
            found = convert.service_booking(visit, zone)
    return JSONResponse(found.model_dump(mode="json"))
