"""A bare mention outside of forms, and what is not understood at all."""

import re
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from bot.actions import triage, wording
from bot.actions.another_car import asks_for_another
from bot.actions.answers import ANSWERS
from bot.actions.base import Events, JourneyAction, ask_colleague
from bot.actions.bookings import claim, follow_booking
from bot.actions.car_wishes import names_gearbox, sets_bound
from bot.actions.cars import Cars, sets_side_by_side, which
from bot.actions.charging import asks_at_home, asks_time
from bot.actions.claiming import number_of
from bot.actions.coming import ask_what_for
from bot.actions.complaint_telling import COMPLAINT
from bot.actions.context import Turn
from bot.actions.difference import asks_difference
from bot.actions.drive_feedback import take_feedback
from bot.actions.faults import OFFER as DIAGNOSE
from bot.actions.faults import about_fault
from bot.actions.forms import calls_off
from bot.actions.handover import calm, in_line
from bot.actions.held import held, kind_named, take_up
from bot.actions.line_words import needs_nothing
from bot.actions.one_more_drive import one_more_drive, open_drive
from bot.actions.other_makes import names_other_make
from bot.actions.plan_words import asks_plan, tells_age
from bot.actions.prices import asks_extreme, extreme, named_seats
from bot.actions.second_thoughts import about_loan, of_old_car, think_again
from bot.actions.service_plan import VISIT
from bot.actions.standing_bookings import standing
from bot.actions.suggestions import suggest, was_unsure
from bot.actions.versions import lacking_energy, tell_lacking
from bot.actions.wish_words import names_wish, states_wish
from bot.actions.wishes import VISIT_FORM, also_books, states_visit


class Follow(JourneyAction):
    """A bare mention outside of forms: the last question again, about the new car or feature."""

    action = "action_follow_up"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        topic = turn.slot("topic") or {}
        about = await about_fault(turn, session) or await in_line(turn, session)
        about = about or await take_feedback(turn, session)
        if about is not None:
            return about
        moved = await follow_booking(turn, session)
        if moved is not None:
            return moved
        claimed = await claim(turn, session)
        if claimed is not None:
            return claimed
        if one_more_drive(turn):
            return await open_drive(turn, session)
        taken_for = turn.intent
        await think_again(turn, session)
        if turn.intent != taken_for:
            return await ANSWERS[turn.intent](turn, session)
        _thousands_driven(turn)
        if tells_age(turn):
            return await ANSWERS["ask_maintenance_price"](turn, session)
        if triage.is_open(turn) and turn.found("model") and not turn.found("time"):
            # Told for the diagnosis, whose question is still open: no visit is asked for.
            model = await catalogue.model(session, str(turn.first("model")))
            if model is not None:
                turn.say("utter_car_noted", model=turn.name_of(model))
                return [triage.remember_all(turn, service_car=model.code)]
        form = kind_named(turn) or also_books(turn)
        form = form or ("maintenance_form" if _wants_visit(turn) else None)
        if form or states_visit(turn):
            return [FollowupAction(form or VISIT_FORM)]
        if number_of(turn, COMPLAINT):
            return await ANSWERS["complaint_status"](turn, session)
        if _comes_to_look(turn):
            take_up(turn)
            told = await ANSWERS["ask_hours"](turn, session)
            turn.tell(
                turn.either(
                    "营业时间内来看车都欢迎，想开一开可以先约试驾。",
                    "Come and look whenever we are open; book a test drive if you'd like to drive.",
                ),
                buttons=[
                    wording.button(turn.either("预约试驾", "Book a test drive"), "/book_test_drive")
                ],
            )
            return told
        if asks_extreme(turn):
            return await extreme(turn, session)
        if held(turn) is not None and turn.found("model"):
            # Named in answer to what the visit is for: it is still open.
            return ask_what_for(turn)
        cars = await which(turn, session)
        if _adds_wish(turn, cars) or (cars.models and asks_for_another(turn.text)):
            return await ANSWERS["recommend_model"](turn, session)
        if _against_other_make(turn):
            return await ANSWERS["ask_config"](turn, session)
        if cars.models and asks_difference(turn):
            return await ANSWERS["ask_config"](turn, session)
        if turn.found("feature") or asks_time(turn) or asks_at_home(turn):
            return await ANSWERS["ask_config"](turn, session)
        if sets_side_by_side(turn, cars):
            return await ANSWERS["ask_config"](turn, session)
        last = topic.get("ask")
        lacking = lacking_energy(turn, cars)
        if lacking and last != "recommend_model":
            return await tell_lacking(turn, session, cars, lacking)
        if last == "recommend_model" and cars.mentioned and cars.model:
            # "第二款" of those that were recommended.
            return await ANSWERS["recommend_model"](turn, session)
        narrows = cars.mentioned or turn.found("trim_level") or turn.found("energy")
        amounts = turn.found("money") or turn.found("months") or turn.found("ratio")
        if (last == "ask_finance" and amounts) or about_loan(turn):
            return await ANSWERS["ask_finance"](turn, session)
        if of_old_car(turn):
            return await ANSWERS["trade_in"](turn, session)
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
        if last == "recommend_model" and _ANY.search(turn.text):
            # 随便, to being asked what it should be: then what there is.
            return await ANSWERS["ask_models"](turn, session)
        phone = turn.first("phone")
        if phone and phone.get("valid"):
            await ask_colleague(turn, session, kind="follow_up", note=phone["number"])
            turn.say("utter_phone_noted")
            return [SlotSet("customer_phone", phone["number"])]
        return await suggest(turn, session)


_ANY = re.compile(
    r"^\W*(?:我?都?随便|(?:什么|怎么|都|哪个|啥)?都?(?:行|可以|成|无所谓)|无所谓|没(?:什么|啥|有)?要求|没想好|不知道"
    r"|(?:你|您)?看着(?:办|推荐|来)|你(?:定|决定|说了算)|不清楚)(?:吧|啊|呀|的|了|呗|都行|都可以|看看)*\W*$"
    r"|^\W*(?:whatever|anything|any|i don'?t (?:mind|care|know)|no (?:preference|idea)|you choose"
    r"|up to you|not sure)\W*$",
    re.I,
)
_RECOMMEND = re.compile(r"推荐|建议|\b(?:recommend|suggest)", re.I)


def _adds_wish(turn: Turn, cars: Cars) -> bool:
    """Whether the message goes on telling what the car must be, and names none: 要四驱的."""
    if turn.pressed or cars.mentioned:
        return False
    asked = (turn.slot("topic") or {}).get("ask") == "recommend_model"
    told = names_wish(turn.text) or any(
        turn.found(kind) for kind in ("feature", "body", "energy", "money", "brand")
    )
    told = told or named_seats(turn.text) is not None or names_gearbox(turn.text)
    if told and (states_wish(turn.text) or _RECOMMEND.search(turn.text)):
        return True
    wish = names_wish(turn.text) or named_seats(turn.text) or names_gearbox(turn.text)
    return bool(asked and (wish or sets_bound(turn)))


_THOUSANDS = re.compile(r"\b(\d{1,3})k\b", re.I)


def _thousands_driven(turn: Turn) -> None:
    """ "I meant 60k", after the plan of a car was asked for, is what it has run, and no budget."""
    asked = (turn.slot("topic") or {}).get("ask") == "ask_maintenance_price"
    found = _THOUSANDS.search(turn.text)
    if asked and found and turn.found("money") and not turn.found("mileage") and not turn.pressed:
        turn.entities = [e for e in turn.entities if e.get("entity") != "money"]
        driven = {"km": int(found[1]) * 1000, "approximate": False}
        place = {"start": found.start(), "end": found.end()}
        turn.entities.append({"entity": "mileage", "value": driven, **place})


def _wants_visit(turn: Turn) -> bool:
    """A time or a car after a reported fault is for having it looked at; a time after the price of
    work is for having it done."""
    topic = turn.slot("topic") or {}
    told = topic.get("ask") == "ask_maintenance_price" or topic.get("offer") == VISIT
    if told and turn.found("time"):
        return True
    car = topic.get("offer") == DIAGNOSE and turn.found("model")
    return bool(topic.get("fault") and (turn.found("time") or car))


SUBJECTS = frozenset({"model", "trim", "feature", "service_item", "body", "energy", "money"})
_SERVICE = re.compile(r"保养|维修|修|机油|\b(?:service|repair|maintain|oil change)\b", re.I)


_JUDGES = re.compile(
    r"便宜|贵|好|强|差|比|划算|值|\b(?:than|better|cheaper|worse|vs|versus|compare[ds]?)\b", re.I
)


def _against_other_make(turn: Turn) -> bool:
    """比亚迪宋PLUS便宜多了: another make is held against ours."""
    return bool(names_other_make(turn) and _JUDGES.search(turn.text))


def _answers_offer(turn: Turn, kinds: set[Any]) -> bool:
    """Whether a time answers the plan or the fault that was just told, or a number points at what
    was just listed: 那周五下午能做吗, 第一个和第三个比比."""
    listed = (turn.slot("topic") or {}).get("listed")
    timed = "time" in kinds and (_wants_visit(turn) or held(turn) is not None)
    return timed or bool("ordinal" in kinds and listed) or _comes_to_look(turn)


_LOOKS = re.compile(
    r"^\W*(?:就|先|过去|过来|我?想)*(?:看看?|瞧瞧?|逛逛?)(?:一下|下)?(?:车|实车|样车|展车)?(?:吧|啊|呗|的)?\W*$"
    r"|^\W*(?:just )?(?:to )?(?:have a )?(?:look|see)(?: at)?(?: the| a)?"
    r" ?(?:cars?|showroom|around)?\W*$",
    re.I,
)


def _comes_to_look(turn: Turn) -> bool:
    """看车, to being asked what the visit is for."""
    return held(turn) is not None and not turn.pressed and bool(_LOOKS.search(turn.text))


def _says_wish(turn: Turn) -> bool:
    return bool(names_wish(turn.text) or named_seats(turn.text) or asks_for_another(turn.text))


class Unsure(JourneyAction):
    action = "action_unsure"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        about = await about_fault(turn, session) or await in_line(turn, session)
        about = about or await take_feedback(turn, session)
        about = about or await follow_booking(turn, session) or await claim(turn, session)
        if about is not None:
            return about
        if calls_off(turn) and await standing(turn, session):
            return await ANSWERS["manage_booking"](turn, session)
        if one_more_drive(turn):
            return await open_drive(turn, session)
        opened = kind_named(turn)
        taken_for = turn.intent
        await think_again(turn, session)
        if opened is None and turn.intent != taken_for:
            return await ANSWERS[turn.intent](turn, session)
        if opened:
            return [FollowupAction(opened)]
        if asks_plan(turn):
            return await ANSWERS["ask_maintenance_price"](turn, session)
        if about_loan(turn):
            return await ANSWERS["ask_finance"](turn, session)
        kinds = {e.get("entity") for e in turn.entities} - {"language"}
        if "make" in kinds and _SERVICE.search(turn.text):
            visit = wording.button(turn.either("预约保养", "Book a service"), "/book_maintenance")
            turn.say("utter_other_make", buttons=[visit])
            return []
        told = kinds & SUBJECTS or _says_wish(turn) or asks_extreme(turn) or asks_difference(turn)
        told = told or asks_time(turn) or asks_at_home(turn)
        told = told or _answers_offer(turn, kinds) or _against_other_make(turn)
        asked = (turn.slot("topic") or {}).get("ask")
        told = told or bool(asked == "recommend_model" and _ANY.search(turn.text))
        if told and not was_unsure(turn):
            # What is meant may be unclear, what it is about is not.
            return await Follow().act(turn, session)
        calmed = await calm(turn, session)
        if calmed is None and needs_nothing(turn.text):
            turn.say("utter_deny")
            return []
        return calmed if calmed is not None else await suggest(turn, session)
