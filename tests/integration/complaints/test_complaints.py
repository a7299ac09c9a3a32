"""Complaints on the store: number, deadline, contact, and once per message."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints.service import attach_contact, find, find_by_number, lodge
from backend.complaints.thread import case_of
from backend.customers.service import find_or_create
from backend.database import Database
from backend.errors import NotFoundError
from backend.models import Audit, Complaint, Conversation, ServiceBooking, Vehicle
from tests.conftest import NOW
from tests.integration.world import (
    CONVERSATION,
    OTHER_CONVERSATION,
    OTHER_PHONE,
    PHONE,
    at,
    build,
)

TEXT = "变速箱修了三次还是没修好"


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.transaction() as session:
        await build(session)
        yield session


async def complain(
    session: AsyncSession, message: str = "m1", text: str = TEXT, phone: str | None = None
) -> Complaint:
    lodged = await lodge(
        session, NOW, text, conversation_id=CONVERSATION, message_id=message, action="complain",
        phone=phone, name="王伟",
    )  # fmt: skip
    assert not lodged.already
    return lodged.complaint


async def test_a_complaint_is_complete(session: AsyncSession) -> None:
    complaint = await complain(session)

    assert complaint.number == "CP261125-0001"
    assert (complaint.category, complaint.severity) == ("quality", "high")
    assert (complaint.state, complaint.text) == ("open", TEXT)
    assert complaint.due_at == at("25 15:30")
    assert complaint.customer is None
    await session.flush()
    line = (await session.scalars(select(Audit))).one()
    assert (line.action, line.actor) == ("complaint.lodged", f"conversation:{CONVERSATION}")
    assert TEXT not in str(line.data)


async def test_the_same_message_lodges_once(session: AsyncSession) -> None:
    first = await complain(session)
    again = await lodge(
        session, NOW, "别的", conversation_id=CONVERSATION, message_id="m1", action="complain"
    )

    assert again.already
    assert again.complaint == first
    assert again.complaint.text == TEXT


async def test_two_tries_of_one_message_at_once_lodge_once(database: Database) -> None:
    async with database.transaction() as session:
        await build(session)

    async def attempt() -> tuple[str, bool]:
        async with database.transaction() as session:
            lodged = await lodge(
                session, NOW, TEXT, conversation_id=CONVERSATION, message_id="m1", action="c"
            )
            return lodged.complaint.number, lodged.already

    results = await asyncio.gather(*(attempt() for _ in range(10)))

    assert {number for number, _ in results} == {"CP261125-0001"}
    assert [already for _, already in results].count(False) == 1


async def test_with_a_phone_it_belongs_to_the_customer(session: AsyncSession) -> None:
    complaint = await complain(session, phone=PHONE)

    assert complaint.customer is not None
    assert (complaint.customer.name, complaint.contact_phone) == ("王伟", PHONE)
    assert await find_by_number(session, " cp261125-0001", PHONE) == complaint
    assert await find_by_number(session, complaint.number, OTHER_PHONE) is None


async def test_the_conversations_customer_is_known(session: AsyncSession) -> None:
    customer = await find_or_create(session, NOW, "王伟", PHONE, "zh", conversation_id=CONVERSATION)
    complaint = await complain(session)

    assert complaint.customer is customer
    assert complaint.contact_phone is None
    assert await find_by_number(session, complaint.number, PHONE) == complaint


async def test_contact_is_added_afterwards(session: AsyncSession) -> None:
    complaint = await complain(session)

    found = await attach_contact(session, NOW, complaint.id, PHONE, "王伟")

    assert found is complaint
    assert found.contact_phone == PHONE
    assert found.customer is not None
    assert found.customer.name == "王伟"
    conversation = await session.get(Conversation, CONVERSATION, populate_existing=True)
    assert conversation is not None
    assert conversation.customer_id == found.customer_id
    actions = list(await session.scalars(select(Audit.action).order_by(Audit.id)))
    assert actions == ["complaint.lodged", "complaint.contact"]
    with pytest.raises(NotFoundError):
        await attach_contact(session, NOW, 999, PHONE)


async def test_found_in_their_conversation_newest_first(session: AsyncSession) -> None:
    first = await complain(session)
    second = await complain(session, "m2", "前台态度差")

    assert await find(session, CONVERSATION) == [second, first]
    assert await find(session, OTHER_CONVERSATION) == []
    assert second.number == "CP261125-0002"


async def test_it_is_linked_to_what_is_named_or_evident(session: AsyncSession) -> None:
    customer = await find_or_create(session, NOW, "王伟", PHONE, "zh", conversation_id=CONVERSATION)
    stranger = await find_or_create(session, NOW, "李雷", OTHER_PHONE, "zh")
    car = Vehicle(customer_id=customer.id, plate="浙A12345", created_at=NOW)
    session.add(car)
    await session.flush()
    visits = []
    for number, who, start in (
        ("SV261120-0001", customer, at("20 10:00")),
        ("SV261124-0001", stranger, at("24 10:00")),
        ("SV261127-0001", customer, at("27 10:00")),
    ):
        visit = ServiceBooking(
            number=number, state="done", bay=1, customer_id=who.id, items=[], starts_at=start,
            vehicle_id=car.id if who is customer else None,
            ends_at=start + timedelta(hours=1), created_at=NOW, source_message_id=number,
            source_action="x",
        )  # fmt: skip
        session.add(visit)
        await session.flush()
        visits.append(visit)
    evident = await complain(session, "m1", "上次保养完车门被刮花了")
    named = await complain(session, "m2", "SV261124-0001 那次，还有 SV261127-0001 收费不对")
    other = await complain(session, "m3", "展厅太冷")
    cases = [await case_of(session, one.id) for one in (evident, named, other)]
    assert [case.service_booking_id for case in cases] == [
        visits[0].id,  # the last that has begun
        visits[2].id,  # that of somebody else is not linked, whoever names it
        None,
    ]
    assert [case.vehicle_id for case in cases] == [car.id] * 3
