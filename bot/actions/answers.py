"""Which function answers which question; journeys register theirs here by intent."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.base import Events
from bot.actions.context import Turn

Answer = Callable[[Turn, AsyncSession], Awaitable[Events]]

ANSWERS: dict[str, Answer] = {}


def answers(*intents: str) -> Callable[[Answer], Answer]:
    """Registers a function as the answer to these intents. Raises ValueError if one has one."""

    def register(answer: Answer) -> Answer:
        for intent in intents:
            if intent in ANSWERS:
                raise ValueError(f"{intent} has an answer already")
            ANSWERS[intent] = answer
        return answer

    return register


async def answer_as(intent: str, turn: Turn, session: AsyncSession) -> Events:
    """The answer to one of several wishes in a message: as if the message were that wish alone."""
    taken_for = turn.intent
    turn.intent = intent
    try:
        return await ANSWERS[intent](turn, session)
    finally:
        turn.intent = taken_for
