"""Brings the tables of the store to what a checked catalogue says, row by row.

A row is found by its key, changed only where it differs, and never deleted where a booking
may point at it: models, trims, service items and demo cars that are gone become inactive.
"""

from collections.abc import Hashable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.schema import Fact
from backend.catalogue.syncing import Changes, Store, Wanted, update
from backend.catalogue.validate import Catalogue
from backend.models import (
    Alias,
    ComplaintRule,
    Dealership,
    DemoCar,
    Feature,
    FeeRule,
    FinancePlan,
    Model,
    OpeningHours,
    Price,
    Promotion,
    ServiceInterval,
    ServiceItem,
    ServicePrice,
    SpecialDay,
    Statement,
    Technician,
    TradeInRange,
    Trim,
    TrimFeature,
)


def _retire(row: Model | Trim | ServiceItem | Technician) -> bool:
    changed, row.active = row.active, False
    return changed


def _park(car: DemoCar) -> bool:
    changed = car.state != "out_of_service"
    car.state = "out_of_service"
    return changed


async def store_catalogue(session: AsyncSession, catalogue: Catalogue) -> Changes:
    """Writes `catalogue`; returns what changed, empty if the store said all of it already."""
    store = Store(session, ZoneInfo(catalogue.dealership.zone))
    await _dealership(store, catalogue)
    models = await store.sync(
        Model,
        lambda row: row.code,
        {
            row.code: {
                **row.model_dump(exclude={"aliases"}), "position": position, "active": True
            }
            for position, row in enumerate(catalogue.models)
        },
        _retire,
    )  # fmt: skip
    model_ids = {str(code): row.id for code, row in models.items()}
    trims = await store.sync(
        Trim,
        lambda row: row.code,
        {
            row.code: {
                **row.model_dump(exclude={"aliases", "model", "like"}),
                "model_id": model_ids[row.model],
                "position": position,
                "active": True,
            }
            for position, row in enumerate(catalogue.trims)
        },
        _retire,
    )
    trim_ids = {str(code): row.id for code, row in trims.items()}
    await _features(store, catalogue, trim_ids)
    await _facts(store, catalogue, model_ids, trim_ids)
    await _service(store, catalogue, model_ids)
    await _demo_cars(store, catalogue, trim_ids)
    await _aliases(store, catalogue)
    return store.changes


async def store_sheet(
    session: AsyncSession, catalogue: Catalogue, sheet: str, scope: tuple[str, str] | None = None
) -> Changes:
    """Writes one kind of fact, or the other names, of a catalogue that may lack the rest.

    `scope`: the trim and the feature whose values are written, and no others.
    """
    store = Store(session, ZoneInfo(catalogue.dealership.zone))
    models = {row.code: row.id for row in await session.scalars(select(Model))}
    trims = {row.code: row.id for row in await session.scalars(select(Trim))}
    if sheet == "feature_values" and scope is not None:
        features = {row.code: row.id for row in await session.scalars(select(Feature))}
        trim_id, feature_id = trims[scope[0]], features[scope[1]]
        await store.sync(
            TrimFeature,
            lambda row: row.valid_from,
            {
                one.fact.valid_from: {
                    "trim_id": trim_id,
                    "feature_id": feature_id,
                    "value": one.value,
                    "value_en": one.value_en,
                    **store.certified(one.fact),
                }
                for one in catalogue.trim_features
                if (one.trim, one.feature) == scope
            },
            where=(TrimFeature.trim_id == trim_id, TrimFeature.feature_id == feature_id),
        )
    elif sheet == "service_prices":
        await _service(store, catalogue, models)
    elif sheet in ("models", "trims", "features", "service_items"):
        await _aliases(store, catalogue)
    else:
        await _facts(store, catalogue, models, trims)
    return store.changes


async def _dealership(store: Store, catalogue: Catalogue) -> None:
    row = catalogue.dealership
    existing = await store.session.scalar(select(Dealership))
    values = row.model_dump(exclude={"brand_aliases"})
    if existing is None:
        existing = Dealership(**values)
        store.session.add(existing)
        store.count("dealership", "added")
    elif update(existing, values):
        store.count("dealership", "changed")
    await store.session.flush()
    await store.sync(
        OpeningHours,
        lambda hours: (hours.department, hours.weekday, hours.opens),
        {
            (span.department, weekday, span.opens): {
                "dealership_id": existing.id,
                "department": span.department,
                "weekday": weekday,
                "opens": span.opens,
                "closes": span.closes,
            }
            for span in catalogue.opening_hours
            for weekday in span.weekdays
        },
    )
    await store.sync(
        SpecialDay,
        lambda special: special.day,
        {
            special.day: {"dealership_id": existing.id, **special.model_dump()}
            for special in catalogue.special_days
        },
    )


async def _features(store: Store, catalogue: Catalogue, trim_ids: dict[str, int]) -> None:
    wanted: Wanted = {
        row.code: {
            **row.model_dump(exclude={"aliases", "group"}),
            "group_code": row.group,
            "position": position,
        }
        for position, row in enumerate(catalogue.features)
    }
    # Values of a feature go before it does: kept by this first round, deleted by the second.
    features = await store.sync(Feature, lambda row: row.code, wanted, lambda _row: False)
    feature_ids = {str(code): row.id for code, row in features.items()}
    await store.sync(
        TrimFeature,
        lambda row: (row.trim_id, row.feature_id, row.valid_from),
        {
            (trim_ids[one.trim], feature_ids[one.feature], one.fact.valid_from): {
                "trim_id": trim_ids[one.trim],
                "feature_id": feature_ids[one.feature],
                "value": one.value,
                "value_en": one.value_en,
                **store.certified(one.fact),
            }
            for one in catalogue.trim_features
        },
    )
    await store.sync(Feature, lambda row: row.code, wanted)


async def _facts(
    store: Store, catalogue: Catalogue, model_ids: dict[str, int], trim_ids: dict[str, int]
) -> None:
    await store.sync(
        Price,
        lambda row: (row.trim_id, row.valid_from),
        {
            (trim_ids[row.trim], row.valid_from): {
                "trim_id": trim_ids[row.trim],
                "amount": row.price,
                "currency": catalogue.dealership.currency,
                **store.certified(row),
            }
            for row in catalogue.prices
        },
    )
    model_of = {row.code: row.model for row in catalogue.trims}
    promotions: dict[Hashable, dict[str, Any]] = {}
    for promotion in catalogue.promotions:
        model = promotion.model or (model_of[promotion.trim] if promotion.trim else None)
        promotions[promotion.code, promotion.valid_from] = {
            **_own(promotion, {"model", "trim"}),
            "model_id": model_ids[model] if model else None,
            "trim_id": trim_ids[promotion.trim] if promotion.trim else None,
            **store.certified(promotion),
        }
    await store.sync(Promotion, _period, promotions)
    await store.sync(
        FinancePlan,
        _period,
        {
            (row.code, row.valid_from): {
                "code": row.code,
                "name_zh": row.name_zh,
                "name_en": row.name_en,
                "annual_rate_bp": row.annual_rate_percent,
                "min_down_bp": row.min_down_percent,
                "months": row.months,
                "fee": row.fee,
                "model_codes": row.models,
                "position": position,
                **store.certified(row),
            }
            for position, row in enumerate(catalogue.finance_plans)
        },
    )
    await store.sync(
        FeeRule,
        _period,
        {
            (row.code, row.valid_from): {
                "code": row.code,
                "line": row.line,
                "name_zh": row.name_zh,
                "name_en": row.name_en,
                "rule": row.rule,
                "params": row.params(),
                "energies": row.energies,
                "optional": row.optional,
                "position": position,
                **store.certified(row),
            }
            for position, row in enumerate(catalogue.fees)
        },
    )
    await store.sync(
        Statement,
        _period,
        {
            (row.code, row.valid_from): {**_own(row, set()), **store.certified(row)}
            for row in catalogue.statements
        },
    )
    await store.sync(
        ComplaintRule,
        lambda row: (row.severity, row.valid_from),
        {
            (row.severity, row.valid_from): {**_own(row, set()), **store.certified(row)}
            for row in catalogue.complaint_rules
        },
    )
    await store.sync(
        TradeInRange,
        lambda row: row.code,
        {
            row.code: {**_own(row, set()), **store.certified(row)}
            for row in catalogue.trade_in_ranges
        },
    )


def _period(row: Promotion | FinancePlan | FeeRule | Statement) -> Hashable:
    """A code has a row for each period in which it says something else."""
    return row.code, row.valid_from


def _own(row: Fact, without: set[str]) -> dict[str, Any]:
    return row.model_dump(exclude=without | set(Fact.model_fields))


async def _service(store: Store, catalogue: Catalogue, model_ids: dict[str, int]) -> None:
    items = await store.sync(
        ServiceItem,
        lambda row: row.code,
        {
            row.code: {
                **row.model_dump(exclude={"aliases"}), "position": position, "active": True
            }
            for position, row in enumerate(catalogue.service_items)
        },
        _retire,
    )  # fmt: skip
    prices: dict[Hashable, dict[str, Any]] = {}
    for row in catalogue.service_prices:
        item_id = items[row.item].id
        for_models: list[int | None] = [model_ids[model] for model in row.models]
        for model_id in for_models or [None]:
            prices[item_id, model_id, row.valid_from] = {
                "item_id": item_id,
                "model_id": model_id,
                "parts": row.parts,
                "labour": row.labour,
                **store.certified(row),
            }
    await store.sync(ServicePrice, lambda row: (row.item_id, row.model_id, row.valid_from), prices)
    intervals: dict[Hashable, dict[str, Any]] = {}
    for line in catalogue.service_intervals:
        item_id = items[line.item].id
        of_models: list[int | None] = [model_ids[model] for model in line.models]
        for model_id in of_models or [None]:
            intervals[item_id, model_id, line.valid_from] = {
                "item_id": item_id,
                "model_id": model_id,
                "interval_km": line.interval_km,
                "interval_months": line.interval_months,
                **store.certified(line),
            }
    await store.sync(
        ServiceInterval, lambda row: (row.item_id, row.model_id, row.valid_from), intervals
    )
    await store.sync(
        Technician,
        lambda row: row.code,
        {row.code: row.model_dump() for row in catalogue.technicians},
        _retire,
    )


async def _demo_cars(store: Store, catalogue: Catalogue, trim_ids: dict[str, int]) -> None:
    wanted: dict[Hashable, dict[str, Any]] = {
        row.vin: {**row.model_dump(exclude={"trim"}), "trim_id": trim_ids[row.trim]}
        for row in catalogue.demo_cars
    }
    plates = {str(values["plate"]): vin for vin, values in wanted.items()}
    for car in await store.session.scalars(select(DemoCar)):
        if plates.get(car.plate, car.vin) != car.vin:
            # The plate moves to another car: it must be free before that one takes it.
            car.plate = f"~{car.id}"
    await store.session.flush()
    await store.sync(DemoCar, lambda row: row.vin, wanted, _park)


async def _aliases(store: Store, catalogue: Catalogue) -> None:
    named: list[tuple[str, str, Iterable[str]]] = [
        ("brand", "", catalogue.dealership.brand_aliases),
        *(("model", row.code, row.aliases) for row in catalogue.models),
        *(("trim", row.code, row.aliases) for row in catalogue.trims),
        *(("feature", row.code, row.aliases) for row in catalogue.features),
        *(("service_item", row.code, row.aliases) for row in catalogue.service_items),
    ]
    await store.sync(
        Alias,
        lambda row: (row.kind, row.ref, row.text),
        {
            (kind, ref, text): {"kind": kind, "ref": ref, "text": text}
            for kind, ref, texts in named
            for text in texts
        },
    )
