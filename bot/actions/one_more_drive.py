"""One more test drive, named right after another was booked."""

import re

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import TestDriveBooking
from bot.actions.base import Events
from bot.actions.context import Turn
from bot.actions.reading import complete
from bot.actions.standing_bookings import standing
from bot.actions.wishes import DRIVE_FORM

_ONE_MORE = re.compile(
    r"\b(?:after (?:that|it|this)|as well|too|also|another)\b|^(?:and|then|plus)\b|也|另外|再|顺便",
    re.I,
)
_ASKS = re.compile(r"[?？吗呢么]|\b(?:what|how|which|does|is|price|cost)\b|多少|价", re.I)


def one_more_drive(turn: Turn) -> bool:
    """Whether another car is named right after a drive was booked: "and the Shanyu after that"."""
    named = turn.found("model") and not turn.pressed and not turn.tracker.active_loop_name
    if not named or not _ONE_MORE.search(turn.text) or _ASKS.search(turn.text):
        return False
    heard = 0
    for event in reversed(turn.tracker.events):
        heard += event.get("event") == "user"
        if heard > 1:
            return False
        if event.get("event") == "action" and event.get("name") == "action_submit_test_drive":
            return True
    return False


_SAME_DAY = re.compile(
    r"\bafter (?:that|it|this)\b|\bsame day\b|\bthen\b|之后|接着|当天|同一天", re.I
)


async def open_drive(turn: Turn, session: AsyncSession) -> Events:
    """Opens the form for one more drive, on the day of the one before where that is meant."""
    kept: Events = []
    if not turn.found("time") and _SAME_DAY.search(turn.text):
        drives = [b for b in await standing(turn, session) if isinstance(b.row, TestDriveBooking)]
        if drives:
            last = max(drives, key=lambda b: b.row.id)
            day = complete(f"{turn.local(last.starts_at):%Y-%m-%d}", "")
            kept = [SlotSet("test_drive_when", {**day, "time": None, "grain": "day"})]
    return [*kept, FollowupAction(DRIVE_FORM)]
