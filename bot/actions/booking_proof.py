"""A booking that was made elsewhere, by phone or on another device: shown, moved and cancelled by
whoever knows its number and the phone it was made for.

Neither of the two is enough, and a wrong one gets the same answer as one that does not exist.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments import service as appointments
from backend.models import ServiceBooking, TestDriveBooking
from backend.workshop import service as workshop
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember
from bot.actions.context import Turn

PROVE = "prove"
MOST_TRIES = 5
"""Wrong pairs in one conversation, after which nothing is looked up any more."""
PREFIXES = ("TD", "SV")


def booking_number(turn: Turn) -> str | None:
    """The number of a booking in the customer's own words."""
    if turn.pressed:
        return None
    numbers = [str((one or {}).get("reference") or "") for one in turn.found("number")]
    return next((number for number in numbers if number.startswith(PREFIXES)), None)


def proved_numbers(turn: Turn) -> list[str]:
    """The numbers of the bookings that were proved in this conversation."""
    return [str(number) for number in (turn.slot("topic") or {}).get("proved") or []]


async def proved(turn: Turn, session: AsyncSession) -> list[TestDriveBooking | ServiceBooking]:
    """The bookings that were proved here, as they are now."""
    found: list[TestDriveBooking | ServiceBooking] = []
    pairs = (turn.slot("topic") or {}).get("proved") or {}
    for number, phone in dict(pairs).items():
        booking = await _find(session, number, phone)
        if booking is not None:
            found.append(booking)
    return found


async def prove(turn: Turn, session: AsyncSession, known: set[str]) -> Events | None:
    """Asks for what is missing of number and phone, or keeps that the booking is his.

    `known`: the numbers that are his already. None when there is nothing to prove; an empty list
    when it has just been proved, and the message goes on from there.
    """
    topic = turn.slot("topic") or {}
    before = topic.get("pending") or {}
    asked = before.get("do") == PROVE and turn.follows(before.get("after"))
    before = before if asked else {}
    said = booking_number(turn)
    if said in known or (said is None and not asked):
        return None
    given = next((str(one["number"]) for one in turn.found("phone") if one.get("valid")), None)
    number, phone = said or before.get("number"), given or before.get("phone")
    if asked and said is None and given is None:
        # About something else.
        return None
    if number is None:
        turn.say("utter_booking_prove_number")
        return [_await(turn, None, phone)]
    if phone is None:
        turn.say("utter_booking_prove_phone", number=number)
        return [_await(turn, number, None)]
    tries = int(topic.get("unproved") or 0)
    if tries < MOST_TRIES and await _find(session, number, phone) is not None:
        remember(turn, pending=None, proved={**(topic.get("proved") or {}), number: phone})
        return []
    await ask_colleague(turn, session, kind="follow_up")
    turn.say("utter_booking_unproved")
    return [remember(turn, ask="", pending=None, unproved=tries + 1)]


async def _find(
    session: AsyncSession, number: str, phone: str
) -> TestDriveBooking | ServiceBooking | None:
    if number.startswith("TD"):
        return await appointments.find_booking(session, number, phone)
    return await workshop.find_booking(session, number, phone)


def _await(turn: Turn, number: str | None, phone: str | None) -> dict[str, Any]:
    pending = {"do": PROVE, "number": number, "phone": phone, "after": turn.message_id}
    return remember(turn, ask="", pending=pending)
