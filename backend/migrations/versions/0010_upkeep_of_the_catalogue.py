"""upkeep of the catalogue, results of tasks, tokens that may write"""

import sqlalchemy as sa
from alembic import op

import backend.models.base

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

PERIODS = ("promotions", "finance_plans", "fee_rules", "statements")
"""Until now one row for each code; now one for each code and first day."""
OPEN = sa.text("state IN ('draft', 'submitted')")


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, backend.models.base.UtcDateTime(timezone=True), nullable=nullable)


def _staff(table: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["staff.id"], name=op.f(f"fk_{table}_{name}"))


def upgrade() -> None:
    op.create_table(
        "fact_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("base_from", sa.Date(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("edited_by", sa.Integer(), nullable=False),
        _moment("edited_at"),
        _moment("created_at"),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        _moment("decided_at", nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'discarded')",
            name=op.f("ck_fact_changes_state"),
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> edited_by)",
            name=op.f("ck_fact_changes_four_eyes"),
        ),
        _staff("fact_changes", "edited_by"),
        _staff("fact_changes", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_changes")),
    )
    op.create_index(
        "uq_fact_changes_open",
        "fact_changes",
        ["sheet", "ref"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "fact_withdrawals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        _moment("at"),
        _staff("fact_withdrawals", "staff_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_withdrawals")),
    )
    op.create_index("ix_fact_withdrawals_ref", "fact_withdrawals", ["sheet", "ref"])
    op.create_table(
        "catalogue_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        _moment("uploaded_at"),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        _moment("decided_at", nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'applied', 'discarded')", name=op.f("ck_catalogue_uploads_state")
        ),
        sa.CheckConstraint(
            "state <> 'applied' OR (decided_by IS NOT NULL AND decided_by <> uploaded_by)",
            name=op.f("ck_catalogue_uploads_four_eyes"),
        ),
        _staff("catalogue_uploads", "uploaded_by"),
        _staff("catalogue_uploads", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_uploads")),
    )
    op.create_table(
        "task_results",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_results_task_id"), ondelete="CASCADE"
        ),
        _staff("task_results", "staff_id"),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_task_results")),
    )
    for table in PERIODS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"uq_{table}_code"), type_="unique")
            batch_op.create_unique_constraint(
                op.f(f"uq_{table}_code_valid_from"), ["code", "valid_from"]
            )


def downgrade() -> None:
    """Fails where a code has several periods by now: which one to keep is not for us to say."""
    for table in PERIODS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"uq_{table}_code_valid_from"), type_="unique")
            batch_op.create_unique_constraint(op.f(f"uq_{table}_code"), ["code"])
    op.drop_table("task_results")
    op.drop_table("catalogue_uploads")
    op.drop_index("ix_fact_withdrawals_ref", table_name="fact_withdrawals")
    op.drop_table("fact_withdrawals")
    op.drop_index(
        "uq_fact_changes_open", table_name="fact_changes", sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.drop_table("fact_changes")
