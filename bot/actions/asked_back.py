"""Asking back which of several cars is meant, where one alone is pointed at."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.workshop.safety import is_urgent
from bot.actions import wording
from bot.actions.answers import ANSWERS
from bot.actions.base import Events, forethought
from bot.actions.cars import remember
from bot.actions.context import Turn
from bot.actions.pointing import EARLIER

HEARD_IN = frozenset({"action_answer", "action_follow_up", "action_unsure"})
_SEVERAL = re.compile(r"[几些两三二]|\b(?:ones|cars|models|two|three|both)\b", re.I)
_KINDS = ("model", "trim", "ordinal", "body", "energy", "comparison")


@forethought
async def ask_which_was_meant(turn: Turn, session: AsyncSession, action: str) -> Events | None:
    """刚才那款呢, after several were talked about together: which of them; None for all else."""
    if turn.pressed or turn.tracker.active_loop_name or action not in HEARD_IN:
        return None
    if is_urgent(turn.text):
        return None
    found = EARLIER.search(turn.text)
    if found is None or _SEVERAL.search(found.group()) or any(turn.found(k) for k in _KINDS):
        return None
    topic = turn.slot("topic") or {}
    now, before = (list(topic.get(key) or []) for key in ("models", "before"))
    # Just now is what was last shown; earlier is what came before it.
    just_now = len(now) > 1 and "刚" in found.group()
    codes = now if just_now or not before else before
    meant = [model for model in await catalogue.models(session) if model.code in codes]
    if len(meant) < 2:
        return None
    meant.sort(key=lambda model: codes.index(model.code))
    names = [turn.name_of(model) for model in meant]
    turn.tell(
        turn.either(
            f"您指哪一款，{'、'.join(names[:-1])}还是{names[-1]}？",
            f"Which one do you mean, the {', the '.join(names[:-1])} or the {names[-1]}?",
        ),
        buttons=[
            wording.button(turn.name_of(model), f'/inform{{"model": "{model.code}"}}')
            for model in meant
        ],
    )
    asks = turn.intent if turn.intent in ANSWERS else topic.get("ask")
    return [remember(turn, ask=asks or "ask_config", listed=[model.code for model in meant])]
