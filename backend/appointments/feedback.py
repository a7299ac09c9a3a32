"""How a test drive was: asked once, on the customer's channel, in three short questions.

A score, what he liked or not, what is next. The first question is planned when the drive is done;
the others follow his answers. Answers are kept, and told to the consultant in the follow-up task.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from backend import audit
from backend.appointments.hours import Hours, dealership
from backend.appointments.reach import conversation_of
from backend.conversations import outbox
from backend.conversations.transcript import Reply
from backend.models import Conversation, DriveFeedback, Message, Outbox, Task, TestDriveBooking
from backend.texts import appointments as texts

AFTER = timedelta(hours=2)
"""From the end of the drive to the first question."""
OPEN_FOR = timedelta(days=7)
"""Later answers are no longer taken as such."""
SUBJECT = "feedback"
LONGEST = 500
POOR = 2
"""Up to this score a consultant is to get in touch the same day if he can."""
SOON = timedelta(hours=2)

_SCORE = re.compile(
    r"\s*[打给评]?\s*([1-5一二三四五两])"
    r"\s*(?:分|星|颗星|/\s*5|out of (?:5|five)|points?|stars?)?\s*吧?[。.!~]*\s*",
    re.I,
)
_CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


def key(booking: TestDriveBooking) -> str:
    return f"{SUBJECT}:{booking.number}"


async def plan(
    session: AsyncSession, now: datetime, booking: TestDriveBooking, due_at: datetime
) -> DriveFeedback | None:
    """Plans the first question, once; None where the customer cannot be reached."""
    conversation_id = await conversation_of(session, booking)
    if conversation_id is None:
        return None
    found = await of_booking(session, booking.id)
    if found is not None:
        return found
    made = DriveFeedback(
        test_drive_booking_id=booking.id, conversation_id=conversation_id, step="planned"
    )
    session.add(made)
    await outbox.plan(
        session, now, conversation_id=conversation_id, category="survey", key=key(booking),
        due_at=due_at, text_zh="", text_en="",
    )  # fmt: skip
    return made


@outbox.composes(SUBJECT)
async def compose(
    session: AsyncSession, now: datetime, conversation: Conversation, row: Outbox
) -> Reply | None:
    """The first question; None when the drive is not done any more, or it was asked already."""
    found = await session.scalar(
        select(DriveFeedback)
        .join(DriveFeedback.booking)
        .options(selectinload(DriveFeedback.booking).selectinload(TestDriveBooking.model))
        .where(TestDriveBooking.number == (row.key or "").partition(":")[2])
    )
    if found is None or found.step != "planned" or found.booking.state != "done":
        return None
    found.step, found.asked_at = "score", now
    model, language = found.booking.model, conversation.language
    return Reply(
        texts.HOW_WAS_IT[language].format(
            model=model.name_en if language == "en" else model.name_zh
        ),
        buttons=[
            (texts.SCORE[language].format(score=score), payload(found.booking, score=score))
            # Upwards: where buttons are numbered, the number typed is the score.
            for score in (1, 2, 3, 4, 5)
        ],
    )


def payload(booking: TestDriveBooking, **answer: object) -> str:
    """What a button of the questions means to the assistant."""
    said = "".join(
        f', "{name}": {value if isinstance(value, int) else chr(34) + str(value) + chr(34)}'
        for name, value in answer.items()
    )
    return f'/feedback{{"number": {{"reference": "{booking.number}"{said}}}}}'


async def of_booking(session: AsyncSession, booking_id: int) -> DriveFeedback | None:
    found: DriveFeedback | None = await session.scalar(
        select(DriveFeedback).where(DriveFeedback.test_drive_booking_id == booking_id)
    )
    return found


_OPEN = (
    DriveFeedback.conversation_id == bindparam("conversation"),
    DriveFeedback.step.in_(("score", "comment", "next")),
    DriveFeedback.asked_at > bindparam("since"),
)
_IS_OPEN = select(exists().where(*_OPEN))
_OPEN_HELD = (
    select(DriveFeedback)
    .options(selectinload(DriveFeedback.booking).selectinload(TestDriveBooking.model))
    .where(*_OPEN)
    .order_by(DriveFeedback.asked_at.desc())
    .limit(1)
    .with_for_update()
)


async def open_in(
    session: AsyncSession, now: datetime, conversation_id: str
) -> DriveFeedback | None:
    """The questions that are open in a conversation, the newest, held; with booking and model."""
    wanted = {"conversation": conversation_id, "since": now - OPEN_FOR}
    # Asked for nearly every message, which should hold nobody up when there is nothing to hold.
    if not await session.scalar(_IS_OPEN, wanted):
        return None
    found: DriveFeedback | None = await session.scalar(_OPEN_HELD, wanted)
    return found


async def just_asked(session: AsyncSession, found: DriveFeedback, message_id: str) -> bool:
    """Whether the first question is the last thing that was said before this message."""
    row = select(Outbox.message_id).where(Outbox.key == key(found.booking)).scalar_subquery()
    asked = await session.scalar(select(Message.seq).where(Message.id == row))
    now = await session.scalar(select(Message.seq).where(Message.id == message_id))
    return asked is not None and now is not None and now == asked + 1


def read_score(text: str) -> int | None:
    """`4`, `四分`, `5 stars`, when that is the whole message."""
    match = _SCORE.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None:
        return None
    return _CHINESE.get(match[1]) or int(match[1])


@dataclass(frozen=True)
class Answer:
    """One answer: the fields that it fills."""

    score: int | None = None
    comment: str | None = None
    next_step: str | None = None


async def take(
    session: AsyncSession, now: datetime, found: DriveFeedback, answer: Answer, message_id: str
) -> None:
    """Keeps an answer, opens the next question, and tells the consultant."""
    if answer.score is not None:
        found.score, found.step = answer.score, "comment"
    elif found.step == "comment":
        found.comment, found.step = (answer.comment or "")[:LONGEST], "next"
    elif answer.next_step is not None:
        found.next_step, found.step, found.done_at = answer.next_step, "done", now
    found.after_message_id = message_id
    await session.flush()
    audit.record(
        session, now, actor=f"conversation:{found.conversation_id}",
        action="test_drive.feedback", subject=f"test_drive:{found.test_drive_booking_id}",
        data={"score": found.score, "step": found.step, "next": found.next_step},
    )  # fmt: skip
    await _tell_consultant(session, now, found)


NEXT_ZH = {"price": "想谈价格", "buy": "想订车", "other_car": "想试别的车", "later": "暂不考虑"}


async def _tell_consultant(session: AsyncSession, now: datetime, found: DriveFeedback) -> None:
    booking = found.booking
    task = await session.scalar(
        select(Task)
        .where(
            Task.source_message_id == f"test_drive:{booking.id}",
            Task.source_action == "follow_up:done",
        )
        .with_for_update()
    )
    if task is None or task.state == "done":
        return
    parts = [f"试驾后跟进：{booking.number} {booking.model.name_zh}"]
    parts += [f"{found.score}/5"] if found.score else []
    parts += [NEXT_ZH[found.next_step]] if found.next_step else []
    parts += [f"“{found.comment}”"] if found.comment else []
    task.note = " · ".join(parts)
    if (found.score or 5) <= POOR or found.next_step in ("price", "buy"):
        soon = Hours.of(await dealership(session)).next_open(now, "sales")
        if soon is not None and (task.due_at is None or soon + SOON < task.due_at):
            task.due_at = soon + SOON
