"""Questions of the forms in fixed words."""

from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.base import Events, JourneyAction
from bot.actions.context import Turn


class AskPlainly:
    """Asks for one slot in fixed words, unless what was just said asks for it already."""

    slot: ClassVar[str]

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if turn.slot("asked") != self.slot:
            turn.say(f"utter_ask_{self.slot}")
        return []


class AskName(JourneyAction):
    """Asks for the phone in the same breath, where that is not known either."""

    action = "action_ask_customer_name"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if turn.slot("asked") != "customer_name":
            known = turn.slot("customer_phone")
            also = turn.either("，手机号是多少", ", and what is your phone number")
            turn.say("utter_ask_customer_name", also="" if known else also)
        return []


class AskPhone(AskPlainly, JourneyAction):
    action = "action_ask_customer_phone"
    slot = "customer_phone"


class AskPlate(AskPlainly, JourneyAction):
    action = "action_ask_service_plate"
    slot = "service_plate"
