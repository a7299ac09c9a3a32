"""Waiting for a person after a turn that failed, and where staff leave it."""

from datetime import timedelta

import pytest

from backend.conversations import takeover, turn_store
from backend.conversations.tasks import finish_task
from tests.conftest import NOW
from tests.integration.conversations.conftest import HOLDER, Line


async def fails(line: Line, message_id: str) -> None:
    async with line.database.transaction() as session:
        await turn_store.fail_turn(session, line.now, message_id, HOLDER)


async def test_a_failed_turn_promises_a_person_by_a_time(line: Line) -> None:
    customer = await line.customer()
    message_id = await line.writes(customer, "山屿多少钱")
    await line.claims(customer)
    await fails(line, message_id)
    (notice,) = await line.notices(customer)
    assert "最晚 今天 10:15 会在这里回复" in notice
    (task,) = await line.tasks(customer)
    assert (task.kind, task.note, task.due_at) == (
        "fault",
        "山屿多少钱",
        NOW + timedelta(minutes=15),
    )
    stands = await line.standing(customer)
    assert stands is not None
    assert (stands.place, stands.due_at) == (1, task.due_at)


async def test_another_failed_turn_keeps_the_first_promise(line: Line) -> None:
    customer = await line.customer()
    for text in ("第一句", "第二句"):
        message_id = await line.writes(customer, text)
        await line.claims(customer)
        await fails(line, message_id)
        line.clock.advance(timedelta(minutes=5))
    # Staff see both messages; the customer has one time.
    assert [(task.note, task.due_at) for task in await line.tasks(customer)] == [
        ("第一句", NOW + timedelta(minutes=15)),
        ("第二句", None),
    ]
    assert ["10:15" in notice for notice in await line.notices(customer)] == [True, True]


async def test_closed_by_staff_nothing_is_promised(line: Line) -> None:
    customer = await line.customer()
    await line.calls(customer)
    async with line.database.transaction() as session:
        await takeover.close(session, line.now, customer, staff_id=line.staff_id, seen=99)
    found = await line.conversation(customer)
    assert (found.owner, found.state, found.waiting_since) == ("assistant", "closed", None)
    (entry,) = await line.audit("task.done")
    assert (entry.actor, entry.data["reason"]) == (f"staff:{line.staff_id}", "closed")


async def test_a_task_ticked_off_leaves_the_customer_waiting(line: Line) -> None:
    """Ticking off is no reply: who asks again gets a promise again."""
    customer = await line.customer()
    await line.calls(customer)
    (task,) = await line.tasks(customer)
    async with line.database.transaction() as session:
        await finish_task(session, line.now, task.id, staff_id=line.staff_id)
    stands = await line.standing(customer)
    assert stands is not None
    assert (stands.place, stands.due_at) == (1, None)
    await line.calls(customer)
    assert [task.state for task in await line.tasks(customer)] == ["done", "open"]


@pytest.mark.parametrize("before", ["assistant", "staff"])
async def test_who_does_not_wait_has_no_place(line: Line, before: str) -> None:
    customer = await line.customer()
    if before == "staff":
        await line.takes_over(customer)
    assert await line.standing(customer) is None
    assert not await line.leaves(customer)
    assert (await line.conversation(customer)).owner == before
