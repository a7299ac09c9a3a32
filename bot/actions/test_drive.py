"""Booking a test drive: model, time, name and phone in any order, then the customer's yes."""

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import service as appointments
from backend.appointments.hours import dealership
from backend.appointments.outcomes import Refused
from backend.catalogue import service as catalogue
from backend.models import DemoCar, Model, Trim
from bot.actions import wording
from bot.actions.appointments import (
    LOOKED_AT,
    acknowledge_time,
    around,
    offer_times,
    refuse,
    settled,
    tell_free,
    wall_start,
)
from bot.actions.base import Events, JourneyAction
from bot.actions.cars import Cars, remember, which
from bot.actions.context import Turn
from bot.actions.forms import LEAVING, QUESTIONS, Filling, FormJourney, read_contact, read_time

FORM = "test_drive_form"
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
        """Keeps what is known of the time in `test_drive_when`; the slot of the form is filled
        only by a moment that could be booked now."""
        when = read_time(turn, "test_drive_when")
        changed_model = "test_drive_model" in filling.slots
        if when is None and not (changed_model and turn.slot("test_drive_time")):
            return
        if when is None:
            when = turn.slot("test_drive_when")
        else:
            filling.set("test_drive_when", when)
            turn.slots["test_drive_when"] = when
        starts_at = wall_start(when, turn)
        if starts_at is None:
            # The day or the hour alone: what is missing is asked for next.
            filling.set("test_drive_time", None)
            return
        model = turn.slot("test_drive_model")
        if model is None:
            filling.set("test_drive_time", starts_at.isoformat())
            return
        outcome = await appointments.check_test_drive(session, turn.now, model, starts_at)
        if isinstance(outcome, Refused):
            await refuse(turn, session, outcome)
            filling.set("test_drive_time", None)
            filling.set("test_drive_when", without_clock(when))
            filling.ask("test_drive_time")
            return
        if outcome.rounded:
            turn.say("utter_rounded", time=wording.moment(outcome.starts_at, turn))
            filling.said = True
            filling.set("test_drive_when", settled(when, outcome.starts_at, turn))
        filling.set("test_drive_time", turn.local(outcome.starts_at).isoformat())
        if not outcome.rounded:
            tell_free(turn, filling, "test_drive_time", outcome.starts_at)


def without_clock(when: dict[str, Any] | None) -> dict[str, Any] | None:
    """A refused hour is forgotten, its day is kept for "那四点呢"."""
    return {**when, "time": None, "time_end": None, "part": None} if when else None


def _choice(turn: Turn, cars: Cars) -> list[dict[str, str]]:
    return [
        wording.button(turn.name_of(model), f'/inform{{"model": "{model.code}"}}')
        for model in cars.models
    ]


class AskModel(JourneyAction):
    action = "action_ask_test_drive_form_test_drive_model"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if turn.slot("asked") == "test_drive_model":
            return []
        turn.say(
            "utter_ask_test_drive_model",
            buttons=[
                wording.button(turn.name_of(model), f'/inform{{"model": "{model.code}"}}')
                for model in await drivable(session)
            ],
        )
        return []


class AskTime(JourneyAction):
    action = "action_ask_test_drive_form_test_drive_time"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        """Offers free times as buttons, near the day that was named if one was."""
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
        turn.say(
            "utter_confirm_test_drive",
            buttons=confirm_buttons(turn),
            model=turn.name_of(model),
            time=wording.moment(starts_at, turn),
            name=turn.slot("customer_name"),
            phone=shown_phone(turn.slot("customer_phone")),
        )
        return []


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
            return [FollowupAction(FORM)]
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
        terms = await catalogue.statement(session, turn.today, "test_drive_terms")
        if terms is not None:
            turn.tell(turn.either(terms.text_zh, terms.text_en))
        return [*(SlotSet(slot, None) for slot in SLOTS), remember(turn, ask="")]

    def failed(self, turn: Turn) -> Events:
        # Nothing was booked: the form stands ready for another yes.
        return [SlotSet("test_drive_confirmed", None)]
