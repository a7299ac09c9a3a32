"""A fault or symptom: safety first, then a visit to find the cause."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.complaints.rules import classify
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember
from bot.actions.context import Turn
from bot.actions.maintenance import DIAGNOSIS


@answers("report_fault")
async def fault(turn: Turn, session: AsyncSession) -> Events:
    """What may be dangerous gets the instruction and the hotline before anything else."""
    place = await dealership(session)
    _, severity = classify(turn.text)
    if severity == "critical":
        await ask_colleague(turn, session, kind="follow_up")
        turn.say("utter_danger", hotline=place.hotline)
    else:
        turn.say("utter_fault", hotline=place.hotline)
    turn.say(
        "utter_offer_diagnosis",
        buttons=[
            wording.button(
                turn.either("预约检查", "Book a check"),
                f'/book_maintenance{{"start_with": "{DIAGNOSIS}"}}',
            ),
            wording.button(turn.either("找人工", "Talk to a person"), "/human_handoff"),
        ],
    )
    return [remember(turn, fault=turn.text[:500], ask="")]


async def about_fault(turn: Turn, session: AsyncSession) -> Events | None:
    """The answer to a question about the fault that was reported before; None when it is none."""
    return None
