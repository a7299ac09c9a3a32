"""Staff, their sessions and the tokens of tools; the audit of who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, one_of

ROLES = ("consultant", "service_advisor", "manager", "admin")


class Staff(Base):
    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    language: Mapped[str] = mapped_column(default="zh")
    password_hash: Mapped[str]
    """argon2id."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(one_of("role", *ROLES), name="role"),
        CheckConstraint(one_of("language", "zh", "en"), name="language"),
    )


class StaffSession(Base):
    """A sign-in. `id_hash` is the SHA-256 of what the cookie holds."""

    __tablename__ = "staff_sessions"

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    staff: Mapped[Staff] = relationship()


class StaffToken(Base):
    """The key of a tool to the staff API; shown once, kept as SHA-256."""

    __tablename__ = "staff_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    may_write: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it may also enter and change records."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A failed sign-in, counted for throttling. `subject` is `user:NAME` or `address:IP`."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_sign_in_attempts_subject_at", "subject", "at"),)


class Audit(Base):
    """Who did what, append-only. Holds ids and codes, never personal data, so that the
    erasure of a person leaves it whole."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    """`staff:ID`, `token:ID`, `conversation:ID`, `clock` or `setup`."""
    action: Mapped[str]
    """Such as `test_drive.booked`."""
    subject: Mapped[str]
    """Such as `test_drive:12`."""
    data: Mapped[dict[str, Any]]

    # What staff read of one record, among what was done in all the years.
    __table_args__ = (Index("ix_audit_subject", "subject"),)
