"""When the workshop could take a car in, before it is known what for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import Hours, dealership
from backend.appointments.occupancy import free_starts
from backend.workshop.capacity import crew_for, search_for, visit_length
from backend.workshop.pricing import quote


async def free_for_each(
    session: AsyncSession,
    now: datetime,
    item_codes: Sequence[str],
    around: datetime,
    count: int,
) -> list[datetime]:
    """Times near `around`, in order, at which any single one of those items could begin; `count`
    are looked at. Several items together take longer and may not fit then."""
    place = await dealership(session)
    quoted = await quote(session, Hours.of(place).day(now), item_codes, None)
    longest: dict[str | None, int] = {}
    for item in quoted.items:
        longest[item.skill] = max(item.minutes, longest.get(item.skill, 0))
    common: set[datetime] | None = None
    for skill, minutes in longest.items():
        crew = await crew_for(session, {skill} if skill else set())
        search = search_for(place, now, visit_length(minutes), crew)
        times = set(await free_starts(session, search, around, count))
        common = times if common is None else common & times
    return sorted(common or ())
