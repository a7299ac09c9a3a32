"""Reading conversations for staff: the list, one transcript, the tasks that came from them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import NotFoundError
from backend.models import (
    Attachment,
    Complaint,
    Conversation,
    Customer,
    Message,
    Rating,
    Staff,
    Task,
)
from backend.staff.filters import Filters, clean
from backend.staff.queries import AnySelect, contains, phone_matches


@dataclass(frozen=True)
class ConversationRecord:
    conversation: Conversation
    customer: Customer | None
    assignee: Staff | None


@dataclass(frozen=True)
class MessageRecord:
    message: Message
    staff: Staff | None
    attachment: Attachment | None


@dataclass(frozen=True)
class TaskRecord:
    task: Task
    conversation: Conversation
    customer: Customer | None


def narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions of the filters but for `search`; the customer is joined.

    The period holds every conversation that was going on in it.
    """
    where: list[ColumnElement[bool]] = []
    if filters.since:
        where.append(Conversation.updated_at >= filters.since)
    if filters.until:
        where.append(Conversation.created_at < filters.until)
    if filters.phone:
        complained = exists().where(
            Complaint.conversation_id == Conversation.id, Complaint.contact_phone == filters.phone
        )
        where.append(or_(Customer.phone == filters.phone, complained))
    if filters.conversation_id:
        where.append(Conversation.id == filters.conversation_id)
    if filters.state:
        where.append(Conversation.state == filters.state)
    if filters.owner:
        where.append(Conversation.owner == filters.owner)
    if filters.channel:
        where.append(Conversation.channel == filters.channel)
    return where


def conversations(filters: Filters, *, by: str = "created_at") -> AnySelect:
    """The list without a search, which `backend.search` does.

    `by` names the time that orders the list: `created_at` never changes and so suits paging by
    cursor, `updated_at` is what people look for.
    """
    column = getattr(Conversation, by)
    oldest = filters.sort == "oldest"
    order = (column.asc(), Conversation.id) if oldest else (column.desc(), Conversation.id.desc())
    return _with_people().where(*narrowed(filters)).order_by(*order)


def _with_people() -> AnySelect:
    return (
        select(Conversation, Customer, Staff)
        .outerjoin(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(Staff, Staff.id == Conversation.assignee_id)
    )


async def conversations_of(
    session: AsyncSession, ids: Sequence[str]
) -> dict[str, ConversationRecord]:
    """The conversations with these ids, by id."""
    rows = await conversation_rows(session, _with_people().where(Conversation.id.in_(ids)))
    return {row.conversation.id: row for row in rows}


async def conversation_rows(
    session: AsyncSession, statement: AnySelect
) -> list[ConversationRecord]:
    return [ConversationRecord(*row) for row in await session.execute(statement)]


async def conversation(session: AsyncSession, conversation_id: str) -> ConversationRecord:
    """Raises NotFoundError."""
    wanted = clean(conversation_id)
    if wanted:
        rows = await conversation_rows(session, conversations(Filters(conversation_id=wanted)))
        if rows:
            return rows[0]
    raise NotFoundError("no such conversation")


async def transcript(session: AsyncSession, conversation_id: str) -> list[MessageRecord]:
    """Every message in its order."""
    statement = (
        select(Message, Staff, Attachment)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .outerjoin(Attachment, Attachment.id == Message.attachment_id)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.seq)
    )
    return [MessageRecord(*row) for row in await session.execute(statement)]


async def version(session: AsyncSession, conversation: Conversation) -> str:
    """Changes with all that a reader of the transcript sees change: messages, how far they
    are understood and delivered, who has the conversation."""
    rows = await session.execute(
        select(Message.seq, Message.turn, Message.delivery)
        .where(Message.conversation_id == conversation.id)
        .order_by(Message.seq)
    )
    shown = [conversation.owner, conversation.assignee_id, conversation.state]
    told = json.dumps([shown, *map(list, rows)])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


async def waiting(session: AsyncSession) -> int:
    """How many conversations wait for a person."""
    counted = select(func.count()).where(Conversation.owner == "waiting")
    return int(await session.scalar(counted) or 0)


async def rating(session: AsyncSession, conversation_id: str) -> Rating | None:
    return await session.scalar(select(Rating).where(Rating.conversation_id == conversation_id))


def tasks(filters: Filters) -> AnySelect:
    """What staff have to do. The period is that of the task's beginning."""
    where: list[ColumnElement[bool]] = []
    if filters.since:
        where.append(Task.created_at >= filters.since)
    if filters.until:
        where.append(Task.created_at < filters.until)
    if filters.state:
        where.append(Task.state == filters.state)
    if filters.search:
        where.append(
            or_(
                contains(filters.search, Task.note, Customer.name),
                *phone_matches(filters.search, Customer.phone),
            )
        )
    oldest = filters.sort == "oldest"
    return (
        select(Task, Conversation, Customer)
        .join(Conversation, Conversation.id == Task.conversation_id)
        .outerjoin(Customer, Customer.id == Conversation.customer_id)
        .where(*where)
        .order_by(Task.id.asc() if oldest else Task.id.desc())
    )


async def task_rows(session: AsyncSession, statement: AnySelect) -> list[TaskRecord]:
    return [TaskRecord(*row) for row in await session.execute(statement)]
