"""Conversations to be searched, written as services write them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend import search
from backend.models import Conversation, Customer, Message
from tests.conftest import NOW


async def converse(
    session: AsyncSession,
    key: str,
    *texts: str,
    since: datetime = NOW,
    customer: Customer | None = None,
    **values: Any,
) -> Conversation:
    """A conversation with these messages, one a minute; `key` is repeated to make its id."""
    conversation = Conversation(
        id=(key * 32)[:32], channel=values.pop("channel", "web"), token_hash=key,
        customer_id=customer.id if customer else None, created_at=since,
        updated_at=since + timedelta(minutes=max(len(texts) - 1, 0)), **values,
    )  # fmt: skip
    session.add(conversation)
    await session.flush()
    for seq, text in enumerate(texts, 1):
        await say(session, conversation, seq, text, since + timedelta(minutes=seq - 1))
    return conversation


async def say(
    session: AsyncSession, conversation: Conversation, seq: int, text: str, at: datetime
) -> Message:
    message = Message(
        id=f"{conversation.id}-{seq}", conversation_id=conversation.id, seq=seq,
        sender="customer", text=text, channel="web", sent_at=at,
    )  # fmt: skip
    session.add(message)
    await session.flush()
    return message


async def person(
    session: AsyncSession, name: str, phone: str | None = None, language: str = "zh"
) -> Customer:
    customer = Customer(name=name, phone=phone, language=language, created_at=NOW)
    session.add(customer)
    await session.flush()
    return customer


async def keys(session: AsyncSession, text: str, **given: Any) -> str:
    """The first letters of the ids that are found, in their order."""
    found = await search.find(session, text, **given)
    return "".join(hit.conversation_id[0] for hit in found.hits)


def marked(hit: search.Hit) -> str:
    """The snippet with what was found in brackets."""
    return "".join(f"[{part.text}]" if part.found else part.text for part in hit.snippet)
