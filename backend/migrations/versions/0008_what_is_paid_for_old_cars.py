"""what is paid for old cars"""

import sqlalchemy as sa
from alembic import op

import backend.models.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trade_in_ranges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("year_from", sa.Integer(), nullable=False),
        sa.Column("year_to", sa.Integer(), nullable=False),
        sa.Column("most_km", sa.Integer(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_en", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", backend.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("year_to >= year_from", name=op.f("ck_trade_in_ranges_years")),
        sa.CheckConstraint("most_km > 0", name=op.f("ck_trade_in_ranges_mileage")),
        sa.CheckConstraint("low > 0 AND high >= low", name=op.f("ck_trade_in_ranges_amounts")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from",
            name=op.f("ck_trade_in_ranges_validity"),
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_trade_in_ranges_approval"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade_in_ranges")),
        sa.UniqueConstraint("code", name=op.f("uq_trade_in_ranges_code")),
    )


def downgrade() -> None:
    op.drop_table("trade_in_ranges")
