"""A person in the conversation: taking over, replying, notes, handing back, closing.

Everything here runs in the caller's transaction and holds the conversation until its end, so
that what two people do at the same time happens one after the other.
"""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.conversations import outbox, service, tasks
from backend.conversations.ownership import set_owner
from backend.conversations.promises import open_in
from backend.conversations.text import clean
from backend.conversations.transcript import append
from backend.customers.offline import OFFLINE
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.models import Conversation, Message, Note, Staff, Task
from backend.models.conversations import AWAITS_TURN

UNSEEN = "unseen_message"
"""Code of the refusal to leave a conversation in which something has not been read."""


async def take_over(
    session: AsyncSession, now: datetime, conversation_id: str, *, staff_id: int
) -> None:
    """The conversation is this person's from now on, without a word to the customer.

    Whoever had it before loses it, the assistant with the turn that it has under way: its
    answer will not be sent, not even after the conversation has been handed back. Opens a
    closed conversation. Raises NotFoundError.
    """
    conversation = await _hold(session, conversation_id)
    await _take(session, now, conversation, staff_id, actor=f"staff:{staff_id}")


async def assign(
    session: AsyncSession, now: datetime, conversation_id: str, *, staff_id: int, by: int
) -> None:
    """Gives the conversation to a colleague. Raises NotFoundError, InvalidError for somebody
    who cannot sign in."""
    conversation = await _hold(session, conversation_id)
    colleague = await session.get(Staff, staff_id)
    if colleague is None or not colleague.active:
        raise InvalidError("no such colleague", code="unknown_staff")
    await _take(session, now, conversation, staff_id, actor=f"staff:{by}")


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
    """Says `text` to the customer; takes the conversation over as `take_over` does.

    The same text with the same `key` again is the same message.

    Raises NotFoundError, InvalidError for nothing readable and (`offline`) for a talk on the phone
    or at the dealership, TooLargeError over `limit` characters.
    """
    # Browsers send the line ends of a form as CR LF.
    said = clean(text.replace("\r\n", "\n"), limit)
    conversation = await _hold(session, conversation_id)
    if conversation.channel in OFFLINE:
        raise InvalidError("nothing can be sent to a talk on the phone", code="offline")
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
    await _take(session, now, conversation, staff_id, actor=actor)
    message = append(conversation, now, sender="staff", text=said)
    message.staff_id = staff_id
    message.client_message_id = stored
    session.add(message)
    await session.flush()
    outbox.enqueue(session, now, message, "staff")
    conversation.staff_seen_seq = conversation.last_seq
    await _promises_kept(session, now, conversation, staff_id, "replied")
    _record(session, now, conversation, actor, "conversation.replied", seq=message.seq)
    return message


async def note(
    session: AsyncSession,
    now: datetime,
    conversation_id: str,
    *,
    staff_id: int,
    text: str,
    limit: int,
    key: str | None = None,
) -> Note:
    """What only colleagues read. The same `key` again is the same note. Raises as `reply`."""
    said = clean(text.replace("\r\n", "\n"), limit)
    conversation = await _hold(session, conversation_id)
    stored = f"{conversation.id}:{key}" if key else None
    if stored is not None:
        earlier = await session.scalar(select(Note).where(Note.key == stored))
        if earlier is not None:
            return earlier
    written = Note(
        conversation_id=conversation.id,
        after_seq=conversation.last_seq,
        staff_id=staff_id,
        text=said,
        key=stored,
        created_at=now,
    )
    session.add(written)
    await session.flush()
    _record(session, now, conversation, f"staff:{staff_id}", "conversation.noted", note=written.id)
    return written


async def seen(session: AsyncSession, conversation_id: str, seq: int) -> None:
    """Staff have read up to `seq`; what the customer writes later is unread. Raises
    NotFoundError."""
    conversation = await _hold(session, conversation_id)
    conversation.staff_seen_seq = max(conversation.staff_seen_seq, min(seq, conversation.last_seq))


async def hand_back(
    session: AsyncSession, now: datetime, conversation_id: str, *, staff_id: int, seen: int
) -> None:
    """The assistant answers from the customer's next message on.

    Raises NotFoundError, and ConflictError when the customer wrote something after the message
    `seen`: nobody would answer that.
    """
    conversation = await _hold(session, conversation_id)
    await _all_seen(session, conversation, seen)
    set_owner(session, now, conversation, "assistant", actor=f"staff:{staff_id}")
    await _promises_kept(session, now, conversation, staff_id, "handed_back")


async def close(
    session: AsyncSession, now: datetime, conversation_id: str, *, staff_id: int, seen: int
) -> None:
    """Closes the conversation. It opens again, with the assistant, when the customer writes.

    Raises as `hand_back` does.
    """
    conversation = await _hold(session, conversation_id)
    await _all_seen(session, conversation, seen)
    actor = f"staff:{staff_id}"
    set_owner(session, now, conversation, "assistant", actor=actor)
    if conversation.state != "closed":
        conversation.state = "closed"
        _record(session, now, conversation, actor, "conversation.closed")
    await _promises_kept(session, now, conversation, staff_id, "closed")


async def _take(
    session: AsyncSession, now: datetime, conversation: Conversation, staff_id: int, *, actor: str
) -> None:
    set_owner(session, now, conversation, "staff", actor=actor, assignee_id=staff_id)
    conversation.state = "open"
    waiting = await session.scalars(
        select(Message).where(
            Message.conversation_id == conversation.id, Message.turn.in_(AWAITS_TURN)
        )
    )
    for message in waiting:
        message.turn = "none"
    await outbox.withdraw_answers(session, conversation.id)


async def _promises_kept(
    session: AsyncSession, now: datetime, conversation: Conversation, staff_id: int, reason: str
) -> None:
    """A person has replied, or has let it be: what was promised as a reply is done."""
    for task in await session.scalars(select(Task).where(open_in(conversation.id))):
        tasks.close(session, now, task, actor=f"staff:{staff_id}", reason=reason)


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
