"""Conversations and their messages: the transcript, and the inbox of what awaits a turn.

`signal` names the attribute with the id of the conversation that a change of a row is news of.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, literals, one_of

OWNERS = ("assistant", "waiting", "staff")
SENDERS = ("customer", "assistant", "staff", "system")
TURNS = ("none", "pending", "running", "done", "failed")
AWAITS_TURN = literals("pending", "running")
"""As in the index of the messages that await their turn."""
DELIVERIES = ("received", "queued", "sent", "delivered", "failed", "unknown", "withdrawn")
TASK_STATES = ("open", "done")


class Conversation(Base):
    """Everything between one customer and the dealership on one channel.

    `lease_holder` runs its turns until `lease_until`; a process that died loses it then.
    """

    __tablename__ = "conversations"
    signal = "id"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Random, hexadecimal; also Rasa's sender id."""
    channel: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the customer's token; the token itself is nowhere stored."""
    address: Mapped[str | None]
    """The customer's id on the platform (openid, phone, chat id); empty on the website."""
    profile_name: Mapped[str] = mapped_column(default="", server_default="")
    """What the platform calls the customer; unverified, only to be shown to staff."""
    reachable: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False once the customer has unsubscribed or blocked the dealership."""
    locale: Mapped[str | None]
    """The page's language at the start."""
    language: Mapped[str] = mapped_column(default="zh")
    """What the customer last wrote in."""
    owner: Mapped[str] = mapped_column(default="assistant")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(default="open")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    last_seq: Mapped[int] = mapped_column(default=0)
    last_text: Mapped[str] = mapped_column(default="")
    last_customer_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    last_customer_at: Mapped[datetime | None]
    """Opens the platform's window for answers, and its quota."""
    staff_seen_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    """Up to which message staff have seen it; later ones of the customer are unread."""
    waiting_since: Mapped[datetime | None]
    """Set while the owner is `waiting`; gives the place in line."""
    lease_holder: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint(one_of("owner", *OWNERS), name="owner"),
        CheckConstraint(one_of("state", "open", "closed"), name="state"),
        CheckConstraint(one_of("language", "zh", "en"), name="language"),
        # One customer of a platform has one conversation, whatever arrives at the same time.
        Index("ix_conversations_channel_address", "channel", "address", unique=True),
        # Of those that somebody has: "nobody has it" would find nearly all of them by it.
        Index(
            "ix_conversations_assignee_id",
            "assignee_id",
            sqlite_where=sql("assignee_id IS NOT NULL"),
            postgresql_where=sql("assignee_id IS NOT NULL"),
        ),
        # The views of the inbox, whichever state most conversations are in.
        Index("ix_conversations_state_updated_at", "state", "updated_at"),
        # Counted on every page of the console, among millions that are not waiting.
        Index(
            "ix_conversations_waiting",
            "updated_at",
            sqlite_where=sql("owner = 'waiting'"),
            postgresql_where=sql("owner = 'waiting'"),
        ),
    )


class Message(Base):
    """One message of the transcript. `seq` counts within the conversation, from 1.

    An inbound message is `pending` until its turn has run; the answers name it in
    `reply_to`. `payload` is what a chosen button means to Rasa: trusted, set by us, never
    by the customer. `delivery`: `received` (inbound), `queued` (in the outbox), `sent`,
    `delivered`, `failed`, `unknown` (the platform never said), `withdrawn` (a person took over
    before it left).
    """

    __tablename__ = "messages"
    signal = "conversation_id"

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    sender: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str]
    payload: Mapped[str | None]
    client_message_id: Mapped[str | None]
    channel: Mapped[str]
    sent_at: Mapped[datetime]
    turn: Mapped[str] = mapped_column(default="none")
    turn_tries: Mapped[int] = mapped_column(default=0)
    reply_to: Mapped[str | None] = mapped_column(ForeignKey("messages.id"), index=True)
    delivery: Mapped[str] = mapped_column(default="received")
    buttons: Mapped[list[Any] | None]
    cards: Mapped[list[Any] | None]
    attachment_id: Mapped[str | None] = mapped_column(ForeignKey("attachments.id"))
    intent: Mapped[str | None]
    confidence: Mapped[float | None]
    entities: Mapped[list[Any] | None]
    ranking: Mapped[list[Any] | None]
    language: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_message_id"),
        CheckConstraint(one_of("sender", *SENDERS), name="sender"),
        CheckConstraint(one_of("turn", *TURNS), name="turn"),
        CheckConstraint(one_of("delivery", *DELIVERIES), name="delivery"),
        Index(
            "ix_messages_waiting",
            "conversation_id",
            sqlite_where=sql("turn IN ('pending', 'running')"),
            postgresql_where=sql("turn IN ('pending', 'running')"),
        ),
    )


class Choice(Base):
    """A button that was offered: the customer sees the id and the title, never the payload."""

    __tablename__ = "choices"

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    title: Mapped[str]
    payload: Mapped[str]


class Attachment(Base):
    """A picture that a customer sent; the bytes lie in a file below `var/attachments`."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    content_type: Mapped[str]
    size: Mapped[int]
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("size > 0", name="size"),)


class Rating(Base):
    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), unique=True)
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score"),)


class Task(Base):
    """Something a member of staff has to do because of a conversation."""

    __tablename__ = "tasks"
    signal = "conversation_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """`question` (no valid fact), `handover`, `danger` (a car that must not be driven: urgent),
    `fault` (a turn failed), `follow_up`, `feedback`, `privacy` (a wish about one's own data),
    `undelivered` (a message did not reach the customer), `complaint` (given to somebody, or
    answered by nobody; the note begins with its number)."""
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    note: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """By then a person was promised to the customer."""
    reminded_at: Mapped[datetime | None]
    """When the customer was told that the promise was missed."""
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    source_message_id: Mapped[str]
    source_action: Mapped[str]

    __table_args__ = (
        CheckConstraint(one_of("state", *TASK_STATES), name="state"),
        UniqueConstraint("source_message_id", "source_action"),
    )


class Note(Base):
    """What staff tell each other about a conversation.

    A table of its own, so that no reader of messages can ever show one to the customer.
    """

    __tablename__ = "notes"
    signal = "conversation_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    after_seq: Mapped[int]
    """The last message when it was written."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    """Of the form that it came from: the same form sent twice is one note."""
    created_at: Mapped[datetime]


class CannedReply(Base):
    """A text that staff send often; `{name}`, `{staff}`, `{dealership}` … are filled in."""

    __tablename__ = "canned_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    shortcut: Mapped[str] = mapped_column(unique=True)
    """Typed after `/`."""
    text_zh: Mapped[str]
    text_en: Mapped[str]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime]
