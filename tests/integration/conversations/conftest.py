"""A small dealership with customers who wait, at the level of the services, on both databases."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

import pytest
from sqlalchemy import select

from backend.clock import FixedClock
from backend.conversations import inbox, service, takeover, turn_store, waiting
from backend.conversations.transcript import Reply, Understanding
from backend.database import Database
from backend.models import Audit, Conversation, Message, Outbox, Staff, Task
from tests.integration.world import build

LIMIT = 2000
SECONDS = 20.0
HOLDER = "process"


@dataclass
class Line:
    """The store, its clock, and what customers and staff do in it."""

    database: Database
    clock: FixedClock
    staff_id: int
    numbers: "count[int]"

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def customer(self, channel: str = "web", language: str = "zh") -> str:
        """A new conversation; its id."""
        async with self.database.transaction() as session:
            conversation, _ = await service.start(
                session, self.now, channel=channel, locale=language
            )
            if channel != "web":
                conversation.address = conversation.id
        return conversation.id

    async def writes(self, conversation_id: str, text: str = "人呢") -> str:
        """A message that awaits its turn; its id."""
        async with self.database.transaction() as session:
            conversation = await service.lock(session, conversation_id)
            message = inbox._store(
                session, self.now, conversation, f"m{next(self.numbers)}", text, None
            )
        return message.id

    async def claims(self, conversation_id: str, holder: str = HOLDER) -> None:
        async with self.database.transaction() as session:
            assert await turn_store.claim_turn(session, self.now, conversation_id, holder)

    async def answers(self, message_id: str, text: str = "请稍等") -> None:
        async with self.database.transaction() as session:
            await turn_store.finish_turn(
                session, self.now, message_id, HOLDER, Understanding(), [Reply(text)]
            )

    async def calls(self, conversation_id: str, kind: str = "handover") -> str:
        """The customer asks for a person; the id of the message in which he does."""
        message_id = await self.writes(conversation_id, "转人工")
        async with self.database.transaction() as session:
            conversation = await service.lock(session, conversation_id)
            await waiting.call_person(
                session,
                self.now,
                conversation,
                kind=kind,
                note="转人工",
                message_id=message_id,
                actor=f"conversation:{conversation_id}",
            )
        return message_id

    async def leaves(self, conversation_id: str) -> bool:
        async with self.database.transaction() as session:
            conversation = await service.lock(session, conversation_id)
            return await waiting.leave(session, self.now, conversation)

    async def takes_over(self, conversation_id: str) -> None:
        async with self.database.transaction() as session:
            await takeover.take_over(session, self.now, conversation_id, staff_id=self.staff_id)

    async def replies(self, conversation_id: str, text: str = "您好，我来了") -> Message:
        async with self.database.transaction() as session:
            return await takeover.reply(
                session,
                self.now,
                conversation_id,
                staff_id=self.staff_id,
                text=text,
                limit=LIMIT,
            )

    async def hands_back(self, conversation_id: str) -> None:
        async with self.database.transaction() as session:
            await takeover.hand_back(
                session, self.now, conversation_id, staff_id=self.staff_id, seen=10**6
            )

    async def conversation(self, conversation_id: str) -> Conversation:
        async with self.database.reading() as session:
            return await session.get_one(Conversation, conversation_id)

    async def standing(self, conversation_id: str) -> waiting.Standing | None:
        async with self.database.reading() as session:
            conversation = await session.get_one(Conversation, conversation_id)
            return await waiting.standing(session, self.now, conversation)

    async def messages(self, conversation_id: str) -> list[Message]:
        query = select(Message).where(Message.conversation_id == conversation_id)
        async with self.database.reading() as session:
            return list(await session.scalars(query.order_by(Message.seq)))

    async def notices(self, conversation_id: str) -> list[str]:
        return [m.text for m in await self.messages(conversation_id) if m.sender == "system"]

    async def tasks(self, conversation_id: str) -> list[Task]:
        query = select(Task).where(Task.conversation_id == conversation_id)
        async with self.database.reading() as session:
            return list(await session.scalars(query.order_by(Task.id)))

    async def outbox(self, conversation_id: str) -> list[Outbox]:
        query = select(Outbox).where(Outbox.conversation_id == conversation_id)
        async with self.database.reading() as session:
            return list(await session.scalars(query.order_by(Outbox.id)))

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        """Returns when it is true, and fails when it never is."""
        end = time.monotonic() + SECONDS
        while True:
            if await true():
                return
            assert time.monotonic() < end, "it never came to that"
            await asyncio.sleep(0.01)

    async def audit(self, action: str) -> list[Audit]:
        query = select(Audit).where(Audit.action == action).order_by(Audit.id)
        async with self.database.reading() as session:
            return list(await session.scalars(query))


@pytest.fixture
async def line(database: Database, clock: FixedClock) -> Line:
    async with database.transaction() as session:
        await build(session)
        person = Staff(
            username="li", name="李", role="consultant", password_hash="-", created_at=clock.now()
        )
        session.add(person)
        await session.flush()
    return Line(database, clock, person.id, count(1))
