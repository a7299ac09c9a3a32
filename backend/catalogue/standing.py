"""How the facts of a catalogue stand: by what they are about, period by period, with their state
and what is on its way to approval."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import editing
from backend.catalogue.editing import SHEETS, State
from backend.catalogue.rows import RawRow, RawTables
from backend.catalogue.upkeep import OPEN
from backend.models import FactChange, FactWithdrawal

NEEDS_CARE = ("expiring", "expired", "unapproved", "withdrawn")
FACTS = tuple(sheet for sheet, one in SHEETS.items() if one.fact)


@dataclass(frozen=True)
class Period:
    row: RawRow
    state: State
    withdrawal: FactWithdrawal | None = None

    @property
    def first(self) -> date | None:
        return editing.first_day(self.row)

    @property
    def last(self) -> date | None:
        return editing.last_day(self.row)


@dataclass(frozen=True)
class Entry:
    """All that is known of one thing. `change`: its draft, or what waits for approval."""

    sheet: str
    ref: str
    periods: tuple[Period, ...]
    change: FactChange | None = None

    @property
    def current(self) -> Period | None:
        """What holds today, else what will, else the last that did."""
        for wanted in (("valid", "expiring"), ("scheduled",)):
            for period in self.periods:
                if period.state in wanted:
                    return period
        return self.periods[-1] if self.periods else None

    @property
    def state(self) -> str:
        return self.current.state if self.current else "unapproved"

    @property
    def next(self) -> Period | None:
        """What follows on the present one."""
        return next(
            (p for p in self.periods if p.state == "scheduled" and p is not self.current), None
        )

    @property
    def needs_care(self) -> bool:
        """Nothing holds today, or only for a short time, and nothing is known to follow. That an
        offer has ended or was withdrawn is no reason to replace it."""
        over = self.sheet == "promotions" and self.state in ("expired", "withdrawn")
        careful = self.state in NEEDS_CARE and not over
        return careful and self.next is None and bool(self.periods)


@dataclass(frozen=True)
class Known:
    """What the store has beside the facts themselves."""

    changes: Mapping[tuple[str, str], FactChange] = field(default_factory=dict)
    withdrawals: Mapping[tuple[str, str, date], FactWithdrawal] = field(default_factory=dict)


async def known(session: AsyncSession) -> Known:
    changes = await session.scalars(select(FactChange).where(FactChange.state.in_(OPEN)))
    withdrawals = await session.scalars(select(FactWithdrawal).order_by(FactWithdrawal.id))
    return Known(
        {(one.sheet, one.ref): one for one in changes},
        {(one.sheet, one.ref, one.valid_from): one for one in withdrawals},
    )


def entries(raw: RawTables, sheet: str, today: date, held: Known) -> list[Entry]:
    """Everything on a sheet, in its order; then what is only planned."""
    rows: dict[str, list[RawRow]] = {}
    for row in raw.tables.get(sheet, []):
        rows.setdefault(editing.ref_of(sheet, row), []).append(row)
    planned = [ref for one, ref in held.changes if one == sheet and ref not in rows]
    return [
        entry(sheet, ref, rows.get(ref, []), today, held)
        for ref in (*rows, *(planned if sheet != "feature_values" else ()))
    ]


def entry(sheet: str, ref: str, rows: Iterable[RawRow], today: date, held: Known) -> Entry:
    periods = []
    for row in sorted(rows, key=lambda one: editing.first_day(one) or date.min):
        start = editing.first_day(row)
        withdrawal = held.withdrawals.get((sheet, ref, start)) if start else None
        state = editing.state_of(row, today, withdrawal is not None)
        if not SHEETS[sheet].fact:
            state = "valid"
        periods.append(Period(row, state, withdrawal if state == "withdrawn" else None))
    return Entry(sheet, ref, tuple(periods), held.changes.get((sheet, ref)))
