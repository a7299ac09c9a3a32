"""A person in the conversation: replying, handing back to the assistant, closing.

Everything here runs in the caller's transaction and holds the conversation until its end, so
that what two people do at the same time happens one after the other.
"""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.conversations import service
from backend.conversations.text import clean
from backend.errors import ConflictError, NotFoundError
from backend.models import Conversation, Message, Task

UNSEEN = "unseen_message"
"""Code of the refusal to leave a conversation in which something has not been read."""


async def reply(
    session: AsyncSession,
    now: datetime,
    conversation_id: str,
    *,
    staff_id: int,
    text: str,
    limit: int,
    key: str | None = None,
) -> Message:
    """Says `text` to the customer; the conversation is this person's from now on.

    Whoever had it before loses it, the assistant with the turn that it has under way: its
    answer will not be sent, not even after the conversation has been handed back. The same
    text with the same `key` again is the same message. Opens a closed conversation.

    Raises NotFoundError, InvalidError for nothing readable, TooLargeError over `limit`
    characters.
    """
    # Browsers send the line ends of a form as CR LF.
    said = clean(text.replace("\r\n", "\n"), limit)
    conversation = await _hold(session, conversation_id)
    stored = f"staff:{key}" if key else None
    if stored is not None:
        earlier = await session.scalar(
            select(Message).where(
                Message.conversation_id == conversation.id, Message.client_message_id == stored
            )
        )
        if earlier is not None and (earlier.staff_id, earlier.text) == (staff_id, said):
            return earlier
        if earlier is not None:
            # The text was changed after a try whose answer got lost: this is another message.
            stored = None
    actor = f"staff:{staff_id}"
    service.set_owner(session, now, conversation, "staff", actor=actor, assignee_id=staff_id)
    conversation.state = "open"
    await session.execute(
        update(Message)
        .where(Message.conversation_id == conversation.id, Message.turn.in_(("pending", "running")))
        .values(turn="none")
    )
    message = service.say_as_staff(
        session, now, conversation, staff_id=staff_id, text=said, key=stored
    )
    _record(session, now, conversation, actor, "conversation.replied", seq=message.seq)
    return message


async def hand_back(
    session: AsyncSession, now: datetime, conversation_id: str, *, staff_id: int, seen: int
) -> None:
    """The assistant answers from the customer's next message on.

    Raises NotFoundError, and ConflictError when the customer wrote something after the message
    `seen`: nobody would answer that.
    """
    conversation = await _hold(session, conversation_id)
    await _all_seen(session, conversation, seen)
    service.set_owner(session, now, conversation, "assistant", actor=f"staff:{staff_id}")


async def close(
    session: AsyncSession, now: datetime, conversation_id: str, *, staff_id: int, seen: int
) -> None:
    """Closes the conversation. It opens again, with the assistant, when the customer writes.

    Raises as `hand_back` does.
    """
    conversation = await _hold(session, conversation_id)
    await _all_seen(session, conversation, seen)
    actor = f"staff:{staff_id}"
    service.set_owner(session, now, conversation, "assistant", actor=actor)
    if conversation.state != "closed":
        conversation.state = "closed"
        _record(session, now, conversation, actor, "conversation.closed")


async def finish_task(session: AsyncSession, now: datetime, task_id: int, *, staff_id: int) -> None:
    """Marks a task as done; one that is done already stays as it is. Raises NotFoundError."""
    task = await session.scalar(select(Task).where(Task.id == task_id).with_for_update())
    if task is None:
        raise NotFoundError("no such task")
    if task.state == "done":
        return
    task.state = "done"
    audit.record(
        session,
        now,
        actor=f"staff:{staff_id}",
        action="task.done",
        subject=f"task:{task.id}",
        data={"conversation": task.conversation_id},
    )


async def _hold(session: AsyncSession, conversation_id: str) -> Conversation:
    # PostgreSQL refuses to compare with what it could not store, such as a NUL.
    if not (conversation_id.isascii() and conversation_id.isalnum()):
        raise NotFoundError("no such conversation")
    return await service.lock(session, conversation_id)


async def _all_seen(session: AsyncSession, conversation: Conversation, seen: int) -> None:
    unseen = await session.scalar(
        select(
            exists().where(
                Message.conversation_id == conversation.id,
                Message.sender == "customer",
                Message.seq > seen,
            )
        )
    )
    if unseen:
        raise ConflictError("the customer has written meanwhile", code=UNSEEN)


def _record(
    session: AsyncSession,
    now: datetime,
    conversation: Conversation,
    actor: str,
    action: str,
    **data: int,
) -> None:
    audit.record(
        session,
        now,
        actor=actor,
        action=action,
        subject=f"conversation:{conversation.id}",
        data=data,
    )
