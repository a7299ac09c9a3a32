"""Praise, suggestions, how it was: the words go to those who can do something with them."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.context import Turn
from bot.actions.drive_feedback import take_feedback


@answers("feedback")
async def feedback(turn: Turn, session: AsyncSession) -> Events:
    answered = await take_feedback(turn, session)
    if answered is not None:
        return answered
    await ask_colleague(turn, session, kind="feedback")
    turn.say("utter_feedback")
    return []
