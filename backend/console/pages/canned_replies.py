"""Canned replies: all staff see them, managers and administrators change them."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from backend.console.http import EDITORS, ConsoleRoute, Editor, Form, Who
from backend.console.texts import Texts
from backend.console.view import language_of, render, services
from backend.errors import ConflictError, InvalidError
from backend.models import CannedReply
from backend.staff import canned_replies
from backend.staff.filters import LARGEST_ID

PATH = "/console/canned-replies"
GIVEN = ("shortcut", "text_zh", "text_en")

router = APIRouter(route_class=ConsoleRoute)


async def _page(
    request: Request,
    *,
    edited: CannedReply | None = None,
    given: dict[str, str] | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    async with services(request).database.reading() as session:
        rows = await canned_replies.everyone(session)
    context: dict[str, Any] = {
        "rows": rows,
        "fields": canned_replies.FIELDS,
        "edited": edited,
        "given": given or {name: getattr(edited, name, "") for name in GIVEN},
        "error": error,
        "may_edit": request.state.who.staff.role in EDITORS,
    }
    return render(request, "canned_replies.html", context, status=status)


@router.get("/canned-replies")
async def reply_list(request: Request, who: Who) -> Response:
    return await _page(request)


@router.get("/canned-replies/{reply_id}")
async def edit(request: Request, who: Editor, reply_id: int) -> Response:
    """The list with one of them in the form. Raises NotFoundError, shown as a page."""
    return await _page(request, edited=await _find(request, reply_id))


@router.post("/canned-replies")
async def create(request: Request, who: Editor, form: Form) -> Response:
    """To the list, or the form again with what was written and the reason."""
    held = services(request)
    given = {name: form.get(name, "") for name in GIVEN}
    try:
        async with held.database.transaction() as session:
            await canned_replies.create(
                session,
                held.clock.now(),
                **given,
                limit=held.settings.message_limit,
                staff_id=who.staff.id,
            )
    except (InvalidError, ConflictError) as error:
        return await _refused(request, error, given, None)
    return RedirectResponse(f"{PATH}?said=canned_added", status_code=303)


@router.post("/canned-replies/{reply_id}")
async def change(request: Request, who: Editor, form: Form, reply_id: int) -> Response:
    """As `create`. Raises NotFoundError, shown as a page."""
    held = services(request)
    given = {name: form.get(name, "") for name in GIVEN}
    edited = await _find(request, reply_id)
    try:
        async with held.database.transaction() as session:
            await canned_replies.change(
                session,
                held.clock.now(),
                edited.id,
                **given,
                limit=held.settings.message_limit,
                staff_id=who.staff.id,
            )
    except (InvalidError, ConflictError) as error:
        return await _refused(request, error, given, edited)
    return RedirectResponse(f"{PATH}?said=canned_saved", status_code=303)


@router.post("/canned-replies/{reply_id}/delete")
async def delete(request: Request, who: Editor, form: Form, reply_id: int) -> Response:
    """Raises NotFoundError, shown as a page."""
    held = services(request)
    async with held.database.transaction() as session:
        await canned_replies.delete(session, held.clock.now(), _id(reply_id), staff_id=who.staff.id)
    return RedirectResponse(f"{PATH}?said=canned_deleted", status_code=303)


async def _refused(
    request: Request,
    error: InvalidError | ConflictError,
    given: dict[str, str],
    edited: CannedReply | None,
) -> Response:
    missing = canned_replies.unknown(given["text_zh"] + given["text_en"])
    told = Texts(language_of(request))(
        f"canned.{error.code}",
        limit=services(request).settings.message_limit,
        fields=" ".join(f"{{{name}}}" for name in missing),
    )
    return await _page(request, edited=edited, given=given, error=told, status=error.status)


async def _find(request: Request, reply_id: int) -> CannedReply:
    async with services(request).database.reading() as session:
        return await canned_replies.find(session, _id(reply_id))


def _id(number: int) -> int:
    return number if 0 < number <= LARGEST_ID else 0
