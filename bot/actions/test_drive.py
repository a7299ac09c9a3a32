"""Booking a test drive: model, time, name and phone in any order, then the customer's yes."""

from datetime import datetime

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import service as appointments
from backend.appointments.hours import dealership
from backend.appointments.offers import available_cars
from backend.appointments.outcomes import Free, Refused
from backend.catalogue import service as catalogue
from backend.models import DemoCar, Model, Trim
from bot.actions import wording
from bot.actions.appointments import (
    TimeSlots,
    acknowledge_time,
    around,
    offer_times,
    refuse,
    settle_time,
    wall_start,
    without_clock,
)
from bot.actions.asking import TimeClause, also_asked, time_clause
from bot.actions.base import Events, JourneyAction
from bot.actions.cars import Cars, remember, which
from bot.actions.context import Turn
from bot.actions.form_turns import ready_again
from bot.actions.forms import LEAVING, QUESTIONS, Filling, FormJourney, changes
from bot.actions.reading import read_contact
from bot.actions.standing_bookings import tell_calendar
from bot.actions.time_cards import LOOKED_AT

FORM = "test_drive_form"
TIME = TimeSlots("test_drive_when", "test_drive_time")
SLOTS = ("test_drive_model", "test_drive_time", "test_drive_when", "test_drive_confirmed")


async def drivable(session: AsyncSession) -> list[Model]:
    """The models that have a demo car in service."""
    ids = set(
        await session.scalars(
            select(Trim.model_id)
            .join(DemoCar, DemoCar.trim_id == Trim.id)
            .where(DemoCar.state == "available")
        )
    )
    return [model for model in await catalogue.models(session) if model.id in ids]


def shown_phone(phone: str) -> str:
    """A Chinese number without its country code, as customers write it."""
    return phone.removeprefix("+86")


class ValidateTestDrive(FormJourney):
    action = "validate_test_drive_form"
    form = FORM
    trigger = "book_test_drive"
    confirmation = "test_drive_confirmed"
    slots = SLOTS

    async def fill(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        await self._model(turn, session, filling)
        read_contact(turn, filling)
        await self._time(turn, session, filling)

    async def _model(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        """A model in a question is what the question is about, not what is to be driven."""
        requested = turn.slot("requested_slot")
        if turn.intent in (QUESTIONS | LEAVING) - {self.trigger}:
            return
        cars = await which(turn, session)
        starting = requested is None and turn.slot("test_drive_model") is None
        if not cars.mentioned and not starting:
            return
        if len(cars.models) > 1 and cars.mentioned and changes(turn):
            # "不要远岳，换山屿": the last one named is the one that is wanted.
            cars = cars.only(cars.models[-1])
        if len(cars.models) > 1:
            names = wording.joined([turn.name_of(model) for model in cars.models], turn)
            if cars.mentioned:
                turn.say("utter_one_model_at_a_time", models=names, buttons=_choice(turn, cars))
                filling.ask("test_drive_model")
            return
        if cars.model is None:
            return
        on_offer = await drivable(session)
        if cars.model.id not in {model.id for model in on_offer}:
            if cars.mentioned:
                turn.say("utter_no_demo_car", model=turn.name_of(cars.model))
                filling.said = True
            return
        if cars.model.code != turn.slot("test_drive_model"):
            filling.set("test_drive_model", cars.model.code)
            turn.slots["test_drive_model"] = cars.model.code
            # "多少钱" in the next message is about this car.
            filling.slots["topic"] = remember(turn, cars)["value"]

    def acknowledge(self, turn: Turn, filling: Filling) -> None:
        acknowledge_time(turn, filling, "test_drive_time")

    async def _time(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        model = turn.slot("test_drive_model")

        async def check(starts_at: datetime) -> Refused | Free:
            # With the phone, a second drive of the same person at that time shows now.
            phone = filling.slots.get("customer_phone") or turn.slot("customer_phone")
            return await appointments.check_test_drive(
                session, turn.now, model, starts_at, phone, asked_trims(turn)
            )

        async def first_free() -> list[datetime]:
            when = around(turn.slot("test_drive_when"), turn)
            return await appointments.free_times(session, turn.now, model, when, 1)

        await settle_time(
            turn,
            session,
            filling,
            TIME,
            again=bool({"test_drive_model", "customer_phone"} & filling.slots.keys()),
            check=check if model else None,
            first_free=first_free if model else None,
        )


def _choice(turn: Turn, cars: Cars) -> list[dict[str, str]]:
    return [
        wording.button(turn.name_of(model), f'/inform{{"model": "{model.code}"}}')
        for model in cars.models
    ]


class AskModel(JourneyAction):
    action = "action_ask_test_drive_form_test_drive_model"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        """With the time, where that is open too: those are offered at which any car is free."""
        if turn.slot("asked") == "test_drive_model":
            return []
        clause = TimeClause()
        if "test_drive_time" in also_asked(turn, "test_drive_model"):
            when = turn.slot("test_drive_when")
            times = await appointments.free_for_each(
                session, turn.now, around(when, turn), LOOKED_AT
            )
            clause = time_clause(turn, when, times)
        turn.say(
            "utter_ask_test_drive_model",
            buttons=[
                wording.button(turn.name_of(model), f'/inform{{"model": "{model.code}"}}')
                for model in await drivable(session)
            ],
            cards=clause.cards,
            also=clause.also,
            times=clause.times,
        )
        return []


class AskTime(JourneyAction):
    action = "action_ask_test_drive_form_test_drive_time"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        """Offers free times to choose from, near the day that was named if one was."""
        if turn.slot("asked") != "test_drive_time":
            when = turn.slot("test_drive_when")
            times = await appointments.free_times(
                session, turn.now, turn.slot("test_drive_model"), around(when, turn), LOOKED_AT
            )
            offer_times(turn, when, times, "utter_ask_test_drive_time")
        return []


class AskConfirmation(JourneyAction):
    action = "action_ask_test_drive_form_test_drive_confirmed"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        model = await catalogue.model(session, turn.slot("test_drive_model"))
        starts_at = wall_start(turn.slot("test_drive_when"), turn)
        if model is None or starts_at is None:
            return []
        asked = asked_trims(turn)
        outcome = await appointments.check_test_drive(
            session, turn.now, model.code, starts_at, trims=asked
        )
        trim = f" {turn.name_of(outcome.car.trim)}" if isinstance(outcome, Free) else ""
        if isinstance(outcome, Free) and asked and outcome.car.trim.code not in asked:
            # What was talked about and what can be driven then are not the same version.
            cars = await available_cars(session, model.id)
            busy = any(car.trim.code in asked for car in cars)
            turn.say(
                "utter_demo_car_busy" if busy else "utter_demo_car_differs",
                trim=turn.name_of(outcome.car.trim),
            )
        turn.say(
            "utter_confirm_test_drive",
            buttons=confirm_buttons(turn),
            model=f"{turn.name_of(model)}{trim}",
            time=wording.moment(starts_at, turn),
            name=turn.slot("customer_name"),
            phone=shown_phone(turn.slot("customer_phone")),
            terms=await _terms(turn, session),
        )
        # Others may book in the meantime and make another car the least used one.
        return [
            remember(turn, shown_trim=outcome.car.trim.code if isinstance(outcome, Free) else None)
        ]


async def _terms(turn: Turn, session: AsyncSession) -> str:
    """What a driver has to bring, on lines of its own; told before anything is confirmed."""
    approved = await catalogue.statement(session, turn.today, "test_drive_terms")
    if approved is not None:
        return "\n" + turn.either(approved.text_zh, approved.text_en)
    if (await dealership(session)).test_drive_licence:
        return "\n" + turn.either("试驾要带驾驶证。", "Please bring your driving licence.")
    return ""


def _wanted(turn: Turn) -> tuple[str, ...]:
    """The version that the customer was shown, else those that were talked about."""
    shown = (turn.slot("topic") or {}).get("shown_trim")
    return (shown,) if shown else asked_trims(turn)


def asked_trims(turn: Turn) -> tuple[str, ...]:
    """The versions that were talked about."""
    return tuple((turn.slot("topic") or {}).get("trims") or ())


def confirm_buttons(turn: Turn) -> list[dict[str, str]]:
    return [
        wording.button(turn.either("确认预约", "Confirm"), "/affirm"),
        wording.button(turn.either("修改", "Change something"), "/deny"),
        wording.button(turn.either("取消", "Cancel"), "/stop"),
    ]


class SubmitTestDrive(JourneyAction):
    """Books, and speaks of it only with the booking in the store."""

    action = "action_submit_test_drive"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        starts_at = wall_start(turn.slot("test_drive_when"), turn)
        if starts_at is None or not turn.slot("test_drive_confirmed"):
            # The form was left without a yes: there is nothing to book.
            return []
        outcome = await appointments.book_test_drive(
            session,
            turn.now,
            appointments.TestDriveRequest(
                model_code=turn.slot("test_drive_model"),
                starts_at=starts_at,
                name=turn.slot("customer_name"),
                phone=turn.slot("customer_phone"),
                language=turn.language,
                conversation_id=turn.conversation_id,
                message_id=turn.message_id,
                action=self.action,
                trims=_wanted(turn),
            ),
        )
        if isinstance(outcome, Refused):
            await refuse(turn, session, outcome)
            when = without_clock(turn.slot("test_drive_when"))
            return [
                SlotSet("test_drive_time", None),
                SlotSet("test_drive_when", when),
                SlotSet("test_drive_confirmed", None),
                FollowupAction(FORM),
            ]
        booking = outcome.booking
        car = booking.demo_car
        place = await dealership(session)
        turn.say(
            "utter_test_drive_booked",
            number=booking.number,
            model=turn.name_of(booking.model),
            trim=turn.name_of(car.trim),
            time=wording.moment(booking.starts_at, turn),
            minutes=place.test_drive_minutes,
            address=turn.either(place.address_zh, place.address_en),
        )
        await tell_calendar(turn, session, booking)
        next_form = (turn.slot("topic") or {}).get("then")
        done: Events = [SlotSet(slot, None) for slot in SLOTS]
        if next_form:
            return [*done, remember(turn, ask="", then=None), FollowupAction(next_form)]
        return [*done, remember(turn, ask="")]

    def failed(self, turn: Turn) -> Events:
        # Nothing was booked: the form is opened again at the question, for another yes.
        return ready_again(FORM, "test_drive_confirmed")
