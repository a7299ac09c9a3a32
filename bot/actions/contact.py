"""Asking who comes, and of a visit with which car: in one question what is not known yet.

The price of a visit is told before anybody is asked who he is.
"""

from abc import abstractmethod
from typing import ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions import wording
from bot.actions.asking import also_asked
from bot.actions.base import Events, JourneyAction
from bot.actions.context import Turn
from bot.actions.maintenance_steps import tell_price
from bot.actions.wishes import VISIT_FORM


class _AskContact(JourneyAction):
    slot: ClassVar[str]

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        events: Events = []
        if turn.tracker.active_loop_name == VISIT_FORM:
            events = await tell_price(turn, session)
        if turn.slot("asked") != self.slot:
            self.ask(turn, also_asked(turn, self.slot))
        return events

    @abstractmethod
    def ask(self, turn: Turn, also: tuple[str, ...]) -> None: ...


class AskName(_AskContact):
    action = "action_ask_customer_name"
    slot = "customer_name"

    def ask(self, turn: Turn, also: tuple[str, ...]) -> None:
        phone = turn.either("，手机号是多少", ", and what is your phone number")
        turn.say("utter_ask_customer_name", also=phone if also else "")


class AskPhone(_AskContact):
    action = "action_ask_customer_phone"
    slot = "customer_phone"

    def ask(self, turn: Turn, also: tuple[str, ...]) -> None:
        turn.say("utter_ask_customer_phone")


class AskPlate(_AskContact):
    action = "action_ask_service_plate"
    slot = "service_plate"

    def ask(self, turn: Turn, also: tuple[str, ...]) -> None:
        names = {
            "customer_name": turn.either("姓名", "your name"),
            "customer_phone": turn.either("手机号", "a phone number"),
        }
        plate = turn.either("车牌号", "the plate number")
        turn.say(
            "utter_ask_service_plate",
            wanted=wording.joined([plate, *(names[one] for one in also)], turn),
        )
