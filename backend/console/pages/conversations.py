"""Conversations: the list, and one with its transcript, composer, customer and records."""

import secrets

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from backend.console import thread
from backend.console.http import ConsoleRoute
from backend.console.pages import inbox
from backend.console.texts import Texts
from backend.console.view import Format, language_of, render, services
from backend.errors import NotFoundError
from backend.models import Attachment
from backend.staff.filters import LARGEST_ID

router = APIRouter(route_class=ConsoleRoute)


@router.get("/conversations")
async def conversation_list(request: Request) -> Response:
    return render(request, "inbox.html", {**await inbox.context(request), "opened": None})


@router.get("/attachments/{attachment_id}")
async def picture(request: Request, attachment_id: str) -> Response:
    """A picture that a customer sent. Raises NotFoundError."""
    served = services(request)
    async with served.database.reading() as session:
        found = await session.get(Attachment, attachment_id.replace("\0", ""))
    # The name of the file is the id of a row, never what the address says.
    path = served.settings.var / "attachments" / found.id if found else None
    if found is None or path is None or not path.is_file():
        raise NotFoundError("no such picture")
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return FileResponse(path, media_type=found.content_type, headers=headers)


@router.get("/conversations/{conversation_id}")
async def conversation(request: Request, conversation_id: str, before: str = "") -> Response:
    """The latest messages, or those before the message `before`.

    Raises NotFoundError, shown as a page.
    """
    known = before.isascii() and before.isdigit() and len(before) < 10
    return await page(
        request, conversation_id, before=min(int(before), LARGEST_ID) if known else None
    )


async def page(
    request: Request,
    conversation_id: str,
    *,
    before: int | None = None,
    status: int = 200,
    notice: str = "",
    draft: str = "",
    kind: str = "reply",
) -> Response:
    """The page of one conversation; `notice` tells why the draft was not sent.

    Raises NotFoundError.
    """
    async with services(request).database.reading() as session:
        opened = await thread.read(session, conversation_id, before=before)
    at_desk = desk(request)
    context = {
        "opened": opened,
        "items": thread.items(opened, at_desk),
        "parts": {part.id: part.html for part in thread.parts(opened, at_desk)},
        "before": before,
        "notice": notice,
        "draft": draft,
        "kind": kind,
        "reply_key": secrets.token_urlsafe(12),
    }
    if request.headers.get("hx-request"):
        # The list is on the reader's page already.
        given = inbox.asked(request)
        context |= {"given": given, "link": inbox.link(given)}
        return render(request, "pane_only.html", context, status=status)
    context |= await inbox.context(request, opened.record.conversation.id)
    return render(request, "inbox.html", context, status=status)


def desk(request: Request) -> thread.Desk:
    """Who reads this request's page."""
    texts = Texts(language_of(request))
    fmt = Format(texts, request.state.place.zone, services(request).clock.now())
    return thread.Desk(texts, fmt, request.state.who, request.state.csrf)
