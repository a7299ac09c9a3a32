"""Three questions after a test drive, answered by buttons or in words; questions stay questions."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from backend.appointments import attendance
from backend.clock import FixedClock
from backend.conversations import outbox
from backend.conversations.service import lock
from backend.conversations.transcript import append
from backend.models import Conversation, DriveFeedback, Message
from backend.services import Services
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import Dialogue, Said, names
from tests.integration.actions.drives import SATURDAY, SHANYU
from tests.integration.actions.records import rows, tasks
from tests.integration.actions.test_bookings import drive, the_drive


async def asked(chat: Dialogue, services: Services, clock: FixedClock) -> Message:
    """The drive is over, and the first question has been asked; with its buttons."""
    await drive(chat)
    row = await the_drive(services)
    clock.advance(SATURDAY + timedelta(hours=1) - clock.now())
    async with services.database.transaction() as session:
        await session.execute(
            update(Conversation).where(Conversation.id == chat.id).values(language=chat.language)
        )
        await attendance.complete(session, clock.now(), row.id, actor="staff:1")
    clock.advance(timedelta(hours=2))
    async with services.database.transaction() as session:
        held = await lock(session, chat.id)
        await outbox.claim(session, clock.now(), held, "sender", most=5, budget=3)
    async with services.database.reading() as session:
        said = list(await session.scalars(select(Message).order_by(Message.seq)))
    return said[-1]


async def writes(chat: Dialogue, services: Services, text: str, intent: str) -> list[Said]:
    """The message stands in the transcript, as the inbox keeps it."""
    async with services.database.transaction() as session:
        held = await lock(session, chat.id)
        message = append(held, services.clock.now(), sender="customer", text=text)
        session.add(message)
    return await chat.says(text, intent, message_id=message.id)


async def kept(services: Services) -> DriveFeedback:
    (row,) = await rows(services, DriveFeedback)
    return row


def press(number: str, rest: str) -> str:
    return f'/feedback{{"number": {{"reference": "{number}", {rest}}}}}'


@both
async def test_by_buttons(chat: Dialogue, services: Services, clock: FixedClock) -> None:
    question = await asked(chat, services, clock)
    assert "山屿试驾感觉怎么样" in question.text
    number = (await the_drive(services)).number
    (said,) = await chat.presses(press(number, '"score": 4'))
    assert said.response == "utter_drive_feedback_comment"
    (said,) = await chat.presses(said.payloads[0])
    assert said.response == "utter_drive_feedback_next"
    (said,) = await chat.presses(said.payloads[3])
    assert said.response == "utter_drive_feedback_later"
    row = await kept(services)
    assert (row.score, row.comment, row.next_step, row.step) == (4, "", "later", "done")
    (task,) = [t for t in await tasks(services) if t.source_action == "follow_up:done"]
    assert "4/5 · 暂不考虑" in task.note
    assert task.due_at is not None
    # Pressed again, nothing changes.
    (said,) = await chat.presses(press(number, '"score": 1'))
    assert said.response == "utter_drive_feedback_known"
    assert (await kept(services)).score == 4


@pytest.mark.parametrize(
    ("language", "score", "comment", "intent", "step", "words"),
    [
        ("zh", "５分", "座椅舒服，后排有点挤", "ask_config", "想订车", "buy"),
        ("zh", "两分吧", "销售一直催", "nlu_fallback", "先不考虑了", "later"),
        ("en", "4 stars", "Loved the seats, the rear is tight", "feedback",
         "what I'd like is the price", None),
        ("en", "3/5", "Too loud on the motorway", "inform", "another model please", "other_car"),
    ],
)  # fmt: skip
async def test_in_words(
    chat: Dialogue, english: Dialogue, services: Services, clock: FixedClock,
    language: str, score: str, comment: str, intent: str, step: str, words: str | None,
) -> None:  # fmt: skip
    talk = english if language == "en" else chat
    await asked(talk, services, clock)
    (said,) = await writes(talk, services, score, "inform")
    low = score.startswith("两")
    assert said.response == f"utter_drive_feedback_{'why' if low else 'comment'}"
    (said,) = await writes(talk, services, comment, intent)
    assert said.response == "utter_drive_feedback_next"
    await writes(talk, services, step, "inform")
    row = await kept(services)
    assert (row.comment, row.next_step) == (comment, words)


async def test_a_question_is_answered_and_is_no_comment(
    chat: Dialogue, services: Services, clock: FixedClock
) -> None:
    await asked(chat, services, clock)
    await writes(chat, services, "5分", "inform")
    said = await chat.says("山屿落地价多少？", "ask_onroad_price", SHANYU)
    assert not any(name.startswith("utter_drive_feedback") for name in names(said))
    row = await kept(services)
    assert (row.comment, row.step) == (None, "comment")
    # Words of later messages are not taken for the answer, its button still is.
    await chat.says("谢谢", "thank")
    assert (await kept(services)).comment is None
    (said_last,) = await chat.presses(press((await the_drive(services)).number, '"skip": 1'))
    assert said_last.response == "utter_drive_feedback_next"


async def test_danger_comes_first(chat: Dialogue, services: Services, clock: FixedClock) -> None:
    await asked(chat, services, clock)
    await writes(chat, services, "5分", "inform")
    said = await chat.says("我的车刹车失灵了", "inform")
    assert names(said)[0] == "utter_danger"
    assert (await kept(services)).comment is None


async def test_nothing_is_taken_where_nothing_was_asked(chat: Dialogue, services: Services) -> None:
    await drive(chat)
    (said,) = await chat.says("师傅很专业，五星", "feedback")
    assert said.response == "utter_feedback"
    assert await rows(services, DriveFeedback) == []


async def test_a_stranger_cannot_answer(
    chat: Dialogue, english: Dialogue, services: Services, clock: FixedClock
) -> None:
    await asked(chat, services, clock)
    number = (await the_drive(services)).number
    (said,) = await english.presses(press(number, '"score": 1'))
    assert said.response == "utter_drive_feedback_known"
    assert (await kept(services)).score is None
