"""The calendar of a day."""

from datetime import date, timedelta

from fastapi import APIRouter, Request, Response

from backend.clock import local
from backend.console.http import ConsoleRoute
from backend.console.view import render, services
from backend.staff import day as calendar

PATH = "/console/day"
EARLIEST, LATEST = date(2000, 1, 8), date(2200, 1, 1)

router = APIRouter(route_class=ConsoleRoute)


@router.get("/day")
async def day(request: Request) -> Response:
    """Of `?date=`, else of today. Raises NotFoundError before a dealership is set up."""
    held = services(request)
    now = held.clock.now()
    today = local(now, request.state.place.zone).date()
    asked = request.query_params.get("date", "")
    wanted, bad = today, False
    if asked:
        try:
            wanted = date.fromisoformat(asked[:10])
            bad = not EARLIEST < wanted < LATEST
        except ValueError:
            bad = True
    wanted = today if bad else wanted
    async with held.database.reading() as session:
        found = await calendar.read(session, now, wanted)
    context = {
        "found": found,
        "today": today,
        "bad_date": bad,
        "before": wanted - timedelta(days=1),
        "after": wanted + timedelta(days=1),
    }
    return render(request, "day.html", context)
