"""Reading conversations for staff: the list, one transcript, the tasks that came from them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, case, exists, func, or_, select
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

SOON = timedelta(days=1)


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
    assignee: Staff | None
    """Whose task it is, or else who has the conversation."""


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
    if filters.assignee_id is not None:
        where.append(Conversation.assignee_id == filters.assignee_id)
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


async def rating(session: AsyncSession, conversation_id: str) -> Rating | None:
    return await session.scalar(select(Rating).where(Rating.conversation_id == conversation_id))


def tasks(filters: Filters) -> AnySelect:
    """What staff have to do: overdue ones first, then what was promised, then the newest.

    The period is that of the task's beginning. The state `overdue` means: past its time, `due`:
    within the next day. `assignee_id`: the tasks of one person, and those of
    nobody in that person's conversations.
    """
    whose = func.coalesce(Task.assignee_id, Conversation.assignee_id)
    where: list[ColumnElement[bool]] = []
    if filters.since:
        where.append(Task.created_at >= filters.since)
    if filters.until:
        where.append(Task.created_at < filters.until)
    if filters.state in ("overdue", "due") and filters.now is not None:
        late = Task.due_at < filters.now
        soon = and_(Task.due_at >= filters.now, Task.due_at < filters.now + SOON)
        where += [Task.state == "open", late if filters.state == "overdue" else soon]
    elif filters.state:
        where.append(Task.state == filters.state)
    if filters.assignee_id is not None:
        where.append(whose == filters.assignee_id)
    if filters.search:
        where.append(
            or_(
                contains(filters.search, Task.note, Customer.name),
                *phone_matches(filters.search, Customer.phone),
            )
        )
    order = [Task.id.asc()] if filters.sort == "oldest" else _by_urgency()
    return (
        select(Task, Conversation, Customer, Staff)
        .join(Conversation, Conversation.id == Task.conversation_id)
        .outerjoin(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(Staff, Staff.id == whose)
        .where(*where)
        .order_by(*order)
    )


def _by_urgency() -> list[UnaryExpression[Any]]:
    # Those past their time are the earliest of the promised ones, so one order serves both.
    promised = and_(Task.state == "open", Task.due_at.is_not(None))
    rank = case((promised, 0), (Task.state == "open", 1), else_=2)
    return [rank.asc(), case((promised, Task.due_at)).asc(), Task.id.desc()]


async def task_rows(session: AsyncSession, statement: AnySelect) -> list[TaskRecord]:
    return [TaskRecord(*row) for row in await session.execute(statement)]
