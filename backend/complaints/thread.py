"""The thread of a complaint: events are only ever added, and its state follows from them.

`append` is the one place where an event is written and the one place where the state that lists
filter by is set. Everything here runs in the caller's transaction, which holds the complaint.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.conversations.service import lock
from backend.errors import NotFoundError
from backend.models import Complaint, ComplaintCase, ComplaintEvent, Message

OVER = ("resolved", "closed")
"""The states in which nothing is owed to the customer."""
ANSWERS = ("told", "called", "resolved")
"""What counts as a person's answer; taking a complaint over is none yet."""


@dataclass(frozen=True)
class Standing:
    """What the events come to. `round`: how often it was reopened. `found`: cause and remedy are
    on record in this round."""

    state: str = "open"
    round: int = 0
    answered: bool = False
    found: bool = False
    withdrawn: bool = False


def standing(kinds: Iterable[str]) -> Standing:
    """The state of a complaint with events of these kinds, oldest first. Pure."""
    state, turned, answered, found, withdrawn = "open", 0, False, False, False
    for kind in kinds:
        if kind in ("taken", "assigned", "told", "called") and state == "open":
            state = "in_progress"
        elif kind == "resolved" and state not in OVER:
            state = "resolved"
        elif kind in ("confirmed", "closed", "withdrawn"):
            state, withdrawn = "closed", kind == "withdrawn"
        elif kind == "reopened" and state in OVER:
            state, turned, answered, found, withdrawn = "open", turned + 1, False, False, False
        answered = answered or (kind in ANSWERS and state != "open")
        found = found or kind == "found"
    return Standing(state, turned, answered, found, withdrawn)


@dataclass(frozen=True)
class Held:
    """A complaint that nobody else can change until the transaction ends."""

    complaint: Complaint
    case: ComplaintCase


async def hold(session: AsyncSession, complaint_id: int) -> Held:
    """The complaint as it stands now, held. Raises NotFoundError.

    Its conversation first, as everywhere: whoever tells the customer something has that.
    """
    known = await session.execute(
        select(Complaint.conversation_id).where(Complaint.id == complaint_id)
    )
    row = known.first()
    if row is None:
        raise NotFoundError("no such complaint")
    if row[0] is not None:
        await lock(session, row[0])
    complaint = await session.scalar(
        select(Complaint).where(Complaint.id == complaint_id).with_for_update(),
        execution_options={"populate_existing": True},
    )
    if complaint is None:
        raise NotFoundError("no such complaint")
    return Held(complaint, await case_of(session, complaint_id))


async def case_of(session: AsyncSession, complaint_id: int) -> ComplaintCase:
    """How it is handled; made where it is missing."""
    case = await session.scalar(
        select(ComplaintCase).where(ComplaintCase.complaint_id == complaint_id),
        execution_options={"populate_existing": True},
    )
    if case is None:
        case = ComplaintCase(complaint_id=complaint_id)
        session.add(case)
        await session.flush()
    return case


async def by_key(session: AsyncSession, key: str | None) -> ComplaintEvent | None:
    """What the same message or form has done already."""
    if key is None:
        return None
    return await session.scalar(select(ComplaintEvent).where(ComplaintEvent.key == key))


async def events(session: AsyncSession, complaint_id: int) -> list[ComplaintEvent]:
    """All that happened, oldest first."""
    query = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint_id)
    return list(await session.scalars(query.order_by(ComplaintEvent.id)))


async def append(
    session: AsyncSession,
    now: datetime,
    held: Held,
    kind: str,
    *,
    actor: str,
    staff_id: int | None = None,
    text: str = "",
    data: dict[str, Any] | None = None,
    message_id: str | None = None,
    attachment_id: str | None = None,
    key: str | None = None,
) -> ComplaintEvent:
    """Adds one event, sets the state that follows, and writes the audit without any words."""
    event = ComplaintEvent(
        complaint_id=held.complaint.id, kind=kind, at=now, actor=actor, staff_id=staff_id,
        text=text, data=data or {}, message_id=message_id, attachment_id=attachment_id, key=key,
    )  # fmt: skip
    session.add(event)
    await session.flush()
    kinds = await session.scalars(
        select(ComplaintEvent.kind)
        .where(ComplaintEvent.complaint_id == held.complaint.id)
        .order_by(ComplaintEvent.id)
    )
    now_stands = standing(kinds)
    held.complaint.state = now_stands.state
    held.case.round = now_stands.round
    if not now_stands.answered:
        held.case.answered_at = None
    elif held.case.answered_at is None:
        held.case.answered_at = now
    if now_stands.answered or now_stands.state in OVER:
        held.case.escalate_at = None
    coded = {k: v for k, v in event.data.items() if k in ("level", "to", "severity", "channel")}
    audit.record(
        session,
        now,
        actor=actor,
        action=f"complaint.{kind}",
        subject=f"complaint:{held.complaint.id}",
        data={"number": held.complaint.number, "event": event.id, **coded},
    )
    await session.flush()
    return event


async def stored(session: AsyncSession, message_id: str) -> str | None:
    """The id, if it is that of a message of the transcript."""
    return message_id if await session.get(Message, message_id) is not None else None
