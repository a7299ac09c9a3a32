"""The outbox in the store: what is to be sent, by whom it is being sent, how it ended.

Rows are written by the transaction that decides them. The website's customers fetch their
messages, so nothing is sent to them; what was planned for later is appended when it is due.
Everything here runs in the caller's transaction.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations.transcript import WEB, Reply, append_reply
from backend.models import Conversation, Message, Outbox
from backend.models.delivery import OPEN

LEASE = timedelta(seconds=45)
"""Above the longest call to a platform. A row still `sending` after it may have arrived."""
BUDGETED = ("reminder", "survey", "follow_up")
"""What the dealership sends without being asked counts against the customer's budget …"""
WITHHELD = ("survey", "follow_up")
"""… and this waits for nobody: over the budget it is not sent. Reminders are of the customer's own
bookings and always are."""
BUDGET_PERIOD = timedelta(days=7)
UNSENT = ("planned", "pending", "sending")

Compose = Callable[[AsyncSession, datetime, Conversation, Outbox], Awaitable[Reply | None]]
"""Words what was planned by the records as they are when it is due, in the conversation's language;
None when there is nothing to say any more. It must lock nothing: the conversation is held."""

_composers: dict[str, Compose] = {}


def composes(subject: str) -> Callable[[Compose], Compose]:
    """Registers who words the planned messages whose key begins with `subject:`. Raises
    ValueError if there is one already."""

    def register(compose: Compose) -> Compose:
        if subject in _composers:
            raise ValueError(f"{subject} is worded already")
        _composers[subject] = compose
        return compose

    return register


def enqueue(session: AsyncSession, now: datetime, message: Message, category: str) -> None:
    """A message of the transcript is to be sent now. Nothing to do on the website."""
    if message.channel == WEB:
        return
    session.add(
        Outbox(
            conversation_id=message.conversation_id,
            message_id=message.id,
            answers=message.reply_to,
            category=category,
            state="pending",
            due_at=now,
            next_at=now,
            created_at=now,
        )
    )


async def plan(
    session: AsyncSession,
    now: datetime,
    *,
    conversation_id: str,
    category: str,
    key: str,
    due_at: datetime,
    text_zh: str,
    text_en: str,
) -> Outbox:
    """To be said at `due_at`, once per `key`; planned again it gets the new time and text.

    What has been sent or is being sent stays as it is.
    """
    row = await session.scalar(select(Outbox).where(Outbox.key == key).with_for_update())
    if row is None:
        row = Outbox(
            conversation_id=conversation_id, category=category, key=key,
            state="planned", due_at=due_at, next_at=due_at, created_at=now,
            text_zh=text_zh, text_en=text_en,
        )  # fmt: skip
        session.add(row)
        await session.flush()
    elif row.message_id is None:
        row.state, row.due_at, row.next_at = "planned", due_at, due_at
        row.text_zh, row.text_en = text_zh, text_en
    return row


async def call_off(session: AsyncSession, prefix: str) -> None:
    """What was planned under keys that begin with `prefix` will not be said."""
    await session.execute(
        update(Outbox)
        .where(
            Outbox.state.in_(OPEN),
            Outbox.key.startswith(prefix, autoescape=True),
            Outbox.state == "planned",
        )
        .values(state="withdrawn")
    )


async def withdraw_answers(session: AsyncSession, conversation_id: str) -> None:
    """The assistant's messages that have not left yet never will: a person has taken over."""
    rows = await session.scalars(
        select(Outbox).where(
            Outbox.conversation_id == conversation_id,
            Outbox.state.in_(OPEN),
            Outbox.state == "pending",
            Outbox.category == "reply",
        )
    )
    for row in rows:
        row.state = "withdrawn"
        await _mark(session, row, "withdrawn")


async def due_conversations(session: AsyncSession, now: datetime, limit: int) -> list[str]:
    """Ids of conversations in which something is due and that no sender works on."""
    rows = await session.scalars(
        select(Outbox.conversation_id)
        .where(
            Outbox.state.in_(OPEN),
            Outbox.next_at <= now,
            or_(
                Outbox.state.in_(("planned", "pending")),
                and_(Outbox.state == "sending", Outbox.lease_until < now),
            ),
        )
        .group_by(Outbox.conversation_id)
        .limit(limit)
    )
    return list(rows)


@dataclass(frozen=True)
class Claimed:
    """Rows of one conversation that leave together, oldest first; `again`: the last try may have
    arrived."""

    conversation: Conversation
    rows: list[Outbox]
    messages: list[Message]
    again: bool


async def claim(
    session: AsyncSession,
    now: datetime,
    conversation: Conversation,
    holder: str,
    *,
    most: int,
    budget: int,
) -> Claimed | None:
    """The next of a conversation that the caller holds, at most `most` rows that may be merged.

    None when nothing is due, or when an older one is with another sender or waits for its next
    try: order is kept. Merged are only answers to the same message. Planned ones that are due
    become messages first; `budget` is how often a customer is written to unasked in a week.
    """
    rows = list(
        await session.scalars(
            select(Outbox)
            .where(
                Outbox.conversation_id == conversation.id,
                Outbox.state.in_(OPEN),
                or_(
                    Outbox.state.in_(("pending", "sending")),
                    and_(Outbox.state == "planned", Outbox.next_at <= now),
                ),
            )
            .order_by(Outbox.id)
        )
    )
    for row in [row for row in rows if row.state == "planned"]:
        if not await _fall_due(session, now, conversation, row, budget):
            rows.remove(row)
    if not rows:
        return None
    found = await session.scalars(
        select(Message).where(Message.id.in_([row.message_id for row in rows]))
    )
    messages = {message.id: message for message in found}
    rows.sort(key=lambda row: messages[row.message_id or ""].seq)
    first = rows[0]
    again = first.state == "sending"
    if first.next_at > now or (again and first.lease_until is not None and first.lease_until > now):
        return None
    together = [first]
    for row in rows[1:most]:
        same = row.answers is not None and row.answers == first.answers
        if not same or row.category != first.category or row.next_at > now:
            break
        together.append(row)
    for row in together:
        row.state, row.lease_holder, row.lease_until = "sending", holder, now + LEASE
        row.tries += 1
    return Claimed(
        conversation, together, [messages[row.message_id or ""] for row in together], again
    )


async def _fall_due(
    session: AsyncSession, now: datetime, conversation: Conversation, row: Outbox, budget: int
) -> bool:
    """Makes a planned row a message of the transcript; False when it is not to be sent."""
    if row.category in WITHHELD and await sent_unasked(session, now, conversation) >= budget:
        row.state, row.error = "withdrawn", "budget"
        return False
    compose = _composers.get((row.key or "").partition(":")[0])
    reply: Reply | None = Reply(row.text_en if conversation.language == "en" else row.text_zh)
    if compose is not None:
        reply = await compose(session, now, conversation, row)
        # Whoever changes the record calls off what was planned of it, in one transaction: held
        # after the record was read, the row tells whether the record has changed since.
        await session.refresh(row, with_for_update=True)
        if row.state != "planned":
            return False
    if reply is None:
        row.state, row.error = "withdrawn", "stale"
        return False
    message = await append_reply(session, now, conversation, reply, None, sender="system")
    await session.flush()
    row.message_id = message.id
    if conversation.channel == WEB:
        row.state, row.sent_at = "sent", now
        return False
    row.state = "pending"
    return True


async def sent_unasked(session: AsyncSession, now: datetime, conversation: Conversation) -> int:
    """How often the customer was written to without asking, within the budget's period."""
    same = Conversation.id == conversation.id
    if conversation.customer_id is not None:
        same = or_(same, Conversation.customer_id == conversation.customer_id)
    counted = (
        select(func.count())
        .select_from(Outbox)
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .where(
            same,
            Outbox.category.in_(BUDGETED),
            Outbox.state == "sent",
            Outbox.sent_at > now - BUDGET_PERIOD,
        )
    )
    return int(await session.scalar(counted) or 0)


async def sent_since(session: AsyncSession, conversation: Conversation) -> int:
    """Calls to the platform since the customer last wrote: what its quota counts.

    Merged rows left in one call and share its `platform_id`, or else its time.
    """
    since = conversation.last_customer_at
    if since is None:
        return 0
    counted = select(func.count(func.distinct(Outbox.sent_at))).where(
        Outbox.conversation_id == conversation.id,
        Outbox.state.in_(("sent", "unknown")),
        Outbox.sent_at >= since,
    )
    return int(await session.scalar(counted) or 0)


async def settle(
    session: AsyncSession,
    row_ids: Sequence[int],
    holder: str,
    state: str,
    *,
    now: datetime,
    error: str = "",
    next_at: datetime | None = None,
    platform_id: str | None = None,
) -> list[Outbox]:
    """How a try ended: `sent`, `failed`, `unknown`, `withdrawn`, or `pending` until `next_at`.

    Only rows that `holder` still has are changed, and returned.
    """
    rows = list(
        await session.scalars(
            select(Outbox)
            .where(Outbox.id.in_(row_ids), Outbox.lease_holder == holder, Outbox.state == "sending")
            .with_for_update()
        )
    )
    for row in rows:
        row.state, row.error = state, error
        row.lease_holder = row.lease_until = None
        if next_at is not None:
            row.next_at = next_at
        if platform_id is not None:
            row.platform_id = platform_id
        if state in ("sent", "unknown"):
            row.sent_at = now
        await _mark(session, row, "queued" if state == "pending" else state)
    return rows


async def delivered(session: AsyncSession, channel: str, platform_id: str, state: str) -> None:
    """The platform tells what became of a message: `delivered` or `failed`."""
    rows = await session.scalars(
        select(Outbox)
        .join(Conversation, Conversation.id == Outbox.conversation_id)
        .where(Conversation.channel == channel, Outbox.platform_id == platform_id)
    )
    for row in rows:
        if state == "failed":
            row.state = "failed"
        await _mark(session, row, state)


async def _mark(session: AsyncSession, row: Outbox, delivery: str) -> None:
    if row.message_id is None:
        return
    message = await session.get_one(Message, row.message_id)
    message.delivery = delivery
