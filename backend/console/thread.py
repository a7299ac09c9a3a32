"""One open conversation: what is read of it, and its pieces as they stand on the page.

The page and its stream write the same pieces by the same macros, so that each knows what the
other has shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.board import Fragment
from backend.console.texts import Texts
from backend.console.view import Format, macro
from backend.models import Conversation, Customer, Rating, Staff, Task, Vehicle
from backend.staff import (
    conversation_queries,
    inbox_queries,
    queries,
    roadside_queries,
    thread_queries,
)
from backend.staff.conversation_queries import ConversationRecord, MessageRecord
from backend.staff.filters import Filters
from backend.staff.queries import ComplaintRecord, ServiceRecord, TestDriveRecord
from backend.staff.roadside_queries import RoadsideRecord
from backend.staff.service import SignedIn
from backend.staff.thread_queries import NoteRecord, Thread


@dataclass(frozen=True)
class Opened:
    """Everything that the page of a conversation shows. `version` was read before the rest: what
    changed in between is shown, and will be told again."""

    version: str
    record: ConversationRecord
    thread: Thread
    customer: Customer | None
    cars: Sequence[Vehicle]
    drives: Sequence[TestDriveRecord]
    visits: Sequence[ServiceRecord]
    complaints: Sequence[ComplaintRecord]
    rescues: Sequence[RoadsideRecord]
    tasks: Sequence[Task]
    rating: Rating | None
    others: Sequence[Conversation]
    colleagues: Sequence[Staff]

    @property
    def names(self) -> dict[int, str]:
        return {one.id: one.name for one in self.colleagues}

    @property
    def number(self) -> str | None:
        """Of the latest booking or complaint in it."""
        made = [
            *((one.booking.created_at, one.booking.number) for one in self.drives),
            *((one.booking.created_at, one.booking.number) for one in self.visits),
            *((one.complaint.created_at, one.complaint.number) for one in self.complaints),
        ]
        return max(made)[1] if made else None


async def read(session: AsyncSession, conversation_id: str, *, before: int | None = None) -> Opened:
    """The latest part of a conversation, or the one before the message `before`.

    Raises NotFoundError.
    """
    version = await thread_queries.version(session, conversation_id)
    record = await conversation_queries.conversation(session, conversation_id)
    key = record.conversation.id
    of_it = Filters(conversation_id=key, sort="oldest")
    drives = await queries.test_drive_rows(session, queries.test_drives(of_it))
    visits = await queries.service_rows(session, queries.service_bookings(of_it))
    # The conversation's own customer, or else who booked in it last.
    booked = [drive.customer for drive in drives] + [visit.customer for visit in visits]
    customer = record.customer or (booked[-1] if booked else None)
    return Opened(
        version=version,
        record=record,
        thread=await thread_queries.thread(session, record.conversation, before),
        customer=customer,
        cars=await queries.vehicles_of(session, [customer.id] if customer else []),
        drives=drives,
        visits=visits,
        complaints=await queries.complaint_rows(session, queries.complaints(of_it)),
        rescues=await roadside_queries.roadside_rows(
            session, roadside_queries.roadside_requests(of_it)
        ),
        tasks=await queries.tasks_of(session, key),
        rating=await conversation_queries.rating(session, key),
        others=await inbox_queries.others_of(session, customer, key),
        colleagues=await inbox_queries.colleagues(session),
    )


@dataclass(frozen=True)
class Desk:
    """Who reads the conversation: language and zone, person, the token of the forms."""

    texts: Texts
    fmt: Format
    who: SignedIn
    csrf: str


def items(opened: Opened, desk: Desk) -> list[Fragment]:
    """Messages, notes, events and the days between them."""
    texts, fmt = desk.texts, desk.fmt
    found: list[Fragment] = []
    day = ""
    for entry in opened.thread.entries:
        if isinstance(entry, MessageRecord):
            kind, key, at = "message", f"m{entry.message.seq}", entry.message.sent_at
        elif isinstance(entry, NoteRecord):
            kind, key, at = "note", f"n{entry.note.id}", entry.note.created_at
        else:
            kind, key, at = "event", f"e{entry.id}", entry.at
        if fmt.day(at) != day:
            day = fmt.day(at)
            name = f"day-{fmt.iso(at)[:10]}"
            found.append(Fragment(name, _write("day")(name, day)))
        found.append(Fragment(key, _write(kind)(texts, fmt, key, entry)))
    return found


def parts(opened: Opened, desk: Desk) -> list[Fragment]:
    """What stands around the messages and changes with them."""
    texts, fmt = desk.texts, desk.fmt
    status = macro("status.html", "status_bar")

    def bar(seen: int) -> str:
        return status(texts, fmt, desk.csrf, opened, desk.who, seen)

    return [
        Fragment("name", macro("status.html", "name_of")(texts, opened)),
        # Every message moves `seen`; the bar is not another one for that.
        Fragment("status", bar(opened.record.conversation.last_seq), bar(0)),
        Fragment("hint", macro("composer.html", "hint")(texts, opened, desk.who)),
        Fragment("aside", macro("aside.html", "aside")(texts, fmt, desk.csrf, opened)),
    ]


def _write(kind: str) -> Any:
    return macro("message.html", kind)
