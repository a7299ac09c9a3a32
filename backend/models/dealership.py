"""The dealership itself: where it is, when it is open."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, one_of


class Dealership(Base):
    __tablename__ = "dealership"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    brand_zh: Mapped[str]
    brand_en: Mapped[str]
    city_zh: Mapped[str]
    city_en: Mapped[str]
    address_zh: Mapped[str]
    address_en: Mapped[str]
    directions_zh: Mapped[str] = mapped_column(default="")
    directions_en: Mapped[str] = mapped_column(default="")
    phone: Mapped[str]
    hotline: Mapped[str]
    """Roadside assistance, answered at all hours."""
    zone: Mapped[str]
    """IANA name; every wall-clock time of the dealership is in it."""
    currency: Mapped[str] = mapped_column(default="CNY")
    service_bays: Mapped[int]
    test_drive_minutes: Mapped[int]
    test_drive_buffer_minutes: Mapped[int]
    """Between two test drives in one car: return, cleaning, papers."""
    test_drive_prep_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    """Before a test drive, in which its car is got ready and not to be had otherwise."""
    test_drive_consultants: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many test drives can be accompanied at a time; 0 where consultants are no limit."""
    test_drive_licence: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether a driver's licence is asked for, and the customer told so beforehand."""
    booking_lead_minutes: Mapped[int]
    booking_horizon_days: Mapped[int]

    hours: Mapped[list["OpeningHours"]] = relationship(cascade="all, delete-orphan")
    special_days: Mapped[list["SpecialDay"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("service_bays > 0", name="bays"),
        CheckConstraint("test_drive_minutes > 0", name="test_drive_minutes"),
    )


class OpeningHours(Base):
    """One span of a weekday; two spans make a lunch break. Wall-clock `HH:MM`."""

    __tablename__ = "opening_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    dealership_id: Mapped[int] = mapped_column(ForeignKey("dealership.id", ondelete="CASCADE"))
    department: Mapped[str]
    weekday: Mapped[int]
    """0 = Monday."""
    opens: Mapped[str]
    closes: Mapped[str]

    __table_args__ = (
        CheckConstraint(one_of("department", "sales", "service"), name="department"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="span"),
        UniqueConstraint("dealership_id", "department", "weekday", "opens"),
    )


class SpecialDay(Base):
    """A holiday or a day with other hours; replaces the weekday's for both departments.

    Closed when `opens` is empty.
    """

    __tablename__ = "special_days"

    id: Mapped[int] = mapped_column(primary_key=True)
    dealership_id: Mapped[int] = mapped_column(ForeignKey("dealership.id", ondelete="CASCADE"))
    day: Mapped[date]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    opens: Mapped[str | None]
    closes: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("dealership_id", "day"),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="both"),
    )
