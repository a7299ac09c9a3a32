"""Who has a conversation: the assistant, nobody yet (waiting), or a member of staff."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.models import Conversation


def set_owner(
    session: AsyncSession,
    now: datetime,
    conversation: Conversation,
    owner: str,
    *,
    actor: str,
    assignee_id: int | None = None,
) -> None:
    """The one place where the owner of a conversation changes; the row is held by the caller."""
    if conversation.owner == owner and conversation.assignee_id == assignee_id:
        return
    audit.record(
        session,
        now,
        actor=actor,
        action="conversation.owner",
        subject=f"conversation:{conversation.id}",
        data={"from": conversation.owner, "to": owner, "assignee": assignee_id},
    )
    if owner != conversation.owner:
        conversation.waiting_since = now if owner == "waiting" else None
    conversation.owner = owner
    conversation.assignee_id = assignee_id
    conversation.updated_at = now


async def place_in_line(session: AsyncSession, conversation: Conversation) -> int:
    """How many wait, this one included, that came no later; 0 when it does not wait."""
    since = conversation.waiting_since
    if conversation.owner != "waiting" or since is None:
        return 0
    earlier = or_(
        Conversation.waiting_since < since,
        and_(Conversation.waiting_since == since, Conversation.id <= conversation.id),
    )
    counted = select(func.count()).where(
        Conversation.owner == "waiting", Conversation.assignee_id.is_(None), earlier
    )
    return int(await session.scalar(counted) or 0)
