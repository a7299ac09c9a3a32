"""A promise is kept, or the customer hears once and honestly that it was not."""

import asyncio
from datetime import timedelta

import pytest

from backend.conversations import promises
from backend.conversations.promises import PromiseKeeper, admit, missed
from tests.conftest import NOW
from tests.integration.conversations.conftest import Line

MINUTES = timedelta(minutes=1)


async def look(line: Line) -> int:
    """One look of a process at the clock; how many customers were told."""
    async with line.database.reading() as session:
        late = await missed(session, line.now, 100)
    told = 0
    for conversation_id in late:
        async with line.database.transaction() as session:
            told += await admit(session, line.now, conversation_id)
    return told


async def test_before_the_time_nothing_is_said(line: Line) -> None:
    customer = await line.customer()
    await line.calls(customer)
    line.clock.advance(15 * MINUTES - timedelta(seconds=1))
    assert await look(line) == 0
    assert await line.notices(customer) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("今天 10:15 前", "最晚 今天 10:31", "400-000-1234")),
        ("en", ("by 10:15 today", "by 10:31 today", "400-000-1234")),
    ],
)
async def test_a_missed_promise_is_admitted_once(
    line: Line, language: str, words: tuple[str, ...]
) -> None:
    customer = await line.customer(language=language)
    await line.calls(customer)
    line.clock.advance(16 * MINUTES)
    assert await look(line) == 1
    (notice,) = await line.notices(customer)
    for word in words:
        assert word in notice
    (task,) = await line.tasks(customer)
    # It stays what it is for staff: open, and overdue.
    assert (task.state, task.due_at, task.reminded_at) == ("open", NOW + 15 * MINUTES, line.now)
    (entry,) = await line.audit("task.overdue")
    assert (entry.actor, entry.subject) == ("system:promises", f"task:{task.id}")
    assert entry.data["conversation"] == customer
    line.clock.advance(24 * 60 * MINUTES)
    assert await look(line) == 0
    assert len(await line.notices(customer)) == 1


async def test_out_of_hours_it_is_the_morning(line: Line) -> None:
    customer = await line.customer()
    line.clock.advance(12 * 60 * MINUTES)
    await line.calls(customer)
    line.clock.advance(11 * 60 * MINUTES)
    assert await look(line) == 0
    line.clock.advance(31 * MINUTES)
    assert await look(line) == 1
    (notice,) = await line.notices(customer)
    assert "今天 09:30 前" in notice
    assert "最晚 今天 09:46" in notice


async def test_a_messenger_gets_it_through_the_outbox(line: Line) -> None:
    customer = await line.customer(channel="pigeon")
    await line.calls(customer)
    line.clock.advance(16 * MINUTES)
    await look(line)
    (row,) = await line.outbox(customer)
    assert (row.category, row.state) == ("notice", "pending")
    (notice,) = [m for m in await line.messages(customer) if m.sender == "system"]
    assert row.message_id == notice.id


async def test_a_reply_in_time_is_all_that_is_said(line: Line) -> None:
    customer = await line.customer()
    await line.calls(customer)
    line.clock.advance(14 * MINUTES)
    await line.replies(customer)
    line.clock.advance(14 * MINUTES)
    assert await look(line) == 0
    (task,) = await line.tasks(customer)
    assert (task.state, task.reminded_at) == ("done", None)


async def test_taken_over_without_a_word_is_no_reply(line: Line) -> None:
    customer = await line.customer()
    await line.calls(customer)
    await line.takes_over(customer)
    line.clock.advance(16 * MINUTES)
    assert await look(line) == 1


@pytest.mark.parametrize("how", ["hand back", "decline"])
async def test_nothing_is_promised_any_more(line: Line, how: str) -> None:
    customer = await line.customer()
    await line.calls(customer)
    if how == "decline":
        assert await line.leaves(customer)
    else:
        await line.takes_over(customer)
        await line.hands_back(customer)
    line.clock.advance(60 * MINUTES)
    assert await look(line) == 0
    (task,) = await line.tasks(customer)
    assert task.state == "done"
    (entry,) = await line.audit("task.done")
    assert entry.data["reason"] == ("declined" if how == "decline" else "handed_back")
    assert (await line.conversation(customer)).owner == "assistant"


async def test_two_promises_in_one_conversation_are_one_notice(line: Line) -> None:
    customer = await line.customer()
    await line.calls(customer)
    await line.calls(customer, kind="danger")
    line.clock.advance(20 * MINUTES)
    assert await look(line) == 1
    (notice,) = await line.notices(customer)
    # The nearer one, the sooner new time, the number that is answered at all hours.
    assert "今天 10:05 前" in notice
    assert "最晚 今天 10:25" in notice
    assert [task.reminded_at for task in await line.tasks(customer)] == [line.now] * 2


async def test_the_place_in_line_goes_by_who_came_first(line: Line) -> None:
    first, second, third = [await line.customer() for _ in range(3)]
    for customer in (first, second, third):
        await line.calls(customer)
        line.clock.advance(MINUTES)
    stands = [await line.standing(customer) for customer in (first, second, third)]
    assert [one.place for one in stands if one] == [1, 2, 3]
    await line.takes_over(first)
    stands = [await line.standing(customer) for customer in (first, second, third)]
    assert [one.place if one else None for one in stands] == [None, 1, 2]


async def test_ten_processes_tell_it_once(line: Line) -> None:
    customers = [await line.customer() for _ in range(5)]
    for customer in customers:
        await line.calls(customer)
    line.clock.advance(16 * MINUTES)

    told = await asyncio.gather(*(look(line) for _ in range(10)))

    assert sum(told) == len(customers)
    for customer in customers:
        assert len(await line.notices(customer)) == 1
    assert len(await line.audit("task.overdue")) == len(customers)


async def test_it_runs_by_itself_and_survives_a_failure(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "POLL_SECONDS", 0.01)
    failures = 3
    looked = promises.missed

    async def fails_first(*args: object) -> list[str]:
        nonlocal failures
        if failures:
            failures -= 1
            raise RuntimeError("the store is away")
        return await looked(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(promises, "missed", fails_first)
    customer = await line.customer()
    await line.calls(customer)
    line.clock.advance(16 * MINUTES)
    keeper = PromiseKeeper(line.database, line.clock)
    await keeper.start()

    async def told() -> bool:
        return bool(await line.notices(customer))

    await line.until(told)
    await keeper.stop()
    assert failures == 0
    assert len(await line.notices(customer)) == 1
