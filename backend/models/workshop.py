"""The workshop's people, what became of visits, and what is known of customers' cars by them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.appointments import ServiceBooking
from backend.models.base import Base, one_of

READING_SOURCES = ("customer", "workshop")


class Technician(Base):
    """One who does the work; his time is `technician:ID` in `Occupancy`.

    Without any active technician only bays count.
    """

    __tablename__ = "technicians"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    skills: Mapped[list[str]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)


class ServiceVisit(Base):
    """Who works on a booked visit, and what became of it."""

    __tablename__ = "service_visits"

    booking_id: Mapped[int] = mapped_column(
        ForeignKey("service_bookings.id", ondelete="CASCADE"), primary_key=True
    )
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technicians.id"), index=True)
    arrived_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    mileage_km: Mapped[int | None]
    """Read from the car when the work was done."""
    done: Mapped[list[str]] = mapped_column(default=list)
    """Codes of the items that were really done; the next marks count from them."""

    booking: Mapped[ServiceBooking] = relationship()

    __table_args__ = (
        CheckConstraint("mileage_km IS NULL OR mileage_km >= 0", name="mileage"),
        CheckConstraint("finished_at IS NULL OR arrived_at IS NOT NULL", name="order"),
    )


class MileageReading(Base):
    """What an odometer showed, and who says so.

    What a customer says counts in his own conversation only: anybody can name a plate.
    """

    __tablename__ = "mileage_readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), index=True)
    km: Mapped[int]
    read_at: Mapped[datetime]
    source: Mapped[str]
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_bookings.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (
        CheckConstraint("km >= 0", name="km"),
        CheckConstraint(one_of("source", *READING_SOURCES), name="source"),
    )


class PlanConsent(Base):
    """A customer's wish to be told in his conversation when his car is due; until withdrawn."""

    __tablename__ = "plan_consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    looked_on: Mapped[date | None] = mapped_column(index=True)
    """The day of the last look at what is due; once a day is enough."""

    __table_args__ = (UniqueConstraint("vehicle_id", "conversation_id"),)
