"""What follows a booking: its entry in a calendar, who may see it, checks of the car, feedback."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.appointments import DemoCar, TestDriveBooking
from backend.models.base import Base, one_of

FEEDBACK_STEPS = ("planned", "score", "comment", "next", "done")
NEXT_STEPS = ("price", "buy", "other_car", "later")


class CalendarEntry(Base):
    """The file that puts a booking into the customer's own calendar.

    Whoever knows `token` may fetch it, so it is random. `sequence` counts the changes of the
    booking: calendars take an entry as newer only with a larger one (RFC 5545, 3.8.7.4).
    """

    __tablename__ = "calendar_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    test_drive_booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("test_drive_bookings.id", ondelete="CASCADE"), unique=True
    )
    service_booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_bookings.id", ondelete="CASCADE"), unique=True
    )
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            "(test_drive_booking_id IS NULL) <> (service_booking_id IS NULL)", name="one_booking"
        ),
    )


class BookingClaim(Base):
    """Somebody in a conversation named the number of a booking or a complaint, and a phone.

    With a booking: they belong together, and the conversation may see that booking from then
    on. Without one: a failed try, counted against guessing. What a conversation may see of
    complaints is in their threads.
    """

    __tablename__ = "booking_claims"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    phone_hash: Mapped[str]
    """SHA-256 of the phone that was named; kept for a day where it did not fit."""
    at: Mapped[datetime]
    test_drive_booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("test_drive_bookings.id", ondelete="CASCADE"), index=True
    )
    service_booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_bookings.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (Index("ix_booking_claims_phone_hash", "phone_hash", "at"),)


class DemoCarCheck(Base):
    """A demo car looked over before a drive, or before it goes back into service."""

    __tablename__ = "demo_car_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    demo_car_id: Mapped[int] = mapped_column(ForeignKey("demo_cars.id"), index=True)
    test_drive_booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("test_drive_bookings.id", ondelete="CASCADE"), index=True
    )
    condition: Mapped[bool]
    cleanliness: Mapped[bool]
    energy: Mapped[bool]
    """Enough charge or fuel for the drive."""
    tyres: Mapped[bool]
    papers: Mapped[bool]
    """Plates on, registration and insurance in the car."""
    passed: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    actor: Mapped[str]
    at: Mapped[datetime]

    car: Mapped[DemoCar] = relationship()


class DriveFeedback(Base):
    """What a customer says after a test drive; asked once, a question at a time.

    `step` is the question that is open. `after_message_id`: the customer's message that was
    answered with it, so that the next one is taken as its answer; empty while the first question,
    which nobody's message led to, is open.
    """

    __tablename__ = "drive_feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    test_drive_booking_id: Mapped[int] = mapped_column(
        ForeignKey("test_drive_bookings.id", ondelete="CASCADE"), unique=True
    )
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    step: Mapped[str] = mapped_column(default="planned")
    asked_at: Mapped[datetime | None]
    after_message_id: Mapped[str | None]
    score: Mapped[int | None]
    comment: Mapped[str | None]
    next_step: Mapped[str | None]
    done_at: Mapped[datetime | None]

    booking: Mapped[TestDriveBooking] = relationship()

    __table_args__ = (
        CheckConstraint(one_of("step", *FEEDBACK_STEPS), name="step"),
        CheckConstraint("score IS NULL OR score BETWEEN 1 AND 5", name="score"),
        CheckConstraint(
            f"next_step IS NULL OR {one_of('next_step', *NEXT_STEPS)}", name="next_step"
        ),
    )
