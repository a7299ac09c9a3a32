"""Conversations: opening them, taking messages in, writing answers, changing the owner.

Everything here runs in the caller's transaction.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.conversations.text import language_of
from backend.errors import InvalidError, NotFoundError, UnauthorizedError
from backend.models import Attachment, Choice, Conversation, Message, Rating, Task

PAGE = 500
"""Messages read at once; whoever reads continues after the last of them."""
PREVIEW = 120
"""Characters of the last message that a list shows."""

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Received:
    """`fresh` is false when this client message id had been stored before."""

    message_id: str
    seq: int
    fresh: bool
    awaits_turn: bool


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


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


async def start(
    session: AsyncSession, now: datetime, *, channel: str, locale: str | None
) -> tuple[Conversation, str]:
    """Opens a conversation. The returned token is its only key and is not stored."""
    token = secrets.token_urlsafe(32)
    language = "en" if locale is not None and locale.lower().startswith("en") else "zh"
    conversation = Conversation(
        id=uuid4().hex,
        channel=channel,
        token_hash=token_hash(token),
        locale=locale,
        language=language,
        created_at=now,
        updated_at=now,
    )
    session.add(conversation)
    await session.flush()
    return conversation, token


async def authenticate(session: AsyncSession, token: str) -> Conversation:
    """The conversation that `token` opens. Raises UnauthorizedError."""
    found = await session.scalar(
        select(Conversation).where(Conversation.token_hash == token_hash(token))
    )
    if found is None:
        raise UnauthorizedError("this conversation is not known")
    return found


async def receive(
    session: AsyncSession,
    now: datetime,
    *,
    token: str,
    client_message_id: str,
    text: str | None = None,
    choice: str | None = None,
    attachment: str | None = None,
) -> tuple[Conversation, Received]:
    """Stores one message of the customer, once per `client_message_id`.

    `text` is expected clean. Raises UnauthorizedError, InvalidError when nothing is said, and
    NotFoundError for a choice or an attachment of another conversation.
    """
    conversation = await session.scalar(
        select(Conversation).where(Conversation.token_hash == token_hash(token)).with_for_update()
    )
    if conversation is None:
        raise UnauthorizedError("this conversation is not known")
    stored = await session.scalar(
        select(Message).where(
            Message.conversation_id == conversation.id,
            Message.client_message_id == client_message_id,
        )
    )
    if stored is not None:
        return conversation, Received(stored.id, stored.seq, fresh=False, awaits_turn=False)
    payload = None
    if choice is not None:
        chosen = await session.get(Choice, choice)
        if chosen is None or chosen.conversation_id != conversation.id:
            raise NotFoundError("this choice is not of this conversation", code="unknown_choice")
        text, payload = chosen.title, chosen.payload
    if attachment is not None:
        sent = await session.get(Attachment, attachment)
        if sent is None or sent.conversation_id != conversation.id:
            raise NotFoundError(
                "this attachment is not of this conversation", code="unknown_attachment"
            )
        if not text:
            text, payload = "", "/send_picture"
    if text is None:
        raise InvalidError("a message has a text, a choice or an attachment")
    message = _append(conversation, now, sender="customer", text=text)
    message.payload = payload
    message.client_message_id = client_message_id
    message.attachment_id = attachment
    # While a person owns the conversation the assistant is silent: nothing awaits a turn.
    message.turn = "none" if conversation.owner == "staff" else "pending"
    session.add(message)
    conversation.state = "open"
    return conversation, Received(
        message.id, message.seq, fresh=True, awaits_turn=message.turn == "pending"
    )


def _append(conversation: Conversation, now: datetime, *, sender: str, text: str) -> Message:
    conversation.last_seq += 1
    conversation.last_text = text[:PREVIEW]
    conversation.updated_at = now
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
        delivery="received" if sender == "customer" else "sent",
    )


async def lock(session: AsyncSession, conversation_id: str) -> Conversation:
    """The conversation, held until the transaction ends. Raises NotFoundError."""
    found = await session.scalar(
        select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    )
    if found is None:
        raise NotFoundError("no such conversation")
    return found


def say_as_staff(
    session: AsyncSession,
    now: datetime,
    conversation: Conversation,
    *,
    staff_id: int,
    text: str,
    key: str | None = None,
) -> Message:
    """Appends what a member of staff says to the customer; the row is held by the caller.

    `text` is expected clean. `key` is unique within the conversation, as a customer's
    `client_message_id` is.
    """
    message = _append(conversation, now, sender="staff", text=text)
    message.staff_id = staff_id
    message.client_message_id = key
    session.add(message)
    return message


async def claim_turn(session: AsyncSession, conversation_id: str) -> Message | None:
    """The oldest message that awaits its turn, marked running; None when there is none.

    A message found running belongs to a process that died: its turn runs again, with the same
    id, so that no record is written twice.
    """
    await lock(session, conversation_id)
    message = await session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.turn.in_(("pending", "running")))
        .order_by(Message.seq)
        .limit(1)
    )
    if message is not None:
        message.turn = "running"
        message.turn_tries += 1
    return message


async def _running(session: AsyncSession, message_id: str) -> tuple[Message, Conversation]:
    """A message and its conversation, as they are once the conversation is held."""
    message = await session.get_one(Message, message_id)
    conversation = await lock(session, message.conversation_id)
    await session.refresh(message)
    return message, conversation


async def finish_turn(
    session: AsyncSession,
    now: datetime,
    message_id: str,
    understanding: Understanding,
    replies: Sequence[Reply],
) -> None:
    """Writes what was understood and the answers; no answer when a person took over meanwhile.

    Writes nothing for a turn that has ended already.
    """
    message, conversation = await _running(session, message_id)
    if message.turn != "running":
        return
    message.intent = understanding.intent
    message.confidence = understanding.confidence
    message.entities = understanding.entities
    message.ranking = understanding.ranking
    message.language = understanding.language
    message.turn = "done"
    if understanding.language in LANGUAGES:
        conversation.language = understanding.language
    if conversation.owner == "staff":
        return
    for reply in replies:
        answer = _append(conversation, now, sender="assistant", text=reply.text)
        answer.reply_to = message.id
        session.add(answer)
        # Its buttons are rows that point at it.
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


async def fail_turn(
    session: AsyncSession, now: datetime, message_id: str, notices: dict[str, str]
) -> None:
    """Gives up on a turn: says so in the customer's language, hands over, tells staff.

    Says nothing when a person took over meanwhile: they have read the message.
    """
    message, conversation = await _running(session, message_id)
    if message.turn != "running":
        return
    message.turn = "failed"
    if conversation.owner == "staff":
        return
    # Nobody has understood this message: what it is written in is all there is to go by.
    typed = language_of(message.text) if message.payload is None else None
    text = notices[typed or conversation.language]
    notice = _append(conversation, now, sender="system", text=text)
    notice.reply_to = message.id
    session.add(notice)
    if conversation.owner == "assistant":
        set_owner(session, now, conversation, "waiting", actor="system:turns")
    await open_task(
        session,
        now,
        kind="fault",
        conversation_id=conversation.id,
        note=message.text[:PREVIEW],
        message_id=message.id,
        action="fault",
    )


def set_owner(
    session: AsyncSession,
    now: datetime,
    conversation: Conversation,
    owner: str,
    *,
    actor: str,
    assignee_id: int | None = None,
) -> None:
    """The one place where the owner of a conversation changes; the row is held by the caller."""
    if conversation.owner == owner and conversation.assignee_id == assignee_id:
        return
    audit.record(
        session,
        now,
        actor=actor,
        action="conversation.owner",
        subject=f"conversation:{conversation.id}",
        data={"from": conversation.owner, "to": owner},
    )
    conversation.owner = owner
    conversation.assignee_id = assignee_id
    conversation.updated_at = now


async def open_task(
    session: AsyncSession,
    now: datetime,
    *,
    kind: str,
    conversation_id: str,
    note: str,
    message_id: str,
    action: str,
) -> Task:
    """Something for staff to do, once per message and action."""
    found = await session.scalar(
        select(Task).where(Task.source_message_id == message_id, Task.source_action == action)
    )
    if found is not None:
        return found
    task = Task(
        kind=kind,
        conversation_id=conversation_id,
        note=note,
        created_at=now,
        source_message_id=message_id,
        source_action=action,
    )
    session.add(task)
    await session.flush()
    return task


async def messages_after(
    session: AsyncSession, conversation_id: str, after: int
) -> tuple[list[Message], bool]:
    """The messages with a larger `seq`, and whether a turn is under way."""
    rows = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq > after)
        .order_by(Message.seq)
        .limit(PAGE)
    )
    typing = await session.scalar(
        select(
            exists().where(
                Message.conversation_id == conversation_id,
                Message.turn.in_(("pending", "running")),
            )
        )
    )
    return list(rows), bool(typing)


async def waiting_conversations(session: AsyncSession) -> list[str]:
    """Ids of the conversations in which a message still awaits its turn."""
    rows = await session.scalars(
        select(Message.conversation_id)
        .where(Message.turn.in_(("pending", "running")))
        .group_by(Message.conversation_id)
    )
    return list(rows)


async def rate(
    session: AsyncSession, now: datetime, conversation: Conversation, score: int, comment: str
) -> None:
    """Keeps the customer's latest rating of the conversation, 1 to 5."""
    await lock(session, conversation.id)
    rating = await session.scalar(select(Rating).where(Rating.conversation_id == conversation.id))
    if rating is None:
        rating = Rating(conversation_id=conversation.id, score=score, created_at=now)
        session.add(rating)
    rating.score, rating.comment, rating.created_at = score, comment, now
