"""By when a person is promised to a customer, and what follows when nobody has come by then.

A promise is the `due_at` of an open task of one of `KINDS`. When it is missed the customer is told
so, once, with a new time; the task stays open and overdue until a person replies.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.appointments.hours import Department, Hours, dealership
from backend.clock import Clock
from backend.conversations import outbox
from backend.conversations.service import lock
from backend.conversations.transcript import append
from backend.database import Database
from backend.errors import NotFoundError
from backend.models import Dealership, Task
from backend.rounds import Rounds
from backend.texts import moments, notices

log = logging.getLogger(__name__)

DANGER = "danger"
KINDS = ("handover", DANGER, "fault")
"""The tasks that a person's reply to the customer does."""
DEPARTMENT: Department = "sales"
"""Whose opening hours count: the front desk reads the conversations."""
POLL_SECONDS = 5.0
BATCH = 100
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Pace:
    """The longest wait for a person: `there` while the dealership is open, else `opening` after
    its next opening, when several have waited for the night."""

    there: timedelta
    opening: timedelta


ORDINARY = Pace(timedelta(minutes=15), timedelta(minutes=30))
URGENT = Pace(timedelta(minutes=5), timedelta(minutes=10))


def pace_of(kind: str) -> Pace:
    """How soon a task of this kind is promised."""
    return URGENT if kind == DANGER else ORDINARY


@dataclass(frozen=True)
class Promise:
    """`opens_at`: from when on somebody is there; None when somebody is there now."""

    due_at: datetime
    opens_at: datetime | None = None


def promise(hours: Hours, now: datetime, pace: Pace = ORDINARY) -> Promise | None:
    """What can be promised at `now`, always within opening hours and to the full minute.

    What cannot be done before closing is promised for after the next opening. None when there is
    no opening within a year.
    """
    if hours.is_open(now, now + pace.there, DEPARTMENT):
        return Promise(_full_minute(now + pace.there))
    closes = next((b for a, b in hours.spans(hours.day(now), DEPARTMENT) if a <= now < b), None)
    opens = hours.next_open(closes or now, DEPARTMENT)
    if opens is None:
        return None
    if opens == closes:
        # Open around the clock: midnight is no closing time.
        return Promise(_full_minute(now + pace.there))
    ends = next(b for a, b in hours.spans(hours.day(opens), DEPARTMENT) if a <= opens < b)
    return Promise(min(opens + pace.opening, ends), opens)


def _full_minute(moment: datetime) -> datetime:
    """Not before `moment`, so that the time that is told is the time that holds."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + MINUTE


async def hours_of(session: AsyncSession) -> tuple[Dealership, Hours] | None:
    """The dealership and its hours; None in a store without one."""
    try:
        place = await dealership(session)
    except NotFoundError:
        return None
    return place, Hours.of(place)


def open_in(conversation_id: str) -> ColumnElement[bool]:
    """The tasks of a conversation that wait for a person's reply."""
    return and_(Task.conversation_id == conversation_id, Task.kind.in_(KINDS), Task.state == "open")


def _missed(now: datetime) -> ColumnElement[bool]:
    return and_(
        Task.kind.in_(KINDS),
        Task.state == "open",
        Task.due_at <= now,
        Task.reminded_at.is_(None),
    )


async def missed(session: AsyncSession, now: datetime, limit: int) -> list[str]:
    """Ids of conversations in which a promise was missed and the customer not told yet."""
    rows = await session.scalars(
        select(Task.conversation_id).where(_missed(now)).group_by(Task.conversation_id).limit(limit)
    )
    return list(rows)


async def admit(session: AsyncSession, now: datetime, conversation_id: str) -> bool:
    """Tells the customer that nobody has come in time, and by when somebody will; once.

    False when there was nothing to tell: a person has replied, or another process was first.
    """
    # The conversation first, as everywhere: whoever replies holds it, and closes the tasks.
    conversation = await lock(session, conversation_id)
    late = list(
        await session.scalars(
            select(Task)
            .where(Task.conversation_id == conversation_id, _missed(now))
            .order_by(Task.due_at)
            .with_for_update()
        )
    )
    found = await hours_of(session)
    if not late or found is None:
        return False
    place, hours = found
    urgent = any(task.kind == DANGER for task in late)
    again = promise(hours, now, URGENT if urgent else ORDINARY)
    for task in late:
        task.reminded_at = now
        audit.record(
            session,
            now,
            actor="system:promises",
            action="task.overdue",
            subject=f"task:{task.id}",
            data={
                "conversation": conversation_id,
                "due": task.due_at.isoformat() if task.due_at else None,
                "next": again.due_at.isoformat() if again else None,
            },
        )
    texts = notices.PROMISE_MISSED if again else notices.PROMISE_MISSED_UNTIMED
    language = conversation.language
    missed_at = late[0].due_at or now
    notice = append(
        conversation,
        now,
        sender="system",
        text=texts[language].format(
            missed=moments.soon(missed_at, language, place.zone, now),
            due=moments.soon(again.due_at, language, place.zone, now) if again else "",
            phone=place.hotline if urgent else place.phone,
        ),
    )
    session.add(notice)
    await session.flush()
    outbox.enqueue(session, now, notice, "notice")
    return True


class PromiseKeeper(Rounds):
    """Looks at the clock for missed promises. Any number of processes run side by side."""

    work = "missed promises"

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__()
        self._database = database
        self._clock = clock

    def pause(self) -> float:
        return POLL_SECONDS

    async def look(self) -> None:
        """Reads first: an idle look must not take SQLite's write lock."""
        async with self._database.reading() as session:
            late = await missed(session, self._clock.now(), BATCH)
        for conversation_id in late:
            try:
                async with self._database.transaction() as session:
                    await admit(session, self._clock.now(), conversation_id)
            except Exception:
                # The next look tries it again.
                log.exception("the notice in conversation %s failed", conversation_id)
