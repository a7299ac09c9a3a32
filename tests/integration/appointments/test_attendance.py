"""The day of a drive: arrived, driven, not come; what is asked afterwards, and who follows up."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.appointments import attendance, feedback
from backend.appointments.feedback import Answer
from backend.database import Database
from backend.errors import ConflictError, NotFoundError
from backend.models import Conversation, DriveFeedback, TestDriveBooking
from tests.integration.appointments.day import Day
from tests.integration.world import CONVERSATION, at, build

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def day(database: Database) -> AsyncIterator[Day]:
    async with database.transaction() as session:
        await build(session)
    yield Day(database)


async def says(day: Day, what: str, booking: TestDriveBooking, when: str) -> TestDriveBooking:
    day.now = at(when)
    async with day.database.transaction() as session:
        call: Any = getattr(attendance, what)
        made: TestDriveBooking = await call(session, day.now, booking.id, actor="token:7")
        return made


async def test_arrived_and_driven(day: Day) -> None:
    booking = await day.book()
    row = await says(day, "arrive", booking, "26 14:50")
    assert (row.state, row.arrived_at) == ("booked", at("26 14:50"))
    # He is there: nobody reminds him any more.
    assert await day.planned() == {}
    row = await says(day, "complete", booking, "26 15:40")
    assert (row.state, row.arrived_at) == ("done", at("26 14:50"))
    again = await says(day, "complete", booking, "26 15:50")
    assert again.state == "done"
    audit = [action for actor, action in await day.audit() if actor == "token:7"]
    assert audit == ["test_drive.arrived", "test_drive.done"]
    [task] = await day.tasks()
    # The next day on which the showroom is open, an hour after its opening.
    assert (task.kind, task.due_at, booking.number in task.note) == (
        "follow_up", at("27 10:00"), True,
    )  # fmt: skip
    assert await day.planned() == {f"feedback:{booking.number}": at("26 17:40")}


async def test_a_follow_up_waits_for_the_next_open_day(day: Day) -> None:
    """Closed for stocktaking on the 28th, open from ten on the 29th."""
    booking = await day.book(at("27 15:00"))
    await says(day, "complete", booking, "27 15:30")
    [task] = await day.tasks()
    assert task.due_at == at("29 11:00")


@pytest.mark.parametrize(
    ("what", "when", "code"),
    [
        ("arrive", "26 12:59", "too_early"),
        ("complete", "26 12:59", "too_early"),
        ("no_show", "26 14:59", "too_early"),
    ],
)
async def test_what_cannot_be_yet(day: Day, what: str, when: str, code: str) -> None:
    booking = await day.book()
    with pytest.raises(ConflictError) as refused:
        await says(day, what, booking, when)
    assert refused.value.code == code
    assert (await day.again(booking)).state == "booked"


async def test_what_does_not_stand(day: Day) -> None:
    booking = await day.book()
    async with day.database.transaction() as session:
        await session.execute(update(TestDriveBooking).values(state="cancelled"))
    for what in ("arrive", "complete", "no_show"):
        with pytest.raises(ConflictError) as refused:
            await says(day, what, booking, "26 15:10")
        assert refused.value.code == "not_active"
    booking.id = 999
    with pytest.raises(NotFoundError):
        await says(day, "arrive", booking, "26 15:10")


async def test_whoever_is_there_has_come(day: Day) -> None:
    booking = await day.book()
    await says(day, "arrive", booking, "26 15:00")
    with pytest.raises(ConflictError) as refused:
        await says(day, "no_show", booking, "26 15:20")
    assert refused.value.code == "arrived"


async def test_no_show_is_followed_up(day: Day) -> None:
    booking = await day.book()
    row = await says(day, "no_show", booking, "26 15:20")
    assert row.state == "no_show"
    [task] = await day.tasks()
    assert (task.kind, task.due_at) == ("follow_up", at("27 10:00"))
    assert "未到店" in task.note
    [said] = await day.look(at("26 16:20"))
    assert "今天 15:00 的试驾" in said.text
    assert ("token:7", "test_drive.no_show") in await day.audit()


async def test_he_comes_late_after_all(day: Day) -> None:
    booking = await day.book()
    await says(day, "no_show", booking, "26 15:15")
    row = await says(day, "arrive", booking, "26 15:20")
    assert row.state == "booked"
    [task] = await day.tasks()
    assert task.state == "done"
    assert await day.look(at("26 16:20")) == []
    await says(day, "complete", booking, "26 15:50")
    assert (await day.again(booking)).state == "done"


async def test_after_its_time_nobody_arrives(day: Day) -> None:
    booking = await day.book()
    await says(day, "no_show", booking, "26 15:15")
    with pytest.raises(ConflictError):
        await says(day, "arrive", booking, "26 15:30")


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "感觉怎么样"), ("en", "How was your drive")]
)
async def test_feedback_is_asked_once_in_his_language(day: Day, language: str, words: str) -> None:
    booking = await day.book()
    await says(day, "complete", booking, "26 15:40")
    async with day.database.transaction() as session:
        await session.execute(update(Conversation).values(language=language))
    assert await day.look(at("26 17:39")) == []
    [asked] = await day.look(at("26 17:40"))
    assert words in asked.text
    assert len(asked.buttons or []) == 5
    assert await day.look(at("27 17:40")) == []
    async with day.database.reading() as session:
        [row] = list(await session.scalars(select(DriveFeedback)))
        assert (row.step, row.asked_at) == ("score", at("26 17:40"))


async def test_nobody_is_asked_at_night(day: Day) -> None:
    booking = await day.book(at("26 17:30"))
    await says(day, "complete", booking, "26 19:30")
    assert await day.planned() == {f"feedback:{booking.number}": at("27 09:00")}


async def test_over_the_budget_it_is_not_asked(day: Day) -> None:
    booking = await day.book()
    for number in range(3):
        other = await day.book(at(f"26 {9 + number:02d}:30"), model_code="xinghe-e5")
        assert other
    for when in ("25 09:30", "25 10:30", "25 11:30", "26 07:30", "26 08:30", "26 09:30"):
        await day.look(at(when))
    await says(day, "complete", booking, "26 15:40")
    assert await day.look(at("26 17:40")) == []


async def test_answers_are_kept_and_told_to_the_consultant(day: Day) -> None:
    booking = await day.book()
    await says(day, "complete", booking, "26 15:40")
    await day.look(at("26 17:40"))
    for number, answer in enumerate(
        (Answer(score=2), Answer(comment="后排有点挤"), Answer(next_step="price"))
    ):
        async with day.database.transaction() as session:
            found = await feedback.open_in(session, day.now, CONVERSATION)
            assert found is not None
            await feedback.take(session, day.now, found, answer, f"c{number}")
    async with day.database.reading() as session:
        assert await feedback.open_in(session, day.now, CONVERSATION) is None
        [row] = list(await session.scalars(select(DriveFeedback)))
    assert (row.score, row.comment, row.next_step, row.step) == (2, "后排有点挤", "price", "done")
    [task] = await day.tasks()
    assert "2/5 · 想谈价格 · “后排有点挤”" in task.note
    # Not pleased: today, if anybody is there.
    assert task.due_at == at("26 19:40")
    assert "后排有点挤" not in str(await day.audit())


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5", 5), ("４分", 4), ("三分吧", 3), ("给5分", 5), ("4/5", 4), ("4 stars", 4),
        ("5 out of 5", 5), ("两分", 2), ("6", None), ("5月5号", None), ("周五", None),
        ("三点", None), ("很满意", None), ("", None), ("13800000001", None), ("0", None),
    ],
)  # fmt: skip
def test_scores_in_words(text: str, score: int | None) -> None:
    assert feedback.read_score(text) == score
