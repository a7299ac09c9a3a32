"""One record per phone number, whoever comes first."""

import asyncio

from sqlalchemy import func, select

from backend.customers.service import by_phone, find_or_create
from backend.database import Database
from backend.models import Conversation, Customer
from tests.conftest import NOW
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION, OTHER_PHONE, PHONE, build


async def test_the_newest_name_that_is_not_empty_stays(database: Database) -> None:
    async with database.transaction() as session:
        first = await find_or_create(session, NOW, "王伟", PHONE, "zh")
        unnamed = await find_or_create(session, NOW, "  ", PHONE, "en")
        assert (unnamed.name, unnamed.language) == ("王伟", "en")
        renamed = await find_or_create(session, NOW, " Wang Wei ", PHONE, "zh")
        assert renamed.name == "Wang Wei"
        other = await find_or_create(session, NOW, "李娜", OTHER_PHONE, "zh")

        assert first.id == unnamed.id == renamed.id != other.id
        assert await by_phone(session, PHONE) is renamed
        assert await by_phone(session, "+8613800000009") is None


async def test_the_conversation_is_linked_and_no_other(database: Database) -> None:
    async with database.transaction() as session:
        await build(session)
        customer = await find_or_create(
            session, NOW, "王伟", PHONE, "zh", conversation_id=CONVERSATION
        )
        again = await find_or_create(
            session, NOW, "李娜", OTHER_PHONE, "zh", conversation_id=CONVERSATION
        )
    async with database.reading() as session:
        linked = await session.get(Conversation, CONVERSATION)
        other = await session.get(Conversation, OTHER_CONVERSATION)

    assert customer.id != again.id
    assert linked is not None
    assert linked.customer_id == again.id
    assert other is not None
    assert other.customer_id is None


async def test_many_at_once_make_one(database: Database) -> None:
    async def come(number: int) -> int:
        async with database.transaction() as session:
            return (await find_or_create(session, NOW, f"客户{number}", PHONE, "zh")).id

    ids = await asyncio.gather(*(come(number) for number in range(20)))

    assert len(set(ids)) == 1
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Customer)) == 1
