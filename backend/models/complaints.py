"""Complaints, each with a number and a deadline from its first moment."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, one_of
from backend.models.customers import Customer

CATEGORIES = ("sales", "service", "quality", "delivery", "charges", "other")
SEVERITIES = ("low", "normal", "high", "critical")
COMPLAINT_STATES = ("open", "in_progress", "resolved", "closed")


class Complaint(Base):
    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    """`CP` + day + counter."""
    category: Mapped[str]
    severity: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    text: Mapped[str]
    """In the customer's own words."""
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
