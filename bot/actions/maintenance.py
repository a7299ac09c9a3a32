"""Booking a service visit: work, car, time, contact; the price is told before the yes."""

import re
from collections.abc import Sequence
from datetime import datetime

from rasa_sdk.events import FollowupAction
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.appointments.outcomes import FreeBay, Refused
from backend.workshop import service as workshop
from backend.workshop.capacity import longest_visit, visit_length
from backend.workshop.pricing import Quote, quote
from bot.actions import wording
from bot.actions.appointments import (
    TimeSlots,
    acknowledge_time,
    around,
    settle_time,
)
from bot.actions.base import Events
from bot.actions.cars import which
from bot.actions.context import Turn
from bot.actions.faults import is_urgent
from bot.actions.form_turns import LEFT, opens
from bot.actions.forms import LEAVING, QUESTIONS, Filling, FormJourney
from bot.actions.own_car import NO_PLATE, read_mileage, read_plate, read_vin
from bot.actions.plan_words import only_asks_plan
from bot.actions.reading import PIECES, read_contact
from bot.actions.service_menu import DIAGNOSIS, due_codes, mentioned_items, told_price, whole_check
from bot.actions.service_plan import tell_plan
from bot.actions.visit_words import books_a_car, wants_check
from bot.actions.wishes import DRIVE_FORM

FORM = "maintenance_form"
TIME = TimeSlots("service_when", "service_time")
SLOTS = (
    "service_items", "service_time", "service_when", "service_confirmed", "service_note",
    "service_told", "service_quoted", "service_by_plan",
)  # fmt: skip
OTHER_MODEL = "other"
SHORT_ANSWER = 8
"""Words or characters of an answer that holds nothing else."""
MARK_KM = 10_000

_ADDING = re.compile(
    r"加(?!速|油站)|添|还(?:要|想|需)|还有|另外|顺便|顺带|一起|也(?:做|换|要)"
    r"|\b(?:also|add|plus|as well|too)\b",
    re.I,
)
_REMOVING = re.compile(
    r"不要|不做|不用|不需要|去掉|删|除了|别做"
    r"|\b(?:without|remove|skip|drop|not|no|except|leave out)\b",
    re.I,
)
_NO_PLATE = re.compile(r"没有|没上牌|未上牌|还没|新车|临牌|^无$|\b(?:no|none|not yet|new)\b", re.I)
_NONE = re.compile(
    r"(?:还|暂时?)?没有?(?:呢|牌照?)?|暂?无|(?:这?是)?新车|临牌"
    r"|none(?: yet)?|not yet|(?:it'?s |it is )?(?:a )?(?:brand )?new(?: car| one)?",
    re.I,
)
"""No plate, where a name or a phone stands beside it."""
_SAYS_NO_PLATE = re.compile(
    r"没有?车?牌|没上牌|未上牌|没挂牌"
    r"|\b(?:no|without an?|don't have an?)(?: number)? plates?\b",
    re.I,
)
_OTHER = re.compile(r"其他|其它|别的|不是你们|外品牌|\b(?:other|another)\b", re.I)

_OTHER_MAKE = re.compile(
    r"(?:其他|其它|别的|外)(?:品牌|牌子)|不是你们|\b(?:other|another|different) (?:make|brand)\b",
    re.I,
)
"""The same in an answer that may be about the work, the car or the time."""


def model_code(turn: Turn) -> str | None:
    """The model of the customer's car, when it is one of ours."""
    code = turn.slot("service_model")
    return None if code in (None, OTHER_MODEL) else str(code)


async def priced_work(turn: Turn, session: AsyncSession, items: Sequence[str]) -> Quote:
    """What the work costs on the customer's car; of another make no price is on record."""
    quoted = await quote(session, turn.today, items, model_code(turn))
    return quoted.without_prices() if turn.slot("service_model") == OTHER_MODEL else quoted


def real_plate(plate: str | None) -> str | None:
    return None if plate == NO_PLATE else plate


class ValidateMaintenance(FormJourney):
    action = "validate_maintenance_form"
    form = FORM
    trigger = "book_maintenance"
    confirmation = "service_confirmed"
    slots = SLOTS

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if opens(turn, self.form) and books_a_car(turn):
            # "再约一辆X7" wants to drive one, whatever it is taken for.
            return [*LEFT, FollowupAction(DRIVE_FORM)]
        if opens(turn, self.form) and only_asks_plan(turn) and not is_urgent(turn.text):
            # "该保养了吗" is answered; whether he comes is his next message.
            return [*(await tell_plan(turn, session)), *LEFT]
        return await super().act(turn, session)

    async def fill(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        fault = (turn.slot("topic") or {}).get("fault")
        opening = turn.slot("requested_slot") is None and not turn.slot("service_items")
        if opening and (turn.first("start_with") or (fault and not mentioned_items(turn))):
            # After a reported fault the visit is to find its cause, and the story goes with it.
            filling.set("service_items", [str(turn.first("start_with") or DIAGNOSIS)])
            filling.set("service_note", str(fault or ""))
            turn.slots["service_items"] = filling.slots["service_items"]
        if not turn.first("plate"):
            self._no_plate(turn, filling)
        if turn.intent not in (QUESTIONS | LEAVING) - {self.trigger, "report_fault"}:
            await self._car(turn, session, filling)
            await self._items(turn, session, filling)
        read_contact(turn, filling)
        await self._time(turn, session, filling)

    @staticmethod
    def _no_plate(turn: Turn, filling: Filling) -> None:
        """ "没有", "none yet": whatever else the words sound like, they answer the question."""
        if _SAYS_NO_PLATE.search(turn.text):
            filling.set("service_plate", NO_PLATE)
            # An answer, also where something else was asked.
            turn.intent = "inform"
        if "service_plate" not in filling.awaited:
            return
        latin = turn.text.isascii()
        words = turn.text.split() if latin else list(turn.text)
        pieces = [piece.strip() for piece in PIECES.split(turn.text)]
        pieces += [] if latin else turn.text.split()
        short = len(words) <= SHORT_ANSWER and not turn.found("phone")
        if (short and _NO_PLATE.search(turn.text)) or any(map(_NONE.fullmatch, pieces)):
            # "没有，王伟 138…" as well.
            filling.set("service_plate", NO_PLATE)

    async def _car(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        requested = turn.slot("requested_slot")
        cars = await which(turn, session)
        topic = turn.slot("topic") or {}
        told = topic.get("service_car") if requested is None else None
        if cars.mentioned and cars.model is not None:
            filling.set("service_model", cars.model.code)
        elif told and not turn.slot("service_model") and not turn.found("make"):
            # The car whose fault was reported, or for which the price of the work was asked.
            filling.set("service_model", told)
        elif (
            turn.first("model") == OTHER_MODEL
            or turn.found("make")
            or (
                requested == "service_model"
                and not _SAYS_NO_PLATE.search(turn.text)
                and (_OTHER.search(turn.text) or turn.intent == "deny")
            )
            or ("service_model" in filling.awaited and _OTHER_MAKE.search(turn.text))
        ):
            filling.set("service_model", OTHER_MODEL)
            if turn.slot("service_model") != OTHER_MODEL:
                turn.say("utter_other_make")
        turn.slots["service_model"] = filling.slots.get("service_model", turn.slot("service_model"))
        read_plate(turn, filling)
        read_vin(turn, filling)
        await read_mileage(turn, session, filling)

    async def _items(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        known: list[str] = list(turn.slot("service_items") or [])
        named = mentioned_items(turn)
        if not named and not known and wants_check(turn.text):
            # "做个检查": of nothing in particular, so of everything.
            named = [code for code in [await whole_check(session)] if code]
        opening = turn.slot("requested_slot") is None
        topic = turn.slot("topic") or {}
        remembered = topic.get("items")
        # The plan was told in answer to this very message: the price was told with it.
        just_told = bool(remembered) and topic.get("planned_by") == turn.message_id
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
        elif not known and opening and remembered and (just_told or not turn.first("mileage")):
            # What the plan has just proposed.
            filling.set("service_items", list(remembered))
            # What comes next and is done early is not what the plan recommends today.
            planned = turn.slot("service_mileage") is not None and not topic.get("early")
            filling.set("service_by_plan", planned)
            turn.slots["service_by_plan"] = filling.slots["service_by_plan"]
        elif (
            not known
            and (opening or "service_mileage" in filling.slots)
            and turn.slot("service_mileage") is not None
        ):
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
        turn.slots["service_items"] = filling.slots.get("service_items", known)
        await self._suitable(turn, session, filling)
        await self._fits_a_day(turn, session, filling)
        now = turn.slots["service_items"]
        if just_told and opening and now == remembered:
            filling.set("service_told", [list(now), turn.slots["service_model"]])
        if known and now and now != known and turn.slot("service_told"):
            # Told again at once: nobody should learn of another price at the summary.
            quoted = await priced_work(turn, session, now)
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
        quoted = await priced_work(turn, session, items)
        if quoted.unsuitable:
            names = wording.joined([turn.name_of(item) for item in quoted.unsuitable], turn)
            turn.say("utter_refused_unsuitable_item", items=names)
            wrong = {item.code for item in quoted.unsuitable}
            left = [code for code in items if code not in wrong]
            filling.set("service_items", left or None)
            turn.slots["service_items"] = left
            filling.said = True

    async def _fits_a_day(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        """More than a day's work is no single visit: it is said so, and asked what goes first."""
        items = turn.slots["service_items"]
        if not items or "service_items" not in filling.slots:
            return
        quoted = await priced_work(turn, session, items)
        length = visit_length(quoted.minutes)
        if length <= longest_visit(await dealership(session), turn.now):
            return
        names = wording.bullets([turn.name_of(item) for item in quoted.items])
        turn.say("utter_work_too_long", hours=round(length.total_seconds() / 3600), items=names)
        filling.set("service_items", None)
        turn.slots["service_items"] = []
        filling.ask("service_items")

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
