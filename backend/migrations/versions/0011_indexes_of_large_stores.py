"""what staff and workers look for is found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('planned', 'pending', 'sending')")


def upgrade() -> None:
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_index(
        "ix_conversations_state_owner_updated_at",
        "conversations",
        ["state", "owner", "updated_at"],
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
    op.drop_index("ix_conversations_state_owner_updated_at", table_name="conversations")
    op.drop_index("ix_audit_subject", table_name="audit")
