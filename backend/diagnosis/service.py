"""What is kept of a conversation about a fault, for the technician who will look at the car."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.diagnosis.knowledge import Finding, examine
from backend.diagnosis.verdicts import gravest, soonest
from backend.models import Diagnosis, DiagnosisQuestion
from backend.once import made_by

LONGEST_TEXT = 2000
MOST_ANSWERS = 20


@dataclass(frozen=True)
class Answer:
    """One question with what was answered. `code` is empty for words that fit no answer."""

    question: str
    question_zh: str
    question_en: str
    code: str
    zh: str
    en: str
    at: datetime

    @classmethod
    def chosen(cls, question: DiagnosisQuestion, answer: dict[str, Any], at: datetime) -> "Answer":
        return cls(
            question.code, question.text_zh, question.text_en,
            str(answer["code"]), str(answer["name_zh"]), str(answer["name_en"]), at,
        )  # fmt: skip

    @classmethod
    def worded(cls, question: DiagnosisQuestion, words: str, at: datetime) -> "Answer":
        """An answer in the customer's own words; empty for one that he skipped."""
        return cls(question.code, question.text_zh, question.text_en, "", words, words, at)


def named(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"code": row.code, "name_zh": row.name_zh, "name_en": row.name_en} for row in rows]


def codes_of(finding: Finding) -> list[dict[str, Any]]:
    """The codes of a finding as they are kept; of unknown ones nothing but the code."""
    known = [{**row, "known": True} for row in named(finding.known)]
    unknown = [
        {"code": one.code, "name_zh": "", "name_en": "", "known": False} for one in finding.unknown
    ]
    return known + unknown


async def keep(
    session: AsyncSession,
    now: datetime,
    finding: Finding,
    *,
    text: str,
    answers: Sequence[Answer],
    conversation_id: str | None,
    message_id: str,
    action: str,
    diagnosis_id: int | None = None,
) -> Diagnosis:
    """Writes the diagnosis as it stands; the same message and action a second time gives the
    first one.

    With `diagnosis_id` of the same conversation that one is brought up to date. Its verdict never
    gets milder, nor its visit later.
    """
    row = await session.get(Diagnosis, diagnosis_id) if diagnosis_id else None
    if row is not None and row.conversation_id != conversation_id:
        row = None
    if row is None:
        row = await made_by(session, Diagnosis, message_id, action)
    if row is None:
        row = Diagnosis(
            conversation_id=conversation_id,
            created_at=now,
            source_message_id=message_id,
            source_action=action,
            verdict=finding.verdict,
            visit=finding.visit,
        )
        session.add(row)
    row.text = text[:LONGEST_TEXT]
    row.symptoms = named(finding.symptoms)
    row.codes = codes_of(finding)
    row.causes = named(finding.causes)
    row.answers = [
        {
            "question": one.question,
            "zh": one.question_zh,
            "en": one.question_en,
            "answer": one.code,
            "answer_zh": one.zh[:200],
            "answer_en": one.en[:200],
            "at": one.at.isoformat(),
        }
        for one in answers[:MOST_ANSWERS]
    ]
    row.verdict = gravest(row.verdict, finding.verdict)
    row.visit = soonest(row.visit, finding.visit)
    row.updated_at = now
    await session.flush()
    return row


async def attach(
    session: AsyncSession,
    now: datetime,
    today: date,
    service_booking_id: int,
    *,
    text: str,
    conversation_id: str | None,
    message_id: str,
    diagnosis_id: int | None,
) -> Diagnosis | None:
    """Puts the diagnosis on a booking; one that nobody asked about is made from the words.

    None where the words tell of nothing. One that is on another booking stays there, and its
    words make a new one.
    """
    row = await session.get(Diagnosis, diagnosis_id) if diagnosis_id else None
    if row is None or row.conversation_id != conversation_id or row.service_booking_id is not None:
        if row is not None and row.service_booking_id == service_booking_id:
            return row
        finding = await examine(session, today, text)
        if not text.strip() or finding.empty:
            return None
        row = await keep(
            session,
            now,
            finding,
            text=text,
            answers=(),
            conversation_id=conversation_id,
            message_id=message_id,
            action="diagnosis_of_booking",
        )
    row.service_booking_id = service_booking_id
    await session.flush()
    return row


async def of_booking(session: AsyncSession, service_booking_id: int) -> Diagnosis | None:
    """The diagnosis on a booking, the newest if there are several."""
    found: Diagnosis | None = await session.scalar(
        select(Diagnosis)
        .where(Diagnosis.service_booking_id == service_booking_id)
        .order_by(Diagnosis.id.desc())
        .limit(1)
    )
    return found


async def of_bookings(
    session: AsyncSession, service_booking_ids: Sequence[int]
) -> dict[int, Diagnosis]:
    """Booking → its diagnosis, for a page of bookings."""
    if not service_booking_ids:
        return {}
    rows = await session.scalars(
        select(Diagnosis)
        .where(Diagnosis.service_booking_id.in_(service_booking_ids))
        .order_by(Diagnosis.id)
    )
    return {row.service_booking_id: row for row in rows if row.service_booking_id is not None}
