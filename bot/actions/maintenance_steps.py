"""The steps of booking a service visit: what is asked, what is shown, and the booking itself."""

from datetime import date, datetime
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.appointments.outcomes import Refused
from backend.catalogue import service as catalogue
from backend.diagnosis import service as diagnoses
from backend.workshop import service as workshop
from backend.workshop.openings import free_for_each
from backend.workshop.pricing import menu, quote
from bot.actions import wording
from bot.actions.appointments import (
    around,
    offer_times,
    refuse,
    wall_start,
    without_clock,
)
from bot.actions.asking import TimeClause, also_asked, time_clause
from bot.actions.base import Events, JourneyAction
from bot.actions.cars import remember
from bot.actions.context import Turn
from bot.actions.form_turns import ready_again
from bot.actions.maintenance import (
    FORM,
    OTHER_MODEL,
    SLOTS,
    model_code,
    priced_work,
    real_plate,
)
from bot.actions.own_car import NO_PLATE
from bot.actions.plan_wishes import offer
from bot.actions.service_menu import priced_lines, told_price, total_line
from bot.actions.standing_bookings import tell_calendar
from bot.actions.test_drive import confirm_buttons, shown_phone
from bot.actions.time_cards import LOOKED_AT


class AskItems(JourneyAction):
    action = "action_ask_maintenance_form_service_items"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        """With the car and the time, where those are open too."""
        if turn.slot("asked") == "service_items":
            return []
        items = (await menu(session))[:6]
        also = also_asked(turn, "service_items")
        clause = TimeClause()
        if "service_time" in also:
            when = turn.slot("service_when")
            codes = [item.code for item in items]
            times = await free_for_each(session, turn.now, codes, around(when, turn), LOOKED_AT)
            clause = time_clause(turn, when, times)
        car = turn.either("，车是哪款", ", on which car")
        turn.say(
            "utter_ask_service_items",
            buttons=[
                wording.button(turn.name_of(item), f'/inform{{"service_item": "{item.code}"}}')
                for item in items
            ],
            cards=clause.cards,
            also=(car if "service_model" in also else "") + clause.also,
            times=clause.times,
        )
        return []


class AskServiceModel(JourneyAction):
    action = "action_ask_maintenance_form_service_model"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        """With the time, where that is open too."""
        buttons = [
            wording.button(turn.name_of(model), f'/inform{{"model": "{model.code}"}}')
            for model in await catalogue.models(session)
        ]
        other = wording.button(
            turn.either("其他品牌", "Another make"), f'/inform{{"model": "{OTHER_MODEL}"}}'
        )
        clause = TimeClause()
        if "service_time" in also_asked(turn, "service_model"):
            when = turn.slot("service_when")
            clause = time_clause(turn, when, await _free_times(turn, session))
        turn.say(
            "utter_ask_service_model",
            buttons=[*buttons, other],
            cards=clause.cards,
            also=clause.also,
            times=clause.times,
        )
        return []


async def _free_times(turn: Turn, session: AsyncSession) -> list[datetime]:
    """Near the day that was named, if one was."""
    near = around(turn.slot("service_when"), turn)
    items = turn.slot("service_items")
    return await workshop.free_times(session, turn.now, items, near, LOOKED_AT)


async def tell_price(turn: Turn, session: AsyncSession) -> Events:
    """What the work costs, once for the same work on the same car."""
    told: list[Any] = [list(turn.slot("service_items")), turn.slot("service_model")]
    if turn.slot("service_told") == told:
        return []
    turn.tell(told_price(turn, await priced_work(turn, session, told[0])))
    return [SlotSet("service_told", told)]


class AskServiceTime(JourneyAction):
    action = "action_ask_maintenance_form_service_time"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        """Tells the price first, then offers times."""
        if turn.slot("asked") == "service_time":
            return []
        events = await tell_price(turn, session)
        times = await _free_times(turn, session)
        offer_times(turn, turn.slot("service_when"), times, "utter_ask_service_time")
        return events


class AskServiceConfirmation(JourneyAction):
    action = "action_ask_maintenance_form_service_confirmed"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        starts_at = wall_start(turn.slot("service_when"), turn)
        if starts_at is None:
            return []
        quoted = await priced_work(turn, session, turn.slot("service_items"))
        turn.say(
            "utter_confirm_service",
            buttons=confirm_buttons(turn),
            lines=wording.bullets(priced_lines(turn, quoted)),
            total=total_line(turn, quoted),
            car=await _car_name(turn, session),
            plate=_shown_plate(turn),
            time=wording.moment(starts_at, turn),
            name=turn.slot("customer_name"),
            phone=shown_phone(turn.slot("customer_phone")),
        )
        # What was told is what may be booked: the price at the yes is compared with it.
        return [SlotSet("service_quoted", {"total": quoted.total})]


def _shown_plate(turn: Turn) -> str:
    plate = turn.slot("service_plate")
    known = turn.slot("service_vin") if plate in (None, NO_PLATE) else plate
    return f" {known}" if known else ""


async def _car_name(turn: Turn, session: AsyncSession) -> str:
    code = model_code(turn)
    model = await catalogue.model(session, code) if code else None
    return turn.name_of(model) if model else turn.either("其他品牌", "another make")


def _registered(turn: Turn) -> date | None:
    """How old he said that his car is, when the plan was asked for."""
    told = (turn.slot("topic") or {}).get("plan") or {}
    return date.fromisoformat(told["on"]) if told.get("on") and told.get("own") else None


class SubmitMaintenance(JourneyAction):
    """Books at the price that was told, or says that it changed."""

    action = "action_submit_maintenance"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        starts_at = wall_start(turn.slot("service_when"), turn)
        quoted = turn.slot("service_quoted")
        if starts_at is None or quoted is None or not turn.slot("service_confirmed"):
            # The form was left without a yes: there is nothing to book.
            return []
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
                other_make=turn.slot("service_model") == OTHER_MODEL,
                vin=turn.slot("service_vin"),
                in_service_on=_registered(turn),
            ),
        )
        if isinstance(outcome, Refused):
            return await self._again(turn, session, outcome)
        booking = outcome.booking
        if turn.slot("service_note"):
            await diagnoses.attach(
                session,
                turn.now,
                turn.today,
                booking.id,
                text=turn.slot("service_note"),
                conversation_id=turn.conversation_id,
                message_id=turn.message_id,
                diagnosis_id=(turn.slot("topic") or {}).get("diagnosis"),
            )
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
            buttons=await offer(turn, session, booking.vehicle_id),
        )
        await tell_calendar(turn, session, booking)
        next_form = (turn.slot("topic") or {}).get("then")
        done: Events = [SlotSet(slot, None) for slot in SLOTS]
        if next_form:
            return [*done, remember(turn, ask="", then=None), FollowupAction(next_form)]
        return [*done, remember(turn, ask="", items=[])]

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
        return ready_again(FORM, "service_confirmed")
