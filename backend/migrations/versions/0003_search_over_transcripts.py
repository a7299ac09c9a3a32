"""search over transcripts"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backend.search import filling, schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("second", sa.BigInteger(), nullable=False),
        sa.Column(
            "tokens",
            sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(message_id IS NULL) <> (note_id IS NULL)", name=op.f("ck_search_entries_one_text")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_search_entries_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_search_entries_note_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("message_id", name=op.f("uq_search_entries_message_id")),
    )
    with op.batch_alter_table("search_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_entries_second"), ["second"], unique=False)
        batch_op.create_index(
            "uq_search_entries_note_id",
            ["note_id"],
            unique=True,
            sqlite_where=sa.text("note_id IS NOT NULL"),
            postgresql_where=sa.text("note_id IS NOT NULL"),
        )
    connection = op.get_bind()
    filling.fill(connection)
    schema.create(connection)


def downgrade() -> None:
    schema.drop(op.get_bind())
    op.drop_table("search_entries")
