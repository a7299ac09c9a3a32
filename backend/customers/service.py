"""One record per person, found by the phone number."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Conversation, Customer


async def find_or_create(
    session: AsyncSession,
    now: datetime,
    name: str,
    phone: str,
    language: str,
    *,
    conversation_id: str | None = None,
) -> Customer:
    """The customer with that E.164 number, made if need be; safe against a simultaneous one.

    The newest name that is not empty stays, and the newest language. With a
    `conversation_id` the conversation is linked to the customer.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    name = name.strip()
    changes = {"language": language, **({"name": name} if name else {})}
    statement = (
        insert(Customer)
        .values(name=name, phone=phone, language=language, created_at=now)
        .on_conflict_do_update(index_elements=[Customer.phone], set_=changes)
        .returning(Customer)
    )
    found = await session.scalars(statement, execution_options={"populate_existing": True})
    customer = found.one()
    if conversation_id is not None:
        await link(session, conversation_id, customer.id)
    return customer


async def told(
    session: AsyncSession,
    now: datetime,
    name: str | None,
    phone: str,
    conversation_id: str | None,
) -> Customer:
    """The customer with the phone that was told in a conversation, in the language spoken there
    and linked with it; of no conversation he speaks Chinese."""
    conversation = await session.get(Conversation, conversation_id) if conversation_id else None
    return await find_or_create(
        session,
        now,
        name or "",
        phone,
        conversation.language if conversation else "zh",
        conversation_id=conversation_id,
    )


async def link(session: AsyncSession, conversation_id: str, customer_id: int) -> None:
    """Says whose conversation it is; writes only when that changes."""
    await session.execute(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            or_(Conversation.customer_id.is_(None), Conversation.customer_id != customer_id),
        )
        .values(customer_id=customer_id)
    )


async def by_phone(session: AsyncSession, phone: str) -> Customer | None:
    """The customer with that E.164 number, if known."""
    return await session.scalar(select(Customer).where(Customer.phone == phone))
