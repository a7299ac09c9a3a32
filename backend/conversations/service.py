"""Conversations: opening one, finding it by its key, holding it, rating it.

Everything here runs in the caller's transaction.
"""

import hashlib
import secrets
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import NotFoundError, UnauthorizedError
from backend.models import Conversation, Rating

LANGUAGES = ("zh", "en")


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


async def start(
    session: AsyncSession, now: datetime, *, channel: str, locale: str | None
) -> tuple[Conversation, str]:
    """Opens a conversation. The returned token is its only key and is not stored."""
    token = secrets.token_urlsafe(32)
    language = "en" if locale is not None and locale.lower().startswith("en") else "zh"
    conversation = Conversation(
        id=uuid4().hex,
        channel=channel,
        token_hash=token_hash(token),
        locale=locale,
        language=language,
        created_at=now,
        updated_at=now,
    )
    session.add(conversation)
    await session.flush()
    return conversation, token


async def authenticate(session: AsyncSession, token: str) -> Conversation:
    """The conversation that `token` opens. Raises UnauthorizedError."""
    found = await session.scalar(
        select(Conversation).where(Conversation.token_hash == token_hash(token))
    )
    if found is None:
        raise UnauthorizedError("this conversation is not known")
    return found


async def lock(session: AsyncSession, conversation_id: str) -> Conversation:
    """The conversation, held until the transaction ends. Raises NotFoundError."""
    found = await session.scalar(
        select(Conversation).where(Conversation.id == conversation_id).with_for_update(),
        # What was read before it was held may have changed since.
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NotFoundError("no such conversation")
    return found


async def rate(
    session: AsyncSession, now: datetime, conversation: Conversation, score: int, comment: str
) -> None:
    """Keeps the customer's latest rating of the conversation, 1 to 5."""
    await lock(session, conversation.id)
    rating = await session.scalar(select(Rating).where(Rating.conversation_id == conversation.id))
    if rating is None:
        rating = Rating(conversation_id=conversation.id, score=score, created_at=now)
        session.add(rating)
    rating.score, rating.comment, rating.created_at = score, comment, now
