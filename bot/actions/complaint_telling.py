"""Saying where a complaint stands: of those that are this conversation's, and of others to whoever
knows number and phone."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import customer, thread
from backend.models import Complaint
from bot.actions import claiming, wording
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember
from bot.actions.claiming import Matter
from bot.actions.context import Turn

COMPLAINT = Matter(
    do="complaint_prove",
    prefixes=("CP",),
    claim=customer.claim,
    ask_phone="utter_complaint_prove_phone",
    unknown="utter_complaint_unproved",
    ask_number="utter_complaint_prove_number",
    colleague=True,
)
STATES = {
    "open": ("已登记，待处理", "logged and open"),
    "in_progress": ("正在处理", "being worked on"),
    "resolved": ("已经解决", "resolved"),
    "closed": ("已经结案", "closed"),
    "withdrawn": ("已经按您的意思撤回", "withdrawn, as you asked"),
}


async def tell_claimed(turn: Turn, session: AsyncSession) -> Events | None:
    """Asks for what is missing of number and phone, or tells where that complaint stands; None
    for a message that gives neither."""
    found = await claiming.claim(turn, session, COMPLAINT)
    if found is None or isinstance(found, list):
        return found
    await tell(turn, session, found)
    return [remember(turn, ask="", pending=None)]


async def tell(turn: Turn, session: AsyncSession, complaint: Complaint) -> None:
    """Number, state, and by when it is answered or how it ended."""
    happened = await thread.events(session, complaint.id)
    stands = thread.standing(one.kind for one in happened)
    case = await thread.case_of(session, complaint.id)
    withdrawn = stands.withdrawn and complaint.state == "closed"
    number = complaint.number
    state = turn.either(*STATES["withdrawn" if withdrawn else complaint.state])
    if complaint.state in thread.OVER:
        result = next((one.text for one in reversed(happened) if one.kind == "resolved"), "")
        if result and not withdrawn:
            turn.say("utter_complaint_result", number=number, state=state, result=result)
        else:
            turn.say("utter_complaint_over", number=number, state=state)
        return
    due = wording.moment(complaint.due_at, turn)
    if case.answered_at is not None:
        turn.say("utter_complaint_answered", number=number, state=state)
    elif complaint.due_at < turn.now:
        await ask_colleague(turn, session, kind="follow_up")
        if case.due_told:
            turn.say("utter_complaint_late", number=number, state=state, due=due)
        else:
            turn.say("utter_complaint_reminded", number=number, state=state)
    elif case.due_told:
        turn.say("utter_complaint_due", number=number, state=state, due=due)
    else:
        turn.say("utter_complaint_pending", number=number, state=state)


async def complaint_line(turn: Turn, session: AsyncSession, complaint: Complaint) -> str:
    """An open complaint in a list of what stands; with its time while one may be told."""
    case = await thread.case_of(session, complaint.id)
    if case.due_told and case.answered_at is None:
        due = wording.moment(complaint.due_at, turn)
        return turn.either(
            f"{complaint.number} 投诉，{due} 前回复",
            f"{complaint.number} complaint, answer due {due}",
        )
    state = turn.either(*STATES[complaint.state])
    return turn.either(
        f"{complaint.number} 投诉，{state}", f"{complaint.number} complaint, {state}"
    )
