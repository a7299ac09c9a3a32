"""maintenance plan: intervals as facts, technicians, what became of visits, consent"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


_INSERT = (
    "INSERT INTO service_intervals (item_id, model_id, interval_km, interval_months, source,"
    " source_en, approved_by, approved_at, valid_from, valid_until)"
    " SELECT i.id, NULL, i.interval_km, i.interval_months, p.source, p.source_en,"
    " p.approved_by, p.approved_at, p.valid_from, p.valid_until"
    " FROM service_items i JOIN service_prices p ON p.item_id = i.id"
    " WHERE (i.interval_km IS NOT NULL OR i.interval_months IS NOT NULL)"
)


_FIRST = (
    " AND p.id = (SELECT min(q.id) FROM service_prices q WHERE q.item_id = i.id)"
    " AND NOT EXISTS (SELECT 1 FROM service_intervals s WHERE s.item_id = i.id)"
)


def upgrade() -> None:
    op.add_column("service_items", sa.Column("skill", sa.String(), nullable=True))
    op.add_column("vehicles", sa.Column("in_service_on", sa.Date(), nullable=True))
    _intervals()
    op.create_table(
        "technicians",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technicians")),
        sa.UniqueConstraint("code", name=op.f("uq_technicians_code")),
    )
    op.create_table(
        "service_visits",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=True),
        sa.Column("arrived_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("mileage_km", sa.Integer(), nullable=True),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "mileage_km IS NULL OR mileage_km >= 0", name=op.f("ck_service_visits_mileage")
        ),
        sa.CheckConstraint(
            "finished_at IS NULL OR arrived_at IS NOT NULL", name=op.f("ck_service_visits_order")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["service_bookings.id"],
            name=op.f("fk_service_visits_booking_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_service_visits_technician_id")
        ),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_service_visits")),
    )
    op.create_index(op.f("ix_service_visits_technician_id"), "service_visits", ["technician_id"])
    op.create_table(
        "mileage_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("km", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("km >= 0", name=op.f("ck_mileage_readings_km")),
        sa.CheckConstraint(
            "source IN ('customer', 'workshop')", name=op.f("ck_mileage_readings_source")
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicles.id"], name=op.f("fk_mileage_readings_vehicle_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_mileage_readings_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["service_bookings.id"],
            name=op.f("fk_mileage_readings_booking_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mileage_readings")),
    )
    for column in ("vehicle_id", "conversation_id", "booking_id"):
        op.create_index(op.f(f"ix_mileage_readings_{column}"), "mileage_readings", [column])
    op.create_table(
        "plan_consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("given_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicles.id"], name=op.f("fk_plan_consents_vehicle_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_plan_consents_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_consents")),
        sa.UniqueConstraint(
            "vehicle_id",
            "conversation_id",
            name=op.f("uq_plan_consents_vehicle_id_conversation_id"),
        ),
    )
    for column in ("conversation_id", "looked_on"):
        op.create_index(op.f(f"ix_plan_consents_{column}"), "plan_consents", [column])


def _intervals() -> None:
    """The table, and the intervals of the present menu with the provenance of its general
    prices: a store in use goes on knowing what is due."""
    op.create_table(
        "service_intervals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=True),
        sa.Column("interval_km", sa.Integer(), nullable=True),
        sa.Column("interval_months", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_en", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "interval_km IS NULL OR interval_km > 0",
            name=op.f("ck_service_intervals_interval_km"),
        ),
        sa.CheckConstraint(
            "interval_months IS NULL OR interval_months > 0",
            name=op.f("ck_service_intervals_interval_months"),
        ),
        sa.CheckConstraint(
            "interval_km IS NOT NULL OR interval_months IS NOT NULL",
            name=op.f("ck_service_intervals_interval"),
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from",
            name=op.f("ck_service_intervals_validity"),
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_service_intervals_approval"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["service_items.id"], name=op.f("fk_service_intervals_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["models.id"], name=op.f("fk_service_intervals_model_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_intervals")),
    )
    op.create_index("ix_service_intervals_item_model", "service_intervals", ["item_id", "model_id"])
    op.execute(_INSERT + " AND p.model_id IS NULL")
    # Where every price is for single models, the first of them stands for it.
    op.execute(_INSERT + _FIRST)


def downgrade() -> None:
    op.drop_table("plan_consents")
    op.drop_table("mileage_readings")
    op.drop_table("service_visits")
    op.drop_table("technicians")
    op.drop_table("service_intervals")
    op.drop_column("vehicles", "in_service_on")
    op.drop_column("service_items", "skill")
