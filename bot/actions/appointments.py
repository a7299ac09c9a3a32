"""What both kinds of appointment say about times: choosing, refusing, offering others."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.appointments.outcomes import Free, FreeBay, Refused
from bot.actions import wording
from bot.actions.asking import PARTS, of_part
from bot.actions.context import Turn
from bot.actions.forms import Filling
from bot.actions.reading import any_will_do, complete, names_no_such_day, read_time
from bot.actions.time_cards import choice, in_words, time_cards

WITHOUT_OTHER_TIME = frozenset({"no_demo_car", "unknown_model", "unknown_item", "unsuitable_item"})


def wall_start(when: Mapping[str, Any] | None, turn: Turn) -> datetime | None:
    """The moment of a complete time slot, or None while date or time of day is missing."""
    if not when or not when.get("date") or not when.get("time"):
        return None
    wall = datetime.fromisoformat(f"{when['date']}T{when['time']}")
    return wall.replace(tzinfo=ZoneInfo(turn.zone))


def settled(when: Mapping[str, Any] | None, starts_at: datetime, turn: Turn) -> dict[str, Any]:
    """The time slot with the moment that it was rounded to."""
    wall = turn.local(starts_at)
    return {**(when or {}), "date": wall.date().isoformat(), "time": f"{wall:%H:%M}"}


def around(when: Mapping[str, Any] | None, turn: Turn) -> datetime:
    """Where to look for free times: the day asked for, its part of the day, else now."""
    if not when or not when.get("date"):
        return turn.now
    start, _ = PARTS.get(str(when.get("part")), (9, 24))
    clock = f"{start + 1 if start >= 12 else max(start, 9):02d}:00"
    wall = datetime.fromisoformat(f"{when['date']}T{clock}")
    return max(turn.now, wall.replace(tzinfo=ZoneInfo(turn.zone)))


def offer_times(
    turn: Turn, when: Mapping[str, Any] | None, times: Sequence[datetime], response: str
) -> None:
    """Asks for the time: of the day that was named, with the free hours of that day, or
    openly with those of the next days."""
    day = when.get("date") if when else None
    if not when or not day or when.get("time"):
        _ask(turn, response, times)
        return
    last = when.get("date_end") or day
    fitting = [t for t in times if day <= turn.local(t).date().isoformat() <= last]
    _ask(
        turn,
        "utter_ask_hour" if fitting else "utter_day_is_full",
        of_part(turn, when, fitting) or times,
        day=wording.day(date.fromisoformat(day), turn),
    )


def _ask(turn: Turn, response: str, times: Sequence[datetime], day: str = "") -> None:
    cards = time_cards(choice(times, turn), turn)
    turn.say(response, cards=cards, times=in_words(cards, turn), day=day)


def acknowledge_time(turn: Turn, filling: Filling, slot: str) -> None:
    """A changed time is said back, so that a misreading shows at once."""
    before, now = turn.slots.get(slot), filling.slots.get(slot)
    if before and now and before != now:
        turn.say("utter_time_changed", time=wording.moment(datetime.fromisoformat(now), turn))
        filling.said = True


@dataclass(frozen=True)
class TimeSlots:
    """The two slots of a form that hold its time: what is known of it, and the moment once it
    could be booked."""

    known: str
    settled: str


Check = Callable[[datetime], Awaitable["Refused | Free | FreeBay"]]


async def settle_time(
    turn: Turn,
    session: AsyncSession,
    filling: Filling,
    slots: TimeSlots,
    *,
    again: bool,
    check: Check | None,
    first_free: Callable[[], Awaitable[list[datetime]]] | None,
) -> None:
    """Reads the time out of the message and fills the form's slot if it could be booked now.

    `again`: something else changed on which the time depends. `check` is empty while it cannot
    be known yet whether a time is free; `first_free` gives the times for "随便".
    """
    asked = slots.settled in filling.awaited
    if names_no_such_day(turn):
        turn.say("utter_no_such_day")
        filling.ask(slots.settled)
        return
    when = read_time(turn, slots.known, asked)
    if when is None and asked and first_free is not None and any_will_do(turn):
        free = await first_free()
        if free:
            wall = turn.local(free[0])
            when = complete(f"{wall:%Y-%m-%d}", f"{wall:%H:%M}")
    if when is None:
        if not (again and turn.slot(slots.settled)):
            return
        when = turn.slot(slots.known)
    else:
        filling.set(slots.known, when)
        turn.slots[slots.known] = when
    starts_at = wall_start(when, turn)
    if starts_at is None:
        # The day or the hour alone: what is missing is asked for next.
        filling.set(slots.settled, None)
        return
    if check is None:
        filling.set(slots.settled, starts_at.isoformat())
        return
    outcome = await check(starts_at)
    if isinstance(outcome, Refused):
        await refuse(turn, session, outcome)
        filling.set(slots.settled, None)
        filling.set(slots.known, None if outcome.reason == "past" else without_clock(when))
        filling.ask(slots.settled)
        return
    if outcome.rounded:
        turn.say("utter_rounded", time=wording.moment(outcome.starts_at, turn))
        filling.said = True
        filling.set(slots.known, settled(when, outcome.starts_at, turn))
    else:
        tell_free(turn, filling, slots.settled, outcome.starts_at)
    filling.set(slots.settled, turn.local(outcome.starts_at).isoformat())


def without_clock(when: dict[str, Any] | None) -> dict[str, Any] | None:
    """A refused hour is forgotten, its day is kept for "那四点呢"."""
    return {**when, "time": None, "time_end": None, "part": None} if when else None


def tell_free(turn: Turn, filling: Filling, slot: str, starts_at: datetime) -> None:
    """The answer to "can I come then" comes before anybody asks for a name."""
    known = {**turn.slots, **filling.slots}
    if turn.slots.get(slot) is None and not (
        known.get("customer_name") and known.get("customer_phone")
    ):
        turn.say("utter_time_free", time=wording.moment(starts_at, turn))


async def refuse(turn: Turn, session: AsyncSession, refused: Refused) -> None:
    """Says why a time cannot be had, with the nearest free ones to choose from."""
    place = await dealership(session)
    asked = wording.moment(refused.starts_at, turn) if refused.starts_at else ""
    cards = time_cards(refused.alternatives, turn)
    turn.say(
        f"utter_refused_{refused.reason}",
        cards=cards,
        times=in_words(cards, turn),
        time=asked,
        minutes=place.booking_lead_minutes,
        days=place.booking_horizon_days,
    )
    if not refused.alternatives and refused.reason not in WITHOUT_OTHER_TIME:
        turn.say("utter_no_free_time", phone=place.phone)
