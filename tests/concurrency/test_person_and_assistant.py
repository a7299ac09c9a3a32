"""A person and the assistant at the same moment: what the customer sees is as if one had been
first, whoever it was."""

import asyncio
from collections.abc import Awaitable

import pytest

from backend.conversations import promises, takeover, transcript, turn_store
from backend.database import Database
from tests.integration.conversations.conftest import HOLDER, Line, line

__all__ = ["line"]

ROUNDS = 15


async def together(*steps: Awaitable[object]) -> None:
    """All at once, each in a transaction of its own; none may fail."""
    await asyncio.gather(*steps)


async def at_work(line: Line, channel: str = "web") -> tuple[str, str]:
    """A conversation whose turn is in flight: its id and the message's."""
    customer = await line.customer(channel)
    message_id = await line.writes(customer, "山屿多少钱")
    await line.claims(customer)
    return customer, message_id


@pytest.mark.parametrize("channel", ["web", "pigeon"])
async def test_no_answer_after_a_person_has_replied(line: Line, channel: str) -> None:
    for number in range(ROUNDS):
        customer, message_id = await at_work(line, channel)
        steps = [line.answers(message_id, "15.98 万元"), line.replies(customer)]
        await together(*(steps if number % 2 else steps[::-1]))
        senders = [message.sender for message in await line.messages(customer)]
        # Before it or not at all.
        assert senders in (["customer", "assistant", "staff"], ["customer", "staff"])
        assert (await line.conversation(customer)).owner == "staff"
        for row in await line.outbox(customer):
            assert (row.category, row.state) in {("staff", "pending"), ("reply", "withdrawn")}


async def test_no_answer_after_a_silent_takeover(line: Line) -> None:
    for number in range(ROUNDS):
        customer, message_id = await at_work(line, "pigeon")
        steps = [line.answers(message_id), line.takes_over(customer)]
        await together(*(steps if number % 2 else steps[::-1]))
        assert [row.state for row in await line.outbox(customer)] in ([], ["withdrawn"])
        (asked, *_) = await line.messages(customer)
        assert asked.turn in ("none", "done")


async def test_no_answer_from_before_after_the_hand_back(line: Line) -> None:
    for _ in range(ROUNDS):
        customer, message_id = await at_work(line)

        async def in_and_out(customer: str = customer) -> None:
            await line.takes_over(customer)
            await line.hands_back(customer)

        await together(in_and_out(), line.answers(message_id))
        found = await line.messages(customer)
        if len(found) == 2:
            # It was there before the person was.
            assert found[0].turn == "done"
        else:
            assert found[0].turn == "none"
        assert (await line.conversation(customer)).owner == "assistant"


async def test_a_turn_that_fails_while_a_person_comes(line: Line) -> None:
    async def fails(message_id: str) -> None:
        async with line.database.transaction() as session:
            await turn_store.fail_turn(session, line.now, message_id, HOLDER)

    for number in range(ROUNDS):
        customer, message_id = await at_work(line)
        steps = [fails(message_id), line.replies(customer)]
        await together(*(steps if number % 2 else steps[::-1]))
        senders = [message.sender for message in await line.messages(customer)]
        assert senders in (["customer", "system", "staff"], ["customer", "staff"])
        assert (await line.conversation(customer)).owner == "staff"
        # Whoever was told that a colleague replies has the colleague's reply.
        assert {task.state for task in await line.tasks(customer)} <= {"done"}


async def test_called_for_while_a_person_comes(line: Line) -> None:
    for number in range(ROUNDS):
        customer = await line.customer()
        steps = [line.calls(customer), line.takes_over(customer)]
        await together(*(steps if number % 2 else steps[::-1]))
        found = await line.conversation(customer)
        assert (found.owner, found.waiting_since) == ("staff", None)


async def test_not_needed_any_more_while_a_person_comes(line: Line) -> None:
    """The customer's "never mind" never takes the conversation from whoever has it."""
    for number in range(ROUNDS):
        customer = await line.customer()
        await line.calls(customer)
        steps = [line.leaves(customer), line.replies(customer)]
        await together(*(steps if number % 2 else steps[::-1]))
        assert (await line.conversation(customer)).owner == "staff"
        (task,) = await line.tasks(customer)
        assert task.state == "done"
        assert len(await line.audit("task.done")) == number + 1


async def test_a_missed_promise_while_a_person_replies(line: Line) -> None:
    customers = [await line.customer() for _ in range(ROUNDS)]
    for customer in customers:
        await line.calls(customer)
    line.clock.advance(promises.ORDINARY.there + promises.MINUTE)

    async def admits(customer: str) -> None:
        async with line.database.transaction() as session:
            await promises.admit(session, line.now, customer)

    for number, customer in enumerate(customers):
        steps = [admits(customer), admits(customer), line.replies(customer)]
        await together(*(steps if number % 2 else steps[::-1]))
        senders = [message.sender for message in await line.messages(customer)]
        # Nobody reads that nobody came after somebody has come.
        assert senders in (["customer", "system", "staff"], ["customer", "staff"])


async def test_two_of_staff_and_a_customer_who_calls(line: Line) -> None:
    """Many at once end in one owner, and in an audit without a gap."""
    customer = await line.customer()
    await together(
        *(line.calls(customer) for _ in range(4)),
        *(line.takes_over(customer) for _ in range(4)),
        *(line.replies(customer, f"第{n}句") for n in range(4)),
    )
    assert (await line.conversation(customer)).owner == "staff"
    owner = "assistant"
    for entry in await line.audit("conversation.owner"):
        assert entry.data["from"] == owner
        owner = entry.data["to"]
    assert owner == "staff"
    assert len({message.seq for message in await line.messages(customer)}) == 8


async def test_without_holding_the_conversation_an_answer_would_come_after(
    line: Line, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race is real: it is the lock that decides it."""
    if database.is_sqlite:
        pytest.skip("a SQLite writer is alone in its transaction, with or without our locks")
    decided, replied = asyncio.Event(), asyncio.Event()

    async def late(*args: object) -> object:
        decided.set()
        await asyncio.wait_for(replied.wait(), 10)
        return await transcript.append_reply(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(turn_store, "_HELD_OF_MESSAGE", turn_store._OF_MESSAGE)
    monkeypatch.setattr(turn_store, "append_reply", late)
    customer, message_id = await at_work(line)

    async def person() -> None:
        await asyncio.wait_for(decided.wait(), 10)
        async with line.database.transaction() as session:
            await takeover.take_over(session, line.now, customer, staff_id=line.staff_id)
        replied.set()

    await asyncio.gather(line.answers(message_id), person())
    senders = [message.sender for message in await line.messages(customer)]
    assert senders == ["customer", "assistant"]
    assert (await line.conversation(customer)).owner == "staff"
