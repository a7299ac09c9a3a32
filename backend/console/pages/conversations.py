"""Conversations: the list, and one with its transcript, composer, customer and records."""

import secrets
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.http import ConsoleRoute
from backend.console.pages.lists import PAGE, Listing, Pages, show, shown, wish
from backend.console.view import render, services, with_query
from backend.errors import InvalidError, NotFoundError
from backend.models import OWNERS, Attachment, Conversation, Customer, Staff
from backend.search import Found, Hit, find
from backend.staff import conversation_queries, queries
from backend.staff.filters import Filters
from backend.staff.queries import AnySelect

router = APIRouter(route_class=ConsoleRoute)


def _latest(filters: Filters) -> AnySelect:
    return conversation_queries.conversations(filters, by="updated_at")


LISTING = Listing(
    name="conversations",
    path="/console/conversations",
    template="conversations.html",
    states=("open", "closed"),
    state_texts="state",
    owners=OWNERS,
    statement=_latest,
    rows=conversation_queries.conversation_rows,
)


@dataclass(frozen=True)
class FoundRow:
    """A row of the list with the reason why it is there."""

    conversation: Conversation
    customer: Customer | None
    assignee: Staff | None
    hit: Hit


@router.get("/conversations")
async def conversation_list(request: Request, cursor: str = "") -> Response:
    asked_for = wish(request, LISTING)
    if not asked_for.filters.search:
        return await show(request, LISTING)
    async with services(request).database.reading() as session:
        found = await _found(session, asked_for.filters, cursor)
        records = await conversation_queries.conversations_of(
            session, [hit.conversation_id for hit in found.hits]
        )
    rows = []
    for hit in found.hits:
        record = records[hit.conversation_id]
        rows.append(FoundRow(record.conversation, record.customer, record.assignee, hit))
    first = with_query(LISTING.path, asked_for.given)
    following = with_query(LISTING.path, {**asked_for.given, "cursor": found.next or ""})
    pages = Pages(1, None, first if cursor else None, following if found.next else None)
    return shown(request, LISTING, asked_for, rows, pages)


async def _found(session: AsyncSession, filters: Filters, cursor: str) -> Found:
    """A cursor that no page gave counts as none, as other nonsense in an address does."""
    try:
        return await find(session, filters.search, filters, PAGE, cursor or None)
    except InvalidError:
        return await find(session, filters.search, filters, PAGE)


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
async def conversation(request: Request, conversation_id: str, have: str = "") -> Response:
    """Raises NotFoundError, shown as a page.

    A page that is open asks again with the version that it has: 204 when nothing has changed.
    """
    if have and request.headers.get("hx-request"):
        async with services(request).database.reading() as session:
            record = await conversation_queries.conversation(session, conversation_id)
            if have == await conversation_queries.version(session, record.conversation):
                return Response(status_code=204)
    return await page(request, conversation_id)


async def page(
    request: Request,
    conversation_id: str,
    *,
    status: int = 200,
    notice: str = "",
    draft: str = "",
) -> Response:
    """The page of one conversation; `notice` tells why the draft was not sent.

    Raises NotFoundError.
    """
    async with services(request).database.reading() as session:
        record = await conversation_queries.conversation(session, conversation_id)
        key = record.conversation.id
        of_it = Filters(conversation_id=key, sort="oldest")
        drives = await queries.test_drive_rows(session, queries.test_drives(of_it))
        visits = await queries.service_rows(session, queries.service_bookings(of_it))
        complaints = await queries.complaint_rows(session, queries.complaints(of_it))
        customer = _customer(
            record.customer,
            [drive.customer for drive in drives] + [visit.customer for visit in visits],
        )
        context = {
            "record": record,
            "version": await conversation_queries.version(session, record.conversation),
            "messages": await conversation_queries.transcript(session, key),
            "rating": await conversation_queries.rating(session, key),
            "drives": drives,
            "visits": visits,
            "complaints": complaints,
            "tasks": await queries.tasks_of(session, key),
            "customer": customer,
            "cars": await queries.vehicles_of(session, [customer.id] if customer else []),
            "notice": notice,
            "draft": draft,
            "reply_key": secrets.token_urlsafe(12),
        }
    return render(request, "conversation.html", context, status=status)


def _customer(known: Customer | None, booked: list[Customer]) -> Customer | None:
    """The conversation's own customer, or else who booked in it last."""
    return known or (booked[-1] if booked else None)
