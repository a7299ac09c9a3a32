"""The maintenance plan: what is due at a mileage or an age, and what comes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Model, ServiceInterval, ServiceItem
from backend.workshop.pricing import menu

KM_TOLERANCE_SHARE = 10
"""An item is due within a tenth of its interval before and after the mark …"""
KM_TOLERANCE_MOST = 2000
"""… but never more than this many kilometres from it."""
MONTHS_TOLERANCE = 1


@dataclass(frozen=True)
class Interval:
    """How often an item is due for one car; `fact` is the approved record that says so."""

    item: ServiceItem
    km: int | None
    months: int | None
    fact: ServiceInterval | None = None


@dataclass(frozen=True)
class Done:
    """When an item was last done, by the workshop's own record."""

    on: date
    km: int | None


@dataclass(frozen=True)
class Car:
    """What is known of a car on a day. `done` by code of item; what is not in it counts from
    new, so a mark that has long been passed does not count as due."""

    today: date
    mileage_km: int | None = None
    in_service_on: date | None = None
    done: Mapping[str, Done] = field(default_factory=dict)

    @property
    def age_months(self) -> int | None:
        if self.in_service_on is None or self.in_service_on > self.today:
            return None
        age = relativedelta(self.today, self.in_service_on)
        return age.years * 12 + age.months


@dataclass(frozen=True)
class Due:
    """An item whose mark is reached. `at_km` / `on`: the mark, where that is why."""

    item: ServiceItem
    at_km: int | None
    on: date | None


@dataclass(frozen=True)
class Coming:
    """The next mark of an item by mileage and by age, as far as it has one that is known."""

    item: ServiceItem
    at_km: int | None
    on: date | None


@dataclass(frozen=True)
class Plan:
    """`due` in the order of the menu; `next` by mileage, the nearest mark first. `facts` are
    the lines of the schedule behind both."""

    due: tuple[Due, ...]
    next: tuple[Coming, ...]
    facts: tuple[ServiceInterval, ...] = ()

    @property
    def due_codes(self) -> list[str]:
        """What to propose: an item that another due one includes is left out."""
        covered = {code for due in self.due for code in due.item.covers or ()}
        return [due.item.code for due in self.due if due.item.code not in covered]

    @property
    def next_km(self) -> int | None:
        """The nearest mileage mark ahead."""
        return min((n.at_km for n in self.next if n.at_km is not None), default=None)

    @property
    def next_on(self) -> date | None:
        """The nearest day ahead by which something is due."""
        return min((n.on for n in self.next if n.on is not None), default=None)

    @property
    def next_items(self) -> tuple[ServiceItem, ...]:
        """What is to be done at the next mark, by mileage or by age: whichever comes first
        nobody knows, so both are in it. Without those that another one includes."""
        km, on = self.next_km, self.next_on
        found = [
            n.item
            for n in self.next
            if (km is not None and n.at_km == km) or (on is not None and n.on == on)
        ]
        covered = {code for item in found for code in item.covers or ()}
        return tuple(item for item in found if item.code not in covered)


async def intervals(
    session: AsyncSession, today: date, model_code: str | None, energy: str | None
) -> list[Interval]:
    """The schedule for a car on `today`: approved and valid lines only, those of the model
    before the general ones.

    Without an `energy` only items for every kind of car are in it.
    """
    items = [item for item in await menu(session, energy) if energy or not item.energies]
    model_id = None
    if model_code is not None:
        model_id = await session.scalar(select(Model.id).where(Model.code == model_code))
    of_model = ServiceInterval.model_id.is_(None)
    rows = await session.scalars(
        select(ServiceInterval).where(
            ServiceInterval.item_id.in_([item.id for item in items]),
            or_(of_model, ServiceInterval.model_id == model_id) if model_id else of_model,
            ServiceInterval.approved_at.is_not(None),
            ServiceInterval.valid_from <= today,
            or_(ServiceInterval.valid_until.is_(None), ServiceInterval.valid_until >= today),
        )
    )
    best: dict[int, ServiceInterval] = {}
    for row in sorted(rows, key=lambda r: (r.model_id is not None, r.valid_from, r.id)):
        best[row.item_id] = row
    return [
        Interval(item, best[item.id].interval_km, best[item.id].interval_months, best[item.id])
        for item in items
        if item.id in best
    ]


async def plan_for(
    session: AsyncSession, car: Car, model_code: str | None, energy: str | None
) -> Plan:
    """The plan of a car by the schedule that holds on its day."""
    return plan(await intervals(session, car.today, model_code, energy), car)


def plan(lines: Iterable[Interval], car: Car) -> Plan:
    """As `plan_for`, on lines already chosen."""
    due: list[Due] = []
    coming: list[Coming] = []
    facts: list[ServiceInterval] = []
    lines = list(lines)
    done = including(car.done, [line.item for line in lines])
    for line in lines:
        at_km, next_km = _by_mileage(line, car, done.get(line.item.code))
        on, next_on = _by_age(line, car, done.get(line.item.code))
        if at_km is not None or on is not None:
            due.append(Due(line.item, at_km, on))
            # Done now, both count from now, whichever of them made it due.
            if at_km is None and line.km and car.mileage_km is not None:
                next_km = car.mileage_km + line.km
            if on is None and line.months and next_on is not None:
                next_on = car.today + relativedelta(months=line.months)
        if next_km is not None or next_on is not None:
            coming.append(Coming(line.item, next_km, next_on))
        if line.fact is not None:
            facts.append(line.fact)
    coming.sort(
        key=lambda c: (c.at_km is None, c.at_km or 0, c.on or date.max, c.item.position or 0)
    )
    return Plan(tuple(due), tuple(coming), tuple(facts))


def including(done: Mapping[str, Done], items: Sequence[ServiceItem]) -> dict[str, Done]:
    """What was done, with what those items include."""
    found = dict(done)
    for item in items:
        one = done.get(item.code)
        for code in item.covers or () if one else ():
            if code not in found or found[code].on < one.on:  # type: ignore[union-attr]
                found[code] = one  # type: ignore[assignment]
    return found


def _by_mileage(line: Interval, car: Car, done: Done | None) -> tuple[int | None, int | None]:
    """(the mark that is reached, the next one); from when it was last done, else from new."""
    if line.km is None or car.mileage_km is None:
        return None, None
    tolerance = min(line.km // KM_TOLERANCE_SHARE, KM_TOLERANCE_MOST)
    if done is None or done.km is None:
        return marks(car.mileage_km, line.km, tolerance)
    mark = done.km + line.km
    if car.mileage_km >= mark - tolerance:
        return mark, car.mileage_km + line.km
    return None, mark


def _by_age(line: Interval, car: Car, done: Done | None) -> tuple[date | None, date | None]:
    if line.months is None:
        return None, None
    if done is not None:
        mark = done.on + relativedelta(months=line.months)
        if car.today >= mark - relativedelta(months=MONTHS_TOLERANCE):
            return mark, car.today + relativedelta(months=line.months)
        return None, mark
    if car.in_service_on is None or car.age_months is None:
        return None, None
    reached, following = marks(car.age_months, line.months, MONTHS_TOLERANCE)
    new = car.in_service_on
    return (
        new + relativedelta(months=reached) if reached is not None else None,
        new + relativedelta(months=following),
    )


def marks(value: int, interval: int, tolerance: int) -> tuple[int | None, int]:
    """The multiple of `interval` that is due at `value`, if one is within `tolerance`, and the
    next one after it (or after `value`). A new car is not due: multiples count from one."""
    nearest = max(1, (value + interval // 2) // interval) * interval
    if abs(value - nearest) <= tolerance:
        return nearest, nearest + interval
    return None, (value // interval + 1) * interval
