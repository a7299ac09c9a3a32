"""Complaints in a small dealership with colleagues, on both databases."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

import pytest
from sqlalchemy import select

from backend.clock import FixedClock
from backend.complaints import handling, service
from backend.complaints.handling import By
from backend.conversations.service import lock
from backend.conversations.transcript import append
from backend.database import Database
from backend.models import (
    Complaint,
    ComplaintCase,
    ComplaintEvent,
    ComplaintRule,
    Message,
    Outbox,
    Staff,
    Task,
)
from tests.conftest import NOW
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION, build

TEXT = "变速箱修了三次还是没修好"


def rule(severity: str, unit: str, amount: int, *escalate: int) -> ComplaintRule:
    return ComplaintRule(
        severity=severity, unit=unit, amount=amount, escalate_minutes=list(escalate),
        source="办法", source_en="Rules", approved_by="店总", approved_at=NOW,
        valid_from=date(2026, 1, 1), valid_until=None,
    )  # fmt: skip


@dataclass
class Desk:
    """The store, its clock, and what is done about complaints in it."""

    database: Database
    clock: FixedClock
    people: dict[str, int]
    numbers: "count[int]"

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def by(self, who: str, key: str | None = None) -> By:
        return By(f"staff:{self.people[who]}", self.people[who], key)

    async def lodge(self, text: str = TEXT, conversation_id: str = CONVERSATION) -> int:
        async with self.database.transaction() as session:
            lodged = await service.lodge(
                session, self.now, text, conversation_id=conversation_id,
                message_id=f"l{next(self.numbers)}", action="complaint",
            )  # fmt: skip
            return lodged.complaint.id

    async def resolve(self, complaint_id: int, who: str = "li", result: str = "已免费重修") -> None:
        async with self.database.transaction() as session:
            await handling.find_cause(
                session, self.now, complaint_id, self.by(who), cause="装配错误", remedy="重修"
            )
            await handling.resolve(session, self.now, complaint_id, self.by(who), result=result)

    async def says(self, text: str, conversation_id: str = CONVERSATION) -> str:
        """A message of the customer, stored; its id."""
        async with self.database.transaction() as session:
            conversation = await lock(session, conversation_id)
            message = append(conversation, self.now, sender="customer", text=text)
            session.add(message)
            return message.id

    async def complaint(self, complaint_id: int) -> tuple[Complaint, ComplaintCase]:
        async with self.database.reading() as session:
            return (
                await session.get_one(Complaint, complaint_id),
                await session.get_one(ComplaintCase, complaint_id),
            )

    async def kinds(self, complaint_id: int) -> list[str]:
        query = select(ComplaintEvent.kind).where(ComplaintEvent.complaint_id == complaint_id)
        async with self.database.reading() as session:
            return list(await session.scalars(query.order_by(ComplaintEvent.id)))

    async def told(self, conversation_id: str = CONVERSATION) -> list[Message]:
        """What the customer reads that he did not write."""
        query = select(Message).where(
            Message.conversation_id == conversation_id, Message.sender != "customer"
        )
        async with self.database.reading() as session:
            return list(await session.scalars(query.order_by(Message.seq)))

    async def tasks(self, state: str = "open") -> list[Task]:
        query = select(Task).where(Task.state == state).order_by(Task.id)
        async with self.database.reading() as session:
            return list(await session.scalars(query))

    async def outbox(self) -> list[Outbox]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Outbox).order_by(Outbox.id)))


@pytest.fixture
async def desk(database: Database, clock: FixedClock) -> Desk:
    people = {}
    async with database.transaction() as session:
        await build(session)
        session.add_all(
            [
                rule("critical", "minutes", 120, 60, 30),
                rule("high", "working_minutes", 240, 120, 60),
                rule("normal", "working_days", 1, 240, 60),
            ]
        )
        for name, role in (
            ("li", "consultant"), ("chen", "service_advisor"), ("zhou", "manager"),
            ("su", "admin"),
        ):  # fmt: skip
            person = Staff(
                username=name, name={"li": "李强", "chen": "陈晨"}.get(name, name), role=role,
                password_hash="-", created_at=NOW,
            )  # fmt: skip
            session.add(person)
            await session.flush()
            people[name] = person.id
    return Desk(database, clock, people, count(1))


__all__ = ["CONVERSATION", "OTHER_CONVERSATION", "Desk", "rule"]
