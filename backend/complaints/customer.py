"""What a customer does with his own complaint once it is lodged: proves from elsewhere that it is
his, withdraws it, says whether it is solved, has it reopened. Each once per message."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import rounds, service, telling, thread
from backend.complaints.thread import OVER, Held, append, by_key, hold, stored
from backend.customers import proof
from backend.customers.proof import NotFound
from backend.models import Complaint, ComplaintCase, ComplaintEvent, Message

REOPENED_WITHIN = timedelta(days=90)
"""So long after its end a complaint is reopened instead of a new one being lodged."""


@dataclass(frozen=True)
class Ended:
    """A complaint of this conversation that is over. `asked`: the customer has been asked whether
    it is solved and has not said; `just_asked`: that question is the last he was told."""

    complaint: Complaint
    withdrawn: bool
    asked: bool
    just_asked: bool


async def claim(
    session: AsyncSession, now: datetime, conversation_id: str, number: str, phone: str
) -> Complaint | NotFound:
    """The complaint with that number and phone (E.164): from now on this conversation's too, in
    which he is told how it goes on. Tries are counted (`proof`)."""

    async def look() -> Complaint | None:
        return await service.find_by_number(session, number, phone)

    complaint = await proof.named(session, now, conversation_id, phone, look)
    if isinstance(complaint, Complaint) and complaint.conversation_id != conversation_id:
        await telling.own(session, now, await hold(session, complaint.id), conversation_id)
    return complaint


async def withdraw(
    session: AsyncSession,
    now: datetime,
    complaint_id: int,
    *,
    conversation_id: str,
    message_id: str,
    text: str,
) -> Complaint:
    """The customer wants it no more. What is critical stays a task: a danger does not go away
    with the complaint about it."""
    held, event = await _once(
        session, now, complaint_id, "withdrawn", service.OPEN, conversation_id, message_id, text
    )
    if event is not None:
        await rounds.tasks_done(session, now, held, actor=event.actor, reason="withdrawn")
        if held.complaint.severity == "critical":
            await rounds.give_task(session, now, held, "withdrawn", staff_id=held.case.assignee_id)
    return held.complaint


async def confirm(
    session: AsyncSession,
    now: datetime,
    complaint_id: int,
    *,
    conversation_id: str,
    message_id: str,
    text: str,
) -> Complaint:
    """The customer says that it is solved: nothing is open any more."""
    held, _ = await _once(
        session, now, complaint_id, "confirmed", ("resolved",), conversation_id, message_id, text
    )
    return held.complaint


async def reopen(
    session: AsyncSession,
    now: datetime,
    complaint_id: int,
    *,
    conversation_id: str,
    message_id: str,
    text: str,
) -> tuple[Complaint, ComplaintCase]:
    """It is not solved: the same complaint goes on, with a new deadline."""
    held = await hold(session, complaint_id)
    key = f"reopened:{message_id}:{complaint_id}"
    if held.complaint.state in OVER and await by_key(session, key) is None:
        await rounds.reopen(
            session, now, held, actor=f"conversation:{conversation_id}", text=text, key=key,
            message_id=await stored(session, message_id),
        )  # fmt: skip
    return held.complaint, held.case


async def _once(
    session: AsyncSession,
    now: datetime,
    complaint_id: int,
    kind: str,
    states: tuple[str, ...],
    conversation_id: str,
    message_id: str,
    text: str,
) -> tuple[Held, ComplaintEvent | None]:
    """Adds what the customer says of a complaint that is in one of `states`; no event where it
    is in none, or the same message has said it already."""
    held = await hold(session, complaint_id)
    key = f"{kind}:{message_id}:{complaint_id}"
    if held.complaint.state not in states or await by_key(session, key) is not None:
        return held, None
    event = await append(
        session, now, held, kind, actor=f"conversation:{conversation_id}", text=text, key=key,
        message_id=await stored(session, message_id),
    )  # fmt: skip
    return held, event


async def ended_in(session: AsyncSession, now: datetime, conversation_id: str) -> Ended | None:
    """The complaint of this conversation that ended last, if that is not too long ago."""
    latest: tuple[datetime, Complaint] | None = None
    for complaint in await service.find(session, conversation_id):
        if complaint.state not in OVER:
            continue
        happened = await thread.events(session, complaint.id)
        at = max((one.at for one in happened), default=complaint.created_at)
        if now - at <= REOPENED_WITHIN and (latest is None or at > latest[0]):
            latest = (at, complaint)
    return await _ended(session, latest[1]) if latest else None


async def _ended(session: AsyncSession, complaint: Complaint) -> Ended:
    happened = await thread.events(session, complaint.id)
    resolved = next((one for one in reversed(happened) if one.kind == "resolved"), None)
    asked = bool(resolved and resolved.data.get("asked")) and complaint.state == "resolved"
    just_asked = False
    if asked and resolved is not None and resolved.message_id is not None:
        message = await session.get(Message, resolved.message_id)
        if message is not None:
            last = await session.scalar(
                select(func.max(Message.seq)).where(
                    Message.conversation_id == message.conversation_id,
                    Message.sender != "customer",
                )
            )
            just_asked = last == message.seq
    stands = thread.standing(one.kind for one in happened)
    return Ended(complaint, stands.withdrawn, asked, just_asked)
