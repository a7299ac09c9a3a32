"""The staff API, version 1: what the console shows, for tools. What changes something is in files
of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from backend.diagnosis import service as diagnoses
from backend.errors import InvalidError, NotFoundError
from backend.models import (
    BOOKING_STATES,
    COMPLAINT_STATES,
    ROADSIDE_STATES,
    Complaint,
    Conversation,
    Customer,
    RoadsideRequest,
    ServiceBooking,
    TestDriveBooking,
)
from backend.staff import conversation_queries, queries, roadside_queries
from backend.staff.filters import Cursor, Filters, clean, moment, normal_phone
from backend.staff.queries import AnySelect
from backend.staff_api import changes, convert, drives, visits
from backend.staff_api import schemas as out
from backend.staff_api.http import ApiRoute, services, token

LONGEST_PAGE = 200

router = APIRouter(
    prefix="/api/staff",
    tags=["staff"],
    route_class=ApiRoute,
    dependencies=[Depends(token)],
    responses={401: {"model": out.ErrorOut}, 422: {"model": out.ErrorOut}},
)


@dataclass(frozen=True)
class Asked:
    """The parameters that every list understands. All are optional."""

    phone: Annotated[str | None, Query(description="13800000001 or +8613800000001")] = None
    conversation_id: Annotated[str | None, Query()] = None
    state: Annotated[str | None, Query()] = None
    since: Annotated[
        str | None, Query(alias="from", description="ISO date or datetime, inclusive")
    ] = None
    until: Annotated[str | None, Query(alias="to", description="The same; a day counts whole")] = (
        None
    )
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50
    cursor: Annotated[str | None, Query(description="`next` of the page before")] = None


Params = Annotated[Asked, Depends()]


def _filters(asked: Asked, request: Request, zone: str, states: Sequence[str]) -> Filters:
    if asked.state and asked.state not in states:
        known = f"one of {', '.join(states)}" if states else "does not apply here"
        raise InvalidError(f"state: {known}", code="invalid_state")
    return Filters(
        phone=normal_phone(asked.phone) if asked.phone else None,
        conversation_id=clean(asked.conversation_id) or None,
        state=asked.state or None,
        since=moment(asked.since, zone) if asked.since else None,
        until=moment(asked.until, zone, end=True) if asked.until else None,
        now=services(request).clock.now(),
    )


def _page(statement: AnySelect, asked: Asked, entity: Any, kind: type[int] | type[str]) -> Any:
    """One row more than the page holds tells whether another page follows."""
    if asked.cursor:
        place = Cursor.decode(asked.cursor, kind)
        statement = statement.where(queries.after(entity.created_at, entity.id, place))
    return statement.limit(asked.limit + 1)


def _next(rows: Sequence[Any], asked: Asked, row: Any) -> str | None:
    return Cursor(row.created_at, row.id).encode() if len(rows) > asked.limit else None


@router.get("/test-drives")
async def test_drives(request: Request, asked: Params) -> out.TestDrivePage:
    """Test drives, the newest booking first. `from` and `to` are about the drive's start."""
    async with services(request).database.reading() as session:
        zone = (await queries.place(session)).zone
        statement = queries.test_drives(_filters(asked, request, zone, BOOKING_STATES))
        statement = _page(statement, asked, TestDriveBooking, int)
        rows = await queries.test_drive_rows(session, statement)
    shown = rows[: asked.limit]
    return out.TestDrivePage(
        items=[convert.test_drive(row, zone) for row in shown],
        next=_next(rows, asked, shown[-1].booking) if shown else None,
    )


@router.get("/service-bookings")
async def service_bookings(request: Request, asked: Params) -> out.ServiceBookingPage:
    """Service visits, the newest booking first. `from` and `to` are about the visit's start."""
    async with services(request).database.reading() as session:
        zone = (await queries.place(session)).zone
        statement = queries.service_bookings(_filters(asked, request, zone, BOOKING_STATES))
        statement = _page(statement, asked, ServiceBooking, int)
        rows = await queries.service_rows(session, statement)
        shown = rows[: asked.limit]
        told = await diagnoses.of_bookings(session, [row.booking.id for row in shown])
    return out.ServiceBookingPage(
        items=[convert.service_booking(row, zone, told.get(row.booking.id)) for row in shown],
        next=_next(rows, asked, shown[-1].booking) if shown else None,
    )


@router.get("/roadside-requests")
async def roadside_requests(request: Request, asked: Params) -> out.RoadsidePage:
    """Requests for help on the road, newest first. `from` and `to` are about the request."""
    async with services(request).database.reading() as session:
        zone = (await queries.place(session)).zone
        filters = _filters(asked, request, zone, ROADSIDE_STATES)
        statement = _page(roadside_queries.roadside_requests(filters), asked, RoadsideRequest, int)
        rows = await roadside_queries.roadside_rows(session, statement)
    shown = rows[: asked.limit]
    return out.RoadsidePage(
        items=[convert.roadside_request(row, zone) for row in shown],
        next=_next(rows, asked, shown[-1].request) if shown else None,
    )


@router.get("/complaints")
async def complaints(request: Request, asked: Params) -> out.ComplaintPage:
    """Complaints, newest first. `from` and `to` are about lodging; `state` may be `overdue`."""
    async with services(request).database.reading() as session:
        zone = (await queries.place(session)).zone
        filters = _filters(asked, request, zone, (*COMPLAINT_STATES, "overdue", "escalated"))
        statement = _page(queries.complaints(filters), asked, Complaint, int)
        rows = await queries.complaint_rows(session, statement)
    shown = rows[: asked.limit]
    now = services(request).clock.now()
    return out.ComplaintPage(
        items=[convert.complaint(row, zone, now) for row in shown],
        next=_next(rows, asked, shown[-1].complaint) if shown else None,
    )


@router.get("/conversations")
async def conversations(request: Request, asked: Params) -> out.ConversationPage:
    """Conversations, the newest first. `from` and `to`: those going on in that period."""
    async with services(request).database.reading() as session:
        zone = (await queries.place(session)).zone
        filters = _filters(asked, request, zone, ("open", "closed"))
        statement = conversation_queries.conversations(filters)
        statement = _page(statement, asked, Conversation, str)
        rows = await conversation_queries.conversation_rows(session, statement)
    shown = rows[: asked.limit]
    return out.ConversationPage(
        items=[convert.conversation(row, zone) for row in shown],
        next=_next(rows, asked, shown[-1].conversation) if shown else None,
    )


@router.get("/conversations/{conversation_id}", responses={404: {"model": out.ErrorOut}})
async def conversation(request: Request, conversation_id: str) -> out.ConversationDetailOut:
    """One conversation with its whole transcript and what was understood."""
    async with services(request).database.reading() as session:
        zone = (await queries.place(session)).zone
        record = await conversation_queries.conversation(session, conversation_id)
        messages = await conversation_queries.transcript(session, record.conversation.id)
    return convert.conversation_detail(record, messages, zone)


@router.get("/customers")
async def customers(request: Request, asked: Params) -> out.CustomerPage:
    """Customers, the newest first. `from` and `to` are about the first contact."""
    async with services(request).database.reading() as session:
        zone = (await queries.place(session)).zone
        filters = _filters(asked, request, zone, ())
        statement = _page(queries.customers(filters), asked, Customer, int)
        rows = list(await session.scalars(statement))
        shown = rows[: asked.limit]
        cars = await queries.vehicles_of(session, [row.id for row in shown])
    return out.CustomerPage(
        items=[
            convert.customer(row, [car for car in cars if car.customer_id == row.id], zone)
            for row in shown
        ],
        next=_next(rows, asked, shown[-1]) if shown else None,
    )


router.include_router(drives.router)
router.include_router(visits.router)
router.include_router(changes.router)


@router.api_route(
    "/{rest:path}",
    methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
    include_in_schema=False,
)
async def unknown(rest: str) -> None:
    """Nothing below this address answers without a token, not even that it is unknown."""
    raise NotFoundError("no such resource")
