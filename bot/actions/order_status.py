"""Where an order or a repair stands: no such record is in the store, so a colleague looks it up."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions import wording
from bot.actions.answers import ANSWERS, answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember
from bot.actions.context import Turn

STATUS = "order_status"

_ORDERED = re.compile(
    r"订(?:的|了|单|车)|下(?:了)?订|定金|订金|合同|交了|付了|买的|我的车|我车|修|保养|单号"
    r"|\b(?:order(?:ed)?|bought|deposit|contract|repair\w*|my car|workshop|service)\b",
    re.I,
)
_WOULD_TAKE = re.compile(
    r"提车|交车|交付|到货|拿车|现车|等多久|\b(?:deliver\w*|waiting time|get it|pick it up)\b", re.I
)
_URGES = re.compile(
    r"好没好|好了没|修好|弄好|到没到|到了没|还没|到底|几天了|多久了|怎么样了|催|快点|有(?:消息|结果|进展)"
    r"|\b(?:ready|done|finished|any news|still not|yet|hurry)\b",
    re.I,
)
_NUMBER = re.compile(r"\d{4,}|单号|\border (?:number|no)\b", re.I)


@answers(STATUS)
async def order_status(turn: Turn, session: AsyncSession) -> Events:
    """A consultant looks it up and answers here; to a customer who only thinks of buying, how long
    delivery takes."""
    topic = turn.slot("topic") or {}
    asks_when = _WOULD_TAKE.search(turn.text) and not _ORDERED.search(turn.text)
    if asks_when and topic.get("ask") != STATUS and (topic.get("models") or turn.found("model")):
        turn.intent = "ask_purchase_process"
        return await ANSWERS["ask_purchase_process"](turn, session)
    await ask_colleague(turn, session, kind="follow_up")
    if topic.get("ask") == STATUS:
        return await _again(turn, session)
    turn.say("utter_order_status")
    return [remember(turn, ask=STATUS)]


async def told_more(turn: Turn, session: AsyncSession) -> Events | None:
    """What a customer adds to it, or that he urges, in the next messages; None for all else."""
    if (turn.slot("topic") or {}).get("ask") != STATUS or turn.tracker.active_loop_name:
        return None
    loose = turn.intent in ("inform", "nlu_fallback", "chitchat", "out_of_scope", STATUS)
    if not loose or not (_gives_number(turn) or _URGES.search(turn.text)):
        return None
    await ask_colleague(turn, session, kind="follow_up")
    return await _again(turn, session)


async def _again(turn: Turn, session: AsyncSession) -> Events:
    phones = [phone for phone in turn.found("phone") if not phone.get("valid")]
    if phones:
        turn.say("utter_phone_invalid")
    elif _gives_number(turn):
        turn.tell(
            turn.either(
                "记下了，已经一并转给同事核实，会在这里回复您。",
                "Noted and passed on; a colleague will reply to you here.",
            )
        )
    else:
        person = wording.button(turn.either("找人工", "Talk to a person"), "/human_handoff")
        turn.tell(
            turn.either(
                "已经替您催同事了，有结果会在这里回复您。想现在就跟人说，可以转人工。",
                "I've urged my colleague; the answer comes here. Or talk to a person now.",
            ),
            buttons=[person],
        )
    return [remember(turn, ask=STATUS)]


def _gives_number(turn: Turn) -> bool:
    """Whether it gives a number by which the order or the car is found."""
    if any(turn.found(kind) for kind in ("phone", "plate", "vin")):
        return True
    return not turn.pressed and bool(_NUMBER.search(turn.text))
