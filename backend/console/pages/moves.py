"""What staff do with a conversation: take over, give to a colleague, hand back, close, read; and
finishing its tasks.

Every form works as a plain one: it answers with the way back to the page. A script asks the same
addresses and takes from the page what has changed.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.http import ConsoleRoute, Form, Who, asked_by_itself, inside
from backend.console.pages import inbox
from backend.console.pages.conversations import page
from backend.console.texts import Texts
from backend.console.view import language_of, services, with_query
from backend.conversations import takeover, tasks
from backend.errors import ConflictError, InvalidError
from backend.staff.filters import LARGEST_ID

router = APIRouter(route_class=ConsoleRoute)


@router.post("/conversations/{conversation_id}/take-over")
async def take_over(request: Request, who: Who, form: Form, conversation_id: str) -> Response:
    """Raises NotFoundError, shown as a page."""

    async def move(session: AsyncSession, now: datetime) -> None:
        await takeover.take_over(session, now, conversation_id, staff_id=who.staff.id)

    return await _moved(request, conversation_id, move)


@router.post("/conversations/{conversation_id}/assign")
async def assign(request: Request, who: Who, form: Form, conversation_id: str) -> Response:
    """To the colleague `staff`. Raises NotFoundError, shown as a page."""
    colleague = _number(form.get("staff", ""))

    async def move(session: AsyncSession, now: datetime) -> None:
        await takeover.assign(session, now, conversation_id, staff_id=colleague, by=who.staff.id)

    return await _moved(request, conversation_id, move)


@router.post("/conversations/{conversation_id}/hand-back")
async def hand_back(request: Request, who: Who, form: Form, conversation_id: str) -> Response:
    """Raises NotFoundError, shown as a page."""

    async def move(session: AsyncSession, now: datetime) -> None:
        await takeover.hand_back(
            session, now, conversation_id, staff_id=who.staff.id, seen=_number(form.get("seen", ""))
        )

    return await _moved(request, conversation_id, move)


@router.post("/conversations/{conversation_id}/close")
async def close(request: Request, who: Who, form: Form, conversation_id: str) -> Response:
    """Raises NotFoundError, shown as a page."""

    async def move(session: AsyncSession, now: datetime) -> None:
        await takeover.close(
            session, now, conversation_id, staff_id=who.staff.id, seen=_number(form.get("seen", ""))
        )

    return await _moved(request, conversation_id, move)


@router.post("/conversations/{conversation_id}/seen")
@asked_by_itself
async def seen(request: Request, who: Who, form: Form, conversation_id: str) -> Response:
    """Staff have read up to the message `seen`. A page tells it by itself, while it can be seen.

    Raises NotFoundError.
    """
    async with services(request).database.transaction() as session:
        await takeover.seen(session, conversation_id, _number(form.get("seen", "")))
    if request.headers.get("hx-request"):
        return Response(status_code=204)
    return back(request, conversation_id, "status")


@router.get("/conversations/{conversation_id}/reply")
@router.get("/conversations/{conversation_id}/take-over")
@router.get("/conversations/{conversation_id}/assign")
@router.get("/conversations/{conversation_id}/hand-back")
@router.get("/conversations/{conversation_id}/close")
@router.get("/conversations/{conversation_id}/seen")
async def after_refusal(conversation_id: str) -> Response:
    """A refusal stands at the form's own address: loading that again leads to the page."""
    return RedirectResponse(f"{inbox.PATH}/{quote(conversation_id)}", status_code=303)


@router.post("/tasks/{task_id}/done")
async def finish_task(request: Request, who: Who, form: Form, task_id: int) -> Response:
    """Back to the page on which the button was. Raises NotFoundError, shown as a page."""
    held = services(request)
    async with held.database.transaction() as session:
        await tasks.finish_task(
            session,
            held.clock.now(),
            task_id if 0 < task_id <= LARGEST_ID else 0,
            staff_id=who.staff.id,
        )
    return RedirectResponse(inside(form.get("next")), status_code=303)


def back(request: Request, conversation_id: str, place: str) -> Response:
    """To the conversation, beside the list from which the form came."""
    path = with_query(f"{inbox.PATH}/{conversation_id}", inbox.link(inbox.asked(request)))
    return RedirectResponse(f"{path}#{place}", status_code=303)


async def _moved(
    request: Request,
    conversation_id: str,
    move: Callable[[AsyncSession, datetime], Awaitable[None]],
) -> Response:
    """After the move, or the page again with the reason why there was none."""
    held = services(request)
    texts = Texts(language_of(request))
    try:
        async with held.database.transaction() as session:
            await move(session, held.clock.now())
    except ConflictError:
        notice = texts("conversation.unseen")
        return await page(request, conversation_id, status=409, notice=notice)
    except InvalidError:
        notice = texts("conversation.bad_colleague")
        return await page(request, conversation_id, status=422, notice=notice)
    return back(request, conversation_id, "status")


def _number(text: str) -> int:
    """Of a message or a colleague; 0 for what is none."""
    text = text[:10]
    return min(int(text), LARGEST_ID) if text.isascii() and text.isdigit() else 0
