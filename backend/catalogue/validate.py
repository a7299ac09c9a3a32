"""Raw tables → one checked catalogue, or everything that is wrong with them.

Nothing here touches the store.
"""

from dataclasses import dataclass
from typing import TypeVar

from backend.catalogue.checks import check
from backend.catalogue.inheritance import TrimFeatureFact, resolve
from backend.catalogue.intervals import general_intervals
from backend.catalogue.rows import CatalogueError, RawTables
from backend.catalogue.schema import (
    FACTS,
    ComplaintRuleRow,
    DealershipRow,
    DefaultsRow,
    DemoCarRow,
    FeatureRow,
    FeatureValueRow,
    FeeRow,
    FinancePlanRow,
    ModelRow,
    OpeningHoursRow,
    PriceRow,
    PromotionRow,
    Row,
    ServiceIntervalRow,
    ServiceItemRow,
    ServicePriceRow,
    SpecialDayRow,
    StaffRow,
    StatementRow,
    TechnicianRow,
    TradeInRangeRow,
    TrimRow,
)
from backend.catalogue.typed import Placed, typed_rows

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Catalogue:
    """A whole dealership, free of contradictions. Lists are in the order of the document."""

    dealership: DealershipRow
    opening_hours: list[OpeningHoursRow]
    special_days: list[SpecialDayRow]
    staff: list[StaffRow]
    features: list[FeatureRow]
    models: list[ModelRow]
    trims: list[TrimRow]
    trim_features: list[TrimFeatureFact]
    prices: list[PriceRow]
    promotions: list[PromotionRow]
    finance_plans: list[FinancePlanRow]
    fees: list[FeeRow]
    service_items: list[ServiceItemRow]
    service_prices: list[ServicePriceRow]
    service_intervals: list[ServiceIntervalRow]
    technicians: list[TechnicianRow]
    demo_cars: list[DemoCarRow]
    statements: list[StatementRow]
    complaint_rules: list[ComplaintRuleRow]
    trade_in_ranges: list[TradeInRangeRow]


def validate(raw: RawTables) -> Catalogue:
    """The catalogue that `raw` describes.

    Raises `CatalogueError` with every problem that was found, those of reading included.
    """
    typed_rows(raw, "defaults", DefaultsRow)
    _merge_defaults(raw)
    dealership = typed_rows(raw, "dealership", DealershipRow)
    opening_hours = typed_rows(raw, "opening_hours", OpeningHoursRow)
    special_days = typed_rows(raw, "special_days", SpecialDayRow)
    staff = typed_rows(raw, "staff", StaffRow)
    features = typed_rows(raw, "features", FeatureRow)
    models = typed_rows(raw, "models", ModelRow)
    trims = typed_rows(raw, "trims", TrimRow)
    values = typed_rows(raw, "feature_values", FeatureValueRow)
    prices = typed_rows(raw, "prices", PriceRow)
    promotions = typed_rows(raw, "promotions", PromotionRow)
    finance_plans = typed_rows(raw, "finance_plans", FinancePlanRow)
    fees = typed_rows(raw, "fees", FeeRow)
    service_items = typed_rows(raw, "service_items", ServiceItemRow)
    service_prices = typed_rows(raw, "service_prices", ServicePriceRow)
    service_intervals = typed_rows(raw, "service_intervals", ServiceIntervalRow)
    technicians = typed_rows(raw, "technicians", TechnicianRow)
    demo_cars = typed_rows(raw, "demo_cars", DemoCarRow)
    statements = typed_rows(raw, "statements", StatementRow)
    complaint_rules = typed_rows(raw, "complaint_rules", ComplaintRuleRow)
    trade_in_ranges = typed_rows(raw, "trade_in_ranges", TradeInRangeRow)
    # A file or sheet that could not be read at all has been told; its table then looks empty.
    if len(raw.tables.get("dealership", [])) != 1 and not raw.unread("dealership"):
        raw.refuse("dealership", "there must be exactly one dealership")
    check(
        raw, opening_hours=opening_hours, prices=prices, promotions=promotions, trims=trims,
        service_items=service_items, service_prices=service_prices,
        service_intervals=service_intervals, technicians=technicians, demo_cars=demo_cars,
        complaint_rules=complaint_rules, finance_plans=finance_plans, fees=fees,
        statements=statements,
    )  # fmt: skip
    trim_features = resolve(raw, features, models, trims, values)
    if raw.problems:
        raise CatalogueError(dict.fromkeys(raw.problems))
    return Catalogue(
        dealership=dealership[0].row,
        opening_hours=_plain(opening_hours),
        special_days=_plain(special_days),
        staff=_plain(staff),
        features=_plain(features),
        models=_plain(models),
        trims=_plain(trims),
        trim_features=trim_features,
        prices=_plain(prices),
        promotions=_plain(promotions),
        finance_plans=_plain(finance_plans),
        fees=_plain(fees),
        service_items=_plain(service_items),
        service_prices=_plain(service_prices),
        service_intervals=[
            *_plain(service_intervals),
            *general_intervals(
                raw, _plain(service_items), _plain(service_prices), _plain(service_intervals)
            ),
        ],
        technicians=_plain(technicians),
        demo_cars=_plain(demo_cars),
        statements=_plain(statements),
        complaint_rules=_plain(complaint_rules),
        trade_in_ranges=_plain(trade_in_ranges),
    )


def _plain(rows: list[Placed[R]]) -> list[R]:
    return [placed.row for placed in rows]


def _merge_defaults(raw: RawTables) -> None:
    """Gives every fact what the defaults of its table say and it leaves out.

    The cell keeps the place of the defaults, so that a mistake there is told once, there.
    """
    seen: set[str] = set()
    for defaults in raw.tables.get("defaults", []):
        table = str(defaults.values.get("table", ""))
        if table not in FACTS:
            raw.refuse(
                defaults.at("table"), f"{table!r} takes no defaults; these do: {', '.join(FACTS)}"
            )
        elif table in seen:
            raw.refuse(defaults.at("table"), f"{table!r} has two rows of defaults")
        seen.add(table)
        for row in raw.tables.get(table, []) if table in FACTS else []:
            own = {"table", *row.values}
            if "source" in own:
                # The English name in the defaults is that of their document, not of this one.
                own.add("source_en")
            for name, value in defaults.values.items():
                if name not in own:
                    row.put(name, value, defaults.at(name))
