"""What staff do in a conversation: reply, hand back, close; and finishing its tasks.

Every form works as a plain one: it answers with the way back to the page. A script asks the same
addresses and takes from the page what has changed.
"""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from backend.console.http import ConsoleRoute, Form, Who, inside
from backend.console.pages.conversations import page
from backend.console.texts import Texts
from backend.console.view import language_of, services
from backend.conversations import takeover, tasks
from backend.errors import ConflictError, InvalidError, TooLargeError
from backend.staff.filters import LARGEST_ID

LONGEST_KEY = 64

router = APIRouter(route_class=ConsoleRoute)


@router.post("/conversations/{conversation_id}/reply")
async def reply(request: Request, who: Who, form: Form, conversation_id: str) -> Response:
    """To the message in the transcript; or the page again with the draft and the reason."""
    held = services(request)
    draft, limit = form.get("text", ""), held.settings.message_limit
    texts = Texts(language_of(request))
    try:
        async with held.database.transaction() as session:
            message = await takeover.reply(
                session,
                held.clock.now(),
                conversation_id,
                staff_id=who.staff.id,
                text=draft,
                limit=limit,
                key=_key(form),
            )
    except TooLargeError:
        length = len(draft.replace("\r\n", "\n"))
        notice = texts("reply.too_long", limit=limit, length=length)
        return await page(request, conversation_id, status=422, notice=notice, draft=draft)
    except InvalidError:
        notice = texts("reply.empty")
        return await page(request, conversation_id, status=422, notice=notice, draft=draft)
    return _back(conversation_id, f"m{message.seq}")


@router.post("/conversations/{conversation_id}/hand-back")
async def hand_back(request: Request, who: Who, form: Form, conversation_id: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    held = services(request)
    try:
        async with held.database.transaction() as session:
            await takeover.hand_back(
                session,
                held.clock.now(),
                conversation_id,
                staff_id=who.staff.id,
                seen=_seen(form),
            )
    except ConflictError:
        return await _unseen(request, conversation_id)
    return _back(conversation_id, "status")


@router.post("/conversations/{conversation_id}/close")
async def close(request: Request, who: Who, form: Form, conversation_id: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    held = services(request)
    try:
        async with held.database.transaction() as session:
            await takeover.close(
                session,
                held.clock.now(),
                conversation_id,
                staff_id=who.staff.id,
                seen=_seen(form),
            )
    except ConflictError:
        return await _unseen(request, conversation_id)
    return _back(conversation_id, "status")


@router.get("/conversations/{conversation_id}/reply")
@router.get("/conversations/{conversation_id}/hand-back")
@router.get("/conversations/{conversation_id}/close")
async def after_refusal(conversation_id: str) -> Response:
    """A refusal stands at the form's own address: loading that again leads to the page."""
    return RedirectResponse(f"/console/conversations/{quote(conversation_id)}", status_code=303)


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


def _key(form: dict[str, str]) -> str | None:
    key = form.get("key", "")
    return key if 0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable() else None


def _seen(form: dict[str, str]) -> int:
    """The last message on the page from which the form came; 0 when it does not say."""
    text = form.get("seen", "")[:10]
    return min(int(text), LARGEST_ID) if text.isascii() and text.isdigit() else 0


async def _unseen(request: Request, conversation_id: str) -> Response:
    notice = Texts(language_of(request))("conversation.unseen")
    return await page(request, conversation_id, status=409, notice=notice)


def _back(conversation_id: str, place: str) -> Response:
    return RedirectResponse(f"/console/conversations/{conversation_id}#{place}", status_code=303)
