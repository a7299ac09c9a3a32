"""Telling the customer how his request for help on the road goes on, on his channel.

In the conversation in which he asked for it; of one that came by phone, in his own on a channel
that proves his number. Else somebody has to call him.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.appointments.reach import proved_by
from backend.conversations.telling import tell
from backend.conversations.transcript import Reply
from backend.customers.offline import OFFLINE
from backend.models import Conversation, Message, RoadsideRequest
from backend.texts.roadside import NEWS


async def place_of(session: AsyncSession, row: RoadsideRequest) -> Conversation | None:
    """Where he reads what is written to him; None where he has to be called."""
    own = await session.get(Conversation, row.conversation_id) if row.conversation_id else None
    if own is not None and own.channel not in OFFLINE:
        return own if own.reachable else None
    return await proved_by(session, row.phone) if row.phone else None


async def tell_state(session: AsyncSession, now: datetime, row: RoadsideRequest) -> Message | None:
    """Says the state as it is now; None where nothing can reach him, or there is nothing to say
    of that state."""
    found = await place_of(session, row)
    if found is None or row.state not in NEWS:
        return None
    hotline = (await dealership(session)).hotline
    words = {
        language: Reply(text.format(number=row.number, hotline=hotline))
        for language, text in NEWS[row.state].items()
    }
    return await tell(session, now, found.id, words)
