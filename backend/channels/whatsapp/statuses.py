"""What the platform tells of our messages later: that they arrived, or did not after all.

A call may end without an answer although the message went out, and a process may die before it has
written down that it did. The status that comes then carries the key that we gave along, and the
message is not sent a second time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels.base import RetryableError
from backend.channels.whatsapp.errors import error_of
from backend.channels.whatsapp.incoming import CHANNEL, Status
from backend.conversations import outbox
from backend.conversations.sender import FIRST_PAUSE, MOST_TRIES
from backend.conversations.service import lock
from backend.conversations.tasks import open_task
from backend.models import Conversation, Message, Outbox

DELIVERIES = {"sent": "sent", "delivered": "delivered", "read": "delivered"}
BAD_REQUEST = 400


async def note(session: AsyncSession, now: datetime, statuses: Sequence[Status]) -> None:
    """Writes down what became of messages. A status that is not of one of ours, or of an earlier
    try of one that has been sent, changes nothing."""
    for status in statuses:
        if status.state != "failed" and status.state not in DELIVERIES:
            continue
        known = await _sent_as(session, status.platform_id)
        rows = known or await _with_key(session, status.key)
        if not rows:
            continue
        if status.state == "failed":
            await _failed(session, now, rows, status.code, named=bool(known))
            continue
        if not known:
            await _arrived(session, now, rows, status.platform_id)
        if status.state != "sent":
            await outbox.delivered(session, CHANNEL, status.platform_id, DELIVERIES[status.state])


async def _sent_as(session: AsyncSession, platform_id: str) -> list[Outbox]:
    """The rows that left under this id."""
    rows = await session.scalars(
        select(Outbox)
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .where(Conversation.channel == CHANNEL, Outbox.platform_id == platform_id)
        .order_by(Outbox.id)
    )
    return list(rows)


async def _with_key(session: AsyncSession, key: str) -> list[Outbox]:
    """The rows that left in a call with this key and are not known to have been sent; their
    conversation is held."""
    found = await session.scalar(
        select(Outbox)
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .where(Conversation.channel == CHANNEL, Outbox.message_id == key)
    )
    if not key or found is None:
        return []
    await lock(session, found.conversation_id)
    first = await session.get_one(Outbox, found.id, populate_existing=True)
    if first.state == "sent" or not first.tries:
        return []
    if first.answers is None:
        return [first]
    # What was merged into one call has gone through the same tries.
    together = await session.scalars(
        select(Outbox)
        .where(
            Outbox.conversation_id == first.conversation_id,
            Outbox.answers == first.answers,
            Outbox.category == first.category,
            Outbox.state == first.state,
            Outbox.tries == first.tries,
            Outbox.id >= first.id,
        )
        .order_by(Outbox.id)
        .execution_options(populate_existing=True)
    )
    return list(together)


async def _arrived(
    session: AsyncSession, now: datetime, rows: Sequence[Outbox], platform_id: str
) -> None:
    """Ends their tries, whoever has them; a sender that comes back finds nothing to settle."""
    for row in rows:
        row.state, row.sent_at, row.platform_id, row.error = "sent", now, platform_id, ""
        row.lease_holder = row.lease_until = None
        await _mark(session, row, "sent")


async def _failed(
    session: AsyncSession,
    now: datetime,
    rows: Sequence[Outbox],
    code: int | None,
    *,
    named: bool,
) -> None:
    """The same as if the call itself had been refused: another try, or a task for staff.

    `named`: by its own id. By the key alone it may be of any try; one that is under way or to
    come decides for itself.
    """
    first, error = rows[0], error_of(BAD_REQUEST, code)
    if first.state not in (("sent",) if named else ("pending", "unknown")):
        return
    again = isinstance(error, RetryableError) and first.tries < MOST_TRIES
    if again and not named:
        return
    pause = timedelta(seconds=error.retry_after) if error.retry_after else FIRST_PAUSE
    for row in rows:
        row.state, row.error = "pending" if again else "failed", error.code
        if again:
            row.next_at = now + pause
        await _mark(session, row, "queued" if again else "failed")
    if not again:
        await open_task(
            session,
            now,
            kind="undelivered",
            conversation_id=first.conversation_id,
            note=error.code,
            message_id=first.message_id or f"outbox:{first.id}",
            action="undelivered",
        )


async def _mark(session: AsyncSession, row: Outbox, delivery: str) -> None:
    if row.message_id is not None:
        message = await session.get_one(Message, row.message_id)
        message.delivery = delivery
