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
