"""Saying again what was said last."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.answers import answers
from bot.actions.base import Events
from bot.actions.cars import remember
from bot.actions.context import Turn

HELD_FOR_ONE = ("pending", "held")
"""What the topic keeps for the next message only."""


@answers("repeat")
async def repeat(turn: Turn, session: AsyncSession) -> Events:
    """The texts and buttons of the last turn; inside a form nothing, since it asks again."""
    if turn.tracker.active_loop_name:
        return []
    said = last_said(turn)
    for one in said:
        data = one.get("data") or {}
        cards = (data.get("custom") or {}).get("cards")
        turn.tell(one.get("text") or "", buttons=data.get("buttons"), cards=cards)
    if not said:
        turn.say("utter_greet")
    return _renewed(turn)


def last_said(turn: Turn) -> list[dict[str, Any]]:
    """The utterances of the last turn in which the assistant said anything, in their order."""
    said: list[dict[str, Any]] = []
    for event in reversed(turn.tracker.events):
        if event.get("event") == "bot":
            said.append(event)
        elif event.get("event") == "user" and said:
            break
    return said[::-1]


def _renewed(turn: Turn) -> Events:
    """A question that is repeated can still be answered: what it proposed holds once more."""
    topic = turn.slot("topic") or {}
    counts: dict[str, Any] = {
        key: {**topic[key], "after": turn.message_id}
        for key in HELD_FOR_ONE
        if turn.follows((topic.get(key) or {}).get("after"))
    }
    if not counts:
        return []
    if topic.get("offer"):
        counts["offer"] = topic["offer"]
    return [remember(turn, **counts)]
