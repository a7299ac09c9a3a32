"""The staff API where it writes: records that came by phone or in person, and what is done with a
complaint. Only for tokens that may write; once per `key`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.outcomes import Refused
from backend.clock import local
from backend.complaints.acts import ACTS, perform
from backend.complaints.handling import By as Handler
from backend.diagnosis import roadside
from backend.entry import service as entry
from backend.entry.fields import FieldsError
from backend.entry.service import By, Quoted
from backend.entry.wording import told
from backend.errors import InvalidError, NotFoundError
from backend.models import Staff, StaffToken
from backend.staff import queries, roadside_queries
from backend.staff_api import convert
from backend.staff_api import schemas as out
from backend.staff_api import writing_schemas as given
from backend.staff_api.http import ApiRoute, services, writer

Writer = Annotated[StaffToken, Depends(writer)]

router = APIRouter(
    prefix="/api/staff",
    tags=["staff"],
    route_class=ApiRoute,
    responses={
        401: {"model": out.ErrorOut}, 403: {"model": out.ErrorOut},
        409: {"model": given.RefusedOut}, 422: {"model": given.RefusedOut},
    },
)  # fmt: skip


@router.post("/test-drives", status_code=201, response_model=out.TestDriveOut)
async def test_drive(request: Request, held: Writer, body: given.TestDriveIn) -> object:
    """Books a test drive by the rules of the chat. 409 with the reason in the customer's language
    and free times; 422 with `fields`."""
    served = services(request)
    now = served.clock.now()
    try:
        async with served.database.transaction() as session:
            outcome = await entry.test_drive(session, now, body.plain(), _by(held, body.key))
            if isinstance(outcome, Refused):
                return await _refused(request, outcome, body.language)
            zone = (await queries.place(session)).zone
            record = await queries.test_drive(session, outcome.booking.number)
            return convert.test_drive(record, zone)
    except FieldsError as error:
        return _wrong(error)


@router.post("/service-bookings", status_code=201, response_model=out.ServiceBookingOut)
async def service_booking(request: Request, held: Writer, body: given.ServiceBookingIn) -> object:
    """Books a visit at the price that the customer was told. Without `told_total` nothing is
    booked: 409 `price_not_told` with the `total` to tell (null: after an inspection)."""
    served = services(request)
    now = served.clock.now()
    try:
        async with served.database.transaction() as session:
            outcome = await entry.visit(session, now, body.plain(), _by(held, body.key))
            if isinstance(outcome, Refused):
                return await _refused(request, outcome, body.language)
            if isinstance(outcome, Quoted):
                error = {
                    "code": "price_not_told",
                    "message": "tell the customer the price and send it as told_total",
                    "total": outcome.quote.total,
                    "items": outcome.quote.told(),
                }
                return JSONResponse({"error": error}, status_code=409)
            zone = (await queries.place(session)).zone
            record = await queries.service_booking(session, outcome.booking.number)
            return convert.service_booking(record, zone)
    except FieldsError as error:
        return _wrong(error)


@router.post("/complaints", status_code=201, response_model=out.ComplaintOut)
async def complaint(request: Request, held: Writer, body: given.ComplaintIn) -> object:
    """Lodges a complaint; its deadline follows from the dealership's rules."""
    served = services(request)
    now = served.clock.now()
    try:
        async with served.database.transaction() as session:
            lodged = await entry.complaint(session, now, body.plain(), _by(held, body.key))
            zone = (await queries.place(session)).zone
            record = await queries.complaint(session, lodged.complaint.number)
            return convert.complaint(record, zone, now)
    except FieldsError as error:
        return _wrong(error)


@router.post("/roadside-requests", status_code=201, response_model=out.RoadsideOut)
async def roadside_request(request: Request, held: Writer, body: given.RoadsideIn) -> object:
    """Keeps that a car needs help where it stands, with an urgent task."""
    served = services(request)
    try:
        async with served.database.transaction() as session:
            requested = await entry.roadside_request(
                session, served.clock.now(), body.plain(), _by(held, body.key)
            )
            return await _rescue(session, requested.request.number)
    except FieldsError as error:
        return _wrong(error)


@router.post("/roadside-requests/{number}/{state}", response_model=out.RoadsideOut)
async def move_roadside_request(
    request: Request, held: Writer, number: str, state: str
) -> out.RoadsideOut:
    """`state`: open, in_progress, done or cancelled. The customer is told on his channel, once
    for each change. 409 `another_stands` where he has asked for help again since."""
    served = services(request)
    async with served.database.transaction() as session:
        now = served.clock.now()
        await roadside.move_on(session, now, number, state, actor=f"token:{held.id}")
        return await _rescue(session, number)


async def _rescue(session: AsyncSession, number: str) -> out.RoadsideOut:
    zone = (await queries.place(session)).zone
    return convert.roadside_request(await roadside_queries.roadside_request(session, number), zone)


@router.post("/inquiries", status_code=201, response_model=given.InquiryOut)
async def inquiry(request: Request, held: Writer, body: given.InquiryIn) -> object:
    """Keeps what somebody asked as a conversation of the channel `source`, with a task."""
    served = services(request)
    try:
        async with served.database.transaction() as session:
            made = await entry.inquiry(
                session, served.clock.now(), body.plain(), _by(held, body.key)
            )
            return given.InquiryOut(
                conversation_id=made.conversation_id, task_id=made.task.id, state=made.task.state
            )
    except FieldsError as error:
        return _wrong(error)


@router.post("/complaints/{number}/{act}", response_model=out.ComplaintOut)
async def act_on_complaint(
    request: Request, held: Writer, number: str, act: str, body: given.ComplaintActIn
) -> out.ComplaintOut:
    """`act`: take, assign, note, called, message, cause, resolve, reopen or grade, in the name of
    the colleague `staff_id`. 409 for what the complaint's state does not allow."""
    if act not in ACTS:
        raise NotFoundError("no such resource")
    served = services(request)
    now = served.clock.now()
    async with served.database.transaction() as session:
        found = (await queries.complaint(session, number)).complaint
        if body.staff_id is not None and await session.get(Staff, body.staff_id) is None:
            raise InvalidError("staff_id: no such colleague", code="unknown_staff")
        key = f"api:{held.id}:{found.id}:{act}:{body.key}"
        by = Handler(f"token:{held.id}", body.staff_id, key)
        await perform(session, now, found.id, by, act, body.plain())
        zone = (await queries.place(session)).zone
        return convert.complaint(await queries.complaint(session, number), zone, now)


def _by(held: StaffToken, key: str) -> By:
    return By(f"token:{held.id}", f"api:{held.id}:{key}")


def _wrong(error: FieldsError) -> JSONResponse:
    body = {"code": error.code, "message": error.message, "fields": error.fields}
    return JSONResponse({"error": body}, status_code=error.status)


async def _refused(request: Request, refused: Refused, language: str | None) -> JSONResponse:
    served = services(request)
    async with served.database.reading() as session:
        said = await told(session, served.clock.now(), refused, language or "zh")
        zone = (await queries.place(session)).zone
    body = {
        "code": said.code,
        "message": said.text,
        "alternatives": [local(at, zone).isoformat() for at, _ in said.alternatives],
    }
    return JSONResponse({"error": body}, status_code=409)
