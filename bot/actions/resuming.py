"""What becomes of a form that was open when a person took the conversation over.

The customer has talked with somebody since, perhaps about this very booking, and what he writes
first after it is seldom the answer to a question from before. So the form goes on only with a
message that is nothing but an answer, and says where it goes on. Any other message is answered as
if no form were open; then one line offers to finish the booking, and what was filled is kept for
it. What a colleague has booked meanwhile, or what lies a day back, is not brought up again.
"""

from datetime import timedelta

from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, SlotSet
from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Message, ServiceBooking, TestDriveBooking
from bot.actions.base import Events, afterthought
from bot.actions.cars import remember
from bot.actions.context import Turn
from bot.actions.wishes import DRIVE_FORM, VISIT_FORM

RECENT = timedelta(hours=24)
GOES_ON = {DRIVE_FORM: "utter_resume_test_drive", VISIT_FORM: "utter_resume_maintenance"}
OFFERED = {
    DRIVE_FORM: ("utter_resume_test_drive_offer", "book_test_drive"),
    VISIT_FORM: ("utter_resume_maintenance_offer", "book_maintenance"),
}
"""The question, and what a yes to it opens."""
BOOKINGS: dict[str, type[TestDriveBooking] | type[ServiceBooking]] = {
    DRIVE_FORM: TestDriveBooking,
    VISIT_FORM: ServiceBooking,
}
NOT_NOW = frozenset(
    {"human_handoff", "stop", "goodbye", "deny", "complaint", "report_fault", "manage_booking"}
)
"""After these nobody wants to be reminded of a booking."""


async def settled(turn: Turn, session: AsyncSession, form: str) -> bool:
    """Whether the booking that `form` was about is made, or too long ago to be taken up again."""
    of_conversation = Message.conversation_id == turn.conversation_id
    last = await session.scalar(
        select(func.max(Message.sent_at)).where(of_conversation, Message.sender == "staff")
    )
    heard = await session.scalar(
        select(func.max(Message.sent_at)).where(of_conversation, Message.turn == "done")
    )
    if last is None or turn.now - last > RECENT:
        return True
    table = BOOKINGS[form]
    booked = exists().where(
        table.conversation_id == turn.conversation_id,
        table.state == "booked",
        *([table.created_at > heard] if heard else []),
    )
    return bool(await session.scalar(select(booked)))


def set_aside(turn: Turn, form: str) -> Events:
    """Closes the form, keeps what it holds, and has the message answered as if it were not open."""
    return [remember(turn, paused={"form": form, "at": turn.message_id}), *closed(form)]


def closed(form: str) -> Events:
    """Closes the form before it has heard the message, which then goes its own way."""
    return [
        SlotSet("asked", None),
        SlotSet("requested_slot", None),
        ActiveLoop(None),
        ActionExecutionRejected(form),
    ]


@afterthought
async def offer_to_go_on(turn: Turn, _session: AsyncSession, events: Events) -> Events:
    """Offers to finish what was set aside for this message, once it is answered."""
    topic = turn.slot("topic") or {}
    paused = topic.get("paused") or {}
    opens = any(event.get("event") == "followup" for event in events)
    if paused.get("at") != turn.message_id or turn.tracker.active_loop_name or opens:
        return []
    if turn.intent in NOT_NOW or turn.told_of_line:
        return [remember(turn, paused=None)]
    response, offer = OFFERED[paused["form"]]
    turn.say(response)
    return [remember(turn, paused=None, offer=offer)]
