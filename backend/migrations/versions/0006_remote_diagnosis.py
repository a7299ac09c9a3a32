"""remote diagnosis"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DRIVES = "drive IN ('no_hurry', 'until_visit', 'short_way', 'stop')"
VISITS = "visit IN ('next_visit', 'this_week', 'today', 'now')"


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _lists(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in names]


def _fact(table: str, *columns: Any) -> None:
    """A table of facts: its own columns, and the provenance that every fact has."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        *_text("code"),
        *columns,
        *_text("source", "source_en"),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name=op.f(f"ck_{table}_approval")
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f(f"ck_{table}_validity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("code", name=op.f(f"uq_{table}_code")),
    )


def _judgement(table: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(DRIVES, name=op.f(f"ck_{table}_drive")),
        sa.CheckConstraint(VISITS, name=op.f(f"ck_{table}_visit")),
    ]


def upgrade() -> None:
    _fact("diagnosis_causes", *_text("name_zh", "name_en"))
    _fact("diagnosis_advice", *_text("text_zh", "text_en"))
    _fact("diagnosis_questions", *_text("text_zh", "text_en"), *_lists("answers"))
    _fact(
        "diagnosis_symptoms",
        *_text("kind", "name_zh", "name_en"),
        *_lists("words_zh", "words_en", "causes", "questions"),
        *_text("drive", "visit", "advice", "work"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_judgement("diagnosis_symptoms"),
        sa.CheckConstraint("kind IN ('symptom', 'lamp')", name=op.f("ck_diagnosis_symptoms_kind")),
    )
    _fact(
        "trouble_codes",
        *_text("name_zh", "name_en"),
        *_lists("causes", "questions"),
        *_text("drive", "visit", "advice", "work"),
        *_judgement("trouble_codes"),
    )
    _diagnoses()
    _roadside()


def _diagnoses() -> None:
    op.create_table(
        "diagnoses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("service_booking_id", sa.Integer(), nullable=True),
        *_text("text"),
        *_lists("symptoms", "codes", "answers", "causes"),
        *_text("verdict", "visit"),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        *_text("source_message_id", "source_action"),
        sa.CheckConstraint(
            "verdict IN ('no_hurry', 'until_visit', 'unclear', 'short_way', 'stop')",
            name=op.f("ck_diagnoses_verdict"),
        ),
        sa.CheckConstraint(VISITS, name=op.f("ck_diagnoses_visit")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_diagnoses_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_booking_id"],
            ["service_bookings.id"],
            name=op.f("fk_diagnoses_service_booking_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnoses")),
        sa.UniqueConstraint(
            "source_message_id",
            "source_action",
            name=op.f("uq_diagnoses_source_message_id_source_action"),
        ),
    )
    for column in ("conversation_id", "service_booking_id"):
        op.create_index(op.f(f"ix_diagnoses_{column}"), "diagnoses", [column])


def _roadside() -> None:
    op.create_table(
        "roadside_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        *_text("number", "state", "place"),
        sa.Column("phone", sa.String(), nullable=True),
        *_text("text"),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("diagnosis_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        *_text("source_message_id", "source_action"),
        sa.CheckConstraint(
            "state IN ('open', 'in_progress', 'done', 'cancelled')",
            name=op.f("ck_roadside_requests_state"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_roadside_requests_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_roadside_requests_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"], ["diagnoses.id"], name=op.f("fk_roadside_requests_diagnosis_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roadside_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_roadside_requests_number")),
        sa.UniqueConstraint(
            "source_message_id",
            "source_action",
            name=op.f("uq_roadside_requests_source_message_id_source_action"),
        ),
    )
    for column in ("conversation_id", "customer_id", "diagnosis_id", "created_at"):
        op.create_index(op.f(f"ix_roadside_requests_{column}"), "roadside_requests", [column])
    standing = sa.text("state IN ('open', 'in_progress')")
    op.create_index(
        "uq_roadside_requests_standing",
        "roadside_requests",
        ["conversation_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    for table in (
        "roadside_requests",
        "diagnoses",
        "trouble_codes",
        "diagnosis_symptoms",
        "diagnosis_questions",
        "diagnosis_advice",
        "diagnosis_causes",
    ):
        op.drop_table(table)
