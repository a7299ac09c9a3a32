"""Test drives, service bookings, complaints and tasks: lists and single records."""

from fastapi import APIRouter, Request, Response

from backend.console.http import ConsoleRoute
from backend.console.pages.lists import Listing, show
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


@router.get("/complaints")
async def complaint_list(request: Request) -> Response:
    return await show(request, COMPLAINTS)


@router.get("/tasks")
async def task_list(request: Request) -> Response:
    return await show(request, TASKS)
