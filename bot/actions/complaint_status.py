"""Where a complaint stands: those of this conversation, whose token proves the person, and others
by number and phone; and the buttons under what is said of one."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import service as complaints
from bot.actions import claiming
from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember
from bot.actions.complaint_replies import BUTTONS
from bot.actions.complaint_telling import COMPLAINT, tell, tell_claimed
from bot.actions.context import Turn


@answers("complaint_status")
async def complaint_status(turn: Turn, session: AsyncSession) -> Events:
    """Number, state and due time. Nothing is told by a number alone, which can be guessed."""
    number = claiming.number_of(turn, COMPLAINT)
    pressed = BUTTONS.get(str(turn.first("start_with"))) if turn.pressed else None
    lodged = await complaints.find(session, turn.conversation_id)
    own = [complaint for complaint in lodged if number is None or complaint.number == number]
    if pressed is not None and own and number is not None:
        return await pressed(turn, session, own[0])
    if own:
        for complaint in own:
            await tell(turn, session, complaint)
        return [remember(turn, ask="")]
    told = await tell_claimed(turn, session)
    if told is not None:
        return told
    await ask_colleague(turn, session, kind="follow_up")
    turn.say("utter_no_complaint")
    return [claiming.ask(turn, COMPLAINT)]
