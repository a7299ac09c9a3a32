"""A day at the small dealership: bookings, and what customers hear of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.appointments import preparation
from backend.appointments import service as drives
from backend.appointments.outcomes import Booked
from backend.appointments.preparation import Checked, Findings
from backend.conversations import outbox
from backend.conversations.service import lock
from backend.database import Database
from backend.models import Audit, DemoCar, Message, Outbox, Task, TestDriveBooking
from tests.conftest import NOW
from tests.integration.world import CONVERSATION, at, drive

WELL = {"condition": True, "cleanliness": True, "energy": True, "tyres": True, "papers": True}
WHEN = at("26 15:00")


@dataclass
class Day:
    database: Database
    now: datetime = NOW
    count: int = 0

    async def book(self, when: datetime = WHEN, **changes: Any) -> TestDriveBooking:
        self.count += 1
        given = {"message": f"m{self.count}", "phone": f"+8613800000{self.count:03d}", **changes}
        async with self.database.transaction() as session:
            made = await drives.book_test_drive(session, self.now, drive(when, **given))
        assert isinstance(made, Booked), made
        return made.booking

    async def again(self, booking: TestDriveBooking) -> TestDriveBooking:
        async with self.database.reading() as session:
            return await session.get_one(TestDriveBooking, booking.id)

    async def check(self, car_id: int, **findings: bool) -> Checked:
        async with self.database.transaction() as session:
            return await preparation.check_car(
                session, self.now, car_id, Findings(**{**WELL, **findings}), actor="staff:1"
            )

    async def car(self, car_id: int) -> str:
        async with self.database.reading() as session:
            return (await session.get_one(DemoCar, car_id)).state

    async def heard(self, conversation_id: str = CONVERSATION) -> list[Message]:
        async with self.database.reading() as session:
            query = select(Message).where(Message.conversation_id == conversation_id)
            return list(await session.scalars(query.order_by(Message.seq)))

    async def tasks(self) -> list[Task]:
        async with self.database.reading() as session:
            return list(await session.scalars(select(Task).order_by(Task.id)))

    async def audit(self) -> list[tuple[str, str]]:
        async with self.database.reading() as session:
            rows = await session.scalars(select(Audit).order_by(Audit.id))
            return [(row.actor, row.action) for row in rows]

    async def planned(self) -> dict[str, datetime]:
        async with self.database.reading() as session:
            rows = await session.scalars(select(Outbox).where(Outbox.state == "planned"))
            return {row.key or "": row.due_at for row in rows}

    async def look(self, moment: datetime) -> list[Message]:
        """What customers hear when the sender looks at that moment."""
        self.now = moment
        async with self.database.reading() as session:
            before = set(await session.scalars(select(Message.id)))
            due = await outbox.due_conversations(session, moment, 100)
        for conversation_id in due:
            async with self.database.transaction() as session:
                held = await lock(session, conversation_id)
                await outbox.claim(session, moment, held, "sender", most=5, budget=3)
        async with self.database.reading() as session:
            said = await session.scalars(select(Message).order_by(Message.seq))
            return [message for message in said if message.id not in before]
