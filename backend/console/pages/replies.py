"""What staff write in a conversation: to the customer, and to each other.

Every form works as a plain one: it answers with the way back to the page. A script asks the same
addresses and takes from the page what has changed.
"""

from typing import Any

from fastapi import APIRouter, Request, Response

from backend.console import thread
from backend.console.http import ConsoleRoute, Form, Who
from backend.console.pages.conversations import page
from backend.console.pages.moves import back
from backend.console.texts import Texts
from backend.console.view import language_of, render, services
from backend.conversations import takeover
from backend.errors import InvalidError, TooLargeError
from backend.staff import canned_replies

LONGEST_KEY = 64

router = APIRouter(route_class=ConsoleRoute)


@router.post("/conversations/{conversation_id}/reply")
async def reply(request: Request, who: Who, form: Form, conversation_id: str) -> Response:
    """To the message or the note in the transcript; or the page again with the draft and the
    reason. `kind` decides whether the customer gets it: there is no other way to say so."""
    held = services(request)
    draft, limit = form.get("text", ""), held.settings.message_limit
    texts = Texts(language_of(request))
    private = form.get("kind") == "note"

    async def refused(notice: str) -> Response:
        kind = "note" if private else "reply"
        return await page(
            request, conversation_id, status=422, notice=notice, draft=draft, kind=kind
        )

    left = [] if private else canned_replies.unfilled(draft)
    if left:
        fields = " ".join(f"{{{name}}}" for name in left)
        return await refused(texts("reply.unfilled", fields=fields))
    now = held.clock.now()
    written: dict[str, Any] = {"text": draft, "limit": limit, "key": _key(form)}
    try:
        async with held.database.transaction() as session:
            if private:
                note = await takeover.note(
                    session, now, conversation_id, staff_id=who.staff.id, **written
                )
                place = f"n{note.id}"
            else:
                message = await takeover.reply(
                    session, now, conversation_id, staff_id=who.staff.id, **written
                )
                place = f"m{message.seq}"
    except TooLargeError:
        length = len(draft.replace("\r\n", "\n"))
        return await refused(texts("reply.too_long", limit=limit, length=length))
    except InvalidError as error:
        return await refused(texts("reply.offline" if error.code == "offline" else "reply.empty"))
    return back(request, conversation_id, place)


@router.get("/conversations/{conversation_id}/canned-replies")
async def choices(request: Request, who: Who, conversation_id: str) -> Response:
    """The canned replies in the customer's language, filled from the record, to choose from.

    Raises NotFoundError.
    """
    async with services(request).database.reading() as session:
        opened = await thread.read(session, conversation_id)
        found = await canned_replies.everyone(session)
    english = opened.record.conversation.language == "en"
    place, customer = request.state.place, opened.customer
    values = {
        "name": customer.name if customer else "",
        "staff": who.staff.name,
        "dealership": place.name_en if english else place.name_zh,
        "phone": (customer.phone or "") if customer else "",
        "number": opened.number or "",
    }
    filled = [
        (one, canned_replies.fill(one.text_en if english else one.text_zh, values)) for one in found
    ]
    return render(request, "canned_choices.html", {"choices": filled})


def _key(form: dict[str, str]) -> str | None:
    key = form.get("key", "")
    return key if 0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable() else None
