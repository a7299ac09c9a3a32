"""Test drives, service bookings, complaints and tasks: lists and single records."""

from fastapi import APIRouter, Request, Response

from backend.console.changing import Tried, changing
from backend.console.http import ConsoleRoute
from backend.console.pages.lists import Listing, show
from backend.console.view import render, services
from backend.diagnosis import service as diagnoses
from backend.models import BOOKING_STATES, COMPLAINT_STATES
from backend.staff import conversation_queries, queries

router = APIRouter(route_class=ConsoleRoute)

TEST_DRIVES = Listing(
    name="test_drives",
    path="/console/test-drives",
    template="test_drives.html",
    states=BOOKING_STATES,
    state_texts="booking_state",
    statement=queries.test_drives,
    rows=queries.test_drive_rows,
    due="list.due_start",
)
SERVICE_BOOKINGS = Listing(
    name="service_bookings",
    path="/console/service-bookings",
    template="service_bookings.html",
    states=BOOKING_STATES,
    state_texts="booking_state",
    statement=queries.service_bookings,
    rows=queries.service_rows,
    due="list.due_start",
)
COMPLAINTS = Listing(
    name="complaints",
    path="/console/complaints",
    template="complaints.html",
    states=("overdue", "escalated", *COMPLAINT_STATES),
    state_texts="complaint_state",
    statement=queries.complaints,
    rows=queries.complaint_rows,
    mine=True,
    due="list.due_deadline",
)
TASKS = Listing(
    name="tasks",
    path="/console/tasks",
    template="tasks.html",
    states=("overdue", "due", "open", "done"),
    state_texts="task_state",
    statement=conversation_queries.tasks,
    rows=conversation_queries.task_rows,
    mine=True,
    first="list.urgent",
)


@router.get("/test-drives")
async def test_drive_list(request: Request) -> Response:
    return await show(request, TEST_DRIVES)


@router.get("/service-bookings")
async def service_booking_list(request: Request) -> Response:
    return await show(request, SERVICE_BOOKINGS)


@router.get("/service-bookings/{number}")
async def service_booking(request: Request, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    return await service_booking_page(request, number)


async def service_booking_page(
    request: Request, number: str, *, tried: Tried | None = None, status: int = 200
) -> Response:
    """The same, or after a change that was refused. Raises NotFoundError."""
    async with services(request).database.reading() as session:
        record = await queries.service_booking(session, number)
        found = await diagnoses.of_booking(session, record.booking.id)
        change = await changing(request, session, record.booking.number, drive=False, tried=tried)
    context = {"record": record, "diagnosis": found, "change": change}
    return render(request, "service_booking.html", context, status=status)


@router.get("/complaints")
async def complaint_list(request: Request) -> Response:
    return await show(request, COMPLAINTS)


@router.get("/tasks")
async def task_list(request: Request) -> Response:
    return await show(request, TASKS)
