"""Customers and their cars."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class Customer(Base):
    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(unique=True)
    """E.164; one person per number."""
    language: Mapped[str] = mapped_column(default="zh")
    created_at: Mapped[datetime]


class Vehicle(Base):
    """A customer's own car, of any make."""

    __tablename__ = "vehicles"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    plate: Mapped[str | None] = mapped_column(unique=True)
    vin: Mapped[str | None] = mapped_column(unique=True)
    model_id: Mapped[int | None] = mapped_column(ForeignKey("models.id"))
    mileage_km: Mapped[int | None]
    in_service_on: Mapped[date | None]
    """The day of first registration: the age in months counts from it."""
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("mileage_km IS NULL OR mileage_km >= 0", name="mileage"),)
