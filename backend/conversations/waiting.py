"""Waiting for a person: getting into the line, where one stands in it, leaving it.

Everything here runs in the caller's transaction, which holds the conversation.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations import tasks
from backend.conversations.ownership import place_in_line, set_owner
from backend.conversations.promises import (
    DANGER,
    DEPARTMENT,
    hours_of,
    open_in,
    pace_of,
    promise,
)
from backend.models import Conversation, Message, Task


@dataclass(frozen=True)
class Standing:
    """Where a customer who waits for a person stands.

    `due_at`: by when one is promised from now on, None when nothing can be promised.
    `opens_at`: from when on somebody is there, None while somebody is. `missed`: an earlier
    promise was not kept.
    """

    place: int
    due_at: datetime | None = None
    opens_at: datetime | None = None
    missed: bool = False


async def call_person(
    session: AsyncSession,
    now: datetime,
    conversation: Conversation,
    *,
    kind: str,
    note: str,
    message_id: str,
    actor: str,
) -> bool:
    """A person is wanted: the conversation waits, with a task of `kind` and a promise.

    True when this message brought it about, also when it is tried again. False when the customer
    waits already, unless for something less urgent, and when a person has the conversation or
    had it since the message came: then nothing changes.
    """
    message = await session.get(Message, message_id)
    if conversation.owner == "staff" or (message is not None and message.turn == "none"):
        return False
    if conversation.owner == "waiting":
        promised = list(await session.scalars(select(Task).where(open_in(conversation.id))))
        if any(task.kind == kind and task.source_message_id == message_id for task in promised):
            return True
        if promised and (kind != DANGER or any(task.kind == DANGER for task in promised)):
            return False
    else:
        set_owner(session, now, conversation, "waiting", actor=actor)
        # The customer may have ended it while his message was being answered.
        conversation.state = "open"
    place = await hours_of(session)
    agreed = promise(place[1], now, pace_of(kind)) if place else None
    await tasks.open_task(
        session,
        now,
        kind=kind,
        conversation_id=conversation.id,
        note=note,
        message_id=message_id,
        action=kind,
        due_at=agreed.due_at if agreed else None,
    )
    return True


async def standing(
    session: AsyncSession, now: datetime, conversation: Conversation
) -> Standing | None:
    """Place and time of a customer who waits; None for one who does not."""
    if conversation.owner != "waiting":
        return None
    place = await place_in_line(session, conversation)
    task = await session.scalar(
        select(Task)
        .where(open_in(conversation.id), Task.due_at.is_not(None))
        .order_by(Task.due_at)
        .limit(1)
    )
    found = await hours_of(session)
    if task is None or task.due_at is None or found is None:
        return Standing(place)
    hours = found[1]
    renewed = task.due_at <= now
    since = task.reminded_at if renewed else task.created_at
    agreed = promise(hours, since, pace_of(task.kind)) if since else None
    opens = agreed.opens_at if agreed else None
    if not hours.is_open(now, now, DEPARTMENT):
        opens = hours.next_open(now, DEPARTMENT)
    if opens is not None and opens <= now:
        opens = None
    due: datetime | None = task.due_at
    if renewed:
        due = agreed.due_at if agreed is not None and agreed.due_at > now else None
    return Standing(place, due, opens, missed=renewed)


async def leave(session: AsyncSession, now: datetime, conversation: Conversation) -> bool:
    """The customer needs nobody any more: the assistant has the conversation again.

    A danger stays a task for staff, without a promise. False when the customer does not wait.
    """
    if conversation.owner != "waiting":
        return False
    actor = f"conversation:{conversation.id}"
    set_owner(session, now, conversation, "assistant", actor=actor)
    for task in await session.scalars(select(Task).where(open_in(conversation.id))):
        if task.kind == DANGER:
            task.due_at = None
        else:
            tasks.close(session, now, task, actor=actor, reason="declined")
    return True
