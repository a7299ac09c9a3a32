"""By when a complaint has to be answered, and when the next level is warned before that.

Pure functions over the dealership's own rule (`ComplaintRule`). Where it has approved none,
`DEFAULTS` keep its staff punctual; a time that follows from those is not told to a customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import FAR, Department, Hours
from backend.catalogue.service import valid
from backend.complaints.words import Severity
from backend.models import ComplaintRule

FRONT_DESK: Department = "sales"
"""Whose opening hours count where no rule says it."""
LEVELS = ("manager", "admin")
"""Who is told on level 1, and on 2 and above, where no rule says it."""


@dataclass(frozen=True)
class Term:
    """What one `ComplaintRule` says."""

    unit: str
    amount: int
    escalate_minutes: tuple[int, ...] = ()
    escalate_to: tuple[str, ...] = LEVELS
    hours: Department = FRONT_DESK

    def role(self, level: int) -> str:
        """Whom level 1, 2 … tells; further levels than roles go to the last of them."""
        return self.escalate_to[min(level, len(self.escalate_to)) - 1]


DEFAULTS: dict[str, Term] = {
    "critical": Term("minutes", 120, (60, 30)),
    "high": Term("working_minutes", 240, (120, 60)),
    "normal": Term("working_days", 1, (240, 60)),
    "low": Term("working_days", 3, (480, 120)),
}


@dataclass(frozen=True)
class Due:
    """`told`: it follows from an approved rule and may be said to the customer. `escalations`:
    when level 1, 2 … are warned, each not before the complaint and not after `at`."""

    at: datetime
    told: bool
    escalations: tuple[datetime, ...] = ()


async def due_for(
    session: AsyncSession, now: datetime, today: date, severity: Severity, hours: Hours
) -> Due:
    """The deadline of a complaint of that severity made at `now`; `today` in the dealership's
    zone decides which rule is valid."""
    term = await approved(session, today, severity)
    told, term = term is not None, term or DEFAULTS[severity]
    at = deadline(now, severity, hours, term)
    return Due(at, told, tuple(escalations(now, at, term, hours)))


async def approved(session: AsyncSession, today: date, severity: str) -> Term | None:
    """The dealership's rule for that severity; None without one that is approved and valid."""
    rule = await session.scalar(
        select(ComplaintRule)
        .where(ComplaintRule.severity == severity, valid(ComplaintRule, today))
        .order_by(ComplaintRule.valid_from.desc())
        .limit(1)
    )
    if rule is None:
        return None
    department: Department = rule.hours  # type: ignore[assignment]  # the check says so
    return Term(
        rule.unit,
        rule.amount,
        tuple(rule.escalate_minutes),
        tuple(rule.escalate_to) or LEVELS,
        department,
    )


async def term_for(session: AsyncSession, today: date, severity: str) -> Term:
    """What holds for that severity, approved or not."""
    return await approved(session, today, severity) or DEFAULTS[severity]


def deadline(now: datetime, severity: Severity, hours: Hours, term: Term | None = None) -> datetime:
    """By when a person has to have answered a complaint made at `now`.

    `minutes` by the clock, day and night; `working_minutes` while open; `working_days` at the
    same time of day that many working days later, within that day's opening hours. What comes in
    while closed counts from the next opening. Without any opening hours ahead, by the clock.
    """
    term = term or DEFAULTS[severity]
    length = timedelta(minutes=term.amount)
    if term.unit == "minutes":
        return now + length
    whose = term.hours
    start = hours.next_open(now, whose)
    if term.unit == "working_minutes":
        return now + length if start is None else _after_working(start, length, hours, whose)
    if start is None:
        return now + timedelta(days=term.amount)
    day, last = hours.day(start), start
    for _ in range(term.amount):
        opening = hours.next_open(hours.at(day + timedelta(days=1), datetime.min.time()), whose)
        if opening is None:
            return now + timedelta(days=term.amount)
        last, day = opening, hours.day(opening)
    same_time = hours.at(day, hours.wall(start))
    return min(max(same_time, last), hours.spans(day, whose)[-1][1])


def escalations(made: datetime, due: datetime, term: Term, hours: Hours) -> Sequence[datetime]:
    """When each level is warned, for a complaint made at `made` and due at `due`.

    Where the rule asks for more notice than there is, the level is warned at once.
    """
    found = []
    for minutes in sorted(term.escalate_minutes, reverse=True):
        length = timedelta(minutes=minutes)
        before = due - length
        if term.unit != "minutes":
            before = _before_working(due, length, hours, term.hours)
        found.append(max(before, made))
    return found


def _after_working(start: datetime, length: timedelta, hours: Hours, whose: Department) -> datetime:
    """The moment when the dealership has been open for `length` since `start`."""
    moment, left = start, length
    while True:
        opening = hours.next_open(moment, whose)
        if opening is None:
            return moment + left
        closes = next(b for a, b in hours.spans(hours.day(opening), whose) if opening < b)
        if opening + left <= closes:
            return opening + left
        left -= closes - opening
        moment = closes


def _before_working(end: datetime, length: timedelta, hours: Hours, whose: Department) -> datetime:
    """The last moment from which the dealership is open for `length` until `end`."""
    left, day = length, hours.day(end)
    for back in range(FAR):
        for opens, closes in reversed(hours.spans(day - timedelta(days=back), whose)):
            until = min(closes, end)
            if until <= opens:
                continue
            if until - opens >= left:
                return until - left
            left -= until - opens
    return end - length
