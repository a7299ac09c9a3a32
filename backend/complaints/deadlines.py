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

DEPARTMENT: Department = "sales"
"""Whose opening hours count: complaints are answered at the front desk."""


@dataclass(frozen=True)
class Term:
    """The numbers of one `ComplaintRule`."""

    unit: str
    amount: int
    escalate_minutes: tuple[int, ...] = ()


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
    return Term(rule.unit, rule.amount, tuple(rule.escalate_minutes)) if rule else None


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
    start = hours.next_open(now, DEPARTMENT)
    if term.unit == "working_minutes":
        return now + length if start is None else _after_working(start, length, hours)
    if start is None:
        return now + timedelta(days=term.amount)
    day, last = hours.day(start), start
    for _ in range(term.amount):
        opening = hours.next_open(
            hours.at(day + timedelta(days=1), datetime.min.time()), DEPARTMENT
        )
        if opening is None:
            return now + timedelta(days=term.amount)
        last, day = opening, hours.day(opening)
    same_time = hours.at(day, hours.wall(start))
    return min(max(same_time, last), hours.spans(day, DEPARTMENT)[-1][1])


def escalations(made: datetime, due: datetime, term: Term, hours: Hours) -> Sequence[datetime]:
    """When each level is warned, for a complaint made at `made` and due at `due`.

    Where the rule asks for more notice than there is, the level is warned at once.
    """
    found = []
    for minutes in sorted(term.escalate_minutes, reverse=True):
        length = timedelta(minutes=minutes)
        before = due - length
        if term.unit != "minutes":
            before = _before_working(due, length, hours)
        found.append(max(before, made))
    return found


def _after_working(start: datetime, length: timedelta, hours: Hours) -> datetime:
    """The moment when the dealership has been open for `length` since `start`."""
    moment, left = start, length
    while True:
        opening = hours.next_open(moment, DEPARTMENT)
        if opening is None:
            return moment + left
        closes = next(b for a, b in hours.spans(hours.day(opening), DEPARTMENT) if opening < b)
        if opening + left <= closes:
            return opening + left
        left -= closes - opening
        moment = closes


def _before_working(end: datetime, length: timedelta, hours: Hours) -> datetime:
    """The last moment from which the dealership is open for `length` until `end`."""
    left, day = length, hours.day(end)
    for back in range(FAR):
        for opens, closes in reversed(hours.spans(day - timedelta(days=back), DEPARTMENT)):
            until = min(closes, end)
            if until <= opens:
                continue
            if until - opens >= left:
                return until - left
            left -= until - opens
    return end - length
