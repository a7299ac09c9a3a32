"""One complaint, and what staff do with it. Every form works as a plain one: it answers with the
way back to the page, or with the page again, what was written and the reason."""

import secrets
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from backend.complaints.acts import ACTS, perform
from backend.complaints.handling import By
from backend.console.http import ConsoleRoute, Form, Who
from backend.console.texts import Texts
from backend.console.view import language_of, render, services
from backend.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from backend.models import CATEGORIES, SEVERITIES
from backend.staff import complaint_queries, queries

PATH = "/console/complaints"
LONGEST_KEY = 64

router = APIRouter(route_class=ConsoleRoute)


async def _page(
    request: Request,
    number: str,
    *,
    failed: str = "",
    error: str = "",
    given: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """`failed` names the form beside which `error` stands."""
    async with services(request).database.reading() as session:
        detail = await complaint_queries.detail(session, number)
    context = {
        "detail": detail, "record": detail.record, "failed": failed, "error": error,
        "given": given or {}, "key": secrets.token_urlsafe(12),
        "categories": CATEGORIES, "severities": SEVERITIES,
    }  # fmt: skip
    return render(request, "complaint.html", context, status=status)


@router.get("/complaints/{number}")
async def complaint(request: Request, number: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    return await _page(request, number)


@router.get("/complaints/{number}/{act}")
async def after_refusal(number: str, act: str) -> Response:
    """A refusal stands at the form's own address: loading that again leads to the page."""
    return RedirectResponse(f"{PATH}/{quote(number)}", status_code=303)


@router.post("/complaints/{number}/{act}")
async def do(request: Request, who: Who, form: Form, number: str, act: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    if act not in ACTS:
        raise NotFoundError("no such page")
    held = services(request)
    async with held.database.reading() as session:
        found = (await queries.complaint(session, number)).complaint
    key = form.get("key", "")
    usable = 0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()
    by = By(
        f"staff:{who.staff.id}", who.staff.id, f"form:{found.id}:{act}:{key}" if usable else None
    )
    try:
        async with held.database.transaction() as session:
            await perform(session, held.clock.now(), found.id, by, act, form)
    except (ConflictError, InvalidError, TooLargeError) as error:
        told = Texts(language_of(request)).label("complaint.refused", error.code)
        return await _page(request, number, failed=act, error=told, given=form, status=error.status)
    return RedirectResponse(
        f"{PATH}/{quote(found.number)}?said=complaint_{act}#{act}", status_code=303
    )
