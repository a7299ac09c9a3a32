"""Booking a service visit: work, car, time, contact; the price is told before the yes."""

import re
from datetime import datetime
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.appointments.outcomes import FreeBay, Refused
from backend.catalogue import service as catalogue
from backend.workshop import service as workshop
from backend.workshop.pricing import Quote, menu, quote
from bot.actions import wording
from bot.actions.appointments import (
    LOOKED_AT,
    TimeSlots,
    acknowledge_time,
    around,
    offer_times,
    refuse,
    settle_time,
    wall_start,
    without_clock,
)
from bot.actions.base import Events, JourneyAction
from bot.actions.cars import remember, which
from bot.actions.context import Turn
from bot.actions.forms import LEAVING, QUESTIONS, Filling, FormJourney
from bot.actions.reading import read_contact
from bot.actions.service_menu import due_codes, mentioned_items, priced_lines, total_line
from bot.actions.test_drive import confirm_buttons, shown_phone

FORM = "maintenance_form"
TIME = TimeSlots("service_when", "service_time")
SLOTS = (
    "service_items", "service_time", "service_when", "service_confirmed", "service_note",
    "service_told", "service_quoted", "service_by_plan",
)  # fmt: skip
OTHER_MODEL = "other"
NO_PLATE = "none"
SHORT_ANSWER = 8
"""Words or characters of an answer that holds nothing else."""
MARK_KM = 10_000
MOST_MILEAGE = 999_999
DIAGNOSIS = "diagnosis"

_ADDING = re.compile(
    r"再加|还要|还有|另外|顺便|顺带|一起|也(?:做|换|要)|加上|\b(?:also|add|plus|as well|too)\b",
    re.I,
)
_REMOVING = re.compile(
    r"不要|不做|不用|不需要|去掉|删|除了|别做"
    r"|\b(?:without|remove|skip|drop|not|no|except|leave out)\b",
    re.I,
)
_NO_PLATE = re.compile(r"没有|没上牌|未上牌|还没|新车|临牌|\b(?:no|none|not yet|new)\b", re.I)
_OTHER = re.compile(r"其他|其它|别的|不是你们|外品牌|\b(?:other|another)\b", re.I)


def model_code(turn: Turn) -> str | None:
    """The model of the customer's car, when it is one of ours."""
    code = turn.slot("service_model")
    return None if code in (None, OTHER_MODEL) else str(code)


def real_plate(plate: str | None) -> str | None:
    return None if plate == NO_PLATE else plate


class ValidateMaintenance(FormJourney):
    action = "validate_maintenance_form"
    form = FORM
    trigger = "book_maintenance"
    confirmation = "service_confirmed"

    async def fill(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        fault = (turn.slot("topic") or {}).get("fault")
        opening = turn.slot("requested_slot") is None and not turn.slot("service_items")
        if opening and (turn.first("start_with") or (fault and not mentioned_items(turn))):
            # After a reported fault the visit is to find its cause, and the story goes with it.
            filling.set("service_items", [str(turn.first("start_with") or DIAGNOSIS)])
            filling.set("service_note", str(fault or ""))
            turn.slots["service_items"] = filling.slots["service_items"]
        if turn.slot("requested_slot") == "service_plate" and not turn.first("plate"):
            self._no_plate(turn, filling)
        if turn.intent not in (QUESTIONS | LEAVING) - {self.trigger, "report_fault"}:
            await self._car(turn, session, filling)
            await self._items(turn, session, filling)
        read_contact(turn, filling)
        await self._time(turn, session, filling)

    @staticmethod
    def _no_plate(turn: Turn, filling: Filling) -> None:
        """ "没有", "none yet": whatever else the words sound like, they answer the question."""
        words = turn.text.split() if turn.text.isascii() else list(turn.text)
        if _NO_PLATE.search(turn.text) and len(words) <= SHORT_ANSWER:
            filling.set("service_plate", NO_PLATE)

    async def _car(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        requested = turn.slot("requested_slot")
        cars = await which(turn, session)
        if cars.mentioned and cars.model is not None:
            filling.set("service_model", cars.model.code)
        elif (
            turn.first("model") == OTHER_MODEL
            or turn.found("make")
            or (
                requested == "service_model" and (_OTHER.search(turn.text) or turn.intent == "deny")
            )
        ):
            filling.set("service_model", OTHER_MODEL)
            if turn.slot("service_model") != OTHER_MODEL:
                turn.say("utter_other_make")
        turn.slots["service_model"] = filling.slots.get("service_model", turn.slot("service_model"))
        plate = turn.first("plate")
        if plate and plate.get("valid", True):
            filling.set("service_plate", plate["plate"])
        mileage = turn.first("mileage")
        if mileage:
            if 0 <= int(mileage["km"]) <= MOST_MILEAGE:
                filling.set("service_mileage", int(mileage["km"]))
                turn.slots["service_mileage"] = int(mileage["km"])
            else:
                turn.say("utter_mileage_unlikely")
                filling.ask("service_items")

    async def _items(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        known: list[str] = list(turn.slot("service_items") or [])
        named = mentioned_items(turn)
        if named and known and _REMOVING.search(turn.text):
            filling.set("service_items", [code for code in known if code not in named] or None)
        elif named:
            adds = bool(known) and bool(_ADDING.search(turn.text))
            items = list(dict.fromkeys([*known, *named])) if adds else named
            filling.set("service_items", items)
        elif not known and turn.intent == "report_fault":
            # Told what is wrong instead of what to do: finding the cause is the work.
            filling.set("service_items", [DIAGNOSIS])
            filling.set("service_note", turn.text[:500])
        elif not known and turn.slot("service_mileage") is not None:
            # Customers know their mileage, not the schedule: it says what is due.
            due = await due_codes(
                turn, session, int(turn.slot("service_mileage")), model_code(turn)
            )
            if due:
                filling.set("service_items", due)
                filling.set("service_by_plan", True)
                turn.slots["service_by_plan"] = True
            elif "service_mileage" in filling.slots:
                await self._last_mark(turn, session, filling)
        elif not known and turn.slot("requested_slot") is None:
            remembered = (turn.slot("topic") or {}).get("items")
            if remembered:
                filling.set("service_items", list(remembered))
        turn.slots["service_items"] = filling.slots.get("service_items", known)
        await self._suitable(turn, session, filling)
        now = turn.slots["service_items"]
        if known and now and now != known and turn.slot("service_told"):
            # Told again at once: nobody should learn of another price at the summary.
            quoted = await quote(session, turn.today, now, model_code(turn))
            turn.tell(told_price(turn, quoted))
            filling.set("service_told", [list(now), turn.slots["service_model"]])
            filling.said = True

    async def _last_mark(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        """Between two marks of the schedule: what was due at the last one may still be open."""
        km = int(turn.slot("service_mileage"))
        mark = km - km % MARK_KM
        due = await due_codes(turn, session, mark, model_code(turn)) if mark else []
        if due:
            filling.set("service_items", due)
            turn.say("utter_last_mark", km=f"{km:,}", mark=f"{mark:,}")
        else:
            turn.say("utter_nothing_due", km=f"{km:,}")
        filling.said = True

    async def _suitable(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        """An oil change on an electric car is taken out, and said so."""
        items = turn.slots["service_items"]
        if not items or not ({"service_items", "service_model"} & filling.slots.keys()):
            return
        quoted = await quote(session, turn.today, items, model_code(turn))
        if quoted.unsuitable:
            names = wording.joined([turn.name_of(item) for item in quoted.unsuitable], turn)
            turn.say("utter_refused_unsuitable_item", items=names)
            wrong = {item.code for item in quoted.unsuitable}
            left = [code for code in items if code not in wrong]
            filling.set("service_items", left or None)
            turn.slots["service_items"] = left
            filling.said = True

    def acknowledge(self, turn: Turn, filling: Filling) -> None:
        acknowledge_time(turn, filling, "service_time")

    async def _time(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        items = turn.slot("service_items")

        async def check(starts_at: datetime) -> Refused | FreeBay:
            return await workshop.check_service(
                session,
                turn.now,
                items,
                starts_at,
                model_code=model_code(turn),
                phone=filling.slots.get("customer_phone") or turn.slot("customer_phone"),
                plate=real_plate(filling.slots.get("service_plate") or turn.slot("service_plate")),
            )

        async def first_free() -> list[datetime]:
            when = around(turn.slot("service_when"), turn)
            return await workshop.free_times(session, turn.now, items, when, 1)

        await settle_time(
            turn,
            session,
            filling,
            TIME,
            again=bool({"service_items", "customer_phone", "service_plate"} & filling.slots.keys()),
            check=check if items else None,
            first_free=first_free if items else None,
        )


class AskItems(JourneyAction):
    action = "action_ask_maintenance_form_service_items"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if turn.slot("asked") == "service_items":
            return []
        items = (await menu(session))[:6]
        turn.say(
            "utter_ask_service_items",
            buttons=[
                wording.button(turn.name_of(item), f'/inform{{"service_item": "{item.code}"}}')
                for item in items
            ],
        )
        return []


class AskServiceModel(JourneyAction):
    action = "action_ask_maintenance_form_service_model"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        buttons = [
            wording.button(turn.name_of(model), f'/inform{{"model": "{model.code}"}}')
            for model in await catalogue.models(session)
        ]
        other = wording.button(
            turn.either("其他品牌", "Another make"), f'/inform{{"model": "{OTHER_MODEL}"}}'
        )
        turn.say("utter_ask_service_model", buttons=[*buttons, other])
        return []


class AskServiceTime(JourneyAction):
    action = "action_ask_maintenance_form_service_time"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        """Tells the price first, once for the same work on the same car, then offers times."""
        if turn.slot("asked") == "service_time":
            return []
        when = turn.slot("service_when")
        items = turn.slot("service_items")
        told: list[Any] = [list(items), turn.slot("service_model")]
        if turn.slot("service_told") != told:
            quoted = await quote(session, turn.today, items, model_code(turn))
            turn.tell(told_price(turn, quoted))
        times = await workshop.free_times(session, turn.now, items, around(when, turn), LOOKED_AT)
        offer_times(turn, when, times, "utter_ask_service_time")
        return [SlotSet("service_told", told)]


def told_price(turn: Turn, quoted: Quote) -> str:
    """The work with its price, and why it is proposed when it came from the schedule."""
    mileage = turn.slot("service_mileage")
    head = ""
    if mileage and turn.slot("service_by_plan"):
        head = turn.either(
            f"{mileage:,} 公里按保养计划建议做这些，不需要的可以去掉：\n",
            f"The schedule recommends this at {mileage:,} km; tell me what to leave out:\n",
        )
    facts = [line.fact for line in quoted.lines]
    parts = [wording.bullets(priced_lines(turn, quoted)), total_line(turn, quoted)]
    return head + "\n".join([*parts, wording.provenance(turn, *facts)]).rstrip()


class AskServiceConfirmation(JourneyAction):
    action = "action_ask_maintenance_form_service_confirmed"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        starts_at = wall_start(turn.slot("service_when"), turn)
        if starts_at is None:
            return []
        quoted = await quote(session, turn.today, turn.slot("service_items"), model_code(turn))
        plate = turn.slot("service_plate")
        turn.say(
            "utter_confirm_service",
            buttons=confirm_buttons(turn),
            lines=wording.bullets(priced_lines(turn, quoted)),
            total=total_line(turn, quoted),
            car=await _car_name(turn, session),
            plate="" if plate in (None, NO_PLATE) else f" {plate}",
            time=wording.moment(starts_at, turn),
            name=turn.slot("customer_name"),
            phone=shown_phone(turn.slot("customer_phone")),
        )
        # What was told is what may be booked: the price at the yes is compared with it.
        return [SlotSet("service_quoted", {"total": quoted.total})]


async def _car_name(turn: Turn, session: AsyncSession) -> str:
    code = model_code(turn)
    model = await catalogue.model(session, code) if code else None
    return turn.name_of(model) if model else turn.either("其他品牌", "another make")


class SubmitMaintenance(JourneyAction):
    """Books at the price that was told, or says that it changed."""

    action = "action_submit_maintenance"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        starts_at = wall_start(turn.slot("service_when"), turn)
        quoted = turn.slot("service_quoted")
        if starts_at is None or quoted is None or not turn.slot("service_confirmed"):
            return [FollowupAction(FORM)]
        plate = turn.slot("service_plate")
        outcome = await workshop.book_service(
            session,
            turn.now,
            workshop.ServiceRequest(
                item_codes=tuple(turn.slot("service_items")),
                model_code=model_code(turn),
                plate=real_plate(plate),
                mileage_km=turn.slot("service_mileage"),
                starts_at=starts_at,
                name=turn.slot("customer_name"),
                phone=turn.slot("customer_phone"),
                language=turn.language,
                conversation_id=turn.conversation_id,
                message_id=turn.message_id,
                action=self.action,
                note=turn.slot("service_note") or "",
                told_total=quoted["total"],
            ),
        )
        if isinstance(outcome, Refused):
            return await self._again(turn, session, outcome)
        booking = outcome.booking
        place = await dealership(session)
        price = (
            total_line(turn, await quote(session, turn.today, (), None))
            if booking.price is None
            else turn.either("合计：", "Total: ") + wording.yuan(booking.price, turn.language)
        )
        turn.say(
            "utter_service_booked",
            number=booking.number,
            time=wording.moment(booking.starts_at, turn),
            items=wording.joined(
                [turn.either(item["name_zh"], item["name_en"]) for item in booking.items], turn
            ),
            total=price,
            address=turn.either(place.address_zh, place.address_en),
        )
        return [*(SlotSet(slot, None) for slot in SLOTS), remember(turn, ask="", items=[])]

    async def _again(self, turn: Turn, session: AsyncSession, refused: Refused) -> Events:
        await refuse(turn, session, refused)
        if refused.reason == "price_changed":
            return [SlotSet("service_confirmed", None), FollowupAction(FORM)]
        if refused.codes:
            return [
                SlotSet("service_items", None),
                SlotSet("service_confirmed", None),
                FollowupAction(FORM),
            ]
        return [
            SlotSet("service_time", None),
            SlotSet("service_when", without_clock(turn.slot("service_when"))),
            SlotSet("service_confirmed", None),
            FollowupAction(FORM),
        ]

    def failed(self, turn: Turn) -> Events:
        return [SlotSet("service_confirmed", None)]
