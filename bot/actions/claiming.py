"""Asking for number and phone of what was booked or lodged elsewhere, and looking it up by them.

Neither of the two is enough, they come in one message or in two, and wrong ones get the same
answer as those that do not exist. The store counts the tries, of bookings and complaints together.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from backend.customers.proof import NotFound
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember
from bot.actions.context import Turn

Found = TypeVar("Found")


@dataclass(frozen=True)
class Matter(Generic[Found]):
    """What may be claimed.

    `do` is what its pending question is kept as, `prefixes` begin its numbers. With `ask_number`
    a phone alone leads to that question; without, to nothing. `colleague`: one looks for what
    was not found.
    """

    do: str
    prefixes: tuple[str, ...]
    claim: Callable[[AsyncSession, datetime, str, str, str], Awaitable[Found | NotFound]]
    ask_phone: str
    unknown: str
    ask_number: str | None = None
    colleague: bool = False


def number_of(turn: Turn, matter: Matter[Any]) -> str | None:
    """The number of such a thing that the message gives."""
    named = (str(found.get("reference") or "") for found in turn.found("number"))
    return next((one for one in named if one.startswith(matter.prefixes)), None)


async def claim(turn: Turn, session: AsyncSession, matter: Matter[Found]) -> Found | Events | None:
    """What number and phone lead to; the events of what was said instead; None for a message
    that gives neither."""
    pending = asked(turn, matter) or {}
    said_number = number_of(turn, matter)
    said_phone = next((str(p["number"]) for p in turn.found("phone") if p.get("valid")), None)
    number = said_number or pending.get("number")
    given = said_phone or pending.get("phone")
    if said_number is None and (said_phone is None or not (number or matter.ask_number)):
        return None
    if number is None:
        turn.say(str(matter.ask_number))
        return [ask(turn, matter, phone=given)]
    phone = given or turn.slot("customer_phone")
    found: Found | NotFound = NotFound()
    if phone is not None:
        found = await matter.claim(session, turn.now, turn.conversation_id, number, str(phone))
    if not isinstance(found, NotFound):
        return found
    if given is None and not found.locked:
        # The phone that he has named for something else need not be the one given with this.
        turn.say(matter.ask_phone, number=number)
        return [ask(turn, matter, number=number)]
    if found.locked or matter.colleague:
        await ask_colleague(turn, session, kind="follow_up")
    turn.say("utter_claim_locked" if found.locked else matter.unknown, number=number)
    return [remember(turn, ask="", pending=None)]


def ask(
    turn: Turn, matter: Matter[Any], *, number: str | None = None, phone: str | None = None
) -> dict[str, Any]:
    """Keeps what is known so far for the next message, which gives the rest."""
    pending = {"do": matter.do, "number": number, "phone": phone, "after": turn.message_id}
    return remember(turn, ask="", pending=pending)


def asked(turn: Turn, matter: Matter[Any]) -> dict[str, Any] | None:
    """What was known of such a thing when this message was asked for."""
    pending: dict[str, Any] = (turn.slot("topic") or {}).get("pending") or {}
    if pending.get("do") != matter.do or not turn.follows(pending.get("after")):
        return None
    return pending
