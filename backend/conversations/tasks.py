"""What staff have to do because of a conversation."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.errors import NotFoundError
from backend.models import Task
from backend.once import made_by


async def open_task(
    session: AsyncSession,
    now: datetime,
    *,
    kind: str,
    conversation_id: str,
    note: str,
    message_id: str,
    action: str,
    due_at: datetime | None = None,
) -> Task:
    """Something for staff to do, once per message and action; `due_at` was promised."""
    found = await made_by(session, Task, message_id, action)
    if found is not None:
        return found
    task = Task(
        kind=kind,
        conversation_id=conversation_id,
        note=note,
        created_at=now,
        due_at=due_at,
        source_message_id=message_id,
        source_action=action,
    )
    session.add(task)
    await session.flush()
    return task


async def finish_task(session: AsyncSession, now: datetime, task_id: int, *, staff_id: int) -> None:
    """Marks a task as done; one that is done already stays as it is. Raises NotFoundError."""
    task = await session.scalar(select(Task).where(Task.id == task_id).with_for_update())
    if task is None:
        raise NotFoundError("no such task")
    if task.state != "done":
        close(session, now, task, actor=f"staff:{staff_id}")


def close(
    session: AsyncSession, now: datetime, task: Task, *, actor: str, reason: str | None = None
) -> None:
    """`reason`: a code for what made it done, where nobody ticked it off."""
    task.state = "done"
    data = {"conversation": task.conversation_id}
    audit.record(
        session,
        now,
        actor=actor,
        action="task.done",
        subject=f"task:{task.id}",
        data={**data, "reason": reason} if reason else data,
    )
