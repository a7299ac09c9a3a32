"""What staff do with a complaint. Each is one event of its thread, audited, once per key.

Everything here runs in the caller's transaction and holds the complaint until its end, so that
what two colleagues do at the same time happens one after the other. Raises NotFoundError for an
unknown complaint, ConflictError for what its state does not allow, InvalidError and TooLargeError
for a text that is empty or too long.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import rounds, thread
from backend.complaints.rounds import due_now
from backend.complaints.telling import place_of, tell
from backend.complaints.thread import OVER, Held, append, by_key, hold
from backend.complaints.words import Category, Severity
from backend.conversations import takeover
from backend.conversations.ownership import set_owner
from backend.conversations.service import lock
from backend.conversations.text import clean
from backend.errors import ConflictError, InvalidError
from backend.models import CATEGORIES, SEVERITIES, ComplaintEvent, Staff
from backend.texts import complaints as texts

LONGEST = 2000
SOLVED, UNSOLVED = "solved", "unsolved"


@dataclass(frozen=True)
class By:
    """Who does it: `staff_id` is empty for a tool. The same `key` again does nothing more."""

    actor: str
    staff_id: int | None = None
    key: str | None = None


async def take(session: AsyncSession, now: datetime, complaint_id: int, by: By) -> ComplaintEvent:
    """The complaint is this colleague's from now on; the customer is told who has it."""
    if by.staff_id is None:
        raise InvalidError("staff_id: whose it is to be", code="unknown_staff")
    return await _give(session, now, complaint_id, by, by.staff_id, "taken")


async def assign(
    session: AsyncSession, now: datetime, complaint_id: int, by: By, *, to: int
) -> ComplaintEvent:
    """Gives it to a colleague, who gets a task; the customer is told who has it."""
    return await _give(session, now, complaint_id, by, to, "assigned")


async def _give(
    session: AsyncSession, now: datetime, complaint_id: int, by: By, to: int, kind: str
) -> ComplaintEvent:
    held = await hold(session, complaint_id)
    done = await by_key(session, by.key)
    if done is not None:
        return done
    _still_open(held)
    colleague = await session.get(Staff, to)
    if colleague is None or not colleague.active:
        raise InvalidError("no such colleague", code="unknown_staff")
    if held.case.assignee_id == to:
        raise ConflictError("this colleague has it already", code="has_it_already")
    held.case.assignee_id = to
    waits = held.case.due_told and held.case.answered_at is None and held.complaint.due_at > now
    told = await tell(
        session, now, held, texts.TAKEN if waits else texts.TAKEN_UNTIMED, name=colleague.name
    )
    event = await append(
        session, now, held, kind, actor=by.actor, staff_id=to, key=by.key, data={"to": to},
        message_id=told.id if told else None,
    )  # fmt: skip
    if kind == "assigned" and to != by.staff_id:
        await rounds.give_task(session, now, held, f"assigned:{event.id}", staff_id=to)
    return event


async def note(
    session: AsyncSession, now: datetime, complaint_id: int, by: By, text: str
) -> ComplaintEvent:
    """What only colleagues read."""
    return await _write(session, now, complaint_id, by, "noted", text)


async def called(
    session: AsyncSession, now: datetime, complaint_id: int, by: By, text: str
) -> ComplaintEvent:
    """The customer was answered on the phone or in person, in these words."""
    held = await hold(session, complaint_id)
    _still_open(held)
    event = await _write(session, now, complaint_id, by, "called", text)
    await rounds.tasks_done(session, now, held, actor=by.actor, reason="answered")
    return event


async def message(
    session: AsyncSession, now: datetime, complaint_id: int, by: By, text: str
) -> ComplaintEvent:
    """Says it to the customer on his channel, and takes that conversation over, so that his
    answer reaches a person. ConflictError `unreachable` where he has to be called."""
    held = await hold(session, complaint_id)
    done = await by_key(session, by.key)
    if done is not None:
        return done
    _still_open(held)
    conversation = await place_of(session, held)
    if conversation is None:
        raise ConflictError("nothing can be written to this customer", code="unreachable")
    if by.staff_id is None:
        raise InvalidError("staff_id: who writes", code="unknown_staff")
    said = await takeover.reply(
        session, now, conversation.id, staff_id=by.staff_id, text=text, limit=LONGEST, key=by.key
    )
    event = await append(
        session, now, held, "told", actor=by.actor, staff_id=by.staff_id, text=said.text,
        key=by.key, message_id=said.id,
    )  # fmt: skip
    await rounds.tasks_done(session, now, held, actor=by.actor, reason="answered")
    return event


async def find_cause(
    session: AsyncSession, now: datetime, complaint_id: int, by: By, *, cause: str, remedy: str
) -> ComplaintEvent:
    """What it came from and what is done about it; the newest counts."""
    return await _write(
        session, now, complaint_id, by, "found", cause, remedy=clean(_lines(remedy), LONGEST)
    )


async def resolve(
    session: AsyncSession, now: datetime, complaint_id: int, by: By, *, result: str
) -> ComplaintEvent:
    """It is dealt with: the customer is told `result` and asked, once, whether it is solved.

    ConflictError `no_cause` until cause and remedy are on record in this round.
    """
    held = await hold(session, complaint_id)
    done = await by_key(session, by.key)
    if done is not None:
        return done
    _still_open(held)
    stands = thread.standing(one.kind for one in await thread.events(session, complaint_id))
    if not stands.found:
        raise ConflictError("cause and remedy are not on record", code="no_cause")
    said = clean(_lines(result), LONGEST)
    await _hand_back(session, now, held, by)
    asked = await tell(
        session,
        now,
        held,
        texts.RESOLVED,
        result=said,
        buttons={
            language: [
                (texts.SOLVED[language], verdict(held.complaint.number, SOLVED)),
                (texts.UNSOLVED[language], verdict(held.complaint.number, UNSOLVED)),
            ]
            for language in ("zh", "en")
        },
    )
    event = await append(
        session, now, held, "resolved", actor=by.actor, staff_id=by.staff_id, text=said,
        key=by.key, message_id=asked.id if asked else None, data={"asked": asked is not None},
    )  # fmt: skip
    await rounds.tasks_done(session, now, held, actor=by.actor, reason="resolved")
    return event


def verdict(number: str, what: str) -> str:
    """What a button under the question means to the assistant."""
    return f'/complaint_status{{"number": {{"reference": "{number}"}}, "start_with": "{what}"}}'


async def reopen(
    session: AsyncSession, now: datetime, complaint_id: int, by: By, *, reason: str
) -> ComplaintEvent:
    """It was not solved: a new round with a new deadline, which the customer is told."""
    held = await hold(session, complaint_id)
    done = await by_key(session, by.key)
    if done is not None:
        return done
    if held.complaint.state not in OVER:
        raise ConflictError("it is still open", code="still_open")
    event = await rounds.reopen(
        session, now, held, actor=by.actor, staff_id=by.staff_id, key=by.key,
        text=clean(_lines(reason), LONGEST),
    )  # fmt: skip
    await tell(session, now, held, texts.REOPENED if held.case.due_told else texts.REOPENED_UNTIMED)
    return event


async def grade(
    session: AsyncSession,
    now: datetime,
    complaint_id: int,
    by: By,
    *,
    category: Category,
    severity: Severity,
) -> ComplaintEvent:
    """Another category or severity. A deadline that was promised never moves back; a graver one
    may bring it forward."""
    if category not in CATEGORIES or severity not in SEVERITIES:
        raise InvalidError("no such category or severity", code="bad_grade")
    held = await hold(session, complaint_id)
    done = await by_key(session, by.key)
    if done is not None:
        return done
    _still_open(held)
    held.complaint.category, held.complaint.severity = category, severity
    due = await due_now(session, now, severity)
    if due.at < held.complaint.due_at:
        held.complaint.due_at = due.at
        ahead = due.escalations[held.case.level :]
        if held.case.answered_at is None:
            held.case.escalate_at = ahead[0] if ahead else None
    return await append(
        session, now, held, "graded", actor=by.actor, staff_id=by.staff_id, key=by.key,
        data={"category": category, "severity": severity},
    )  # fmt: skip


async def _write(
    session: AsyncSession, now: datetime, complaint_id: int, by: By, kind: str, text: str,
    **data: str,
) -> ComplaintEvent:  # fmt: skip
    held = await hold(session, complaint_id)
    done = await by_key(session, by.key)
    if done is not None:
        return done
    return await append(
        session, now, held, kind, actor=by.actor, staff_id=by.staff_id, key=by.key,
        text=clean(_lines(text), LONGEST), data=dict(data),
    )  # fmt: skip


async def _hand_back(session: AsyncSession, now: datetime, held: Held, by: By) -> None:
    """Whoever resolves it is done talking: the assistant hears the answer to its question. Not
    where another colleague is talking, or something has not been read."""
    place = await place_of(session, held)
    if place is None or place.owner != "staff" or place.assignee_id != by.staff_id:
        return
    conversation = await lock(session, place.id)
    if conversation.staff_seen_seq >= conversation.last_customer_seq:
        set_owner(session, now, conversation, "assistant", actor=by.actor)


def _still_open(held: Held) -> None:
    if held.complaint.state in OVER:
        raise ConflictError("the complaint is over", code="complaint_over")


def _lines(text: str) -> str:
    # Browsers send the line ends of a form as CR LF.
    return text.replace("\r\n", "\n")
