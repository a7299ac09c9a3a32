"""bookings through their whole life"""

import sqlalchemy as sa
from alembic import op

import backend.models.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("phone_hash", sa.String(), nullable=False),
        sa.Column("at", backend.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("test_drive_booking_id", sa.Integer(), nullable=True),
        sa.Column("service_booking_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_booking_claims_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_booking_id"],
            ["service_bookings.id"],
            name=op.f("fk_booking_claims_service_booking_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["test_drive_booking_id"],
            ["test_drive_bookings.id"],
            name=op.f("fk_booking_claims_test_drive_booking_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_claims")),
    )
    with op.batch_alter_table("booking_claims", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_booking_claims_conversation_id"), ["conversation_id"], unique=False
        )
        batch_op.create_index("ix_booking_claims_phone_hash", ["phone_hash", "at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_booking_claims_service_booking_id"), ["service_booking_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_booking_claims_test_drive_booking_id"),
            ["test_drive_booking_id"],
            unique=False,
        )

    op.create_table(
        "calendar_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("test_drive_booking_id", sa.Integer(), nullable=True),
        sa.Column("service_booking_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", backend.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(test_drive_booking_id IS NULL) <> (service_booking_id IS NULL)",
            name=op.f("ck_calendar_entries_one_booking"),
        ),
        sa.ForeignKeyConstraint(
            ["service_booking_id"],
            ["service_bookings.id"],
            name=op.f("fk_calendar_entries_service_booking_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["test_drive_booking_id"],
            ["test_drive_bookings.id"],
            name=op.f("fk_calendar_entries_test_drive_booking_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entries")),
        sa.UniqueConstraint(
            "service_booking_id", name=op.f("uq_calendar_entries_service_booking_id")
        ),
        sa.UniqueConstraint(
            "test_drive_booking_id", name=op.f("uq_calendar_entries_test_drive_booking_id")
        ),
        sa.UniqueConstraint("token", name=op.f("uq_calendar_entries_token")),
    )
    op.create_table(
        "demo_car_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demo_car_id", sa.Integer(), nullable=False),
        sa.Column("test_drive_booking_id", sa.Integer(), nullable=True),
        sa.Column("condition", sa.Boolean(), nullable=False),
        sa.Column("cleanliness", sa.Boolean(), nullable=False),
        sa.Column("energy", sa.Boolean(), nullable=False),
        sa.Column("tyres", sa.Boolean(), nullable=False),
        sa.Column("papers", sa.Boolean(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", backend.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["demo_car_id"], ["demo_cars.id"], name=op.f("fk_demo_car_checks_demo_car_id")
        ),
        sa.ForeignKeyConstraint(
            ["test_drive_booking_id"],
            ["test_drive_bookings.id"],
            name=op.f("fk_demo_car_checks_test_drive_booking_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_car_checks")),
    )
    with op.batch_alter_table("demo_car_checks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_demo_car_checks_demo_car_id"), ["demo_car_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_demo_car_checks_test_drive_booking_id"),
            ["test_drive_booking_id"],
            unique=False,
        )

    op.create_table(
        "drive_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("test_drive_booking_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("asked_at", backend.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("after_message_id", sa.String(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=True),
        sa.Column("done_at", backend.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "next_step IS NULL OR next_step IN ('price', 'buy', 'other_car', 'later')",
            name=op.f("ck_drive_feedback_next_step"),
        ),
        sa.CheckConstraint(
            "step IN ('planned', 'score', 'comment', 'next', 'done')",
            name=op.f("ck_drive_feedback_step"),
        ),
        sa.CheckConstraint(
            "score IS NULL OR score BETWEEN 1 AND 5", name=op.f("ck_drive_feedback_score")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_drive_feedback_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["test_drive_booking_id"],
            ["test_drive_bookings.id"],
            name=op.f("fk_drive_feedback_test_drive_booking_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_feedback")),
        sa.UniqueConstraint(
            "test_drive_booking_id", name=op.f("uq_drive_feedback_test_drive_booking_id")
        ),
    )
    with op.batch_alter_table("drive_feedback", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_drive_feedback_conversation_id"), ["conversation_id"], unique=False
        )

    # Plain additions: no table is copied for them.
    op.add_column(
        "dealership",
        sa.Column("test_drive_prep_minutes", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column(
        "dealership",
        sa.Column("test_drive_consultants", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column(
        "dealership",
        sa.Column("test_drive_licence", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    for column in ("arrived_at", "displaced_at"):
        op.add_column(
            "test_drive_bookings",
            sa.Column(column, backend.models.base.UtcDateTime(timezone=True), nullable=True),
        )


def downgrade() -> None:
    for column in ("displaced_at", "arrived_at"):
        op.drop_column("test_drive_bookings", column)
    for column in ("test_drive_licence", "test_drive_consultants", "test_drive_prep_minutes"):
        op.drop_column("dealership", column)
    for table in ("drive_feedback", "demo_car_checks", "calendar_entries", "booking_claims"):
        op.drop_table(table)
