"""The customer ends the conversation himself."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.conversations.ownership import set_owner
from backend.conversations.service import lock


async def end(session: AsyncSession, now: datetime, conversation_id: str) -> bool:
    """Closes the conversation until he writes again; a colleague who had it has it no more, what
    staff have to do because of it stays to be done.

    False when it was closed already, or he waits for a person: what he was promised he is told
    here, so he keeps his place. Raises NotFoundError.
    """
    conversation = await lock(session, conversation_id)
    if conversation.state == "closed" or conversation.owner == "waiting":
        return False
    actor = f"conversation:{conversation.id}"
    set_owner(session, now, conversation, "assistant", actor=actor)
    conversation.state = "closed"
    conversation.updated_at = now
    audit.record(
        session,
        now,
        actor=actor,
        action="conversation.closed",
        subject=f"conversation:{conversation.id}",
        data={},
    )
    return True
