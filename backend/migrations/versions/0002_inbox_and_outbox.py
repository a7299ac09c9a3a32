"""inbox and outbox"""

import sqlalchemy as sa
from alembic import op

import backend.models.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OLD_DELIVERY = "delivery IN ('received', 'sent', 'delivered', 'failed')"
DELIVERY = (
    "delivery IN ('received', 'queued', 'sent', 'delivered', 'failed', 'unknown', 'withdrawn')"
)


def _deliveries(allowed: str) -> None:
    """Changes which states of delivery a message may have."""
    name = op.f("ck_messages_delivery")
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, sa.text(allowed))


def upgrade() -> None:
    op.create_table(
        "channel_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("expires_at", backend.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lease_holder", sa.String(), nullable=True),
        sa.Column("lease_until", backend.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_values")),
        sa.UniqueConstraint("channel", "name", name=op.f("uq_channel_values_channel_name")),
    )
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shortcut", sa.String(), nullable=False),
        sa.Column("text_zh", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", backend.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["staff.id"], name=op.f("fk_canned_replies_changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint("shortcut", name=op.f("uq_canned_replies_shortcut")),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("created_at", backend.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_notes_conversation_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notes_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("key", name=op.f("uq_notes_key")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notes_conversation_id"), ["conversation_id"], unique=False
        )

    op.create_table(
        "media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", backend.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('image', 'voice', 'video', 'file')", name=op.f("ck_media_kind")
        ),
        sa.CheckConstraint("state IN ('pending', 'kept', 'failed')", name=op.f("ck_media_state")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_media_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("message_id", name=op.f("uq_media_message_id")),
    )
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_next_at"), ["next_at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("answers", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("text_zh", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", backend.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_at", backend.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_holder", sa.String(), nullable=True),
        sa.Column("lease_until", backend.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("platform_id", sa.String(), nullable=True),
        sa.Column("created_at", backend.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", backend.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "category IN ('reply', 'staff', 'notice', 'reminder', 'survey', 'follow_up')",
            name=op.f("ck_outbox_category"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'pending', 'sending', 'sent', 'failed', 'unknown', 'withdrawn')",
            name=op.f("ck_outbox_state"),
        ),
        sa.ForeignKeyConstraint(["answers"], ["messages.id"], name=op.f("fk_outbox_answers")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_outbox_conversation_id")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_outbox_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_answers"), ["answers"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_outbox_conversation_id"), ["conversation_id"], unique=False
        )
        batch_op.create_index(
            "ix_outbox_due",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('planned', 'pending', 'sending')"),
            postgresql_where=sa.text("state IN ('planned', 'pending', 'sending')"),
        )
        batch_op.create_index(batch_op.f("ix_outbox_platform_id"), ["platform_id"], unique=False)

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("profile_name", sa.String(), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("reachable", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("last_customer_seq", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "last_customer_at", backend.models.base.UtcDateTime(timezone=True), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column("staff_seen_seq", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "waiting_since", backend.models.base.UtcDateTime(timezone=True), nullable=True
            )
        )
        batch_op.add_column(sa.Column("lease_holder", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("lease_until", backend.models.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index("ix_conversations_assignee_id", ["assignee_id"], unique=False)
        batch_op.create_index(
            "ix_conversations_channel_address", ["channel", "address"], unique=True
        )

    op.execute("UPDATE conversations SET waiting_since = updated_at WHERE owner = 'waiting'")
    op.execute(
        "UPDATE conversations SET last_customer_seq = said.seq, last_customer_at = said.at,"
        " staff_seen_seq = conversations.last_seq FROM (SELECT conversation_id, max(seq) AS seq,"
        " max(sent_at) AS at FROM messages WHERE sender = 'customer' GROUP BY conversation_id)"
        " AS said WHERE said.conversation_id = conversations.id"
    )
    _deliveries(DELIVERY)

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("due_at", backend.models.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("reminded_at", backend.models.base.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("assignee_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_tasks_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_due_at"), ["due_at"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_tasks_assignee_id"), "staff", ["assignee_id"], ["id"]
        )


def downgrade() -> None:
    op.execute(
        "UPDATE messages SET delivery = 'failed' WHERE delivery IN ('queued', 'unknown', 'withdrawn')"
    )
    _deliveries(OLD_DELIVERY)

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_tasks_assignee_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_tasks_due_at"))
        batch_op.drop_index(batch_op.f("ix_tasks_assignee_id"))
        batch_op.drop_column("assignee_id")
        batch_op.drop_column("reminded_at")
        batch_op.drop_column("due_at")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index("ix_conversations_channel_address")
        batch_op.drop_index("ix_conversations_assignee_id")
        batch_op.drop_column("lease_until")
        batch_op.drop_column("lease_holder")
        batch_op.drop_column("waiting_since")
        batch_op.drop_column("staff_seen_seq")
        batch_op.drop_column("last_customer_at")
        batch_op.drop_column("last_customer_seq")
        batch_op.drop_column("reachable")
        batch_op.drop_column("profile_name")
        batch_op.drop_column("address")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_platform_id"))
        batch_op.drop_index(
            "ix_outbox_due",
            sqlite_where=sa.text("state IN ('planned', 'pending', 'sending')"),
            postgresql_where=sa.text("state IN ('planned', 'pending', 'sending')"),
        )
        batch_op.drop_index(batch_op.f("ix_outbox_conversation_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_answers"))

    op.drop_table("outbox")
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_next_at"))

    op.drop_table("media")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notes_conversation_id"))

    op.drop_table("notes")
    op.drop_table("canned_replies")
    op.drop_table("channel_values")
