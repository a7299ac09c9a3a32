"""Tokens of the staff API, for administrators."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from backend.console.http import Administrator, ConsoleRoute, Form
from backend.console.view import render, services
from backend.errors import InvalidError
from backend.staff import tokens
from backend.staff.filters import LARGEST_ID

PATH = "/console/tokens"

router = APIRouter(route_class=ConsoleRoute)


async def _page(
    request: Request, *, fresh: str | None = None, error: bool = False, status: int = 200
) -> Response:
    async with services(request).database.reading() as session:
        rows = await tokens.everyone(session)
    context = {"rows": rows, "fresh": fresh, "error": error}
    return render(request, "tokens.html", context, status=status)


@router.get("/tokens")
async def token_list(request: Request, who: Administrator) -> Response:
    return await _page(request)


@router.post("/tokens")
async def create(request: Request, who: Administrator, form: Form) -> Response:
    """Answers with the page that shows the secret, the only time that it can be seen."""
    held = services(request)
    try:
        async with held.database.transaction() as session:
            _, secret = await tokens.create(
                session, held.clock.now(), form.get("name", ""), actor=f"staff:{who.staff.id}",
                may_write=form.get("may_write") == "yes",
            )  # fmt: skip
    except InvalidError:
        return await _page(request, error=True, status=422)
    return await _page(request, fresh=secret, status=201)


@router.post("/tokens/{token_id}/revoke")
async def revoke(request: Request, who: Administrator, form: Form, token_id: int) -> Response:
    """Raises NotFoundError, shown as a page."""
    held = services(request)
    async with held.database.transaction() as session:
        await tokens.revoke(
            session,
            held.clock.now(),
            token_id if 0 < token_id <= LARGEST_ID else 0,
            actor=f"staff:{who.staff.id}",
        )
    return RedirectResponse(f"{PATH}?said=token_revoked", status_code=303)
