"""what staff and workers look for is found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('planned', 'pending', 'sending')")

ASSIGNED = sa.text("assignee_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_index("ix_conversations_state_updated_at", "conversations", ["state", "updated_at"])
    op.drop_index("ix_conversations_assignee_id", table_name="conversations")
    op.create_index(
        "ix_conversations_assignee_id",
        "conversations",
        ["assignee_id"],
        sqlite_where=ASSIGNED,
        postgresql_where=ASSIGNED,
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["conversation_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_open", table_name="outbox", sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index(
        "ix_conversations_assignee_id",
        table_name="conversations",
        sqlite_where=ASSIGNED,
        postgresql_where=ASSIGNED,
    )
    op.create_index("ix_conversations_assignee_id", "conversations", ["assignee_id"])
    op.drop_index("ix_conversations_state_updated_at", table_name="conversations")
    op.drop_index("ix_audit_subject", table_name="audit")
