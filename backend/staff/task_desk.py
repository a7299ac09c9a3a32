"""Working on tasks: taking and assigning them, another time, the result. All of it is audited."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.conversations import tasks
from backend.conversations.promises import KINDS
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.models import Audit, Conversation, Customer, Staff, Task, TaskResult
from backend.staff.conversation_queries import TaskRecord

LONGEST_RESULT = 1000
FURTHEST = timedelta(days=366)
SHOWN = 50


@dataclass(frozen=True)
class Step:
    """One line of what was done with something, and who did it, where it was a colleague."""

    at: datetime
    action: str
    data: dict[str, object]
    staff: Staff | None


@dataclass(frozen=True)
class OpenedTask:
    record: TaskRecord
    result: TaskResult | None
    steps: list[Step]

    @property
    def promised(self) -> bool:
        return promised(self.record.task)


def promised(task: Task) -> bool:
    """Whether its time was promised to the customer: nobody moves that silently."""
    return task.kind in KINDS and task.due_at is not None


async def find(session: AsyncSession, task_id: int) -> OpenedTask:
    """Raises NotFoundError."""
    row = (
        await session.execute(
            select(Task, Conversation, Customer, Staff)
            .join(Conversation, Conversation.id == Task.conversation_id)
            .outerjoin(Customer, Customer.id == Conversation.customer_id)
            .outerjoin(Staff, Staff.id == Task.assignee_id)
            .where(Task.id == task_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("no such task")
    result = await session.get(TaskResult, task_id)
    return OpenedTask(TaskRecord(*row), result, await steps(session, f"task:{task_id}"))


async def steps(session: AsyncSession, subject: str) -> list[Step]:
    """What the audit has about one subject, the latest first."""
    lines = list(
        await session.scalars(
            select(Audit).where(Audit.subject == subject).order_by(Audit.id.desc()).limit(SHOWN)
        )
    )
    ids = {
        int(line.actor.removeprefix("staff:")) for line in lines if line.actor.startswith("staff:")
    }
    people = {one.id: one for one in await session.scalars(select(Staff).where(Staff.id.in_(ids)))}
    return [
        Step(
            line.at,
            line.action,
            line.data,
            people.get(int(line.actor.removeprefix("staff:")))
            if line.actor.startswith("staff:")
            else None,
        )
        for line in lines
    ]


async def assign(
    session: AsyncSession, now: datetime, task_id: int, *, to: int, staff_id: int
) -> None:
    """Gives it to a colleague, or to oneself. Raises NotFoundError, ConflictError when it is done,
    InvalidError when `to` is nobody who works here."""
    task = await _open(session, task_id)
    colleague = await session.get(Staff, to)
    if colleague is None or not colleague.active:
        raise InvalidError("no such colleague", code="bad_colleague")
    if task.assignee_id == to:
        return
    before, task.assignee_id = task.assignee_id, to
    _note(session, now, task, staff_id, "assigned", {"to": to, "before": before})


async def take(session: AsyncSession, now: datetime, task_id: int, *, staff_id: int) -> None:
    """Raises NotFoundError, ConflictError when a colleague has it or it is done."""
    task = await _open(session, task_id)
    if task.assignee_id is not None and task.assignee_id != staff_id:
        raise ConflictError("a colleague has it", code="taken")
    await assign(session, now, task_id, to=staff_id, staff_id=staff_id)


async def reschedule(
    session: AsyncSession, now: datetime, task_id: int, *, due_at: datetime, staff_id: int
) -> None:
    """Raises NotFoundError, ConflictError when it is done, InvalidError for a time that has passed
    or is more than a year ahead, and when the customer was promised the present one."""
    task = await _open(session, task_id)
    if promised(task):
        raise InvalidError("the customer was promised this time", code="promised")
    if not now < due_at < now + FURTHEST:
        raise InvalidError("not a time in the coming year", code="bad_time")
    if task.due_at == due_at:
        return
    before, task.due_at = task.due_at, due_at
    moved: dict[str, object] = {
        "due_at": due_at.isoformat(),
        "before": before.isoformat() if before else None,
    }
    _note(session, now, task, staff_id, "rescheduled", moved)


async def finish(
    session: AsyncSession, now: datetime, task_id: int, *, result: str, staff_id: int
) -> None:
    """Marks it as done and keeps what came of it. Raises NotFoundError, ConflictError when it is
    done already, InvalidError without a result."""
    text = result.replace("\x00", "").replace("\r\n", "\n").strip()
    if not 0 < len(text) <= LONGEST_RESULT:
        raise InvalidError("a result is needed", code="bad_result")
    task = await _open(session, task_id)
    tasks.close(session, now, task, actor=f"staff:{staff_id}")
    session.add(TaskResult(task_id=task.id, staff_id=staff_id, text=text, at=now))
    await session.flush()


async def _open(session: AsyncSession, task_id: int) -> Task:
    task = await session.scalar(select(Task).where(Task.id == task_id).with_for_update())
    if task is None:
        raise NotFoundError("no such task")
    if task.state != "open":
        raise ConflictError("it is done", code="done")
    return task


def _note(
    session: AsyncSession,
    now: datetime,
    task: Task,
    staff_id: int,
    event: str,
    data: dict[str, object],
) -> None:
    audit.record(
        session,
        now,
        actor=f"staff:{staff_id}",
        action=f"task.{event}",
        subject=f"task:{task.id}",
        data={"conversation": task.conversation_id, **data},
    )
