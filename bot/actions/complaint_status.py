"""Where the complaints of this conversation stand; its token proves the person."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import service as complaints
from backend.models import Complaint
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember
from bot.actions.context import Turn

COMPLAINT = "CP"
"""What the number of a complaint begins with."""
STATES = {
    "open": ("已登记，待处理", "logged and open"),
    "in_progress": ("正在处理", "being worked on"),
    "resolved": ("已经解决", "resolved"),
    "closed": ("已经结案", "closed"),
}
AWAITED = ("open", "in_progress")
"""The states in which a reply is still to come."""


def complaint_number(turn: Turn) -> str | None:
    """The number of a complaint that the message gives."""
    for found in turn.found("number"):
        reference = str(found.get("reference") or "")
        if reference.startswith(COMPLAINT):
            return reference
    return None


@answers("complaint_status")
async def complaint_status(turn: Turn, session: AsyncSession) -> Events:
    """Number, state and due time. A complaint from elsewhere is looked up by a person: a number
    can be guessed, and nothing is told by a number alone."""
    lodged = await complaints.find(session, turn.conversation_id)
    number = complaint_number(turn)
    if number:
        lodged = [complaint for complaint in lodged if complaint.number == number]
    for complaint in lodged:
        await _tell(turn, session, complaint)
    if not lodged:
        await ask_colleague(turn, session, kind="follow_up")
        if number:
            turn.say("utter_complaint_elsewhere", number=number)
        else:
            turn.say("utter_no_complaint")
    return [remember(turn, ask="")]


async def _tell(turn: Turn, session: AsyncSession, complaint: Complaint) -> None:
    state = turn.either(*STATES[complaint.state])
    if complaint.state not in AWAITED:
        turn.say("utter_complaint_over", number=complaint.number, state=state)
        return
    response = "utter_complaint_due"
    if complaint.due_at < turn.now:
        await ask_colleague(turn, session, kind="follow_up")
        response = "utter_complaint_late"
    due = wording.moment(complaint.due_at, turn)
    turn.say(response, number=complaint.number, state=state, due=due)
