"""When the dealership is open: several spans a day, holidays, any time zone.

Wall-clock times are turned into moments day by day, so a change to or from summer time
moves the opening with the clock on the wall.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from backend.errors import NotFoundError
from backend.models import Dealership, SpecialDay

Department: TypeAlias = Literal["sales", "service"]
DEPARTMENTS: tuple[Department, ...] = ("sales", "service")

Span: TypeAlias = tuple[datetime, datetime]
"""From (inclusive) and until (exclusive), aware, in UTC."""

WallSpan: TypeAlias = tuple[str, str]
"""Opening and closing as `HH:MM` on the wall clock; `24:00` is the end of the day."""

FAR = 400
"""Days to look ahead for the next opening; beyond it, the dealership counts as closed."""


@dataclass(frozen=True)
class SpecialHours:
    """What replaces a weekday's hours; closed all day when `span` is empty."""

    span: WallSpan | None
    name_zh: str = ""
    name_en: str = ""


class Hours:
    """Opening hours as pure data. `weekly` is keyed by department and weekday (0 = Monday)."""

    def __init__(
        self,
        zone: str,
        weekly: Mapping[tuple[Department, int], Iterable[WallSpan]],
        special: Mapping[date, SpecialHours] | None = None,
    ) -> None:
        self.zone = zone
        self._zone = ZoneInfo(zone)
        self._weekly = {key: sorted(spans) for key, spans in weekly.items()}
        self._special = dict(special or {})
        self._known: dict[tuple[date, Department], list[Span]] = {}

    @classmethod
    def of(cls, dealership: Dealership) -> "Hours":
        """The hours of a dealership whose `hours` and `special_days` are loaded."""
        weekly: dict[tuple[Department, int], list[WallSpan]] = {}
        for row in dealership.hours:
            department: Department = "sales" if row.department == "sales" else "service"
            weekly.setdefault((department, row.weekday), []).append((row.opens, row.closes))
        special = {row.day: _special(row) for row in dealership.special_days}
        return cls(dealership.zone, weekly, special)

    def day(self, moment: datetime) -> date:
        """The date on the dealership's wall at `moment`."""
        return moment.astimezone(self._zone).date()

    def at(self, day: date, wall: time) -> datetime:
        """The moment, in UTC, when the dealership's wall shows `wall` on `day`."""
        return datetime.combine(day, wall, tzinfo=self._zone).astimezone(UTC)

    def wall(self, moment: datetime) -> time:
        """What the dealership's wall clock shows at `moment`."""
        return moment.astimezone(self._zone).time()

    def special(self, day: date) -> SpecialHours | None:
        """The holiday or other exception on `day`, with its name to tell the customer."""
        return self._special.get(day)

    def spans(self, day: date, department: Department) -> list[Span]:
        """The open spans of that day in order; adjoining ones are one. Empty when closed."""
        known = self._known.get((day, department))
        if known is None:
            known = self._known[day, department] = self._compute(day, department)
        return known

    def is_open(self, start: datetime, end: datetime, department: Department) -> bool:
        """True when the whole of start … end lies in one open span."""
        return any(a <= start and end <= b for a, b in self.spans(self.day(start), department))

    def is_open_over_breaks(self, start: datetime, end: datetime, department: Department) -> bool:
        """True when start lies in an open span and end not after the last closing of that day.

        This is the rule of the workshop: somebody has to be there to take the car in, and it
        has to be handed over the same day; it may stay in its bay over the lunch break, and
        one that is ready in the break is handed over after it.
        """
        spans = self.spans(self.day(start), department)
        return any(a <= start < b for a, b in spans) and start < end <= spans[-1][1]

    def next_open(self, after: datetime, department: Department) -> datetime | None:
        """The first open moment at or after `after`; None when there is none in a year."""
        first = self.day(after)
        for ahead in range(FAR):
            for opens, closes in self.spans(first + timedelta(days=ahead), department):
                if after < closes:
                    return max(after, opens)
        return None

    def _compute(self, day: date, department: Department) -> list[Span]:
        special = self._special.get(day)
        if special is not None:
            walls = [special.span] if special.span else []
        else:
            walls = self._weekly.get((department, day.weekday()), [])
        merged: list[Span] = []
        for opens, closes in ((self._moment(day, a), self._moment(day, b)) for a, b in walls):
            if merged and opens <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
            elif opens < closes:
                merged.append((opens, closes))
        return merged

    def _moment(self, day: date, wall: str) -> datetime:
        hour, minute = wall.split(":")
        if hour == "24":
            return self.at(day + timedelta(days=1), time())
        return self.at(day, time(int(hour), int(minute)))


def _special(row: SpecialDay) -> SpecialHours:
    span = (row.opens, row.closes) if row.opens and row.closes else None
    return SpecialHours(span, row.name_zh, row.name_en)


_DEALERSHIP = (
    select(Dealership)
    .options(selectinload(Dealership.hours), selectinload(Dealership.special_days))
    .order_by(Dealership.id)
    .limit(1)
)


async def dealership(session: AsyncSession) -> Dealership:
    """The dealership of this store, with its hours and special days loaded.

    Raises NotFoundError when none was set up yet.
    """
    found = await session.scalar(_DEALERSHIP)
    if found is None:
        raise NotFoundError("no dealership is set up in this store", code="no_dealership")
    return found


async def load(session: AsyncSession) -> Hours:
    """The hours of this store's dealership. Load once per request, then ask often."""
    return Hours.of(await dealership(session))
