"""Nobody has answered: the next level is told before the deadline, once, whoever looks."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from backend.appointments.hours import Hours, dealership
from backend.complaints import handling
from backend.complaints.deadlines import Term, deadline
from backend.complaints.escalation import EscalationKeeper, due, escalate
from backend.models import ComplaintRule
from tests.integration.complaints.conftest import Desk
from tests.integration.world import at


def keeper(desk: Desk) -> EscalationKeeper:
    return EscalationKeeper(desk.database, desk.clock)


async def test_each_level_once_and_before_the_deadline(desk: Desk) -> None:
    made = await desk.lodge()  # high: due 15:30, levels two and one working hours before
    complaint, case = await desk.complaint(made)
    assert (complaint.due_at, case.escalate_at) == (at("25 15:30"), at("25 13:30"))
    assert await keeper(desk).look() == 0
    desk.clock.advance(at("25 13:30") - desk.now)
    assert await keeper(desk).look() == 1
    assert await keeper(desk).look() == 0
    (task,) = await desk.tasks()
    assert (task.kind, task.assignee_id, task.due_at) == (
        "complaint", desk.people["zhou"], complaint.due_at
    )  # fmt: skip
    assert complaint.number in task.note
    desk.clock.advance(timedelta(hours=1))
    assert await keeper(desk).look() == 1
    desk.clock.advance(timedelta(days=5))
    assert await keeper(desk).look() == 0
    assert [t.assignee_id for t in await desk.tasks()] == [desk.people["zhou"], desk.people["su"]]
    assert (await desk.complaint(made))[1].level == 2
    assert (await desk.kinds(made)).count("escalated") == 2


async def test_two_processes_tell_a_level_once(desk: Desk) -> None:
    made = await desk.lodge()
    desk.clock.advance(timedelta(hours=4))

    async def attempt() -> bool:
        async with desk.database.transaction() as session:
            return await escalate(session, desk.now, made)

    told = await asyncio.gather(*(attempt() for _ in range(6)))
    assert told.count(True) == 1
    assert len(await desk.tasks()) == 1


async def test_what_was_missed_while_nobody_ran_is_made_up_level_by_level(desk: Desk) -> None:
    await desk.lodge()
    desk.clock.advance(timedelta(days=2))
    assert await keeper(desk).look() == 1
    assert await keeper(desk).look() == 1
    assert await keeper(desk).look() == 0


async def test_an_answer_ends_it_and_its_tasks(desk: Desk) -> None:
    made = await desk.lodge()
    desk.clock.advance(timedelta(hours=4))
    await keeper(desk).look()
    async with desk.database.transaction() as session:
        await handling.message(session, desk.now, made, desk.by("li"), "我来处理")
    assert await desk.tasks() == []
    desk.clock.advance(timedelta(days=2))
    assert await keeper(desk).look() == 0


async def test_taking_it_is_no_answer(desk: Desk) -> None:
    made = await desk.lodge()
    async with desk.database.transaction() as session:
        await handling.take(session, desk.now, made, desk.by("zhou"))
    desk.clock.advance(timedelta(hours=4))
    assert await keeper(desk).look() == 1
    (task,) = await desk.tasks()
    assert task.assignee_id is None, "not to the one manager who has it already"


async def test_what_is_over_is_left_alone(desk: Desk) -> None:
    made = await desk.lodge()
    await desk.resolve(made)
    desk.clock.advance(timedelta(days=2))
    async with desk.database.reading() as session:
        assert await due(session, desk.now, 10) == []
    async with desk.database.transaction() as session:
        assert not await escalate(session, desk.now, made)


async def test_critical_ones_run_by_the_clock(desk: Desk) -> None:
    desk.clock.advance(timedelta(hours=12))
    made = await desk.lodge("刹车失灵差点撞车")
    _, case = await desk.complaint(made)
    assert case.escalate_at == desk.now + timedelta(minutes=60)


async def test_whom_and_by_whose_hours_is_the_dealerships_rule(desk: Desk) -> None:
    async with desk.database.transaction() as session:
        for row in await session.scalars(
            select(ComplaintRule).where(ComplaintRule.severity == "high")
        ):
            row.escalate_to, row.hours = ["service_advisor", "manager"], "service"
            row.escalate_minutes = [120, 60, 30]
    # The workshop opens at 8:30, and has no longer break than sales.
    desk.clock.advance(at("26 08:30") - desk.now)
    made = await desk.lodge()
    complaint, case = await desk.complaint(made)
    hours = await service_hours(desk)
    assert complaint.due_at == deadline(
        desk.now, "high", hours, Term("working_minutes", 240, hours="service")
    )
    assert complaint.due_at != deadline(desk.now, "high", hours, Term("working_minutes", 240))
    assert case.escalate_at is not None
    desk.clock.advance(complaint.due_at - desk.now)
    assert [await keeper(desk).look() for _ in range(4)] == [1, 1, 1, 0]
    # A level beyond the roles goes to the last of them.
    assert [task.assignee_id for task in await desk.tasks()] == [
        desk.people["chen"], desk.people["zhou"], desk.people["zhou"],
    ]  # fmt: skip


async def service_hours(desk: Desk) -> Hours:
    async with desk.database.reading() as session:
        return Hours.of(await dealership(session))


async def test_without_an_approved_rule_it_is_as_ever(desk: Desk) -> None:
    async with desk.database.transaction() as session:
        for row in await session.scalars(select(ComplaintRule)):
            row.escalate_to, row.approved_by, row.approved_at = ["consultant"], None, None
    made = await desk.lodge()
    desk.clock.advance((await desk.complaint(made))[0].due_at - desk.now)
    assert [await keeper(desk).look() for _ in range(3)] == [1, 1, 0]
    assert [task.assignee_id for task in await desk.tasks()] == [
        desk.people["zhou"], desk.people["su"],
    ]  # fmt: skip
