"""The specification of a model's trims side by side, with the provenance of every value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Literal, TypeAlias

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import Feature, Trim, TrimFeature

State: TypeAlias = Literal["known", "unknown", "inapplicable"]

HIGHLIGHTS = (
    "range_cltc", "fuel_consumption", "acceleration_0_100", "fast_charge_minutes",
    "trunk_volume", "battery_capacity", "engine_power", "wheelbase",
)  # fmt: skip
"""What a buyer compares first; the first four that are confirmed are shown large."""
HIGHLIGHTS_SHOWN = 4


@dataclass(frozen=True)
class Cell:
    """`unknown`: no valid record, so nothing may be claimed. `inapplicable`: the store has
    never held this feature for any car with this kind of drive."""

    state: State
    fact: TrimFeature | None = None
    note: int = 0
    """Number of its source in `Facts.sources`, from 1; 0 where there is no fact."""


@dataclass(frozen=True)
class Row:
    feature: Feature
    cells: list[Cell]

    @property
    def same(self) -> bool:
        """True when nothing in this row tells the trims apart."""
        seen = {(cell.state, cell.fact.value if cell.fact else "") for cell in self.cells}
        return len(seen) == 1


@dataclass(frozen=True)
class Highlight:
    """Lowest and highest confirmed value over the trims, as decimal texts."""

    feature: Feature
    low: str
    high: str
    energies: list[str]
    """Kinds of drive that it holds for; empty when for all trims."""


@dataclass(frozen=True)
class Facts:
    groups: list[tuple[str, list[Row]]]
    sources: list[TrimFeature]
    """One fact for each pair of source and validity, the most frequent first."""
    highlights: list[Highlight]

    @property
    def differ(self) -> bool:
        """True when at least one row tells the trims apart."""
        return any(not row.same for _, rows in self.groups for row in rows)


async def read_facts(session: AsyncSession, today: date, trims: Sequence[Trim]) -> Facts:
    """The features that the store holds, valid or not, for at least one of `trims`."""
    held = set(
        await session.scalars(
            select(TrimFeature.feature_id)
            .where(TrimFeature.trim_id.in_([trim.id for trim in trims]))
            .distinct()
        )
    )
    pairs = await session.execute(
        select(TrimFeature.feature_id, Trim.energy).join(TrimFeature.trim).distinct()
    )
    applicable = {(feature_id, energy) for feature_id, energy in pairs}
    features = [each for each in await catalogue.features(session) if each.id in held]
    values = await catalogue.feature_values(session, today, trims, features)
    by_feature: dict[int, list[TrimFeature | None]] = {}
    for value in values:
        by_feature.setdefault(value.feature.id, []).append(value.fact)
    sources = _sources([value.fact for value in values if value.fact])
    numbers = {_key(fact): number for number, fact in enumerate(sources, 1)}

    def cell(feature: Feature, trim: Trim, fact: TrimFeature | None) -> Cell:
        if fact is not None:
            return Cell("known", fact, numbers[_key(fact)])
        return Cell("unknown" if (feature.id, trim.energy) in applicable else "inapplicable")

    rows = [
        Row(
            feature,
            [cell(feature, *pair) for pair in zip(trims, by_feature[feature.id], strict=True)],
        )
        for feature in features
    ]
    grouped = groupby(rows, key=lambda row: row.feature.group_code)
    return Facts(
        groups=[(code, list(members)) for code, members in grouped],
        sources=sources,
        highlights=_highlights(rows, trims),
    )


def _key(fact: TrimFeature) -> tuple[str, date, date | None]:
    return fact.source, fact.valid_from, fact.valid_until


def _sources(facts: list[TrimFeature]) -> list[TrimFeature]:
    counts: dict[tuple[str, date, date | None], int] = {}
    first: dict[tuple[str, date, date | None], TrimFeature] = {}
    for fact in facts:
        counts[_key(fact)] = counts.get(_key(fact), 0) + 1
        first.setdefault(_key(fact), fact)
    return [first[key] for key in sorted(counts, key=lambda key: -counts[key])]


def _highlights(rows: list[Row], trims: Sequence[Trim]) -> list[Highlight]:
    by_code = {row.feature.code: row for row in rows if row.feature.kind == "number"}
    found = []
    for code in HIGHLIGHTS:
        row = by_code.get(code)
        if row is None:
            continue
        numbers = [
            (_decimal(cell.fact.value), cell.fact.value, trim.energy)
            for cell, trim in zip(row.cells, trims, strict=True)
            if cell.fact
        ]
        known = [(number, text, energy) for number, text, energy in numbers if number is not None]
        if known:
            energies = list(dict.fromkeys(energy for _, _, energy in known))
            everywhere = set(energies) == {trim.energy for trim in trims}
            low, high = min(known)[1], max(known)[1]
            found.append(Highlight(row.feature, low, high, [] if everywhere else energies))
    return found[:HIGHLIGHTS_SHOWN]


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
