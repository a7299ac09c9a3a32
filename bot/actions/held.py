"""A time or a car that was said before it was clear what for, kept for the next message.

"周六下午想过来" is asked back whether for a drive or for the workshop. Whatever opens the form
then, a button or a word of the customer's own, what was held counts as said with it.
"""

import re
from typing import Any

from bot.actions.cars import remember
from bot.actions.context import Turn
from bot.actions.wishes import BESIDES, DRIVE_FORM, VISIT_FORM
from values import merge_times

KEPT = ("time", "model", "trim")
_DRIVE = re.compile(r"试|驾|\b(?:drive|driving|test)\b", re.I)
_VISIT = re.compile(
    r"保养|维修|修|检查|检测|机油|\b(?:service|servicing|maintenance|repairs?|check|workshop)\b",
    re.I,
)
_OTHERWISE = re.compile(
    r"[?？吗呢么]|多少|几|怎|什么|啥|不|没|别"
    r"|\b(?:what|how|which|when|why|does|do|is|can|much|not|no|neither)\b|n't\b",
    re.I,
)
"""Words of a question or a no: then it is no answer to what the visit is for."""


def held(turn: Turn) -> dict[str, Any] | None:
    """What the message before left to be used: entities by kind; None when it held nothing."""
    kept = (turn.slot("topic") or {}).get("held") or {}
    return dict(kept["said"]) if turn.follows(kept.get("after")) else None


def hold(turn: Turn, **topic: Any) -> dict[str, Any]:
    """The event that keeps what this message says, together with what was held before it."""
    take_up(turn)
    said = {}
    for kind in KEPT:
        found = [e for e in turn.entities if e.get("entity") == kind]
        if found:
            said[kind] = [{k: e[k] for k in ("value", "alternatives") if k in e} for e in found]
    return remember(turn, held={"said": said, "after": turn.message_id}, **topic)


def take_up(turn: Turn) -> None:
    """Adds what was held to the message that follows, where it names nothing of that kind."""
    before = held(turn) or {}
    for kind, found in before.items():
        if not turn.found(kind) and not (kind == "trim" and turn.found("model")):
            turn.entities += [{"entity": kind, "start": 0, "end": 0, **one} for one in found]
    said = next((e for e in turn.entities if e.get("entity") == "time"), None)
    if said is not None and before.get("time"):
        known = before["time"][0]["value"]
        if isinstance(known, dict) and isinstance(said["value"], dict):
            # "周六" first, "下午三点" in the message after.
            said["value"] = merge_times(known, said["value"], turn.local(turn.now))


def kind_named(turn: Turn) -> str | None:
    """The form that a message names which answers what the visit is for; None otherwise."""
    if held(turn) is None or turn.pressed or turn.tracker.active_loop_name:
        return None
    if turn.intent in {"manage_booking", *BESIDES} or _OTHERWISE.search(turn.text):
        return None
    drive = bool(_DRIVE.search(turn.text))
    visit = bool(_VISIT.search(turn.text) or turn.found("service_item"))
    if drive == visit:
        return None
    return DRIVE_FORM if drive else VISIT_FORM
