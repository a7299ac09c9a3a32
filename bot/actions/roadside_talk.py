"""What is said of help on the road outside of its form: where the car stands, when help comes."""

import re

from rasa_sdk.events import FollowupAction
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.diagnosis import roadside
from bot.actions.base import Events, forethought
from bot.actions.cars import remember
from bot.actions.context import Turn
from bot.actions.fault_questions import GRAVE
from bot.actions.faults import reported
from bot.actions.roadside import FORM, names_place

HEARD_IN = frozenset({"action_answer", "action_follow_up", "action_unsure"})

_WHEN = re.compile(
    r"(?:多久|多长时间|几点|什么时候|啥时候|几时|多会儿)[^，。,.]{0,8}(?:到|来)(?!期)"
    r"|(?:救援|拖车|师傅|人)[^，。,.]{0,6}(?:到哪|到了?没|来了?没|还没(?:到|来))"
    r"|到哪(?:儿|里)?了|还没到"
    r"|\b(?:when|how long)\b.{0,40}"
    r"\b(?:come|coming|arriv\w+|be here|get here|take|tow|truck|help)\b"
    r"|\b(?:eta|where (?:is|are) (?:the |they|he|my )?(?:tow|truck|help|driver)?)\b",
    re.I,
)
_SELLS = re.compile(r"订单|提车|交车|新车|下单|货|\b(?:order|deliver\w*)\b", re.I)


@forethought
async def place_given(turn: Turn, session: AsyncSession, action: str) -> Events | None:
    """A place with a phone, after a fault that stops the car, asks for help there: nobody tells
    where he stands on the motorway for another reason."""
    if action not in HEARD_IN or turn.pressed or turn.tracker.active_loop_name:
        return None
    danger = (turn.slot("topic") or {}).get("danger")
    if danger not in GRAVE or not reported(turn) or not turn.found("phone"):
        return None
    if not names_place(turn.text) or await roadside.standing(session, turn.conversation_id):
        return None
    return [remember(turn), FollowupAction(FORM)]


@forethought
async def help_awaited(turn: Turn, session: AsyncSession, action: str) -> Events | None:
    """When help comes, asked by somebody who waits for it."""
    asks = _WHEN.search(turn.text) and not _SELLS.search(turn.text)
    if action not in HEARD_IN or turn.pressed or turn.tracker.active_loop_name or not asks:
        return None
    request = await roadside.standing(session, turn.conversation_id)
    if request is None:
        return None
    hotline = (await dealership(session)).hotline
    under_way = request.state == "in_progress"
    state = turn.either(
        "正在处理" if under_way else "已登记", "under way" if under_way else "on record"
    )
    turn.tell(
        turn.either(
            f"道路救援 {request.number} {state}。几点能到我这里看不到，"
            f"请直接拨打救援热线 {hotline} 询问。",
            f"Roadside help {request.number} is {state}. I can't see its arrival time from here; "
            f"please ask our roadside line on {hotline}.",
        )
    )
    return [remember(turn, ask="")]
