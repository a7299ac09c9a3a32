"""A car that is due is spoken of once, in the conversation that wishes it, and in good time."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.outcomes import Booked
from backend.clock import FixedClock
from backend.conversations import outbox
from backend.conversations.service import lock
from backend.database import Database
from backend.models import (
    Choice,
    Conversation,
    Message,
    Outbox,
    PlanConsent,
    ServiceBooking,
    ServiceInterval,
    ServiceItem,
    Vehicle,
)
from backend.workshop import plan_reminders
from backend.workshop.history import record_mileage
from backend.workshop.plan_reminders import CATEGORY, PlanReminders, consent, withdraw
from backend.workshop.service import book_service, cancel_service
from backend.workshop.visits import arrive, complete
from tests.conftest import NOW
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION, at, build, visit

DAY = timedelta(days=1)
BUDGET = 3
WHEN = at("26 15:00")


@dataclass
class Shop:
    """A car that came on 26 November with 20,000 km for its oil, and is to be told when due."""

    database: Database
    clock: FixedClock
    vehicle: int

    async def looks(self, budget: int = BUDGET) -> int:
        return await PlanReminders(self.database, self.clock, budget).look()

    async def rows(self) -> list[Outbox]:
        async with self.database.reading() as session:
            # Bookings have reminders of their own.
            planned = select(Outbox).where(Outbox.category == CATEGORY).order_by(Outbox.id)
            return list(await session.scalars(planned))

    async def told(self) -> Message | None:
        """What the sender says of it once it is due."""
        async with self.database.transaction() as session:
            held = await lock(session, CONVERSATION)
            due = max((row.due_at for row in await self.rows()), default=self.clock.now())
            now = max(due, self.clock.now())
            await outbox.claim(session, now, held, "sender", most=5, budget=BUDGET)
        async with self.database.reading() as session:
            ids = select(Outbox.message_id).where(Outbox.category == CATEGORY)
            return await session.scalar(select(Message).where(Message.id.in_(ids)))

    async def later(self, days: int) -> None:
        self.clock.advance(days * DAY)

    async def reads(self, km: int, conversation: str = CONVERSATION) -> None:
        """The customer says what his car shows."""
        async with self.database.transaction() as session:
            await record_mileage(
                session, self.clock.now(), self.vehicle, km,
                source="customer", conversation_id=conversation,
            )  # fmt: skip

    async def books(self) -> ServiceBooking:
        async with self.database.transaction() as session:
            now = self.clock.now()
            wall = now.astimezone(WHEN.tzinfo).replace(hour=10, minute=0)
            for ahead in range(2, 9):
                request = visit(wall + ahead * DAY, f"m{now:%j}", mileage_km=None)
                made = await book_service(session, now, request)
                if isinstance(made, Booked):
                    return made.booking
        raise AssertionError("no free day")


@pytest.fixture
async def shop(database: Database, clock: FixedClock) -> AsyncIterator[Shop]:
    async with database.transaction() as session:
        await build(session)
        request = visit(WHEN, items=("oil",), told_total=48_000, mileage_km=20_000)
        made = await book_service(session, NOW, request)
        assert isinstance(made, Booked)
        await arrive(session, WHEN, made.booking.id, "staff:1")
        await complete(
            session, WHEN + timedelta(minutes=40), made.booking.id, "staff:1", mileage_km=20_000
        )
        vehicle = int(made.booking.vehicle_id or 0)
        await consent(session, NOW, CONVERSATION, vehicle)
    clock.advance(WHEN + timedelta(hours=1) - NOW)
    yield Shop(database, clock, vehicle)


async def on_the_road(shop: Shop) -> None:
    """Sixty days later at 24,000 km: some 66 km a day, so that 30,000 come in 91 more."""
    await shop.later(60)
    await shop.reads(24_000)


async def due_by_mileage(shop: Shop) -> list[Outbox]:
    """The reminder, once the estimate is near enough to 30,000 km."""
    await on_the_road(shop)
    assert await shop.looks() == 0
    await shop.later(80)
    assert await shop.looks() == 1
    return await shop.rows()


async def only_oil(shop: Shop) -> None:
    """Of the menu of this world only the oil is watched: the rest was never done here."""
    async with shop.database.transaction() as session:
        rows = await session.scalars(
            select(ServiceInterval).join(ServiceInterval.item).where(ServiceItem.code != "oil")
        )
        for row in rows:
            row.approved_by = row.approved_at = None


async def test_due_by_the_mileage_that_his_own_readings_foretell(shop: Shop) -> None:
    await only_oil(shop)
    (row,) = await due_by_mileage(shop)
    assert (row.conversation_id, row.category, row.state) == (CONVERSATION, "follow_up", "planned")
    said = await shop.told()
    assert said is not None
    assert said.text.startswith(
        "浙A12345快到保养时间了：机油机滤更换。按您报过的里程推算，现在约 29,"
    )
    assert [button["title"] for button in said.buttons or []] == ["现在预约"]
    async with shop.database.reading() as session:
        (choice,) = await session.scalars(select(Choice).where(Choice.message_id == said.id))
    intent, _, known = choice.payload.partition("{")
    assert intent == "/book_maintenance"
    assert json.loads("{" + known) == {
        "service_item": ["oil"], "model": "shanyu",
        "plate": {"plate": "浙A12345", "valid": True},
    }  # fmt: skip
    # In opening hours of the workshop.
    local = row.due_at.astimezone(WHEN.tzinfo)
    assert 8 <= local.hour < 18


async def test_due_by_date_though_it_hardly_drove(shop: Shop) -> None:
    await only_oil(shop)
    await shop.later(300)
    assert await shop.looks() == 0
    await shop.later(40)
    assert await shop.looks() == 1
    said = await shop.told()
    assert said is not None
    assert "按保养周期，应在 11月26日（周五） 前后做。" in said.text.replace("2027年", "")


async def test_in_the_language_of_the_conversation(shop: Shop) -> None:
    await only_oil(shop)
    await due_by_mileage(shop)
    async with shop.database.transaction() as session:
        conversation = await session.get_one(Conversation, CONVERSATION)
        conversation.language = "en"
    said = await shop.told()
    assert said is not None
    assert said.text.startswith("Your car 浙A12345 is nearly due: Oil and filter. Going by")
    assert [button["title"] for button in said.buttons or []] == ["Book it now"]


async def test_what_is_not_due_any_more_when_it_leaves_is_not_said(shop: Shop) -> None:
    """Between the look at the car and the sending its schedule was withdrawn."""
    await only_oil(shop)
    await due_by_mileage(shop)
    async with shop.database.transaction() as session:
        for row in await session.scalars(select(ServiceInterval)):
            row.approved_by = row.approved_at = None
    assert await shop.told() is None
    assert [row.state for row in await shop.rows()] == ["withdrawn"]


async def test_once_for_each_service(shop: Shop) -> None:
    await only_oil(shop)
    await due_by_mileage(shop)
    assert await shop.looks() == 0  # the same day
    async with shop.database.transaction() as session:
        for row in await session.scalars(select(Outbox)):
            row.state, row.sent_at = "sent", shop.clock.now()
    for _ in range(3):
        await shop.later(20)
        assert await shop.looks() == 0
    assert len(await shop.rows()) == 1


async def test_several_backends_plan_it_once(shop: Shop) -> None:
    await only_oil(shop)
    await on_the_road(shop)
    await shop.later(80)
    found = await asyncio.gather(*(shop.looks() for _ in range(5)))
    assert sum(found) == 1
    assert len(await shop.rows()) == 1


async def test_a_visit_that_is_booked_withdraws_it(shop: Shop) -> None:
    await only_oil(shop)
    await due_by_mileage(shop)
    booking = await shop.books()
    assert [row.state for row in await shop.rows()] == ["withdrawn"]
    await shop.later(1)
    assert await shop.looks() == 0
    # Called off again, the car is as due as before.
    async with shop.database.transaction() as session:
        again = await session.get_one(ServiceBooking, booking.id)
        await cancel_service(session, shop.clock.now(), again, "test:1")
    await shop.later(1)
    assert await shop.looks() == 1
    assert [row.state for row in await shop.rows()] == ["planned"]


async def test_within_the_weekly_budget(shop: Shop) -> None:
    await only_oil(shop)
    await on_the_road(shop)
    await shop.later(80)
    now = shop.clock.now()
    async with shop.database.transaction() as session:
        session.add(
            Outbox(
                conversation_id=CONVERSATION, category="survey", key="survey:1", state="sent",
                due_at=now, next_at=now, created_at=now, sent_at=now,
            )
        )  # fmt: skip
    assert await shop.looks(budget=1) == 0
    await shop.later(8)
    assert await shop.looks(budget=1) == 1


async def test_only_where_it_is_wished(shop: Shop) -> None:
    await only_oil(shop)
    async with shop.database.transaction() as session:
        assert await withdraw(session, NOW, CONVERSATION) == 1
        # Somebody who merely names the plate learns nothing of it.
        await consent(session, NOW, OTHER_CONVERSATION, shop.vehicle)
    await on_the_road(shop)
    await shop.later(300)
    assert await shop.looks() == 0
    assert await shop.rows() == []


async def test_withdrawing_calls_off_what_is_planned(shop: Shop) -> None:
    await only_oil(shop)
    await due_by_mileage(shop)
    async with shop.database.transaction() as session:
        await withdraw(session, shop.clock.now(), CONVERSATION)
    assert [row.state for row in await shop.rows()] == ["withdrawn"]
    await shop.later(1)
    assert await shop.looks() == 0


async def test_nobody_who_cannot_be_reached(shop: Shop) -> None:
    await only_oil(shop)
    async with shop.database.transaction() as session:
        conversation = await session.get_one(Conversation, CONVERSATION)
        conversation.reachable = False
    await on_the_road(shop)
    await shop.later(80)
    assert await shop.looks() == 0


async def test_it_starts_and_stops_with_the_process(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await only_oil(shop)
    await on_the_road(shop)
    await shop.later(80)
    looked = asyncio.Event()
    real = plan_reminders.look

    async def look(session: AsyncSession, now: datetime, one: int, budget: int) -> Outbox | None:
        try:
            return await real(session, now, one, budget)
        finally:
            looked.set()

    monkeypatch.setattr(plan_reminders, "look", look)
    job = PlanReminders(shop.database, shop.clock, BUDGET)
    await job.start()
    await asyncio.wait_for(looked.wait(), 10)
    await job.stop()
    await job.stop()
    async with shop.database.reading() as session:
        row = (await session.scalars(select(PlanConsent))).one()
        vehicle = await session.get_one(Vehicle, row.vehicle_id)
    assert vehicle.plate == "浙A12345"
    assert row.looked_on is None or row.looked_on > date(2026, 11, 26)
    assert timedelta(days=7) == outbox.BUDGET_PERIOD
