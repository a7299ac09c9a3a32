"""The interval that stands on an item of the service menu, as a fact of the schedule."""

from collections.abc import Sequence
from typing import Any

from backend.catalogue.rows import RawTables
from backend.catalogue.schema import Fact, ServiceIntervalRow, ServiceItemRow, ServicePriceRow


def general_intervals(
    raw: RawTables,
    items: Sequence[ServiceItemRow],
    prices: Sequence[ServicePriceRow],
    intervals: Sequence[ServiceIntervalRow],
) -> list[ServiceIntervalRow]:
    """For each item with an interval of its own and no general row: the row that says the same.

    Its provenance is that of the defaults for intervals; without those, that of the item's
    prices, which stand in the same line of the same menu. An item with neither has nobody who
    stands for its interval, and gets no row: it is never stated.
    """
    has_general = {row.item for row in intervals if not row.models}
    defaults = _defaults(raw)
    found = []
    for item in items:
        if item.code in has_general or not (item.interval_km or item.interval_months):
            continue
        own = {
            "item": item.code,
            "interval_km": item.interval_km,
            "interval_months": item.interval_months,
        }
        sources = [defaults] if defaults else _of_prices(item, prices)
        found += [ServiceIntervalRow.model_validate({**source, **own}) for source in sources]
    return found


def _of_prices(item: ServiceItemRow, prices: Sequence[ServicePriceRow]) -> list[dict[str, Any]]:
    """The provenance of the general prices, which follow each other; else of the first price."""
    own = [price for price in prices if price.item == item.code]
    general = [price for price in own if not price.models] or own[:1]
    return [
        {name: value for name, value in price if name in Fact.model_fields and value is not None}
        for price in general
    ]


def _defaults(raw: RawTables) -> dict[str, Any] | None:
    """What the document says for all intervals, when that is a whole provenance."""
    for row in raw.tables.get("defaults", []):
        if row.values.get("table") == "service_intervals":
            values = {k: v for k, v in row.values.items() if k in Fact.model_fields}
            return values if {"source", "valid_from"} <= values.keys() else None
    return None
