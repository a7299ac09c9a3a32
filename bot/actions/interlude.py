"""What lies between two messages that the assistant has seen: a person may have talked meanwhile.

While a person has the conversation the assistant hears nothing. It still knows what it knew; but
what it had asked or offered is not what the customer answers when he writes to it again.
"""

from typing import Any

from rasa_sdk.events import SlotSet
from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from backend.models import Message
from bot.actions.context import Turn

FOR_NEXT = ("offer", "pending", "held", "unsure_at", "line", "triage")
"""What the topic keeps for the customer's next message only."""


_current = aliased(Message)
_LAST_OF_EACH = (
    select(Message.sender, func.max(Message.seq))
    .join(_current, _current.conversation_id == Message.conversation_id)
    .where(
        _current.id == bindparam("message"),
        Message.seq < _current.seq,
        (Message.sender == "staff") | (Message.turn == "done"),
    )
    .group_by(Message.sender)
)


async def person_spoke(turn: Turn, session: AsyncSession) -> bool:
    """Whether staff wrote to the customer since the last message that the assistant answered.

    Asked only where it matters: with a form open, or something offered.
    """
    topic = turn.slot("topic") or {}
    if not turn.tracker.active_loop_name and not any(topic.get(key) for key in FOR_NEXT):
        return False
    rows = await session.execute(_LAST_OF_EACH, {"message": turn.message_id})
    last = {str(sender): int(seq) for sender, seq in rows}
    return last.get("staff", 0) > last.get("customer", 0)


def forget_offers(turn: Turn) -> list[dict[str, Any]]:
    """Takes back, from this turn on, what only the message before could have answered."""
    kept = {k: v for k, v in (turn.slot("topic") or {}).items() if k not in FOR_NEXT}
    if kept == (turn.slot("topic") or {}):
        return []
    turn.slots["topic"] = kept
    return [SlotSet("topic", kept)]
