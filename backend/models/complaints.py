"""Complaints: each with a number and a deadline from its first moment, and a thread of all that
happened to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Certified, one_of
from backend.models.customers import Customer
from backend.models.facts import APPROVAL, VALIDITY

CATEGORIES = ("sales", "service", "quality", "delivery", "charges", "other")
SEVERITIES = ("low", "normal", "high", "critical")
COMPLAINT_STATES = ("open", "in_progress", "resolved", "closed")
COMPLAINT_SOURCES = ("chat", "phone", "walk_in")
COMPLAINT_EVENTS = (
    "lodged", "added", "moved", "picture", "contact", "linked", "graded", "taken", "assigned",
    "noted", "called", "told", "found", "resolved", "confirmed", "reopened", "withdrawn",
    "escalated", "closed",
)  # fmt: skip
TERM_UNITS = ("minutes", "working_minutes", "working_days")


class Complaint(Base):
    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    """`CP` + day + counter."""
    category: Mapped[str]
    severity: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    """What the thread of its events comes to, kept here to be filtered by."""
    text: Mapped[str]
    """How it began, in the customer's own words; what he added later is in the thread."""
    contact_phone: Mapped[str | None]
    due_at: Mapped[datetime]
    """By then a person has answered."""
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    created_at: Mapped[datetime]
    source_message_id: Mapped[str]
    source_action: Mapped[str]

    customer: Mapped[Customer | None] = relationship()

    __table_args__ = (
        UniqueConstraint("source_message_id", "source_action"),
        CheckConstraint(one_of("category", *CATEGORIES), name="category"),
        CheckConstraint(one_of("severity", *SEVERITIES), name="severity"),
        CheckConstraint(one_of("state", *COMPLAINT_STATES), name="state"),
    )


class ComplaintCase(Base):
    """How the dealership handles a complaint: who has it, what it is about, what comes next."""

    __tablename__ = "complaint_cases"

    complaint_id: Mapped[int] = mapped_column(
        ForeignKey("complaints.id", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(default="chat")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    due_told: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether the deadline follows from an approved rule, and so was told to the customer."""
    round: Mapped[int] = mapped_column(default=0)
    """How often it was reopened."""
    answered_at: Mapped[datetime | None]
    """When a person first answered the customer in this round."""
    level: Mapped[int] = mapped_column(default=0)
    """Up to which level it was escalated in this round; 0 is nobody yet."""
    escalate_at: Mapped[datetime | None]
    """When the next level is to be told, if nobody has answered by then."""
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id"))
    test_drive_booking_id: Mapped[int | None] = mapped_column(ForeignKey("test_drive_bookings.id"))
    service_booking_id: Mapped[int | None] = mapped_column(ForeignKey("service_bookings.id"))
    about_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    __table_args__ = (
        CheckConstraint(one_of("source", *COMPLAINT_SOURCES), name="source"),
        Index("ix_complaint_cases_escalate_at", "escalate_at"),
    )


class ComplaintEvent(Base):
    """One thing that happened to a complaint. Never changed: the state follows from all of them."""

    __tablename__ = "complaint_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(
        ForeignKey("complaints.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    """`staff:ID`, `token:ID`, `conversation:ID` or `clock`."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who did it; of `assigned` whom it was given to."""
    text: Mapped[str] = mapped_column(default="", server_default="")
    data: Mapped[dict[str, Any]]
    """Codes, ids and times; of `found` also `remedy` beside the cause in `text`."""
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    """The message of the transcript that said it, to or by the customer."""
    attachment_id: Mapped[str | None] = mapped_column(ForeignKey("attachments.id"))
    key: Mapped[str | None] = mapped_column(unique=True)
    """Of the message or form that it came from: the same once more is no second event."""

    __table_args__ = (
        CheckConstraint(one_of("kind", *COMPLAINT_EVENTS), name="kind"),
        # Which complaints a conversation has proved to be its own is asked often.
        Index("ix_complaint_events_actor_kind", "actor", "kind"),
    )


class ComplaintRule(Certified, Base):
    """By when a complaint of one severity has to be answered, and when to warn before that.

    `unit`: `minutes` run by day and night, `working_minutes` and `working_days` while the
    department `hours` is open. `escalate_minutes` before the deadline, by the same clock as the
    unit, one for each level, the longest first; `escalate_to` are the roles of staff who are told
    on each, further levels the last of them.
    """

    __tablename__ = "complaint_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    severity: Mapped[str]
    unit: Mapped[str]
    amount: Mapped[int]
    escalate_minutes: Mapped[list[int]]
    escalate_to: Mapped[list[str]] = mapped_column(
        default=lambda: ["manager", "admin"], server_default=sql('\'["manager", "admin"]\'')
    )
    hours: Mapped[str] = mapped_column(default="sales", server_default="sales")

    __table_args__ = (
        UniqueConstraint("severity", "valid_from"),
        CheckConstraint(one_of("severity", *SEVERITIES), name="severity"),
        CheckConstraint(one_of("unit", *TERM_UNITS), name="unit"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(one_of("hours", "sales", "service"), name="hours"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )
