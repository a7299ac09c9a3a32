"""What both kinds of appointment say about times: choosing, refusing, offering others."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.appointments.outcomes import Refused
from bot.actions import wording
from bot.actions.context import Button, Turn

WITHOUT_OTHER_TIME = frozenset({"no_demo_car", "unknown_model", "unknown_item", "unsuitable_item"})


def wall_start(when: Mapping[str, Any] | None, turn: Turn) -> datetime | None:
    """The moment of a complete time slot, or None while date or time of day is missing."""
    if not when or not when.get("date") or not when.get("time"):
        return None
    wall = datetime.fromisoformat(f"{when['date']}T{when['time']}")
    return wall.replace(tzinfo=ZoneInfo(turn.zone))


def around(when: Mapping[str, Any] | None, turn: Turn) -> datetime:
    """Where to look for free times: the day asked for, its part of the day, else now."""
    if not when or not when.get("date"):
        return turn.now
    part = {"afternoon": "14:00", "evening": "17:00", "noon": "12:00"}
    clock = part.get(str(when.get("part")), "09:00")
    wall = datetime.fromisoformat(f"{when['date']}T{clock}")
    return max(turn.now, wall.replace(tzinfo=ZoneInfo(turn.zone)))


def time_buttons(times: Iterable[datetime], turn: Turn) -> list[Button]:
    return [
        wording.button(
            wording.near(when, turn),
            f'/inform{{"time": "{turn.local(when):%Y-%m-%dT%H:%M}"}}',
        )
        for when in times
    ]


async def refuse(turn: Turn, session: AsyncSession, refused: Refused) -> None:
    """Says why a time cannot be had, with the nearest free ones as buttons."""
    place = await dealership(session)
    asked = wording.moment(refused.starts_at, turn) if refused.starts_at else ""
    turn.say(
        f"utter_refused_{refused.reason}",
        buttons=time_buttons(refused.alternatives, turn),
        time=asked,
        minutes=place.booking_lead_minutes,
        days=place.booking_horizon_days,
    )
    if not refused.alternatives and refused.reason not in WITHOUT_OTHER_TIME:
        turn.say("utter_no_free_time", phone=place.phone)
