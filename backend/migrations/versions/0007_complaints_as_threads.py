"""complaints as threads"""

import sqlalchemy as sa
from alembic import op

import backend.models.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = (
    "'lodged', 'added', 'moved', 'picture', 'contact', 'linked', 'graded', 'taken', 'assigned', "
    "'noted', 'called', 'told', 'found', 'resolved', 'confirmed', 'reopened', 'withdrawn', "
    "'escalated', 'closed'"
)
# What stood in the store of a complaint becomes the thread that comes to the same state.
REACHED = {"in_progress": "taken", "resolved": "resolved", "closed": "closed"}


def _begin_threads() -> None:
    complaints = sa.table(
        "complaints",
        sa.column("id", sa.Integer()),
        sa.column("state", sa.String()),
        sa.column("conversation_id", sa.String()),
        sa.column("created_at", backend.models.base.UtcDateTime(timezone=True)),
    )
    cases = sa.table(
        "complaint_cases",
        sa.column("complaint_id", sa.Integer()),
        sa.column("source", sa.String()),
        sa.column("round", sa.Integer()),
        sa.column("level", sa.Integer()),
    )
    events = sa.table(
        "complaint_events",
        sa.column("complaint_id", sa.Integer()),
        sa.column("kind", sa.String()),
        sa.column("at", backend.models.base.UtcDateTime(timezone=True)),
        sa.column("actor", sa.String()),
        sa.column("text", sa.String()),
        sa.column("data", sa.JSON()),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(complaints)).all():
        connection.execute(
            sa.insert(cases).values(complaint_id=row.id, source="chat", round=0, level=0)
        )
        lodged = f"conversation:{row.conversation_id}" if row.conversation_id else "setup"
        reached = REACHED.get(row.state)
        for kind, actor in [("lodged", lodged), *([(reached, "setup")] if reached else [])]:
            connection.execute(
                sa.insert(events).values(
                    complaint_id=row.id, kind=kind, at=row.created_at, actor=actor, text="", data={}
                )
            )


def upgrade() -> None:
    op.create_table(
        "complaint_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("escalate_minutes", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_en", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", backend.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "severity IN ('low', 'normal', 'high', 'critical')",
            name=op.f("ck_complaint_rules_severity"),
        ),
        sa.CheckConstraint(
            "unit IN ('minutes', 'working_minutes', 'working_days')",
            name=op.f("ck_complaint_rules_unit"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_complaint_rules_amount")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from",
            name=op.f("ck_complaint_rules_validity"),
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_complaint_rules_approval"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_rules")),
        sa.UniqueConstraint(
            "severity", "valid_from", name=op.f("uq_complaint_rules_severity_valid_from")
        ),
    )
    op.create_table(
        "complaint_cases",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("due_told", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("answered_at", backend.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("escalate_at", backend.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("test_drive_booking_id", sa.Integer(), nullable=True),
        sa.Column("service_booking_id", sa.Integer(), nullable=True),
        sa.Column("about_staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "source IN ('chat', 'phone', 'walk_in')", name=op.f("ck_complaint_cases_source")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name=op.f("fk_complaint_cases_complaint_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["staff.id"], name=op.f("fk_complaint_cases_assignee_id")
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicles.id"], name=op.f("fk_complaint_cases_vehicle_id")
        ),
        sa.ForeignKeyConstraint(
            ["test_drive_booking_id"],
            ["test_drive_bookings.id"],
            name=op.f("fk_complaint_cases_test_drive_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_booking_id"],
            ["service_bookings.id"],
            name=op.f("fk_complaint_cases_service_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["about_staff_id"], ["staff.id"], name=op.f("fk_complaint_cases_about_staff_id")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_cases")),
    )
    with op.batch_alter_table("complaint_cases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaint_cases_assignee_id"), ["assignee_id"], unique=False
        )
        batch_op.create_index("ix_complaint_cases_escalate_at", ["escalate_at"], unique=False)
    op.create_table(
        "complaint_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", backend.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), server_default="", nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("attachment_id", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_complaint_events_kind")),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name=op.f("fk_complaint_events_complaint_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_complaint_events_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_complaint_events_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_complaint_events_attachment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_events")),
        sa.UniqueConstraint("key", name=op.f("uq_complaint_events_key")),
    )
    with op.batch_alter_table("complaint_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaint_events_complaint_id"), ["complaint_id"], unique=False
        )
        batch_op.create_index("ix_complaint_events_actor_kind", ["actor", "kind"], unique=False)
    _begin_threads()
    op.add_column(
        "staff_tokens",
        sa.Column("may_write", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    with op.batch_alter_table("staff_tokens", schema=None) as batch_op:
        batch_op.drop_column("may_write")
    op.drop_table("complaint_events")
    op.drop_table("complaint_cases")
    op.drop_table("complaint_rules")
