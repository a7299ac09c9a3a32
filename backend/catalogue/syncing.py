"""Bringing one table of the store to what is wanted, row by row.

A row is found by its key and changed only where it differs; what is gone is deleted or retired.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.schema import Fact
from backend.models import Base

T = TypeVar("T", bound=Base)
Changes = dict[str, dict[str, int]]
Wanted = Mapping[Hashable, dict[str, Any]]


@dataclass
class Store:
    """One run of bringing a store up to date; `changes` counts by table and kind."""

    session: AsyncSession
    zone: ZoneInfo
    changes: Changes = field(default_factory=dict)

    def count(self, table: str, kind: str) -> None:
        kinds = self.changes.setdefault(table, {})
        kinds[kind] = kinds.get(kind, 0) + 1

    def certified(self, fact: Fact) -> dict[str, Any]:
        """The provenance of a fact; without approval nobody has approved it, whatever the
        defaults say. A moment without an offset is on the dealership's clock."""
        at = fact.approved_at if fact.approved else None
        if at is not None and at.tzinfo is None:
            at = at.replace(tzinfo=self.zone)
        return {
            "source": fact.source,
            "source_en": fact.source_en,
            "approved_by": fact.approved_by if fact.approved else None,
            "approved_at": at,
            "valid_from": fact.valid_from,
            "valid_until": fact.valid_until,
        }

    async def sync(
        self,
        kind: type[T],
        key: Callable[[T], Hashable],
        wanted: Wanted,
        gone: Callable[[T], bool] | None = None,
        where: Sequence[ColumnElement[bool]] = (),
    ) -> dict[Hashable, T]:
        """Makes the rows of `kind` those of `wanted` and returns them by key.

        With `where` the others of the table are not looked at.
        `gone` retires a row that is not wanted and tells whether that changed it; without
        it the row is deleted. Flushes, so that new rows have their ids.
        """
        table = kind.__tablename__
        found = {key(row): row for row in await self.session.scalars(select(kind).where(*where))}
        rows: dict[Hashable, T] = {}
        for one, values in wanted.items():
            row = found.pop(one, None)
            if row is None:
                row = kind(**values)
                self.session.add(row)
                self.count(table, "added")
            elif update(row, values):
                self.count(table, "changed")
            rows[one] = row
        for row in found.values():
            if gone is None:
                await self.session.delete(row)
                self.count(table, "removed")
            elif gone(row):
                self.count(table, "retired")
        await self.session.flush()
        return rows


def update(row: Base, values: dict[str, Any]) -> bool:
    """Sets what differs and tells whether anything did."""
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed
