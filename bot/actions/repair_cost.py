"""What a repair costs: known when its cause is. Until then the price of finding it is told."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.answers import ANSWERS
from bot.actions.base import Events, forethought
from bot.actions.context import Turn
from bot.actions.faults import OFFER as DIAGNOSE
from bot.actions.service_menu import DIAGNOSIS
from bot.actions.triage import is_open
from bot.actions.wishes import VISIT_FORM

_IN_WORDS = re.compile(
    r"修[^，。,.]{0,8}(?:多少|几多|费|贵|价|钱)|(?:多少钱|费用)[^，。,.]{0,4}修"
    r"|\b(?:how much|what)\b.{0,30}\b(?:fix|repair)|\brepair (?:cost|price|bill)\b",
    re.I,
)


def of_repair(turn: Turn) -> bool:
    """Whether a price is asked for right after a fault was told, and of no work that is named."""
    topic = turn.slot("topic") or {}
    named = any(turn.found(kind) for kind in ("model", "service_item", "mileage"))
    told = topic.get("offer") == DIAGNOSE or is_open(turn)
    if named or turn.pressed or not told or turn.tracker.active_loop_name == VISIT_FORM:
        return False
    return turn.intent in ("ask_price", "ask_onroad_price", "ask_maintenance_price") or bool(
        _IN_WORDS.search(turn.text)
    )


async def tell(turn: Turn, session: AsyncSession) -> Events:
    """The price of finding the cause, and that the repair is priced after it."""
    turn.entities.append({"entity": "service_item", "value": DIAGNOSIS})
    events = await ANSWERS["ask_maintenance_price"](turn, session)
    turn.tell(
        turn.either(
            "这是查原因的费用。修理费要查明后才能报，动工前会跟您确认。",
            "That is for finding the cause. The repair is priced after it, and no work starts "
            "before you agree.",
        )
    )
    return events


@forethought
async def asked_in_words(turn: Turn, session: AsyncSession, action: str) -> Events | None:
    """那修要多少钱, which is taken for nothing in particular."""
    if action not in ("action_unsure", "action_follow_up") or not of_repair(turn):
        return None
    return await tell(turn, session)
