"""The grid of quarter hours: rounding, what fits into opening hours, what may be booked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.appointments.hours import Department, Hours, Span
from backend.appointments.outcomes import Reason
from backend.models import Dealership

QUARTER = timedelta(minutes=15)
_GRID_ORIGIN = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def floor_quarter(moment: datetime) -> datetime:
    return moment - (moment - _GRID_ORIGIN) % QUARTER


def ceil_quarter(moment: datetime) -> datetime:
    return moment + (_GRID_ORIGIN - moment) % QUARTER


def nearest_quarter(moment: datetime) -> datetime:
    """Seven and a half minutes round up: nobody is made to come earlier than need be."""
    return floor_quarter(moment + QUARTER / 2)


def overlaps(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _quarters(start: datetime, end: datetime) -> list[datetime]:
    first, last = floor_quarter(start), ceil_quarter(end)
    return [first + QUARTER * n for n in range((last - first) // QUARTER)]


@dataclass(frozen=True)
class Timing:
    """How long an appointment takes and where it must fit.

    `prep` and `buffer` keep the resource occupied before the customer comes and after he has
    left; they may lie in a break or outside of opening hours. `over_breaks`: the appointment may
    span a break, as long as it starts and ends in opening hours of one day.
    """

    hours: Hours
    department: Department
    duration: timedelta
    buffer: timedelta = timedelta()
    over_breaks: bool = False
    prep: timedelta = timedelta()

    def fits(self, start: datetime) -> bool:
        end = start + self.duration
        if self.over_breaks:
            return self.hours.is_open_over_breaks(start, end, self.department)
        return self.hours.is_open(start, end, self.department)

    def quarters(self, start: datetime) -> list[datetime]:
        """The quarters of an hour that the resource is occupied, with all before and after."""
        return _quarters(start - self.prep, start + self.duration + self.buffer)

    def attended(self, start: datetime) -> list[datetime]:
        """Those in which the customer is there, and somebody with him."""
        return _quarters(start, start + self.duration)

    def starts(self, day: date) -> list[datetime]:
        """Every quarter of an hour of `day` at which the appointment may begin."""
        found: list[datetime] = []
        for opens, closes in self.hours.spans(day, self.department):
            start = ceil_quarter(opens)
            while start < closes:
                if self.fits(start):
                    found.append(start)
                start += QUARTER
        return found


@dataclass(frozen=True)
class Limits:
    """The first moment and the last day that may be booked."""

    earliest: datetime
    last_day: date

    @classmethod
    def of(cls, dealership: Dealership, hours: Hours, now: datetime) -> "Limits":
        return cls(
            now + timedelta(minutes=dealership.booking_lead_minutes),
            hours.day(now) + timedelta(days=dealership.booking_horizon_days),
        )

    def days_near(self, day: date, first_day: date, size: int = 7) -> Iterator[list[date]]:
        """All bookable days in portions: `day` and those after it, then those before it,
        nearest first."""
        anchor = min(max(day, first_day), self.last_day)
        ahead = [anchor + timedelta(days=n) for n in range((self.last_day - anchor).days + 1)]
        before = [anchor - timedelta(days=n) for n in range(1, (anchor - first_day).days + 1)]
        for days in (ahead, before):
            for at in range(0, len(days), size):
                yield days[at : at + size]


def refusal(
    timing: Timing, limits: Limits, now: datetime, requested: datetime, start: datetime
) -> Reason | None:
    """Why the clock and the calendar refuse `start` (`requested`, rounded); None if they do not."""
    if requested < now:
        return "past"
    if start < limits.earliest:
        return "too_soon"
    if timing.hours.day(start) > limits.last_day:
        return "too_far"
    if not timing.fits(start):
        return "closed"
    return None


def near(timing: Timing, day: date, around: datetime, starts: Sequence[datetime]) -> list[datetime]:
    """`starts` of `day`, those nearest to the wall-clock time of `around` first."""
    wish = timing.hours.at(day, timing.hours.wall(around))
    return sorted(starts, key=lambda start: (abs(start - wish), start))
