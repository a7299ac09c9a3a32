"""The maintenance plan: what is due at a mileage or age, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import ServiceItem
from backend.workshop.pricing import menu

KM_TOLERANCE_SHARE = 10
"""An item is due within a tenth of its interval before and after the mark …"""
KM_TOLERANCE_MOST = 2000
"""… but never more than this many kilometres from it."""
MONTHS_TOLERANCE = 1


@dataclass(frozen=True)
class Due:
    """An item whose mark is reached. `at_km` / `at_months`: the mark, where that is why."""

    item: ServiceItem
    at_km: int | None
    at_months: int | None


@dataclass(frozen=True)
class Coming:
    """The next mark of an item by mileage (`at_km`) and by age (`at_months`), if it has one."""

    item: ServiceItem
    at_km: int | None
    at_months: int | None


@dataclass(frozen=True)
class Plan:
    """`due` in the order of the menu; `next` by mileage, the nearest mark first."""

    due: tuple[Due, ...]
    next: tuple[Coming, ...]

    @property
    def next_km(self) -> int | None:
        """The nearest mileage mark ahead."""
        return min((n.at_km for n in self.next if n.at_km is not None), default=None)

    @property
    def next_items(self) -> tuple[ServiceItem, ...]:
        """What is to be done at `next_km`."""
        mark = self.next_km
        return tuple(n.item for n in self.next if mark is not None and n.at_km == mark)


async def due_items(
    session: AsyncSession, mileage_km: int, age_months: int | None, energy: str | None
) -> Plan:
    """The plan for a car from the menu's intervals, whichever of mileage and age comes first.

    Without an `energy` only items for every kind of car are in it. What was done before is
    not known here, so a mark that has long been passed does not count as due.
    """
    items = await menu(session, energy)
    return plan([i for i in items if energy or not i.energies], mileage_km, age_months)


def plan(items: Iterable[ServiceItem], mileage_km: int, age_months: int | None) -> Plan:
    """As `due_items`, on items already chosen."""
    due: list[Due] = []
    coming: list[Coming] = []
    for item in items:
        at_km = next_km = at_months = next_months = None
        if item.interval_km:
            tolerance = min(item.interval_km // KM_TOLERANCE_SHARE, KM_TOLERANCE_MOST)
            at_km, next_km = marks(mileage_km, item.interval_km, tolerance)
        if item.interval_months and age_months is not None:
            at_months, next_months = marks(age_months, item.interval_months, MONTHS_TOLERANCE)
        if at_km is not None or at_months is not None:
            due.append(Due(item, at_km, at_months))
        if next_km is not None or next_months is not None:
            coming.append(Coming(item, next_km, next_months))
    coming.sort(key=lambda c: (c.at_km is None, c.at_km or 0, c.at_months or 0, c.item.position))
    return Plan(tuple(due), tuple(coming))


def marks(value: int, interval: int, tolerance: int) -> tuple[int | None, int]:
    """The multiple of `interval` that is due at `value`, if one is within `tolerance`, and the
    next one after it (or after `value`). A new car is not due: multiples count from one."""
    nearest = max(1, (value + interval // 2) // interval) * interval
    if abs(value - nearest) <= tolerance:
        return nearest, nearest + interval
    return None, (value // interval + 1) * interval
