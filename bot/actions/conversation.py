"""Answering questions and small talk, stopping, bare yes and no."""

import re
from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from bot.actions import charging, repair_cost
from bot.actions.answers import ANSWERS, answer_as
from bot.actions.base import Events, JourneyAction, ask_colleague
from bot.actions.bookings import carry_out
from bot.actions.cars import remember, which
from bot.actions.context import Turn
from bot.actions.drive_feedback import take_feedback
from bot.actions.faults import OFFER as DIAGNOSE
from bot.actions.faults import about_fault, end_questions
from bot.actions.forms import calls_off
from bot.actions.handover import (
    LINE,
    WAIT,
    calm,
    hand_over,
    in_line,
    leave,
    perhaps_leaves,
)
from bot.actions.held import kind_named
from bot.actions.plan_words import asks_plan, plan_in_other_words
from bot.actions.prices import next_steps
from bot.actions.roadside import call_off
from bot.actions.second_thoughts import beside_the_point, think_again
from bot.actions.service_plan import VISIT
from bot.actions.standing_bookings import standing
from bot.actions.wishes import (
    ASKED_BESIDES,
    VISIT_FORM,
    also_books,
    asked_in_passing,
    states_visit,
    tells_only,
)

PLAIN = frozenset(
    {
        "greet", "goodbye", "thank", "deny", "chitchat", "out_of_scope", "ask_capabilities",
        "bot_challenge",
    }
)  # fmt: skip
"""Answered in fixed words."""


MISTAKEN = frozenset(
    {
        "recommend_model", "ask_config", "ask_price", "trade_in", "ask_usage", "ask_warranty",
        "order_status", "manage_booking",
    }
)  # fmt: skip
"""What a question for what is due may be taken for; a mileage in it decides."""
OF_THE_PLAN = frozenset({"ask_price", "ask_onroad_price", "trade_in", "ask_maintenance_price"})
"""What a clause of such a question sounds like: "多少钱" is the price of the work, "跑了一万八" is
no car to be sold."""


_THINKS_IT_OVER = re.compile(
    r"考虑(?:一下|考虑|看看)|再想想|想一想|回去商量"
    r"|\b(?:think (?:about it|it over)|sleep on it|let me think|talk it over|get back to you)\b",
    re.I,
)


class AnswerQuestion(JourneyAction):
    """Hands the question to the journey that answers it."""

    action = "action_answer"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        about = await call_off(turn, session) or await about_fault(turn, session)
        about = about or await in_line(turn, session) or await take_feedback(turn, session)
        if about is not None:
            return about
        await think_again(turn, session)
        if turn.intent in PLAIN | MISTAKEN and plan_in_other_words(turn):
            turn.intent = "ask_maintenance_price"
        offered = (turn.slot("topic") or {}).get("offer") == VISIT and turn.found("time")
        if offered and turn.intent in PLAIN - {"deny", "goodbye"}:
            # "好的，周六上午十点" after what is due was told, for courtesy taken for small talk.
            return [FollowupAction("maintenance_form")]
        if turn.intent in PLAIN:
            # "Do you speak English? How much is it": the question counts as well.
            if turn.intent == "out_of_scope":
                # "Can I charge it at home, I rent": what can be answered is not refused.
                besides = await self._other_questions(turn, session)
                return besides if turn.has_spoken else await self._small_talk(turn, session)
            said = await self._small_talk(turn, session)
            return [*said, *await self._other_questions(turn, session)]
        answer = ANSWERS.get(turn.intent)
        in_workshop = turn.tracker.active_loop_name == "maintenance_form"
        cost = turn.intent in ("ask_price", "ask_onroad_price") and not turn.found("model")
        if repair_cost.of_repair(turn):
            answer = repair_cost.tell
        if cost and in_workshop:
            # "多少钱" while a visit is being booked asks for the price of the visit.
            answer = ANSWERS["ask_maintenance_price"]
        if turn.intent == "manage_booking" and turn.tracker.active_loop_name and calls_off(turn):
            return leave_form(turn)
        opened = kind_named(turn) or (VISIT_FORM if states_visit(turn) else None)
        if opened:
            return [FollowupAction(opened)]
        form = also_books(turn)
        events: Events = []
        if answer is not None:
            events = await answer(turn, session)
            events += await self._other_questions(turn, session)
            # "多少钱，能试驾吗，算了给我找个人吧": nothing is begun that a person will take over.
            begins = form and not _asks_for_person(turn)
            return [*events, FollowupAction(form)] if begins else events
        turn.say("utter_out_of_scope")
        return []

    async def _small_talk(self, turn: Turn, session: AsyncSession) -> Events:
        answered = await calm(turn, session)
        about_line = turn.intent in ("deny", "thank") and not turn.tracker.active_loop_name
        if answered is None and about_line:
            answered = await perhaps_leaves(turn, session)
        if answered is None and turn.found("phone") and not turn.tracker.active_loop_name:
            # "ok cheers, text me all that on 1381234567"
            answered = await _phone_besides(turn, session)
        if answered is None and turn.intent == "chitchat" and _THINKS_IT_OVER.search(turn.text):
            # "cool, I'll think about it, bye": no talk for its own sake.
            turn.say("utter_deny")
            return []
        if answered is None:
            turn.say(f"utter_{turn.intent}")
        return answered or []

    async def _other_questions(self, turn: Turn, session: AsyncSession) -> Events:
        """The answers to what other clauses of the message ask: "多少钱，质保几年"."""
        events: Events = []
        about_plan = turn.intent == "ask_maintenance_price" and asks_plan(turn)
        for wish in turn.wishes:
            if (about_plan and wish in OF_THE_PLAN) or beside_the_point(turn, wish):
                continue
            if wish == "ask_price" and turn.intent == "ask_maintenance_price":
                # "3万公里该做什么，多少钱": the price of the work, which was told.
                continue
            besides = wish in ASKED_BESIDES and wish != turn.intent
            if besides and not turn.tracker.active_loop_name and not tells_only(turn, wish):
                events += await answer_as(wish, turn, session)
        for question in asked_in_passing(turn):
            events += await answer_as(question, turn, session)
        charger = turn.intent in ("ask_warranty", "ask_price", "ask_onroad_price", "insurance")
        if charger and charging.asks_at_home(turn) and not turn.tracker.active_loop_name:
            # "质保几年 充电桩送不送": no clause of its own for the classifier.
            events += await charging.at_home(turn, session, await which(turn, session))
        return events


async def _phone_besides(turn: Turn, session: AsyncSession) -> Events:
    """A number that is left beside small talk: a consultant calls it, if it is one."""
    phone = next((one for one in turn.found("phone") if one.get("valid")), None)
    if phone is None:
        turn.say("utter_phone_invalid")
        return []
    await ask_colleague(turn, session, kind="follow_up", note=phone["number"])
    turn.say("utter_phone_noted")
    return [SlotSet("customer_phone", phone["number"])]


def _asks_for_person(turn: Turn) -> bool:
    """Whether another clause of the message asks for a person; a form has its own way there."""
    return "human_handoff" in turn.wishes and not turn.tracker.active_loop_name


def leave_form(turn: Turn) -> Events:
    """Ends the open form from within an answer: the rule would come back to it."""
    turn.say("utter_stopped")
    cleared: Events = [SlotSet(slot, None) for slot in (*FORM_SLOTS, "requested_slot")]
    return [*cleared, ActiveLoop(None), FollowupAction("action_listen")]


class Picture(JourneyAction):
    """A picture came: nobody but a person can judge it."""

    action = "action_picture"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        await ask_colleague(turn, session, kind="follow_up", note=turn.either("图片", "picture"))
        turn.say("utter_picture_received")
        return []


FORM_SLOTS = (
    "test_drive_model", "test_drive_time", "test_drive_when", "test_drive_confirmed",
    "service_items", "service_time", "service_when", "service_confirmed", "service_note",
    "service_told", "service_quoted", "service_by_plan",
    "complaint_text", "complaint_number", "complaint_id", "complaint_contact",
    "roadside_place", "roadside_phone", "roadside_id", "roadside_number",
    "trade_in_model", "trade_in_year", "trade_in_km", "trade_in_place",
)  # fmt: skip


class Stop(JourneyAction):
    """Leaves the form that was open; what was not confirmed is not booked."""

    action = "action_stop"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        open_form = turn.tracker.active_loop_name
        left = await call_off(turn, session)
        if left is not None:
            return left
        left = await in_line(turn, session) or await take_feedback(turn, session)
        if not open_form and left is None:
            left = await end_questions(turn, session)
        if not open_form and left is None:
            left = await self._of_line(turn, session)
        if left is not None:
            return left
        if not open_form and await standing(turn, session):
            # "取消吧，不想去了" after a booking means the booking.
            return await ANSWERS["manage_booking"](turn, session)
        events: list[Any] = [SlotSet(slot, None) for slot in FORM_SLOTS]
        if turn.slot("roadside_number"):
            turn.say("utter_roadside_stopped", number=turn.slot("roadside_number"))
        elif turn.slot("complaint_number"):
            turn.say("utter_complaint_stopped")
        elif open_form == "trade_in_form":
            # There is nothing that could have been booked.
            turn.say("utter_anything_else")
        else:
            turn.say("utter_stopped" if open_form else "utter_nothing_to_stop")
        return events

    async def _of_line(self, turn: Turn, session: AsyncSession) -> Events | None:
        """Outside of a form it may be the waiting for a person that is to stop."""
        if turn.first("start_with") == LINE:
            return await leave(turn, session)
        return await perhaps_leaves(turn, session) or await calm(turn, session)


class Affirm(JourneyAction):
    """A yes outside of a form: to the step that was last offered, else just acknowledged."""

    action = "action_affirm"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        topic = turn.slot("topic") or {}
        done = await carry_out(turn, session) or await about_fault(turn, session)
        done = done or await take_feedback(turn, session)
        if done is not None:
            return done
        opened = kind_named(turn)
        if opened:
            return [FollowupAction(opened)]
        if topic.get("offer") == WAIT:
            return [*await hand_over(turn, session, asked=True), remember(turn)]
        if topic.get("offer") == "book_test_drive":
            return [remember(turn), FollowupAction("test_drive_form")]
        if topic.get("offer") in ("book_maintenance", DIAGNOSE):
            return [remember(turn, offer=""), FollowupAction("maintenance_form")]
        if topic.get("offer") in ANSWERS:
            return await ANSWERS[topic["offer"]](turn, session)
        model = None
        if topic.get("models"):
            model = await catalogue.model(session, topic["models"][0])
        turn.say("utter_anything_else", buttons=next_steps(turn, model))
        return []
