"""One conversation as staff read it: messages, notes and who had it when, a window at a time.

The conversation of a messenger goes on for years; a page shows its latest part.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import NotFoundError
from backend.models import (
    Attachment,
    Audit,
    Conversation,
    Message,
    Note,
    RoadsideRequest,
    Staff,
    Task,
)
from backend.staff.conversation_queries import MessageRecord
from backend.staff.filters import clean

WINDOW = 100
"""Messages on one page."""
SHOWN_EVENTS = ("conversation.owner", "conversation.closed")


@dataclass(frozen=True)
class NoteRecord:
    note: Note
    staff: Staff


@dataclass(frozen=True)
class EventRecord:
    """Somebody took the conversation over, gave it away or closed it; `actor` and `assignee` are
    names, empty where it was not a person. `change` is `taken`, `assigned`, `waiting`,
    `handed_back` or `closed`."""

    id: int
    at: datetime
    change: str
    actor: str = ""
    assignee: str = ""


Entry = MessageRecord | NoteRecord | EventRecord


@dataclass(frozen=True)
class Thread:
    """What stands in the window, in its order. `earlier`: the `before` of the part above it."""

    entries: Sequence[Entry]
    earlier: int | None


async def thread(
    session: AsyncSession, conversation: Conversation, before: int | None = None
) -> Thread:
    """The latest messages, or those before the message `before`, with what stands among them."""
    messages = await _messages(session, conversation.id, before)
    more = len(messages) > WINDOW
    messages = messages[-WINDOW:]
    first = messages[0].message if more else None
    after = await _next(session, conversation.id, before)
    notes = await _notes(session, conversation.id, first, after)
    events = await _events(session, conversation.id, first, after)
    return Thread(_merged(messages, notes, events), first.seq if first else None)


async def version(session: AsyncSession, conversation_id: str) -> str:
    """Changes with all that a reader of the latest part sees change: messages, how far they are
    understood and delivered, notes, tasks, help on the road, who has the conversation.

    Raises NotFoundError.
    """
    # Columns, not objects: a session gives an object that it has read once as it was then.
    conversation_id = clean(conversation_id)
    head = (
        await session.execute(
            select(
                Conversation.owner,
                Conversation.assignee_id,
                Conversation.state,
                Conversation.customer_id,
                Conversation.profile_name,
                Conversation.reachable,
            ).where(Conversation.id == conversation_id)
        )
    ).one_or_none()
    if head is None:
        raise NotFoundError("no such conversation")
    messages = await session.execute(
        select(Message.seq, Message.turn, Message.delivery, Message.attachment_id)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.seq.desc())
        .limit(WINDOW)
    )
    tasks = await session.execute(
        select(Task.id, Task.state, Task.assignee_id)
        .where(Task.conversation_id == conversation_id)
        .order_by(Task.id)
    )
    note = await session.scalar(
        select(func.max(Note.id)).where(Note.conversation_id == conversation_id)
    )
    rescues = await session.execute(
        select(RoadsideRequest.id, RoadsideRequest.state, RoadsideRequest.place)
        .where(RoadsideRequest.conversation_id == conversation_id)
        .order_by(RoadsideRequest.id)
    )
    told = [list(head), note, *([list(row) for row in rows] for rows in (messages, tasks, rescues))]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


async def _messages(
    session: AsyncSession, conversation_id: str, before: int | None
) -> list[MessageRecord]:
    """One more than the window holds, if there are as many."""
    statement = (
        select(Message, Staff, Attachment)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .outerjoin(Attachment, Attachment.id == Message.attachment_id)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.seq.desc())
        .limit(WINDOW + 1)
    )
    if before is not None:
        statement = statement.where(Message.seq < before)
    return [MessageRecord(*row) for row in await session.execute(statement)][::-1]


async def _next(session: AsyncSession, conversation_id: str, before: int | None) -> Message | None:
    """The first message below the window."""
    if before is None:
        return None
    return await session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq >= before)
        .order_by(Message.seq)
        .limit(1)
    )


async def _notes(
    session: AsyncSession, conversation_id: str, first: Message | None, after: Message | None
) -> list[NoteRecord]:
    where: list[ColumnElement[bool]] = [Note.conversation_id == conversation_id]
    if first is not None:
        where.append(Note.after_seq >= first.seq)
    if after is not None:
        where.append(Note.after_seq < after.seq)
    found = await session.execute(
        select(Note, Staff).join(Staff, Staff.id == Note.staff_id).where(*where).order_by(Note.id)
    )
    return [NoteRecord(*row) for row in found]


async def _events(
    session: AsyncSession, conversation_id: str, first: Message | None, after: Message | None
) -> list[EventRecord]:
    where: list[ColumnElement[bool]] = [
        Audit.subject == f"conversation:{conversation_id}",
        Audit.action.in_(SHOWN_EVENTS),
    ]
    if first is not None:
        where.append(Audit.at >= first.sent_at)
    else:
        began = select(Conversation.created_at).where(Conversation.id == conversation_id)
        where.append(Audit.at >= began.scalar_subquery())
    if after is not None:
        where.append(Audit.at < after.sent_at)
    lines = list(await session.scalars(select(Audit).where(*where).order_by(Audit.id)))
    if not lines:
        return []
    names = {row.id: row.name for row in await session.execute(select(Staff.id, Staff.name))}
    events = [_event(line, names) for line in lines]
    return [
        event
        for event, following in zip(events, [*events[1:], None], strict=True)
        # Closing hands back too: that is one step to the reader.
        if not _part_of(event, following)
    ]


def _event(line: Audit, names: dict[int, str]) -> EventRecord:
    kind, _, number = line.actor.partition(":")
    actor = int(number) if kind == "staff" and number.isdigit() else None
    assignee = line.data.get("assignee")
    if line.action == "conversation.closed":
        change = "closed"
    elif line.data.get("to") == "staff":
        change = "taken" if assignee == actor else "assigned"
    else:
        change = "waiting" if line.data.get("to") == "waiting" else "handed_back"
    return EventRecord(
        line.id, line.at, change, names.get(actor or 0, ""), names.get(assignee or 0, "")
    )


def _part_of(event: EventRecord, following: EventRecord | None) -> bool:
    return (
        following is not None
        and following.change == "closed"
        and event.change == "handed_back"
        and (event.at, event.actor) == (following.at, following.actor)
    )


def _merged(
    messages: list[MessageRecord], notes: list[NoteRecord], events: list[EventRecord]
) -> list[Entry]:
    """Notes stand after the message that they were written after. Events stand by their time:
    what staff said at the same moment comes after, for taking over is part of replying."""
    merged: list[Entry] = []
    written, happened = list(notes), list(events)
    for record in messages:
        message = record.message
        between: list[tuple[datetime, Entry]] = []
        while happened and (
            happened[0].at < message.sent_at
            or (happened[0].at == message.sent_at and message.sender == "staff")
        ):
            between.append((happened[0].at, happened.pop(0)))
        while written and written[0].note.after_seq < message.seq:
            between.append((written[0].note.created_at, written.pop(0)))
        merged += [entry for _, entry in sorted(between, key=lambda one: one[0])]
        merged.append(record)
    last: list[tuple[datetime, Entry]] = [(one.at, one) for one in happened]
    last += [(one.note.created_at, one) for one in written]
    return merged + [entry for _, entry in sorted(last, key=lambda one: one[0])]
