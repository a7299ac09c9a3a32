"""Entering what came by phone or in person: a test drive, a visit, a complaint, a car that needs
help on the road, an inquiry.

Every form works as a plain one. It answers with the way to the record; or with the form again,
what was filled in, and beside each field what is wrong with it, or the refusal in the customer's
words with the times that he may have instead.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.outcomes import Booked, Refused
from backend.catalogue import service as catalogue
from backend.clock import local
from backend.complaints.service import Lodged
from backend.console.http import ConsoleRoute, Form, Who
from backend.console.view import render, services
from backend.diagnosis.roadside import Requested
from backend.entry import service as entry
from backend.entry.fields import LANGUAGES, SOURCES, FieldsError
from backend.entry.service import OPEN_PRICE, By, Inquiry, Quoted
from backend.entry.wording import told
from backend.errors import NotFoundError
from backend.models import CATEGORIES, SEVERITIES
from backend.staff import inbox_queries
from backend.workshop import pricing

PATH = "/console/new"
LONGEST_KEY = 64
ITEM = "item:"
"""What the names of the boxes for items of the service menu begin with."""

router = APIRouter(route_class=ConsoleRoute)

Outcome = Any
Enter = Callable[[AsyncSession, datetime, Mapping[str, str], By], Awaitable[Outcome]]


@dataclass(frozen=True)
class Kind:
    """One of the forms: what it is entered by, and where the record is seen."""

    enter: Enter
    list: str


KINDS: dict[str, Kind] = {
    "test-drive": Kind(entry.test_drive, "/console/test-drives"),
    "service-booking": Kind(entry.visit, "/console/service-bookings"),
    "complaint": Kind(entry.complaint, "/console/complaints"),
    "roadside-request": Kind(entry.roadside_request, "/console/roadside-requests"),
    "inquiry": Kind(entry.inquiry, "/console/conversations"),
}


async def _page(
    request: Request,
    kind: str,
    given: Mapping[str, str],
    *,
    status: int = 200,
    **more: Any,
) -> Response:
    async with services(request).database.reading() as session:
        choices = {
            "models": await catalogue.models(session),
            "menu": await pricing.menu(session),
            "colleagues": await inbox_queries.colleagues(session),
        }
    context = {
        "kind": kind, "list": KINDS[kind].list, "kinds": tuple(KINDS), "given": given,
        "wrong": {}, "refused": None, "quoted": None, "sources": SOURCES, "languages": LANGUAGES,
        "categories": CATEGORIES, "severities": SEVERITIES, "item_prefix": ITEM,
        "key": _key(given) or secrets.token_urlsafe(12), **choices, **more,
    }  # fmt: skip
    return render(request, "entry.html", context, status=status)


@router.get("/new/{kind}")
async def form(request: Request, who: Who, kind: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    _known(kind)
    wanted = ("phone", "name", "source", "model", "starts_at")
    given = {name: request.query_params.get(name, "")[:100] for name in wanted}
    return await _page(request, kind, given)


@router.post("/new/{kind}")
async def save(request: Request, who: Who, form: Form, kind: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    _known(kind)
    held = services(request)
    now = held.clock.now()
    given = dict(form)
    if kind == "service-booking":
        boxes = [name.removeprefix(ITEM) for name in form if name.startswith(ITEM)]
        given["items"] = ",".join(boxes)
        if form.get("told_for") != _what(given):
            # Another work or car than the one whose price was told: it is told anew.
            given.pop("told_total", None)
    if form.get("other_time"):
        given["starts_at"] = form["other_time"]
    key = _key(form) or secrets.token_urlsafe(12)
    by = By(f"staff:{who.staff.id}", f"form:{who.staff.id}:{kind}:{key}", who.staff.id)
    try:
        async with held.database.transaction() as session:
            outcome = await KINDS[kind].enter(session, now, given, by)
            place = _place(kind, outcome)
    except FieldsError as error:
        return await _page(request, kind, given, status=422, wrong=error.fields)
    if place:
        # An inquiry stands in its conversation as the last that was written.
        said = "" if kind == "inquiry" else "?said=entered"
        return RedirectResponse(place + said, status_code=303)
    if isinstance(outcome, Quoted):
        total = OPEN_PRICE if outcome.quote.total is None else str(outcome.quote.total)
        return await _page(
            request, kind, given, quoted=outcome.quote, told_total=total, told_for=_what(given)
        )
    return await _refused(request, kind, given, outcome)


async def _refused(
    request: Request, kind: str, given: dict[str, str], refused: Refused
) -> Response:
    served = services(request)
    language = given.get("language") if given.get("language") in LANGUAGES else "zh"
    async with served.database.reading() as session:
        said = await told(session, served.clock.now(), refused, language or "zh")
    zone = request.state.place.zone
    times = [(f"{local(at, zone):%Y-%m-%dT%H:%M}", words) for at, words in said.alternatives]
    given.pop("told_total", None)
    return await _page(
        request, kind, given, status=409, refused=said, times=times, customer_language=language
    )


def _place(kind: str, outcome: Outcome) -> str | None:
    """Where what was entered is seen; None where nothing was."""
    number: str | None = None
    if isinstance(outcome, Booked):
        number = outcome.booking.number
    elif isinstance(outcome, Lodged):
        number = outcome.complaint.number
    elif isinstance(outcome, Requested):
        number = outcome.request.number
    elif isinstance(outcome, Inquiry):
        number = outcome.conversation_id
    return f"{KINDS[kind].list}/{quote(number)}" if number else None


def _what(given: Mapping[str, str]) -> str:
    """What the price of a visit depends on."""
    return f"{given.get('items', '')}|{given.get('model', '')}"


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise NotFoundError("no such page")


def _key(given: Mapping[str, str]) -> str | None:
    key = given.get("key", "")
    return key if 0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable() else None
