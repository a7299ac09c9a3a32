"""What may be said about symptoms and trouble codes, and what came of a conversation about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Certified, one_of
from backend.models.customers import Customer
from backend.models.facts import APPROVAL, VALIDITY

DRIVES = ("no_hurry", "until_visit", "short_way", "stop")
"""Whether a car may be driven, from harmless to grave: as usual; until it is looked at; slowly and
a short way only; not a metre."""
VISITS = ("next_visit", "this_week", "today", "now")
"""How soon it has to be looked at."""
VERDICTS = ("no_hurry", "until_visit", "unclear", "short_way", "stop")
"""What a diagnosis comes to. `unclear` where nothing on record tells: no all-clear."""
ROADSIDE_STATES = ("open", "in_progress", "done", "cancelled")


class DiagnosisCause(Certified, Base):
    """A class of causes, such as "spark plugs": named as possible, never as found."""

    __tablename__ = "diagnosis_causes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]

    __table_args__ = (
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class DiagnosisAdvice(Certified, Base):
    """What the driver does now, worded once for all symptoms and codes that call for it."""

    __tablename__ = "diagnosis_advice"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    text_zh: Mapped[str]
    text_en: Mapped[str]

    __table_args__ = (
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class DiagnosisQuestion(Certified, Base):
    """A question that tells the variants of a symptom apart.

    `answers`: [{code, name_zh, name_en, words_zh, words_en, drive}]. `drive` is the level that an
    answer calls for at least; an answer never makes anything milder.
    """

    __tablename__ = "diagnosis_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    text_zh: Mapped[str]
    text_en: Mapped[str]
    answers: Mapped[list[Any]]

    __table_args__ = (
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class Symptom(Certified, Base):
    """A symptom or a warning lamp, the words that tell of it and what follows from it.

    `causes` are codes, the likeliest first; `questions` codes in the order of asking; `work` is
    the code of the line of the service menu that would be proposed.
    """

    __tablename__ = "diagnosis_symptoms"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    words_zh: Mapped[list[str]]
    words_en: Mapped[list[str]]
    causes: Mapped[list[str]]
    drive: Mapped[str]
    visit: Mapped[str]
    advice: Mapped[str]
    questions: Mapped[list[str]]
    work: Mapped[str]
    position: Mapped[int]

    __table_args__ = (
        CheckConstraint(one_of("kind", "symptom", "lamp"), name="kind"),
        CheckConstraint(one_of("drive", *DRIVES), name="drive"),
        CheckConstraint(one_of("visit", *VISITS), name="visit"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class TroubleCode(Certified, Base):
    """A diagnostic trouble code with its meaning by SAE J2012, in our own words."""

    __tablename__ = "trouble_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """`P0300`."""
    name_zh: Mapped[str]
    name_en: Mapped[str]
    causes: Mapped[list[str]]
    drive: Mapped[str]
    visit: Mapped[str]
    advice: Mapped[str]
    questions: Mapped[list[str]]
    work: Mapped[str]

    __table_args__ = (
        CheckConstraint(one_of("drive", *DRIVES), name="drive"),
        CheckConstraint(one_of("visit", *VISITS), name="visit"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class Diagnosis(Base):
    """What a customer told of a fault, what was asked, and what he was told: for the technician.

    Names and texts are kept as they were said, so that a later edition of the knowledge base does
    not change what stands here. `symptoms`: [{code, name_zh, name_en}]; `codes`: the same, `known`
    beside it; `answers`: [{question, zh, en, answer, answer_zh, answer_en, at}].
    """

    __tablename__ = "diagnoses"
    signal = "conversation_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    service_booking_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_bookings.id", ondelete="SET NULL"), index=True
    )
    text: Mapped[str]
    """In the customer's own words."""
    symptoms: Mapped[list[Any]]
    codes: Mapped[list[Any]]
    answers: Mapped[list[Any]]
    causes: Mapped[list[Any]]
    """Possible ones, the likeliest first: [{code, name_zh, name_en}]."""
    verdict: Mapped[str]
    visit: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    source_message_id: Mapped[str]
    source_action: Mapped[str]

    __table_args__ = (
        UniqueConstraint("source_message_id", "source_action"),
        CheckConstraint(one_of("verdict", *VERDICTS), name="verdict"),
        CheckConstraint(one_of("visit", *VISITS), name="visit"),
    )


class RoadsideRequest(Base):
    """A car that has to be helped where it stands. On record from the first word; place and
    phone are added as they are told."""

    __tablename__ = "roadside_requests"
    signal = "conversation_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    """`RS` + day + counter."""
    state: Mapped[str] = mapped_column(default="open")
    place: Mapped[str] = mapped_column(default="")
    """In the customer's own words; empty until told."""
    phone: Mapped[str | None]
    """E.164."""
    text: Mapped[str] = mapped_column(default="")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    diagnosis_id: Mapped[int | None] = mapped_column(ForeignKey("diagnoses.id"), index=True)
    created_at: Mapped[datetime]
    source_message_id: Mapped[str]
    source_action: Mapped[str]

    customer: Mapped[Customer | None] = relationship()
    diagnosis: Mapped[Diagnosis | None] = relationship()

    __table_args__ = (
        UniqueConstraint("source_message_id", "source_action"),
        CheckConstraint(one_of("state", *ROADSIDE_STATES), name="state"),
        Index("ix_roadside_requests_created_at", "created_at"),
        # One customer is helped once, whatever he presses twice.
        Index(
            "uq_roadside_requests_standing",
            "conversation_id",
            unique=True,
            sqlite_where=sql("state IN ('open', 'in_progress')"),
            postgresql_where=sql("state IN ('open', 'in_progress')"),
        ),
    )
