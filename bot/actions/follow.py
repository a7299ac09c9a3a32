"""A bare mention outside of forms, and what is not understood at all."""

import re

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions import wording
from bot.actions.answers import ANSWERS
from bot.actions.base import Events, JourneyAction, ask_colleague
from bot.actions.bookings import follow_booking, standing
from bot.actions.cars import which
from bot.actions.coming import ask_what_for
from bot.actions.complaint_status import complaint_number
from bot.actions.context import Turn
from bot.actions.difference import asks_difference
from bot.actions.faults import OFFER as DIAGNOSE
from bot.actions.faults import about_fault
from bot.actions.forms import calls_off
from bot.actions.handover import calm, in_line
from bot.actions.held import held, kind_named
from bot.actions.prices import asks_extreme, extreme
from bot.actions.suggestions import suggest, was_unsure
from bot.actions.wishes import VISIT_FORM, also_books, states_visit


class Follow(JourneyAction):
    """A bare mention outside of forms: the last question again, about the new car or feature."""

    action = "action_follow_up"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        topic = turn.slot("topic") or {}
        about = await about_fault(turn, session) or await in_line(turn, session)
        if about is not None:
            return about
        moved = await follow_booking(turn, session)
        if moved is not None:
            return moved
        form = kind_named(turn) or also_books(turn)
        form = form or ("maintenance_form" if _wants_visit(turn) else None)
        if form or states_visit(turn):
            return [FollowupAction(form or VISIT_FORM)]
        if complaint_number(turn):
            return await ANSWERS["complaint_status"](turn, session)
        if asks_extreme(turn):
            return await extreme(turn, session)
        if held(turn) is not None and turn.found("model"):
            # Named in answer to what the visit is for: it is still open.
            return ask_what_for(turn)
        cars = await which(turn, session)
        if cars.models and asks_difference(turn):
            return await ANSWERS["ask_config"](turn, session)
        if turn.found("feature"):
            return await ANSWERS["ask_config"](turn, session)
        last = topic.get("ask")
        narrows = cars.mentioned or turn.found("trim_level") or turn.found("energy")
        amounts = turn.found("money") or turn.found("months") or turn.found("ratio")
        if last == "ask_finance" and amounts:
            return await ANSWERS["ask_finance"](turn, session)
        if last in ANSWERS and narrows and last not in ("ask_models", "recommend_model"):
            return await ANSWERS[last](turn, session)
        if turn.found("money") or turn.found("body") or (turn.found("energy") and not cars.models):
            return await ANSWERS["recommend_model"](turn, session)
        if turn.found("service_item") or turn.found("mileage"):
            return await ANSWERS["ask_maintenance_price"](turn, session)
        if cars.mentioned and cars.models:
            return await ANSWERS["ask_price"](turn, session)
        if turn.found("time"):
            return ask_what_for(turn)
        phone = turn.first("phone")
        if phone and phone.get("valid"):
            await ask_colleague(turn, session, kind="follow_up", note=phone["number"])
            turn.say("utter_phone_noted")
            return [SlotSet("customer_phone", phone["number"])]
        return await suggest(turn, session)


def _wants_visit(turn: Turn) -> bool:
    """A time or a car after a reported fault is for having it looked at; a time after the price of
    work is for having it done."""
    topic = turn.slot("topic") or {}
    if topic.get("ask") == "ask_maintenance_price" and turn.found("time"):
        return True
    car = topic.get("offer") == DIAGNOSE and turn.found("model")
    return bool(topic.get("fault") and (turn.found("time") or car))


SUBJECTS = frozenset({"model", "trim", "feature", "service_item", "body", "energy", "money"})
_SERVICE = re.compile(r"保养|维修|修|机油|\b(?:service|repair|maintain|oil change)\b", re.I)


class Unsure(JourneyAction):
    action = "action_unsure"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        about = await about_fault(turn, session) or await in_line(turn, session)
        about = about or await follow_booking(turn, session)
        if about is not None:
            return about
        if calls_off(turn) and await standing(turn, session):
            return await ANSWERS["manage_booking"](turn, session)
        opened = kind_named(turn)
        if opened:
            return [FollowupAction(opened)]
        kinds = {e.get("entity") for e in turn.entities} - {"language"}
        if "make" in kinds and _SERVICE.search(turn.text):
            visit = wording.button(turn.either("预约保养", "Book a service"), "/book_maintenance")
            turn.say("utter_other_make", buttons=[visit])
            return []
        told = kinds & SUBJECTS or asks_extreme(turn) or asks_difference(turn)
        if told and not was_unsure(turn):
            # What is meant may be unclear, what it is about is not.
            return await Follow().act(turn, session)
        calmed = await calm(turn, session)
        return calmed if calmed is not None else await suggest(turn, session)
