"""Whatever happens in whatever order, nothing acknowledged is lost and nobody is talked over.

A machine draws what customers, processes, platforms and staff do; after each step the invariants
hold, and once everything that is left has been done, every customer has his answer or a person.
`CHEFU_EXAMPLES` says how many orders are tried.
"""

import asyncio
import os
import shutil
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from backend.clock import FixedClock
from backend.conversations import inbox, outbox, takeover, turn_store
from backend.conversations.inbox import Inbound
from backend.conversations.service import lock
from backend.conversations.transcript import Reply, Understanding
from backend.database import Database
from backend.errors import ConflictError
from backend.models import Conversation, Message, Outbox, Staff, Task
from tests.conftest import NOW

EXAMPLES = int(os.environ.get("CHEFU_EXAMPLES", "25"))
HOLDERS = ("one", "other")
CHANNEL, ADDRESS = "pigeon", "bird"


class Conversations(RuleBasedStateMachine):
    """One customer, two backend processes, two members of staff."""

    folder: ClassVar[Path]
    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.path = self.folder / "store.db"
        for old in self.folder.glob("store.db*"):
            old.unlink()
        shutil.copy(self.template, self.path)
        self.database = Database(f"sqlite+aiosqlite:///{self.path}")
        self.clock = FixedClock(NOW)
        self.acknowledged: list[str] = []
        self.turns: dict[str, str] = {}
        """The message whose turn a process is running."""
        self.calls: dict[str, list[int]] = {}
        """The rows of the outbox with which a process is calling the platform."""
        self.read: list[str] = []
        """Ids of messages that the customer has seen, as often as he saw them."""
        self.doubtful: set[str] = set()
        """Messages whose sender died: they may have been seen already."""
        self.silent_from: int | None = None
        """While a person owns the conversation: what was said last before."""

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        try:
            self.run(self._drain())
        finally:
            self.run(self.database.dispose())
            self.loop.close()

    @initialize()
    def opens(self) -> None:
        async def prepare() -> None:
            async with self.database.transaction() as session:
                session.add_all(
                    Staff(
                        id=number, username=f"s{number}", name="李", role="consultant",
                        password_hash="x", created_at=NOW,
                    )
                    for number in (1, 2)
                )  # fmt: skip

        self.run(prepare())
        self.writes()

    # What the customer does

    @rule()
    def writes(self) -> None:
        self._arrives(f"w{len(self.acknowledged)}", fresh=True)

    @rule(data=st.data())
    def the_platform_repeats_itself(self, data: st.DataObject) -> None:
        self._arrives(data.draw(st.sampled_from(self.acknowledged)), fresh=False)

    def _arrives(self, platform_id: str, *, fresh: bool) -> None:
        async def take() -> None:
            inbound = Inbound(CHANNEL, ADDRESS, platform_id, text=f"在吗 {platform_id}")
            async with self.database.transaction() as session:
                received = await inbox.take_in(session, self.clock.now(), inbound, limit=2000)
            assert received.fresh == fresh

        self.run(take())
        if fresh:
            self.acknowledged.append(platform_id)

    # What the processes do

    @rule(holder=st.sampled_from(HOLDERS))
    def takes_up_a_turn(self, holder: str) -> None:
        if holder in self.turns:
            return

        async def claim() -> str | None:
            async with self.database.transaction() as session:
                message = await turn_store.claim_turn(
                    session, self.clock.now(), (await self._conversation()).id, holder
                )
                return message.id if message else None

        claimed = self.run(claim())
        if claimed is not None:
            self.turns[holder] = claimed

    @precondition(lambda self: self.turns)
    @rule(data=st.data(), good=st.booleans(), parts=st.integers(1, 3))
    def ends_a_turn(self, data: st.DataObject, good: bool, parts: int) -> None:
        holder = data.draw(st.sampled_from(sorted(self.turns)))
        self.run(self._end(holder, self.turns.pop(holder), good=good, parts=parts))

    async def _end(self, holder: str, message_id: str, *, good: bool, parts: int = 1) -> None:
        async with self.database.transaction() as session:
            now = self.clock.now()
            if good:
                replies = [Reply(f"答 {message_id} {part}") for part in range(parts)]
                await turn_store.finish_turn(
                    session, now, message_id, holder, Understanding(language="zh"), replies
                )
            else:
                await turn_store.fail_turn(session, now, message_id, holder)

    @precondition(lambda self: self.turns or self.calls)
    @rule(data=st.data())
    def dies(self, data: st.DataObject) -> None:
        """It says nothing any more; what it did for the platform may have arrived."""
        holder = data.draw(st.sampled_from(sorted({*self.turns, *self.calls})))
        self.turns.pop(holder, None)
        rows = self.calls.pop(holder, [])
        arrived = data.draw(st.booleans())
        self.run(self._doubt(rows, arrived))
        self.clock.advance(max(turn_store.LEASE, outbox.LEASE) + timedelta(seconds=1))

    async def _doubt(self, rows: list[int], arrived: bool) -> None:
        async with self.database.reading() as session:
            for row in rows:
                found = await session.get_one(Outbox, row)
                self.doubtful.add(str(found.message_id))
                if arrived:
                    self.read.append(str(found.message_id))

    @rule(holder=st.sampled_from(HOLDERS))
    def is_slow(self, holder: str) -> None:
        """Its leases run out while it goes on working: it must notice."""
        self.run(self._doubt(self.calls.get(holder, []), False))
        self.clock.advance(max(turn_store.LEASE, outbox.LEASE) + timedelta(seconds=1))

    @precondition(lambda self: self.turns)
    @rule(holder=st.sampled_from(HOLDERS))
    def is_overtaken(self, holder: str) -> None:
        """Another process takes up the turn that it is still working at."""
        self.is_slow(holder)
        self.takes_up_a_turn("other" if holder == "one" else "one")

    @rule(holder=st.sampled_from(HOLDERS), most=st.integers(1, 3))
    def calls_the_platform(self, holder: str, most: int) -> None:
        if holder in self.calls:
            return

        async def claim() -> list[int]:
            async with self.database.transaction() as session:
                held = await lock(session, (await self._conversation()).id)
                claimed = await outbox.claim(
                    session, self.clock.now(), held, holder,
                    most=most, budget=3,
                )  # fmt: skip
                return [row.id for row in claimed.rows] if claimed else []

        rows = self.run(claim())
        if rows:
            self.calls[holder] = rows

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), outcome=st.sampled_from(["sent", "failed", "unknown", "pending"]))
    def hears_from_the_platform(self, data: st.DataObject, outcome: str) -> None:
        holder = data.draw(st.sampled_from(sorted(self.calls)))
        self.run(self._settle(holder, self.calls.pop(holder), outcome))

    async def _settle(self, holder: str, rows: list[int], outcome: str) -> None:
        async with self.database.transaction() as session:
            now = self.clock.now()
            for row in rows:
                found = await session.get_one(Outbox, row)
                if outcome in ("sent", "unknown"):
                    self.read.append(str(found.message_id))
                if outcome == "unknown":
                    self.doubtful.add(str(found.message_id))
            await outbox.settle(
                session, rows, holder, outcome, now=now, next_at=now + timedelta(seconds=2)
            )

    # What staff do

    @rule(staff_id=st.integers(1, 2))
    def takes_over(self, staff_id: int) -> None:
        async def take() -> None:
            async with self.database.transaction() as session:
                conversation = await self._conversation()
                await takeover.take_over(
                    session, self.clock.now(), conversation.id, staff_id=staff_id
                )

        self.run(take())
        self._silence()

    @rule(staff_id=st.integers(1, 2))
    def replies(self, staff_id: int) -> None:
        async def reply() -> None:
            async with self.database.transaction() as session:
                await takeover.reply(
                    session, self.clock.now(), (await self._conversation()).id,
                    staff_id=staff_id, text="我是店里的", limit=2000,
                )  # fmt: skip

        self.run(reply())
        self._silence()

    def _silence(self) -> None:
        if self.silent_from is None:
            self.silent_from = self.run(self._conversation()).last_seq

    @rule(staff_id=st.integers(1, 2), closes=st.booleans(), read=st.booleans())
    def leaves(self, staff_id: int, closes: bool, read: bool) -> None:
        async def leave() -> bool:
            conversation = await self._conversation()
            work = takeover.close if closes else takeover.hand_back
            seen = conversation.last_seq if read else conversation.last_customer_seq - 1
            try:
                async with self.database.transaction() as session:
                    await work(
                        session, self.clock.now(), conversation.id, staff_id=staff_id, seen=seen
                    )
            except ConflictError:
                assert not read
                return False
            return True

        if self.run(leave()):
            self.silent_from = None

    # What must always be true

    async def _conversation(self) -> Conversation:
        async with self.database.reading() as session:
            found = await inbox.find(session, CHANNEL, ADDRESS)
        assert found is not None
        return found

    async def _messages(self) -> list[Message]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Message).order_by(Message.seq)))

    @invariant()
    def every_acknowledged_message_is_stored_once(self) -> None:
        messages = self.run(self._messages())
        stored = [one.client_message_id for one in messages if one.sender == "customer"]
        assert stored == self.acknowledged
        assert [one.seq for one in messages] == list(range(1, len(messages) + 1))

    @invariant()
    def each_turn_ends_once_and_in_order(self) -> None:
        messages = self.run(self._messages())
        place = {one.id: one.seq for one in messages}
        answered = [one for one in messages if one.reply_to]
        order = [place[str(one.reply_to)] for one in answered]
        assert order == sorted(order)
        for one in messages:
            told = [answer.text for answer in answered if answer.reply_to == one.id]
            assert len(told) == len(set(told)), "a turn was answered twice"
            if one.turn in ("none", "pending", "running") and one.sender == "customer":
                assert told == []

    @invariant()
    def a_person_is_not_talked_over(self) -> None:
        if self.silent_from is None:
            return
        said = [one for one in self.run(self._messages()) if one.seq > self.silent_from]
        assert {one.sender for one in said} <= {"customer", "staff"}

    @invariant()
    def nothing_is_read_twice_without_doubt(self) -> None:
        twice = {one for one in self.read if self.read.count(one) > 1}
        assert twice <= self.doubtful

    async def _drain(self) -> None:
        """A process that lives takes up everything; then nobody has been forgotten."""
        if not self.acknowledged:
            return
        self.clock.advance(timedelta(hours=1))
        conversation = await self._conversation()
        for _ in range(200):
            async with self.database.transaction() as session:
                message = await turn_store.claim_turn(
                    session, self.clock.now(), conversation.id, "last"
                )
            if message is None:
                break
            await self._end("last", message.id, good=True)
        for _ in range(200):
            async with self.database.transaction() as session:
                held = await lock(session, conversation.id)
                claimed = await outbox.claim(
                    session, self.clock.now(), held, "last", most=3, budget=3
                )
            if claimed is None:
                break
            await self._settle("last", [row.id for row in claimed.rows], "sent")
        messages = await self._messages()
        async with self.database.reading() as session:
            rows = list(await session.scalars(select(Outbox)))
            faults = {one.source_message_id for one in await session.scalars(select(Task))}
        for one in messages:
            if one.sender != "customer":
                continue
            assert one.turn in ("none", "done", "failed")
            if one.turn == "failed":
                told = any(other.reply_to == one.id for other in messages)
                assert one.id in faults or not told
        assert {row.state for row in rows} <= {"sent", "failed", "unknown", "withdrawn"}
        for row in rows:
            if row.state in ("sent", "unknown"):
                assert row.message_id in self.read


def test_any_order_of_events(tmp_path: Path, sqlite_store: Path) -> None:
    Conversations.folder, Conversations.template = tmp_path, sqlite_store
    machine = Conversations.TestCase
    machine.settings = settings(
        max_examples=EXAMPLES,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine("runTest").runTest()


@pytest.fixture
def machine(tmp_path: Path, sqlite_store: Path) -> Iterator[Conversations]:
    Conversations.folder, Conversations.template = tmp_path, sqlite_store
    made = Conversations()
    made.opens()
    yield made
    made.teardown()


def test_a_turn_that_ends_twice_would_be_seen(
    machine: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def anybody(session: Any, message_id: str, _holder: str) -> Any:
        message = await session.get_one(Message, message_id)
        return message, await session.get_one(Conversation, message.conversation_id)

    def both_answer() -> None:
        machine.clock.advance(timedelta(hours=1))
        machine.writes()
        machine.takes_up_a_turn("one")
        machine.is_overtaken("one")
        for holder in HOLDERS:
            machine.run(machine._end(holder, machine.turns.pop(holder), good=True))
        machine.each_turn_ends_once_and_in_order()

    both_answer()
    monkeypatch.setattr(turn_store, "_running", anybody)
    with pytest.raises(AssertionError, match="answered twice"):
        both_answer()


def test_an_answer_after_a_person_took_over_would_be_seen(
    machine: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_taken_over() -> None:
        machine.clock.advance(timedelta(hours=1))
        machine.writes()
        machine.takes_up_a_turn("one")
        machine.takes_over(1)
        machine.run(machine._end("one", machine.turns.pop("one"), good=True))
        machine.a_person_is_not_talked_over()

    is_taken_over()
    machine.leaves(1, closes=False, read=True)
    monkeypatch.setattr(takeover, "AWAITS_TURN", ("none",))
    monkeypatch.setattr(takeover, "set_owner", lambda *_args, **_named: None)
    with pytest.raises(AssertionError):
        is_taken_over()
    machine.silent_from = None
