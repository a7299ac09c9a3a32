"""Lodging complaints, adding to them, and finding them again."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from backend.appointments.hours import Hours, dealership
from backend.clock import local
from backend.complaints import linking
from backend.complaints.deadlines import due_for
from backend.complaints.rules import classify
from backend.complaints.thread import Held, append, hold, stored
from backend.complaints.words import Category, Severity
from backend.customers import service as customers
from backend.models import (
    Complaint,
    ComplaintCase,
    ComplaintEvent,
    Conversation,
    Customer,
)
from backend.numbers import next_number
from backend.once import made_by, make

OPEN = ("open", "in_progress")
"""The states in which an answer is still to come."""


@dataclass(frozen=True)
class Lodged:
    """The complaint is on record once the caller's transaction commits. `already`: the same
    message and action had lodged it before. `due_told`: its deadline may be said."""

    complaint: Complaint
    already: bool = False
    due_told: bool = True


async def lodge(
    session: AsyncSession,
    now: datetime,
    text: str,
    *,
    conversation_id: str | None,
    message_id: str,
    action: str,
    phone: str | None = None,
    name: str | None = None,
    actor: str | None = None,
    source: str = "chat",
    category: Category | None = None,
    severity: Severity | None = None,
    staff_id: int | None = None,
) -> Lodged:
    """Records a complaint with number, category, severity, deadline and what it is about.

    With a phone (E.164) it belongs to that customer, else to the conversation's, if known.
    `actor` for the audit: the conversation if empty. Category and severity by the words, where
    they are not given.
    """

    async def made() -> Complaint | None:
        return await made_by(
            session, Complaint, message_id, action, selectinload(Complaint.customer)
        )

    before = await made()
    if before is not None:
        return await _again(session, before)
    place = await dealership(session)
    by_words = classify(text)
    category, severity = category or by_words[0], severity or by_words[1]
    conversation = await session.get(Conversation, conversation_id) if conversation_id else None
    today = local(now, place.zone).date()
    due = await due_for(session, now, today, severity, Hours.of(place))
    actor = actor or f"conversation:{conversation_id}"

    async def write() -> Complaint:
        customer: Customer | None = None
        if phone:
            customer = await customers.told(session, now, name, phone, conversation_id)
        elif conversation and conversation.customer_id:
            customer = await session.get(Customer, conversation.customer_id)
        return Complaint(
            number=await next_number(session, now, place.zone, "CP"),
            category=category,
            severity=severity,
            state="open",
            text=text,
            contact_phone=phone,
            due_at=due.at,
            customer=customer,
            conversation_id=conversation_id,
            created_at=now,
            source_message_id=message_id,
            source_action=action,
        )

    complaint, already = await make(session, write, made)
    if already:
        return await _again(session, complaint)
    links = await linking.find(
        session, now, text, conversation_id=conversation_id,
        customer_id=complaint.customer_id,
    )  # fmt: skip
    case = ComplaintCase(
        complaint_id=complaint.id, source=source, due_told=due.told, round=0, level=0,
        escalate_at=due.escalations[0] if due.escalations else None, **asdict(links),
    )  # fmt: skip
    session.add(case)
    await session.flush()
    data = {
        "category": category,
        "severity": severity,
        "due_at": complaint.due_at.isoformat(),
        **{name: value for name, value in asdict(links).items() if value},
    }
    await append(
        session, now, Held(complaint, case), "lodged", actor=actor, staff_id=staff_id, data=data,
        message_id=await stored(session, message_id),
    )  # fmt: skip
    return Lodged(complaint, due_told=due.told)


async def attach_contact(
    session: AsyncSession, now: datetime, complaint_id: int, phone: str, name: str | None = None
) -> Complaint:
    """Adds whom to call back to a complaint that was lodged without; the newest number counts.

    Raises NotFoundError for an unknown complaint.
    """
    held = await hold(session, complaint_id)
    complaint = held.complaint
    conversation_id = complaint.conversation_id
    complaint.customer = await customers.told(session, now, name, phone, conversation_id)
    complaint.contact_phone = phone
    # What he has here becomes evident once it is known who he is.
    links = await linking.find(
        session, now, complaint.text, conversation_id=conversation_id,
        customer_id=complaint.customer.id,
    )  # fmt: skip
    for field, value in asdict(links).items():
        if getattr(held.case, field) is None:
            setattr(held.case, field, value)
    await append(session, now, held, "contact", actor=f"conversation:{conversation_id}")
    return complaint


async def find(session: AsyncSession, conversation_id: str) -> list[Complaint]:
    """The complaints that are this conversation's own, the newest first: lodged in it, or proved
    to be the customer's."""
    proved = select(ComplaintEvent.complaint_id).where(
        ComplaintEvent.actor == f"conversation:{conversation_id}", ComplaintEvent.kind == "linked"
    )
    query = (
        select(Complaint)
        .options(selectinload(Complaint.customer))
        .where(or_(Complaint.conversation_id == conversation_id, Complaint.id.in_(proved)))
        .order_by(Complaint.created_at.desc(), Complaint.id.desc())
    )
    return list(await session.scalars(query))


async def open_in(session: AsyncSession, conversation_id: str) -> Complaint | None:
    """The newest complaint of the conversation that still awaits its answer."""
    found = await find(session, conversation_id)
    return next((one for one in found if one.state in OPEN), None)


async def find_by_number(session: AsyncSession, number: str, phone: str) -> Complaint | None:
    """The complaint with that number, if it was lodged with that phone (E.164): numbers can be
    guessed, so neither of the two is enough alone."""
    return await session.scalar(
        select(Complaint)
        .options(selectinload(Complaint.customer))
        .outerjoin(Customer, Complaint.customer_id == Customer.id)
        .where(
            Complaint.number == number.strip().upper(),
            or_(Complaint.contact_phone == phone, Customer.phone == phone),
        )
    )


async def _again(session: AsyncSession, made: Complaint) -> Lodged:
    case = await session.get(ComplaintCase, made.id)
    return Lodged(made, already=True, due_told=case is None or case.due_told)
