"""Beginning the work on a complaint anew, and what staff have to do for it in each round."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import Hours, dealership
from backend.clock import local
from backend.complaints.deadlines import Due, due_for
from backend.complaints.thread import Held, append
from backend.complaints.words import Severity
from backend.conversations import tasks
from backend.models import ComplaintEvent, Task

TASK = "complaint"
"""The kind of the tasks that come from complaints."""
NOTE_LENGTH = 160


async def due_now(session: AsyncSession, now: datetime, severity: Severity) -> Due:
    """The deadline of a complaint of that severity that begins now."""
    place = await dealership(session)
    return await due_for(session, now, local(now, place.zone).date(), severity, Hours.of(place))


async def reopen(
    session: AsyncSession,
    now: datetime,
    held: Held,
    *,
    actor: str,
    text: str,
    staff_id: int | None = None,
    message_id: str | None = None,
    key: str | None = None,
) -> ComplaintEvent:
    """The same complaint once more, with a new deadline; whoever had it has it still."""
    severity: Severity = held.complaint.severity  # type: ignore[assignment]  # the check says so
    due = await due_now(session, now, severity)
    held.complaint.due_at = due.at
    held.case.due_told, held.case.level = due.told, 0
    event = await append(
        session, now, held, "reopened", actor=actor, staff_id=staff_id, text=text, key=key,
        message_id=message_id, data={"due_at": due.at.isoformat()},
    )  # fmt: skip
    held.case.escalate_at = due.escalations[0] if due.escalations else None
    await give_task(session, now, held, "reopened", staff_id=held.case.assignee_id)
    return event


async def give_task(
    session: AsyncSession, now: datetime, held: Held, action: str, *, staff_id: int | None
) -> Task | None:
    """Something to do for the complaint by its deadline, once per round and `action`; for
    `staff_id`, or whoever takes it. None for a complaint of no conversation."""
    conversation_id = held.complaint.conversation_id
    if conversation_id is None:
        return None
    task = await tasks.open_task(
        session,
        now,
        kind=TASK,
        conversation_id=conversation_id,
        note=f"{held.complaint.number} {held.complaint.text}"[:NOTE_LENGTH],
        message_id=_source(held),
        action=action,
        due_at=held.complaint.due_at,
    )
    task.assignee_id = staff_id
    return task


async def tasks_done(
    session: AsyncSession, now: datetime, held: Held, *, actor: str, reason: str
) -> None:
    """What had to be done in this round is done, by an answer or because nobody waits for one."""
    rows = await session.scalars(
        select(Task).where(Task.source_message_id == _source(held), Task.state == "open")
    )
    for task in rows:
        tasks.close(session, now, task, actor=actor, reason=reason)


def _source(held: Held) -> str:
    return f"complaint:{held.complaint.id}:{held.case.round}"
