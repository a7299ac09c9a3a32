"""Conversations that take place on the phone or at the dealership, entered by staff.

They make one record with those of the chat: in the inbox, in the search, with their tasks. Nothing
can be sent to them.
"""

import secrets
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations.service import token_hash
from backend.conversations.transcript import append
from backend.models import Conversation, Message

OFFLINE = ("phone", "walk_in")
"""Channels on which nothing can be written to anybody."""


async def open_talk(
    session: AsyncSession,
    now: datetime,
    *,
    channel: str,
    language: str,
    customer_id: int | None,
    staff_id: int | None,
    text: str,
) -> tuple[Conversation, Message]:
    """A talk of that channel in which the customer said `text`; the colleague who entered it has
    it. Nobody holds its token, and the assistant never answers in it."""
    conversation = Conversation(
        id=uuid4().hex,
        channel=channel,
        token_hash=token_hash(secrets.token_urlsafe(32)),
        locale=None,
        language=language,
        owner="staff" if staff_id else "assistant",
        assignee_id=staff_id,
        customer_id=customer_id,
        reachable=False,
        created_at=now,
        updated_at=now,
    )
    session.add(conversation)
    await session.flush()
    message = append(conversation, now, sender="customer", text=text)
    session.add(message)
    await session.flush()
    # Whoever wrote it down has read it.
    conversation.staff_seen_seq = conversation.last_seq
    return conversation, message
