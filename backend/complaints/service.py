"""Lodging complaints and finding them again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from backend import audit
from backend.appointments.hours import Hours, dealership
from backend.complaints.rules import classify, deadline
from backend.customers import service as customers
from backend.errors import NotFoundError
from backend.models import Complaint, Conversation, Customer
from backend.numbers import next_number


@dataclass(frozen=True)
class Lodged:
    """The complaint is on record once the caller's transaction commits. `already`: the same
    message and action had lodged it before."""

    complaint: Complaint
    already: bool = False


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
) -> Lodged:
    """Records a complaint with number, category, severity and deadline.

    With a phone (E.164) it belongs to that customer, else to the conversation's, if known.
    `actor` for the audit: the conversation if empty.
    """
    made = await _made_by(session, message_id, action)
    if made is not None:
        return Lodged(made, already=True)
    place = await dealership(session)
    category, severity = classify(text)
    conversation = await session.get(Conversation, conversation_id) if conversation_id else None
    try:
        async with session.begin_nested():
            customer: Customer | None = None
            if phone:
                customer = await customers.find_or_create(
                    session,
                    now,
                    name or "",
                    phone,
                    conversation.language if conversation else "zh",
                    conversation_id=conversation_id,
                )
            elif conversation and conversation.customer_id:
                customer = await session.get(Customer, conversation.customer_id)
            complaint = Complaint(
                number=await next_number(session, now, place.zone, "CP"),
                category=category,
                severity=severity,
                state="open",
                text=text,
                contact_phone=phone,
                due_at=deadline(now, severity, Hours.of(place)),
                customer=customer,
                conversation_id=conversation_id,
                created_at=now,
                source_message_id=message_id,
                source_action=action,
            )
            session.add(complaint)
            await session.flush()
    except IntegrityError as error:
        # The same message, tried twice at once, has lodged it in another transaction.
        made = await _made_by(session, message_id, action)
        if made is None:
            raise error
        return Lodged(made, already=True)
    audit.record(
        session,
        now,
        actor=actor or f"conversation:{conversation_id}",
        action="complaint.lodged",
        subject=f"complaint:{complaint.id}",
        data={
            "number": complaint.number,
            "category": category,
            "severity": severity,
            "due_at": complaint.due_at.isoformat(),
        },
    )
    return Lodged(complaint)


async def attach_contact(
    session: AsyncSession, now: datetime, complaint_id: int, phone: str, name: str | None = None
) -> Complaint:
    """Adds whom to call back to a complaint that was lodged without; the newest number counts.

    Raises NotFoundError for an unknown complaint.
    """
    complaint = await session.get(Complaint, complaint_id, populate_existing=True)
    if complaint is None:
        raise NotFoundError("no such complaint")
    conversation_id = complaint.conversation_id
    conversation = await session.get(Conversation, conversation_id) if conversation_id else None
    complaint.customer = await customers.find_or_create(
        session,
        now,
        name or "",
        phone,
        conversation.language if conversation else "zh",
        conversation_id=conversation_id,
    )
    complaint.contact_phone = phone
    audit.record(
        session,
        now,
        actor=f"conversation:{conversation_id}",
        action="complaint.contact_added",
        subject=f"complaint:{complaint.id}",
        data={"number": complaint.number},
    )
    await session.flush()
    return complaint


async def find(session: AsyncSession, conversation_id: str) -> list[Complaint]:
    """The complaints lodged in a conversation, the newest first."""
    query = (
        select(Complaint)
        .options(selectinload(Complaint.customer))
        .where(Complaint.conversation_id == conversation_id)
        .order_by(Complaint.created_at.desc(), Complaint.id.desc())
    )
    return list(await session.scalars(query))


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


async def _made_by(session: AsyncSession, message_id: str, action: str) -> Complaint | None:
    return await session.scalar(
        select(Complaint)
        .options(selectinload(Complaint.customer))
        .where(Complaint.source_message_id == message_id, Complaint.source_action == action)
    )
