"""Where a complaint from elsewhere stands: told to whoever knows its number and its phone.

Neither of the two is enough, and a wrong one gets the same answer as one that does not exist.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import service as complaints
from backend.models import Complaint, Conversation
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember
from bot.actions.complaint_telling import complaint_number, tell
from bot.actions.context import Turn

PROVE = "complaint_prove"
MOST_TRIES = 5
"""Wrong pairs in one conversation, after which nothing is looked up any more."""


def valid_phone(turn: Turn) -> str | None:
    return next((str(one["number"]) for one in turn.found("phone") if one.get("valid")), None)


async def prove(
    turn: Turn, session: AsyncSession, pending: dict[str, Any] | None = None
) -> Events | None:
    """Asks for what is missing of number and phone, or tells where that complaint stands.

    `pending`: what the message before gave. None for a message that gives neither.
    """
    given_number, given_phone = complaint_number(turn), valid_phone(turn)
    if given_number is None and given_phone is None:
        return None
    before = pending or {}
    number = given_number or before.get("number")
    phone = given_phone or before.get("phone") or turn.slot("customer_phone")
    tries = int((turn.slot("topic") or {}).get("unproved") or 0)
    if number is None:
        turn.say("utter_complaint_prove_number")
        return [_await(turn, None, phone)]
    found: Complaint | None = None
    if phone is not None and tries < MOST_TRIES:
        found = await complaints.find_by_number(session, number, str(phone))
    if found is not None:
        if await session.get(Conversation, turn.conversation_id) is not None:
            await complaints.prove(
                session, turn.now, found.id, conversation_id=turn.conversation_id
            )
        await tell(turn, session, found)
        return [remember(turn, ask="", pending=None)]
    if given_phone is None and before.get("phone") is None:
        turn.say("utter_complaint_prove_phone", number=number)
        return [_await(turn, number, None)]
    await ask_colleague(turn, session, kind="follow_up")
    turn.say("utter_complaint_unproved")
    return [remember(turn, ask="", pending=None, unproved=tries + 1)]


def _await(turn: Turn, number: str | None, phone: str | None) -> dict[str, Any]:
    pending = {"do": PROVE, "number": number, "phone": phone, "after": turn.message_id}
    return remember(turn, ask="", pending=pending)
