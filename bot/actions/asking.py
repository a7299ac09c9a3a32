"""Questions of the forms in fixed words, and what they ask for in one breath."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions import wording
from bot.actions.base import Events
from bot.actions.context import Turn
from bot.actions.time_cards import choice, in_words, time_cards

TOGETHER = (
    ("test_drive_model", "test_drive_time"),
    ("service_items", "service_model", "service_time"),
    ("service_plate", "customer_name", "customer_phone"),
)
"""Slots that belong together, in the order of the forms: a consultant asks for them at once."""
PARTS = {"morning": (6, 12), "noon": (11, 14), "afternoon": (12, 18), "evening": (17, 22)}
"""Hours of the parts of a day, from and before."""


def asked_with(turn: Turn, slot: str | None) -> tuple[str, ...]:
    """`slot` and what its question asks for as well: all that comes behind it in its group and is
    not known yet."""
    if slot is None:
        return ()
    group = next((group for group in TOGETHER if slot in group), (slot,))
    behind = group[group.index(slot) + 1 :]
    return (slot, *(one for one in behind if turn.slot(one) is None))


def also_asked(turn: Turn, slot: str) -> tuple[str, ...]:
    """What the question for `slot` has to ask for besides; without what was just asked for in
    other words, such as a phone that was one digit short."""
    return tuple(one for one in asked_with(turn, slot)[1:] if one != turn.slot("asked"))


class AskPlainly:
    """Asks for one slot in fixed words, unless what was just said asks for it already."""

    slot: ClassVar[str]

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if turn.slot("asked") != self.slot:
            turn.say(f"utter_ask_{self.slot}")
        return []


@dataclass(frozen=True)
class TimeClause:
    """The part of a question that asks for the time, what stands behind the question, and the
    free times to choose from."""

    also: str = ""
    times: str = ""
    cards: Sequence[dict[str, Any]] = ()


def time_clause(
    turn: Turn, when: Mapping[str, Any] | None, times: Sequence[datetime]
) -> TimeClause:
    """Asks for what is missing of a time; `times` are free, whatever else is answered."""
    day = str(when.get("date") or "") if when else ""
    last = (when or {}).get("date_end") or day
    fitting = [t for t in times if day <= _day(turn, t) <= last]
    if when and fitting and not when.get("time"):
        named = wording.day(date.fromisoformat(day), turn)
        also = turn.either(f"，{named}几点方便", f", and what time on {named}")
        times, head = of_part(turn, when, fitting), turn.either("可约的时间：", " Free times:")
    elif when and when.get("time") and not day:
        also, times, head = turn.either("，哪天方便", ", and on which day"), (), ""
    else:
        # Of a day that is past, closed or full it is said so once it is known what for.
        also = turn.either("，什么时候方便", ", and when would suit you")
        head = turn.either("最近可约的时间：", " The next free times are:")
    cards = time_cards(choice(times, turn), turn)
    return TimeClause(also, head + in_words(cards, turn) if cards else "", cards)


def of_part(turn: Turn, when: Mapping[str, Any], times: list[datetime]) -> list[datetime]:
    """Those in the part of the day that was named; all, if none is."""
    start, end = PARTS.get(str(when.get("part")), (0, 24))
    return [t for t in times if start <= turn.local(t).hour < end] or times


def _day(turn: Turn, moment: datetime) -> str:
    return turn.local(moment).date().isoformat()
