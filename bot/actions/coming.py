"""A wish to come, or for a time, that does not say what for."""

import re

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import ServiceBooking
from bot.actions.base import Events, JourneyAction
from bot.actions.bookings import follow_booking, moves, my_bookings, proposed
from bot.actions.context import Turn
from bot.actions.faults import OFFER, about_fault, reported
from bot.actions.forms import Filling
from bot.actions.handover import in_line
from bot.actions.held import hold, kind_named
from bot.actions.reading import read_contact
from bot.actions.service_plan import VISIT
from bot.actions.standing_bookings import standing
from bot.actions.wishes import VISIT_FORM, also_books, names_workshop

_ONE_MORE = re.compile(
    r"再约|再来一|还(?:要|想)约|另外|另约|也约|也想约"
    r"|\b(?:also|as well|too|one more|(?:another|second) (?:appointment|visit|booking|one|slot))\b",
    re.I,
)


class Appointment(JourneyAction):
    """Moves a booking, opens the form that the words or a fault point to, else asks what for.

    Nothing that was said is lost by the question: see `ask_what_for`.
    """

    action = "action_appointment"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        about = await about_fault(turn, session)
        if about is not None:
            # The button below the advice books the check, at the time that was said.
            return [*about, hold(turn, offer=OFFER)]
        waits = await in_line(turn, session)
        if waits is not None:
            return waits
        moved = await _moved(turn, session)
        if moved is not None:
            return moved
        form = kind_named(turn) or also_books(turn) or await _workshop(turn, session)
        return [FollowupAction(form)] if form else ask_what_for(turn)


async def _moved(turn: Turn, session: AsyncSession) -> Events | None:
    """The booking of this conversation that the words want at another time; None for a new one."""
    if _ONE_MORE.search(turn.text) and not proposed(turn):
        return None
    moved = await follow_booking(turn, session)
    if moved is None and moves(turn) and await standing(turn, session):
        # Which of several, or to which time: it is asked as for any other change.
        return await my_bookings(turn, session)
    return moved


async def _workshop(turn: Turn, session: AsyncSession) -> str | None:
    """The form of a visit, if the car is meant: by name, by what was just told to be due, or by
    a fault not yet seen to."""
    topic = turn.slot("topic") or {}
    if names_workshop(turn) or topic.get("offer") == VISIT:
        return VISIT_FORM
    if topic.get("ask") == "ask_maintenance_price":
        # "那帮我约周六上午" after the price of the work.
        return VISIT_FORM
    if not reported(turn):
        return None
    booked = [isinstance(b.row, ServiceBooking) for b in await standing(turn, session)]
    return None if any(booked) else VISIT_FORM


def ask_what_for(turn: Turn) -> Events:
    """Asks whether for a drive or for the workshop; keeps time and car for the answer, and name
    and phone as those of the customer."""
    contact = Filling()
    read_contact(turn, contact)
    kept = hold(turn)
    turn.say("utter_time_for_what" if turn.found("time") else "utter_visit_for_what")
    return [kept, *(SlotSet(slot, value) for slot, value in contact.slots.items())]
