"""Test drives and service visits, and the time that they occupy."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, one_of
from backend.models.catalogue import Model, Trim
from backend.models.customers import Customer

BOOKING_STATES = ("booked", "done", "cancelled", "no_show")


class DemoCar(Base):
    __tablename__ = "demo_cars"

    id: Mapped[int] = mapped_column(primary_key=True)
    trim_id: Mapped[int] = mapped_column(ForeignKey("trims.id"), index=True)
    plate: Mapped[str] = mapped_column(unique=True)
    vin: Mapped[str] = mapped_column(unique=True)
    colour_zh: Mapped[str]
    colour_en: Mapped[str]
    state: Mapped[str] = mapped_column(default="available")

    trim: Mapped[Trim] = relationship()

    __table_args__ = (
        CheckConstraint(one_of("state", "available", "out_of_service"), name="state"),
    )


class TestDriveBooking(Base):
    __tablename__ = "test_drive_bookings"
    __test__ = False  # not a test class, whatever pytest thinks of the name

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    """`TD` + day + counter, such as TD261128-0001."""
    state: Mapped[str] = mapped_column(default="booked")
    model_id: Mapped[int] = mapped_column(ForeignKey("models.id"))
    demo_car_id: Mapped[int] = mapped_column(ForeignKey("demo_cars.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    """When staff saw the customer arrive."""
    displaced_at: Mapped[datetime | None]
    """Since when it stands without a car that can be driven: to be moved, or called off."""
    created_at: Mapped[datetime]
    source_message_id: Mapped[str]
    source_action: Mapped[str]

    model: Mapped[Model] = relationship()
    demo_car: Mapped[DemoCar] = relationship()
    customer: Mapped[Customer] = relationship()

    __table_args__ = (
        # One message can never book twice, however often its turn is retried.
        UniqueConstraint("source_message_id", "source_action"),
        CheckConstraint(one_of("state", *BOOKING_STATES), name="state"),
        CheckConstraint("starts_at < ends_at", name="span"),
    )


class ServiceBooking(Base):
    __tablename__ = "service_bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    """`SV` + day + counter."""
    state: Mapped[str] = mapped_column(default="booked")
    bay: Mapped[int]
    """1 … number of bays."""
    model_id: Mapped[int | None] = mapped_column(ForeignKey("models.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id"))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    plate: Mapped[str | None]
    mileage_km: Mapped[int | None]
    items: Mapped[list[Any]]
    """What was told before the confirmation: [{code, name_zh, name_en, parts, labour}], fen."""
    price: Mapped[int | None]
    """The sum that was told, in fen; empty when the price needs an inspection first."""
    currency: Mapped[str] = mapped_column(default="CNY")
    note: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    source_message_id: Mapped[str]
    source_action: Mapped[str]

    model: Mapped[Model | None] = relationship()
    customer: Mapped[Customer] = relationship()

    __table_args__ = (
        UniqueConstraint("source_message_id", "source_action"),
        CheckConstraint(one_of("state", *BOOKING_STATES), name="state"),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("price IS NULL OR price >= 0", name="price"),
        CheckConstraint("bay > 0", name="bay"),
    )


class Occupancy(Base):
    """One quarter of an hour of one resource: a second booking of it cannot be written.

    SQLite has no exclusion constraints, so the time is cut into rows on both databases.
    `resource` is `demo_car:ID`, `bay:NUMBER`, `consultant:NUMBER` or
    `technician:ID`; `quarter` the start of the
    quarter hour.
    """

    __tablename__ = "occupancy"

    id: Mapped[int] = mapped_column(primary_key=True)
    resource: Mapped[str]
    quarter: Mapped[datetime]
    test_drive_booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("test_drive_bookings.id", ondelete="CASCADE"), index=True
    )
    service_booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_bookings.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (
        UniqueConstraint("resource", "quarter"),
        CheckConstraint(
            "(test_drive_booking_id IS NULL) <> (service_booking_id IS NULL)", name="one_booking"
        ),
        Index("ix_occupancy_quarter", "quarter"),
    )


class Counter(Base):
    """Runs the numbers of bookings and complaints, one row per prefix and day."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
