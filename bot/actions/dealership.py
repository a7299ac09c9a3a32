"""Opening hours, address, phone."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from rasa_sdk.events import SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import Hours
from backend.appointments.hours import dealership as load_dealership
from backend.texts.moments import WEEKDAYS_EN, WEEKDAYS_ZH
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, forethought
from bot.actions.context import Turn

DEPARTMENTS = (("sales", "销售", "Sales"), ("service", "售后", "Service"))


def _spans(turn: Turn, hours: Hours, day: date, department: str) -> str:
    spans = hours.spans(day, "sales" if department == "sales" else "service")
    walls = [f"{turn.local(a):%H:%M}–{turn.local(b):%H:%M}" for a, b in spans]
    return turn.either("、", ", ").join(walls) or turn.either("休息", "closed")


def _week(turn: Turn, hours: Hours, department: str) -> str:
    """The ordinary week, with equal days joined: `周一至周五 09:00–18:00`."""
    monday = turn.today - timedelta(days=turn.today.weekday())
    # A week without exceptions, so that a holiday is not told as the rule.
    while any(hours.special(monday + timedelta(days=d)) for d in range(7)):
        monday += timedelta(days=7)
    texts = [_spans(turn, hours, monday + timedelta(days=d), department) for d in range(7)]
    groups: list[tuple[int, int]] = []
    for number, text in enumerate(texts):
        if groups and texts[groups[-1][0]] == text:
            groups[-1] = (groups[-1][0], number)
        else:
            groups.append((number, number))
    return turn.either("，", ", ").join(
        f"{_names(turn, first, last)} {texts[first]}" for first, last in groups
    )


def _names(turn: Turn, first: int, last: int) -> str:
    if first == 0 and last == 6:
        return turn.either("每天", "daily")
    names: Sequence[str] = turn.either(WEEKDAYS_ZH, "") or WEEKDAYS_EN
    prefix = turn.either("周", "")
    if first == last:
        return f"{prefix}{names[first]}"
    return f"{prefix}{names[first]}{turn.either('至', '–')}{prefix}{names[last]}"


@answers("ask_hours")
async def opening_hours(turn: Turn, session: AsyncSession) -> Events:
    """The week's hours, and those of the day that was asked for; holidays by name."""
    hours = Hours.of(await load_dealership(session))
    asked = _day_asked(turn)
    colon = turn.either("：", ": ")
    if asked is not None:
        lines = [
            turn.either(zh, en) + colon + _spans(turn, hours, asked, code)
            for code, zh, en in DEPARTMENTS
        ]
        special = hours.special(asked)
        name = turn.either(special.name_zh, special.name_en) if special else ""
        head = wording.day(asked, turn) + (f" {name}" if name else "")
        turn.tell(head + colon + "\n" + wording.bullets(lines))
        return [_hours_told(turn)]
    lines = [turn.either(zh, en) + colon + _week(turn, hours, code) for code, zh, en in DEPARTMENTS]
    text = turn.either("我们的营业时间：", "Our opening hours:") + "\n" + wording.bullets(lines)
    ahead = [turn.today + timedelta(days=d) for d in range(45)]
    closed = [d for d in ahead if (found := hours.special(d)) and found.span is None]
    if closed:
        special = hours.special(closed[0])
        name = turn.either(special.name_zh, special.name_en) if special else ""
        text += "\n" + turn.either(
            f"{wording.day(closed[0], turn)}{name}休息。",
            f"Closed on {wording.day(closed[0], turn)} ({name}).",
        )
    turn.tell(text)
    return [_hours_told(turn)]


def _hours_told(turn: Turn) -> dict[str, Any]:
    """Keeps it for the next message, and all that the talk was about."""
    event: dict[str, Any] = SlotSet(
        "topic", {**(turn.slot("topic") or {}), "hours_at": turn.message_id}
    )
    return event


_ANOTHER_DAY = re.compile(
    r"\W*(?:那|还有|and|what about|how about)?.{1,16}?(?:呢|[?？]|也(?:开|营业)吗)\W*", re.I
)


@forethought
async def another_day(turn: Turn, session: AsyncSession, action: str) -> Events | None:
    """国庆呢, "and Sunday?" right after the hours were told: of the hours, and no time to come."""
    told = (turn.slot("topic") or {}).get("hours_at")
    heard = action in ("action_appointment", "action_follow_up", "action_unsure")
    if not heard or turn.pressed or turn.tracker.active_loop_name or not turn.follows(told):
        return None
    if _day_asked(turn) is None or not _ANOTHER_DAY.fullmatch(turn.text):
        return None
    return await opening_hours(turn, session)


def _day_asked(turn: Turn) -> date | None:
    for value in turn.found("time"):
        if isinstance(value, dict) and value.get("date") and value.get("grain") != "month":
            return date.fromisoformat(value["date"])
    return None


@answers("ask_location")
async def location(turn: Turn, session: AsyncSession) -> Events:
    place = await load_dealership(session)
    directions = turn.either(place.directions_zh, place.directions_en)
    turn.say(
        "utter_location",
        name=turn.name_of(place),
        address=turn.either(place.address_zh, place.address_en),
        phone=place.phone,
        directions=f"\n{directions}" if directions else "",
    )
    return []
