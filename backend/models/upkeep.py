"""Keeping the catalogue by hand: changes on their way to approval, and uploaded workbooks.

What is approved stands in the tables of facts and nowhere else; nothing here is ever stated.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, one_of

CHANGE_STATES = ("draft", "submitted", "approved", "discarded")
UPLOAD_STATES = ("waiting", "applied", "discarded")


class FactChange(Base):
    """A change of one fact, or of the other names of one thing, as its editor wrote it.

    `sheet` and the keys of `values` are those of the importer (`backend.catalogue.schema`);
    `ref` names what it is about (`backend.catalogue.editing.ref_of`).
    """

    __tablename__ = "fact_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str]
    ref: Mapped[str]
    base_from: Mapped[date | None]
    """First day of the period that it edits; empty for a new one."""
    values: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    """The row as it stood when the change was begun; empty for a new one."""
    state: Mapped[str] = mapped_column(default="draft")
    version: Mapped[int] = mapped_column(default=1)
    """Rises with each step: whoever acts on an older one is refused."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it was sent back."""
    editors: Mapped[list[int]]
    """Ids of all who have written in it: none of them may approve it."""
    edited_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    edited_at: Mapped[datetime]
    created_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(one_of("state", *CHANGE_STATES), name="state"),
        # Four eyes, whatever a service may forget.
        CheckConstraint(
            "state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> edited_by)",
            name="four_eyes",
        ),
        # Two colleagues who begin to edit the same fact find each other's draft.
        Index(
            "uq_fact_changes_open",
            "sheet",
            "ref",
            unique=True,
            sqlite_where=sql("state IN ('draft', 'submitted')"),
            postgresql_where=sql("state IN ('draft', 'submitted')"),
        ),
    )


class FactWithdrawal(Base):
    """A fact that was withdrawn at once, and why; tells such a one from one never approved."""

    __tablename__ = "fact_withdrawals"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str]
    ref: Mapped[str]
    valid_from: Mapped[date]
    reason: Mapped[str]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_fact_withdrawals_ref", "sheet", "ref"),)


class CatalogueUpload(Base):
    """A workbook that waits for a second person; `report` is what it would change.

    `base_version`: of the catalogue with which it was compared. The bytes go with the decision.
    """

    __tablename__ = "catalogue_uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    base_version: Mapped[int]
    report: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="waiting")
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    uploaded_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(one_of("state", *UPLOAD_STATES), name="state"),
        CheckConstraint(
            "state <> 'applied' OR (decided_by IS NOT NULL AND decided_by <> uploaded_by)",
            name="four_eyes",
        ),
    )


class TaskResult(Base):
    """What came of a task, in the words of whoever did it."""

    __tablename__ = "task_results"

    task_id: Mapped[int] = mapped_column(
        ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str]
    at: Mapped[datetime]
