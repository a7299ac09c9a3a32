"""What leaves through channels that are not the website, and what they keep between processes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, literals, one_of

OUTBOX_STATES = ("planned", "pending", "sending", "sent", "failed", "unknown", "withdrawn")
CATEGORIES_SENT = ("reply", "staff", "notice", "reminder", "survey", "follow_up")
OPEN = literals("planned", "pending", "sending")
"""Of what has not left yet, as in its indexes."""
MEDIA_STATES = ("pending", "kept", "failed")

_OPEN = sql(one_of("state", "planned", "pending", "sending"))


class Outbox(Base):
    """One message on its way to a customer, written by the transaction that decided it.

    `planned` is for later (`due_at`) and becomes a message of the transcript when it is due;
    `pending` waits for its try at `next_at`; `sending` is with the process `lease_holder`, and
    ambiguous when that lease has run out; `unknown`: the platform never said whether it
    arrived; `withdrawn`: not sent on purpose. Messages of one conversation leave in the order
    of their ids.
    """

    __tablename__ = "outbox"
    signal = "conversation_id"
    topics = ("conversation", "outbox")

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"), unique=True)
    """Empty while it is planned."""
    answers: Mapped[str | None] = mapped_column(ForeignKey("messages.id"), index=True)
    """The customer's message that it answers."""
    category: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    """What it is about, such as `reminder:TD261128-0001:day`: planning it again is no second."""
    text_zh: Mapped[str] = mapped_column(default="")
    text_en: Mapped[str] = mapped_column(default="")
    """Of a planned one; the language is chosen when it leaves."""
    state: Mapped[str]
    due_at: Mapped[datetime]
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    lease_holder: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
    """The platform's code of the last failure, or ours: `window_closed`, `budget` …"""
    platform_id: Mapped[str | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(one_of("state", *OUTBOX_STATES), name="state"),
        CheckConstraint(one_of("category", *CATEGORIES_SENT), name="category"),
        Index("ix_outbox_due", "next_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_outbox_open", "conversation_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


class Media(Base):
    """A picture or recording that still lies with the platform, to be fetched before it expires."""

    __tablename__ = "media"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), unique=True)
    ref: Mapped[str]
    """What the platform calls it."""
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(index=True)
    error: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint(one_of("state", *MEDIA_STATES), name="state"),
        CheckConstraint(one_of("kind", "image", "voice", "video", "file"), name="kind"),
    )


class ChannelValue(Base):
    """What the processes of a channel share, such as its access token and who renews it."""

    __tablename__ = "channel_values"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    name: Mapped[str]
    value: Mapped[str]
    expires_at: Mapped[datetime | None]
    lease_holder: Mapped[str | None]
    lease_until: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("channel", "name"),)
