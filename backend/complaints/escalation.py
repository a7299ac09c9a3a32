"""Warning the next level before a complaint misses its deadline.

The clock looks for complaints that nobody has answered when their next level is to be told. Each
level is told once per round: a task for somebody of that level, an event of the thread, which the
console shows. Any number of processes look side by side: the complaint is held, and what another
one has done meanwhile is seen.
"""

import logging
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import Hours, dealership
from backend.clock import Clock
from backend.complaints import rounds
from backend.complaints.deadlines import escalations, term_for
from backend.complaints.service import OPEN
from backend.complaints.thread import append, hold
from backend.database import Database
from backend.models import Complaint, ComplaintCase, Staff, Task
from backend.rounds import Rounds

log = logging.getLogger(__name__)

POLL_SECONDS = 5.0
BATCH = 100


async def due(session: AsyncSession, now: datetime, limit: int) -> list[int]:
    """Ids of complaints whose next level is to be told."""
    rows = await session.scalars(
        select(ComplaintCase.complaint_id)
        .join(Complaint, Complaint.id == ComplaintCase.complaint_id)
        .where(
            ComplaintCase.escalate_at <= now,
            ComplaintCase.answered_at.is_(None),
            Complaint.state.in_(OPEN),
        )
        .order_by(ComplaintCase.escalate_at)
        .limit(limit)
    )
    return list(rows)


async def escalate(session: AsyncSession, now: datetime, complaint_id: int) -> bool:
    """Tells the next level. False when there was nothing to tell: the customer has been answered,
    or another process was first."""
    held = await hold(session, complaint_id)
    case, complaint = held.case, held.complaint
    pending = case.escalate_at is not None and case.escalate_at <= now
    if not pending or case.answered_at is not None or complaint.state not in OPEN:
        return False
    level = case.level + 1
    hours = Hours.of(await dealership(session))
    term = await term_for(session, hours.day(now), complaint.severity)
    times = escalations(complaint.created_at, complaint.due_at, term, hours)
    to = await _whom(session, term.role(level), but=case.assignee_id)
    case.level = level
    await rounds.give_task(session, now, held, f"level:{level}", staff_id=to)
    await append(
        session, now, held, "escalated", actor="clock", staff_id=to,
        data={"level": level, "to": to, "due_at": complaint.due_at.isoformat()},
        key=f"escalated:{complaint.id}:{case.round}:{level}",
    )  # fmt: skip
    # A level whose time has come as well is told by the next look, one after the other.
    case.escalate_at = times[level] if level < len(times) else None
    await session.flush()
    return True


async def _whom(session: AsyncSession, role: str, *, but: int | None) -> int | None:
    """Of that role the one with the fewest open tasks, not who has the complaint already."""
    open_tasks = (
        select(func.count())
        .select_from(Task)
        .where(Task.assignee_id == Staff.id, Task.state == "open")
        .scalar_subquery()
    )
    query = select(Staff.id).where(Staff.active.is_(True), Staff.role == role)
    if but is not None:
        query = query.where(Staff.id != but)
    return await session.scalar(query.order_by(open_tasks, Staff.id).limit(1))


class EscalationKeeper(Rounds):
    """Looks at the clock for complaints that nobody has answered."""

    work = "unanswered complaints"

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__()
        self._database = database
        self._clock = clock

    def pause(self) -> float:
        return POLL_SECONDS

    async def look(self) -> int:
        """One look; how many levels were told."""
        async with self._database.reading() as session:
            found = await due(session, self._clock.now(), BATCH)
        told = 0
        for complaint_id in found:
            try:
                async with self._database.transaction() as session:
                    told += await escalate(session, self._clock.now(), complaint_id)
            except Exception:
                # The next look tries it again.
                log.exception("complaint %s was not escalated", complaint_id)
        return told
