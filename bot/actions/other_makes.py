"""Cars of other makes: nothing is claimed of them."""

import re

from bot.actions.context import Turn

# Whoever drives one and wants one of ours asks for no comparison.
_OWN = re.compile(
    r"(?:我|我们|家里|现在|目前|之前)(?:的|有|是|开|家)|旧车|置换|换掉|卖掉"
    r"|\b(?:my|our|own|drive|driving|trade|old)\b",
    re.I,
)


def names_other_make(turn: Turn) -> str | None:
    """The make that a message sets ours against, as the customer wrote it; None without one."""
    for entity in turn.entities:
        if entity.get("entity") == "make" and not _OWN.search(turn.text):
            written = turn.text[entity.get("start") or 0 : entity.get("end") or 0]
            return written or str(entity["value"])
    return None
