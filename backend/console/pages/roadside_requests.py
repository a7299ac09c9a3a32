"""Requests for help on the road: the list, one of them, and how far it is."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from backend.console.http import ConsoleRoute, Form, Who
from backend.console.pages.lists import Listing, show
from backend.console.view import render, services
from backend.diagnosis import roadside
from backend.diagnosis.roadside_telling import place_of
from backend.errors import ConflictError
from backend.models import ROADSIDE_STATES
from backend.staff import roadside_queries

router = APIRouter(route_class=ConsoleRoute)

ROADSIDE_REQUESTS = Listing(
    name="roadside_requests",
    path="/console/roadside-requests",
    template="roadside_requests.html",
    states=ROADSIDE_STATES,
    state_texts="roadside_state",
    statement=roadside_queries.roadside_requests,
    rows=roadside_queries.roadside_rows,
)


@router.get("/roadside-requests")
async def roadside_list(request: Request) -> Response:
    return await show(request, ROADSIDE_REQUESTS)


@router.get("/roadside-requests/{number}")
async def roadside_request(request: Request, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    async with services(request).database.reading() as session:
        record = await roadside_queries.roadside_request(session, number)
        reached = await place_of(session, record.request)
    context = {"record": record, "states": ROADSIDE_STATES, "tells": reached is not None}
    return render(request, "roadside_request.html", context)


@router.post("/roadside-requests/{number}/{state}")
async def move(request: Request, who: Who, _form: Form, number: str, state: str) -> Response:
    """Back to the page with word of what was done, or why not. Raises NotFoundError,
    InvalidError, shown as a page."""
    held = services(request)
    try:
        async with held.database.transaction() as session:
            moved = await roadside.move_on(
                session, held.clock.now(), number, state, actor=f"staff:{who.staff.id}"
            )
        said = "?said=roadside_told" if moved.told else "?said=roadside_call"
        said = "" if moved.already else said
    except ConflictError:
        said = "?said=roadside_stands"
    path = f"/console/roadside-requests/{quote(number, safe='')}"
    return RedirectResponse(path + said, status_code=303)
