"""The wish to be told when the car is due, and the wish to hear no more of it."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Vehicle
from backend.workshop import plan_reminders
from backend.workshop.history import own_cars
from bot.actions import wording
from bot.actions.base import Events, JourneyAction
from bot.actions.context import Button, Turn

_NO_MORE = re.compile(
    r"(?:不|别|不要|不用|停止|取消|关闭)(?:再|想再)?(?!忘).{0,8}提醒|提醒.{0,4}(?:关|取消|停)"
    r"|\b(?:no more|stop|cancel|turn off|don'?t send)(?: \w+){0,3} reminders?\b",
    re.I,
)


_ASKS = re.compile(r"[吗?？]|怎么|怎样|如何|灯|\b(?:how|lamp|light|dashboard)\b", re.I)
"""A question, or the car's own reminder is meant."""


def wants_no_more(turn: Turn) -> bool:
    """Whether the words say that reminders are to stop."""
    said = not turn.pressed and bool(_NO_MORE.search(turn.text))
    return said and not _ASKS.search(turn.text)


async def offer(turn: Turn, session: AsyncSession, vehicle_id: int | None) -> list[Button]:
    """The button that asks for reminders, where they are not on yet."""
    if vehicle_id is None:
        return []
    if await plan_reminders.wished(session, turn.conversation_id, vehicle_id):
        return []
    title = turn.either("到期提醒我", "Remind me when due")
    return [wording.button(title, f'/remind_plan{{"number": {{"reference": "{vehicle_id}"}}}}')]


class RemindPlan(JourneyAction):
    """Only the button leads here; of cars that are not known in this conversation nothing."""

    action = "action_remind_plan"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        wanted = str((turn.first("number") or {}).get("reference") or "")
        for own in await own_cars(session, turn.conversation_id, turn.zone):
            if str(own.vehicle.id) == wanted:
                await plan_reminders.consent(
                    session, turn.now, turn.conversation_id, own.vehicle.id
                )
                turn.say("utter_plan_on", car=_named(own.vehicle))
                return []
        turn.say("utter_plan_needs_mileage", lines="")
        return []


async def end_reminders(turn: Turn, session: AsyncSession) -> bool:
    """Ends them at once, and says so; False when there were none."""
    if not await plan_reminders.withdraw(session, turn.now, turn.conversation_id):
        return False
    turn.say("utter_plan_off")
    return True


def _named(vehicle: Vehicle) -> str:
    return vehicle.plate or vehicle.vin or ""
