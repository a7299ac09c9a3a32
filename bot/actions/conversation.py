"""Answering questions, being unsure, handing over, stopping, bare yes and no."""

import re
from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import Hours, dealership
from backend.catalogue import service as catalogue
from backend.conversations import service as conversations
from backend.conversations.ownership import set_owner
from backend.models import Conversation
from bot.actions import wording
from bot.actions.answers import ANSWERS, answer_as
from bot.actions.base import Events, JourneyAction, ask_colleague
from bot.actions.bookings import carry_out, follow_booking, standing
from bot.actions.cars import remember, which
from bot.actions.coming import ask_what_for
from bot.actions.complaint_status import complaint_number
from bot.actions.context import Turn
from bot.actions.difference import asks_difference
from bot.actions.faults import about_fault, is_urgent
from bot.actions.forms import calls_off
from bot.actions.held import held, kind_named
from bot.actions.prices import asks_extreme, extreme, next_steps
from bot.actions.service_menu import DIAGNOSIS
from bot.actions.wishes import ASKED_BESIDES, also_books

SUGGESTIONS = 2
PLAUSIBLE = 0.05
"""A reading less likely than that is no suggestion, only the first of many."""
TITLES = {
    "ask_models": ("看看车型", "See the models"),
    "recommend_model": ("推荐车型", "Help me choose"),
    "ask_config": ("了解配置", "Features and figures"),
    "ask_price": ("问价格", "List price"),
    "ask_onroad_price": ("算落地价", "On-road price"),
    "ask_promotion": ("看优惠", "Current offers"),
    "ask_finance": ("贷款月供", "Finance"),
    "book_test_drive": ("预约试驾", "Book a test drive"),
    "book_appointment": ("预约到店", "Book an appointment"),
    "manage_booking": ("查改预约", "My bookings"),
    "book_maintenance": ("预约保养", "Book a service"),
    "ask_maintenance_price": ("保养价格", "Service prices"),
    "report_fault": ("车辆故障", "A fault with my car"),
    "ask_usage": ("用车问题", "Using my car"),
    "complaint": ("我要投诉", "Make a complaint"),
    "complaint_status": ("投诉进度", "My complaint"),
    "order_status": ("查订单进度", "Order status"),
    "trade_in": ("旧车置换", "Trade-in"),
    "insurance": ("车险", "Insurance"),
    "ask_purchase_process": ("购车流程", "How to buy"),
    "ask_warranty": ("质保政策", "Warranty"),
    "ask_hours": ("营业时间", "Opening hours"),
    "ask_location": ("地址和电话", "Address and phone"),
    "human_handoff": ("找人工", "Talk to a person"),
    "privacy": ("个人信息", "My personal data"),
}
DIAGNOSE = "book_diagnosis"
PLAIN = frozenset(
    {"greet", "thank", "chitchat", "out_of_scope", "ask_capabilities", "bot_challenge"}
)


class AnswerQuestion(JourneyAction):
    """Hands the question to the journey that answers it."""

    action = "action_answer"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        answer = ANSWERS.get(turn.intent)
        in_workshop = turn.tracker.active_loop_name == "maintenance_form"
        cost = turn.intent in ("ask_price", "ask_onroad_price") and not turn.found("model")
        if cost and not in_workshop and (turn.slot("topic") or {}).get("offer") == DIAGNOSE:
            # "要多少钱" after a reported fault asks what finding the cause costs.
            turn.entities.append({"entity": "service_item", "value": DIAGNOSIS})
            answer = ANSWERS["ask_maintenance_price"]
        if cost and in_workshop:
            # "多少钱" while a visit is being booked asks for the price of the visit.
            answer = ANSWERS["ask_maintenance_price"]
        about = await about_fault(turn, session)
        if about is not None:
            return about
        if turn.intent == "manage_booking" and turn.tracker.active_loop_name and calls_off(turn):
            return leave_form(turn)
        opened = kind_named(turn)
        if opened:
            return [FollowupAction(opened)]
        form = also_books(turn)
        events: Events = []
        if answer is not None:
            events = await answer(turn, session)
            events += await self._other_questions(turn, session)
            if _asks_for_person(turn):
                # "多少钱，算了给我找个人吧": nothing is begun that a person will take over.
                return [*events, *(await hand_over(turn, session, "utter_hand_over"))]
            return [*events, FollowupAction(form)] if form else events
        # Inside a form the rules cannot utter and come back in one step for each of these.
        turn.say(f"utter_{turn.intent}" if turn.intent in PLAIN else "utter_out_of_scope")
        return []

    async def _other_questions(self, turn: Turn, session: AsyncSession) -> Events:
        """The answers to what other clauses of the message ask: "多少钱，质保几年"."""
        events: Events = []
        for wish in turn.wishes:
            if wish in ASKED_BESIDES and wish != turn.intent and not turn.tracker.active_loop_name:
                events += await answer_as(wish, turn, session)
        return events


def _asks_for_person(turn: Turn) -> bool:
    """Whether another clause of the message asks for a person; a form has its own way there."""
    return "human_handoff" in turn.wishes and not turn.tracker.active_loop_name


def _wants_check(turn: Turn) -> bool:
    """A time or a car after a reported fault is for having it looked at."""
    topic = turn.slot("topic") or {}
    car = topic.get("offer") == DIAGNOSE and turn.found("model")
    return bool(topic.get("fault") and (turn.found("time") or car))


def leave_form(turn: Turn) -> Events:
    """Ends the open form from within an answer: the rule would come back to it."""
    turn.say("utter_stopped")
    cleared: Events = [SlotSet(slot, None) for slot in (*FORM_SLOTS, "requested_slot")]
    return [*cleared, ActiveLoop(None), FollowupAction("action_listen")]


class Follow(JourneyAction):
    """A bare mention outside of forms: the last question again, about the new car or feature."""

    action = "action_follow_up"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        topic = turn.slot("topic") or {}
        about = await about_fault(turn, session)
        if about is not None:
            return about
        moved = await follow_booking(turn, session)
        if moved is not None:
            return moved
        form = kind_named(turn) or also_books(turn)
        form = form or ("maintenance_form" if _wants_check(turn) else None)
        if form:
            return [FollowupAction(form)]
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


async def suggest(turn: Turn, session: AsyncSession) -> Events:
    """Two likely readings as buttons; unsure a second time in a row: a person."""
    if _was_unsure(turn):
        return await hand_over(turn, session, "utter_unsure_again")
    ranking = (turn.tracker.latest_message or {}).get("intent_ranking") or []
    likely = [
        entry["name"]
        for entry in ranking
        if entry["name"] in TITLES and entry.get("confidence", 0) >= PLAUSIBLE
    ][:SUGGESTIONS]
    for spare in ("ask_price", "book_test_drive"):
        if len(likely) < SUGGESTIONS and spare not in likely:
            likely.append(spare)
    index = 1 if turn.language == "en" else 0
    entities = _carried(turn)
    turn.say(
        "utter_unsure",
        buttons=[wording.button(TITLES[name][index], f"/{name}{entities}") for name in likely],
    )
    return [remember(turn, unsure_at=turn.message_id)]


def _was_unsure(turn: Turn) -> bool:
    """Whether the customer's previous message was answered with suggestions already."""
    return turn.follows((turn.slot("topic") or {}).get("unsure_at"))


def _carried(turn: Turn) -> str:
    """The model of the unclear message travels with the button."""
    model = turn.first("model")
    return f'{{"model": "{model}"}}' if isinstance(model, str) and model.isascii() else ""


SUBJECTS = frozenset({"model", "trim", "feature", "service_item", "body", "energy", "money"})
_SERVICE = re.compile(r"保养|维修|修|机油|\b(?:service|repair|maintain|oil change)\b", re.I)


class Unsure(JourneyAction):
    action = "action_unsure"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        about = await about_fault(turn, session) or await follow_booking(turn, session)
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
        if told and not _was_unsure(turn):
            # What is meant may be unclear, what it is about is not.
            return await Follow().act(turn, session)
        return await suggest(turn, session)


async def hand_over(turn: Turn, session: AsyncSession, response: str) -> Events:
    """A person is asked for: told in or out of hours, with the time by which one is there."""
    place = await dealership(session)
    hours = Hours.of(place)
    if await session.get(Conversation, turn.conversation_id) is not None:
        conversation = await conversations.lock(session, turn.conversation_id)
        if conversation.owner == "assistant":
            set_owner(
                session,
                turn.now,
                conversation,
                "waiting",
                actor=f"conversation:{conversation.id}",
            )
        await ask_colleague(turn, session, kind="handover")
    if hours.is_open(turn.now, turn.now, "sales"):
        turn.say(f"{response}_open", phone=place.phone)
    else:
        opens = hours.next_open(turn.now, "sales")
        turn.say(
            f"{response}_closed",
            phone=place.phone,
            opens=wording.moment(opens, turn) if opens else "",
        )
    return []


class Picture(JourneyAction):
    """A picture came: nobody but a person can judge it."""

    action = "action_picture"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        await ask_colleague(turn, session, kind="follow_up", note=turn.either("图片", "picture"))
        turn.say("utter_picture_received")
        return []


class HandOver(JourneyAction):
    action = "action_hand_over"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        danger: Events = []
        if not turn.pressed and is_urgent(turn.text):
            danger = await ANSWERS["report_fault"](turn, session)
        return [*danger, *(await hand_over(turn, session, "utter_hand_over"))]


FORM_SLOTS = (
    "test_drive_model", "test_drive_time", "test_drive_when", "test_drive_confirmed",
    "service_items", "service_time", "service_when", "service_confirmed", "service_note",
    "service_told", "service_quoted", "service_by_plan",
    "complaint_text", "complaint_number", "complaint_id", "complaint_contact",
)  # fmt: skip


class Stop(JourneyAction):
    """Leaves the form that was open; what was not confirmed is not booked."""

    action = "action_stop"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        open_form = turn.tracker.active_loop_name
        if not open_form and await standing(turn, session):
            # "取消吧，不想去了" after a booking means the booking.
            return await ANSWERS["manage_booking"](turn, session)
        events: list[Any] = [SlotSet(slot, None) for slot in FORM_SLOTS]
        if turn.slot("complaint_number"):
            turn.say("utter_complaint_stopped")
        else:
            turn.say("utter_stopped" if open_form else "utter_nothing_to_stop")
        return events


class Affirm(JourneyAction):
    """A yes outside of a form: to the step that was last offered, else just acknowledged."""

    action = "action_affirm"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        topic = turn.slot("topic") or {}
        done = await carry_out(turn, session) or await about_fault(turn, session)
        if done is not None:
            return done
        opened = kind_named(turn)
        if opened:
            return [FollowupAction(opened)]
        if topic.get("offer") == "book_test_drive":
            return [remember(turn), FollowupAction("test_drive_form")]
        if topic.get("offer") == DIAGNOSE:
            return [remember(turn, offer=""), FollowupAction("maintenance_form")]
        if topic.get("offer") in ANSWERS:
            return await ANSWERS[topic["offer"]](turn, session)
        model = None
        if topic.get("models"):
            model = await catalogue.model(session, topic["models"][0])
        turn.say("utter_anything_else", buttons=next_steps(turn, model))
        return []
