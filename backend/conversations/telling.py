"""Saying something to a customer that nobody asked for in this turn: news of his own records."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations import outbox
from backend.conversations.service import lock
from backend.conversations.transcript import Reply, append_reply
from backend.models import Message


async def tell(
    session: AsyncSession, now: datetime, conversation_id: str, words: Mapping[str, Reply]
) -> Message:
    """Says the reply in the conversation's language, on its channel. Raises NotFoundError.

    Holds the conversation until the transaction ends: hold it before anything planned in it is
    called off, since the sender takes them in that order.
    """
    conversation = await lock(session, conversation_id)
    said = await append_reply(
        session, now, conversation, words[conversation.language], None, sender="system"
    )
    await session.flush()
    outbox.enqueue(session, now, said, "notice")
    return said
