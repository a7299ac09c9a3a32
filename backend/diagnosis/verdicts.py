"""How grave a verdict is, and what the words of `backend.workshop.safety` come to in it."""

from backend.models import VERDICTS, VISITS
from backend.workshop.safety import Level

RANKS = VERDICTS
"""From harmless to grave."""
BY_LEVEL: dict[Level, str] = {
    "ok_to_drive": "until_visit",
    "do_not_drive_far": "short_way",
    "stop_now": "stop",
}
SOONEST = {
    "no_hurry": "next_visit",
    "until_visit": "this_week",
    "unclear": "this_week",
    "short_way": "today",
    "stop": "now",
}
"""The visit that a verdict calls for at the latest."""


def gravest(*verdicts: str) -> str:
    """The gravest of at least one."""
    return max(verdicts, key=RANKS.index)


def soonest(*visits: str) -> str:
    return max(visits, key=VISITS.index)
