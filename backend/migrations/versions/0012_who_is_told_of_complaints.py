"""who is told of a complaint, and whose opening hours count for it, by the dealership's rule"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What the code had fixed until now: a manager, then an administrator, in the hours of sales.
    with op.batch_alter_table("complaint_rules", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "escalate_to",
                sa.JSON(),
                server_default=sa.text('\'["manager", "admin"]\''),
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("hours", sa.String(), server_default="sales", nullable=False))
        batch_op.create_check_constraint(
            op.f("ck_complaint_rules_hours"), "hours IN ('sales', 'service')"
        )


def downgrade() -> None:
    with op.batch_alter_table("complaint_rules", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_complaint_rules_hours"), type_="check")
        batch_op.drop_column("hours")
        batch_op.drop_column("escalate_to")
