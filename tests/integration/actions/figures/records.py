"""What the store may be quoted for on one day, read straight from its tables.

Validity is judged here a second time, without the code under test.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import (
    Certified,
    Dealership,
    DemoCar,
    Feature,
    FeeRule,
    FinancePlan,
    Model,
    OpeningHours,
    Price,
    Promotion,
    ServiceItem,
    ServicePrice,
    SpecialDay,
    Statement,
    Trim,
    TrimFeature,
)


@dataclass
class Records:
    """Valid, approved rows of `today`, and the names that stand in the store."""

    today: date
    place: Dealership
    hours: list[OpeningHours]
    special: list[SpecialDay]
    models: dict[int, Model]
    trims: dict[int, Trim]
    features: dict[int, Feature]
    values: dict[int, list[TrimFeature]]
    prices: dict[int, Price]
    promotions: list[Promotion]
    plans: list[FinancePlan]
    fees: list[FeeRule]
    statements: list[Statement]
    items: dict[int, ServiceItem]
    costs: list[ServicePrice]
    demo_cars: list[DemoCar]
    others: list[Certified]
    """Facts of kinds added since: every table of certified rows is looked at."""
    names: list[str] = field(default_factory=list)

    @property
    def facts(self) -> list[Certified]:
        values = [value for own in self.values.values() for value in own]
        return [
            *values, *self.prices.values(), *self.promotions, *self.plans, *self.fees,
            *self.statements, *self.costs, *self.others,
        ]  # fmt: skip

    def of_model(self, code: str) -> list[Trim]:
        return [t for t in self.trims.values() if self.models[t.model_id].code == code]

    def discount(self, trim: Trim) -> int:
        """The cash offers for a trim, in fen."""
        return sum(
            offer.amount or 0
            for offer in self.promotions
            if offer.kind == "cash"
            and offer.model_id in (None, trim.model_id)
            and offer.trim_id in (None, trim.id)
        )


KNOWN = (TrimFeature, Price, Promotion, FinancePlan, FeeRule, Statement, ServicePrice)


def _current(rows: Iterable[Any], today: date) -> list[Any]:
    held = [
        row
        for row in rows
        if row.approved_at is not None
        and row.approved_by
        and row.valid_from <= today
        and (row.valid_until is None or today <= row.valid_until)
    ]
    return sorted(held, key=lambda row: (row.valid_from, row.id))


async def read(session: AsyncSession, today: date) -> Records:
    """Everything that holds on `today`."""

    async def rows(table: Any) -> list[Any]:
        return list(await session.scalars(select(table)))

    models = {row.id: row for row in await rows(Model) if row.active}
    trims = {row.id: row for row in await rows(Trim) if row.active and row.model_id in models}
    values: dict[int, dict[int, TrimFeature]] = {}
    for value in _current(await rows(TrimFeature), today):
        values.setdefault(value.trim_id, {})[value.feature_id] = value
    mapped = {mapper.class_ for mapper in Trim.registry.mappers}
    kinds = [kind for kind in mapped if issubclass(kind, Certified) and kind not in KNOWN]
    found = Records(
        today=today,
        place=(await rows(Dealership))[0],
        hours=await rows(OpeningHours),
        special=await rows(SpecialDay),
        models=models,
        trims=trims,
        features={row.id: row for row in await rows(Feature)},
        values={trim: list(own.values()) for trim, own in values.items()},
        prices={row.trim_id: row for row in _current(await rows(Price), today)},
        promotions=_current(await rows(Promotion), today),
        plans=_current(await rows(FinancePlan), today),
        fees=sorted(_current(await rows(FeeRule), today), key=lambda row: (row.position, row.id)),
        statements=_current(await rows(Statement), today),
        items={row.id: row for row in await rows(ServiceItem)},
        costs=_current(await rows(ServicePrice), today),
        demo_cars=await rows(DemoCar),
        others=[row for kind in kinds for row in _current(await rows(kind), today)],
    )
    found.names = _names(found)
    return found


def _names(records: Records) -> list[str]:
    """What is called by a name, longest first: digits in a name claim nothing."""
    named: list[Any] = [
        *records.trims.values(), *records.models.values(), *records.features.values(),
        *records.items.values(), *records.plans, *records.fees, *records.special, records.place,
    ]  # fmt: skip
    names = {name for row in named for name in (row.name_zh, row.name_en)}
    # Inside an English sentence the first letter is small.
    for row in records.others:
        names |= {getattr(row, "name_zh", ""), getattr(row, "name_en", "")}
    names |= {name[:1].lower() + name[1:] for name in names}
    names |= {name for fact in records.facts for name in (fact.source, fact.source_en)}
    place = records.place
    names |= {
        place.phone, place.hotline, place.address_zh, place.address_en,
        place.directions_zh, place.directions_en, place.name_zh, place.name_en,
        # Units that hold a number.
        "/100km", "0-100", "0–100", "to 100 km/h",
    }  # fmt: skip
    return sorted((name for name in names if name), key=len, reverse=True)


def wordings(records: Records, models: set[int]) -> list[str]:
    """The approved texts that may be said word for word of these models, longest first."""
    texts = [(row.text_zh, row.text_en) for row in records.statements]
    texts += [(row.text_zh, row.text_en) for row in records.items.values()]
    for offer in records.promotions:
        if offer.model_id is None or offer.model_id in models:
            texts += [(offer.title_zh, offer.title_en), (offer.text_zh, offer.text_en)]
    lines = {line.strip() for pair in texts for text in pair for line in text.split("\n")}
    return sorted((line for line in lines if line), key=len, reverse=True)
