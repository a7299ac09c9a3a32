"""The transcript: appending to it, offering buttons, reading on from a place in it.

Everything here runs in the caller's transaction, which holds the conversation.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Choice, Conversation, Dealership, Message
from backend.models.conversations import AWAITS_TURN

PAGE = 500
"""Messages read at once; whoever reads continues after the last of them."""
PREVIEW = 120
"""Characters of the last message that a list shows."""
WEB = "web"
"""The channel whose customers fetch their messages; all others are sent to."""


@dataclass(frozen=True)
class Understanding:
    """What Rasa made of a message; entities carry offsets into the customer's text."""

    intent: str | None = None
    confidence: float | None = None
    entities: list[Any] = field(default_factory=list)
    ranking: list[Any] = field(default_factory=list)
    language: str | None = None


@dataclass(frozen=True)
class Reply:
    """One answer of the assistant. `buttons` are (title, payload); the payload stays here."""

    text: str
    buttons: Sequence[tuple[str, str]] = ()
    cards: Sequence[dict[str, Any]] = ()


def append(conversation: Conversation, now: datetime, *, sender: str, text: str) -> Message:
    """The next message of the conversation; the caller adds it to the session."""
    conversation.last_seq += 1
    conversation.last_text = text[:PREVIEW]
    conversation.updated_at = now
    if sender == "customer":
        conversation.last_customer_seq = conversation.last_seq
        conversation.last_customer_at = now
        delivery = "received"
    else:
        delivery = "sent" if conversation.channel == WEB else "queued"
    return Message(
        id=uuid4().hex,
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        sender=sender,
        text=text,
        channel=conversation.channel,
        sent_at=now,
        turn="none",
        turn_tries=0,
        delivery=delivery,
    )


async def append_reply(
    session: AsyncSession,
    now: datetime,
    conversation: Conversation,
    reply: Reply,
    answers: str | None,
    *,
    sender: str = "assistant",
) -> Message:
    """Adds one message with its buttons: an answer of the assistant to the message `answers`, or
    what the system says by itself."""
    answer = append(conversation, now, sender=sender, text=reply.text)
    answer.reply_to = answers
    session.add(answer)
    if reply.buttons or reply.cards or conversation.channel != WEB:
        # Its buttons, and its place in the outbox, are rows that point at it.
        await session.flush()
    if reply.cards:
        answer.cards = [
            {**card, "buttons": _offer(session, answer, card.get("buttons") or [])}
            if card.get("buttons")
            else card
            for card in reply.cards
        ]
    if reply.buttons:
        answer.buttons = _offer(
            session, answer, [{"title": t, "payload": p} for t, p in reply.buttons]
        )
    return answer


def offer(
    session: AsyncSession, message: Message, buttons: Sequence[tuple[str, str]]
) -> list[dict[str, str]]:
    """The buttons (title, payload) of a message that is in the store, as they are shown."""
    return _offer(session, message, [{"title": t, "payload": p} for t, p in buttons])


def _offer(
    session: AsyncSession, message: Message, buttons: Sequence[dict[str, Any]]
) -> list[dict[str, str]]:
    shown = []
    for button in buttons:
        choice = Choice(
            id=secrets.token_urlsafe(12),
            conversation_id=message.conversation_id,
            message_id=message.id,
            # "10:00" on the card of a day means more in the transcript with its day.
            title=button.get("said") or button["title"],
            payload=button["payload"],
        )
        session.add(choice)
        shown.append({"choice": choice.id, "title": button["title"]})
    return shown


class News(NamedTuple):
    """What a customer who waits for news is told: new messages, whether a turn is under way, the
    state of the conversation, None when it has been erased meanwhile, and the zone to show times
    in."""

    messages: list[Message]
    typing: bool
    state: str | None
    zone: str = "UTC"


# Made once: making a statement takes longer than running it.
_STANDS = select(
    Conversation.last_seq,
    Conversation.state,
    exists().where(
        Message.conversation_id == bindparam("conversation"),
        Message.turn.in_(AWAITS_TURN),
    ),
    select(Dealership.zone).limit(1).scalar_subquery(),
).where(Conversation.id == bindparam("conversation"))
_AFTER = (
    select(Message)
    .where(Message.conversation_id == bindparam("conversation"), Message.seq > bindparam("after"))
    .order_by(Message.seq)
    .limit(PAGE)
)


async def messages_after(session: AsyncSession, conversation_id: str, after: int) -> News:
    """The messages with a larger `seq`, and what else is news.

    One statement where there is none: whoever waits asks at each change.
    """
    wanted = {"conversation": conversation_id, "after": after}
    stands = (await session.execute(_STANDS, wanted)).first()
    if stands is None:
        return News([], False, None)
    last_seq, state, typing, zone = stands
    rows = list(await session.scalars(_AFTER, wanted)) if last_seq > after else []
    return News(rows, bool(typing), state, zone or "UTC")
