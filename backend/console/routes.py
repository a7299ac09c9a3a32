"""All pages of the console. Everything but the sign-in needs someone signed in."""

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from backend.console.http import HOME, ConsoleRoute, signed_in
from backend.console.pages import (
    booking_changes,
    canned_replies,
    catalogue,
    catalogue_uploads,
    complaints,
    conversations,
    day,
    drive_days,
    entering,
    fact_changes,
    live,
    moves,
    records,
    replies,
    roadside_requests,
    sign_in,
    task_pages,
    tokens,
    visit_days,
)
from backend.errors import NotFoundError

router = APIRouter()
router.include_router(sign_in.public)

# Denied by default: a page added below cannot forget to ask who is there.
_private = APIRouter(
    prefix="/console",
    route_class=ConsoleRoute,
    dependencies=[Depends(signed_in)],
    include_in_schema=False,
)


@_private.get("")
@_private.get("/")
async def home() -> Response:
    return RedirectResponse(HOME, status_code=303)


for _pages in (
    sign_in.private,
    live.router,
    conversations.router,
    moves.router,
    replies.router,
    canned_replies.router,
    drive_days.router,
    visit_days.router,
    complaints.router,
    entering.router,
    records.router,
    roadside_requests.router,
    day.router,
    booking_changes.router,
    task_pages.router,
    catalogue.router,
    fact_changes.router,
    catalogue_uploads.router,
    tokens.router,
):
    _private.include_router(_pages)


@_private.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def unknown(rest: str) -> Response:
    raise NotFoundError("no such page")


router.include_router(_private)
