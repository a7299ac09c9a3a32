"""The store's catalogue as the tables of a document, so that it can be edited and imported."""

from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.fields import WEEKDAYS
from backend.catalogue.rows import RawRow, RawTables
from backend.catalogue.schema import TABLES, FeeRow
from backend.models import (
    Alias,
    Base,
    Certified,
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

PARAMS = {"rate_bp": "rate_percent", "vat_bp": "vat_percent", "share_bp": "share_percent"}


async def read_store(session: AsyncSession) -> RawTables:
    """What is sold now, with all its facts: importing it again changes nothing. Accounts of
    staff are not part of it.

    Raises `NoResultFound` on an empty store.
    """
    return await _Dump(session).tables()


async def read_facts(
    session: AsyncSession, *, model: str | None = None, trim: str | None = None, feature: str = ""
) -> RawTables:
    """The same without the thousands of values of features: of these only those of one model or
    trim, or of one feature of a trim, each written on its trim.

    Raises `NoResultFound` on an empty store.
    """
    return await _Dump(session, (model or "", trim or "", feature)).tables()


class _Dump:
    def __init__(self, session: AsyncSession, only: tuple[str, str, str] | None = None) -> None:
        self.session = session
        self.only = only
        self.raw = RawTables({table: [] for table in TABLES})

    async def rows(self, kind: Any, *order: Any) -> list[Any]:
        query = select(kind).order_by(*order)
        if hasattr(kind, "active"):
            query = query.where(kind.active)
        return list(await self.session.scalars(query))

    def add(self, table: str, row: Base, **values: object) -> None:
        """The fields that `row` shares with the table, replaced and completed by `values`."""
        columns = {column.key for column in row.__mapper__.column_attrs}
        own = {name: getattr(row, name) for name in TABLES[table].model_fields if name in columns}
        if isinstance(row, Certified):
            own |= self.certified(row)
        written = RawRow(f"{table} {len(self.raw.tables[table]) + 1}")
        for name, value in {**own, **values}.items():
            if value is not None and value not in ("", []):
                written.put(name, value, written.place)
        self.raw.add(table, written)

    def certified(self, row: Certified) -> dict[str, object]:
        at = row.approved_at.astimezone(self.zone) if row.approved_at else None
        return {
            "source": row.source,
            "source_en": row.source_en,
            "approved": "yes" if row.approved_by else "no",
            "approved_by": row.approved_by,
            "approved_at": at.isoformat() if at else None,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }

    async def tables(self) -> RawTables:
        dealership = (await self.session.scalars(select(Dealership))).one()
        self.zone = ZoneInfo(dealership.zone)
        self.aliases: dict[tuple[str, str], list[str]] = defaultdict(list)
        for alias in await self.rows(Alias, Alias.id):
            self.aliases[alias.kind, alias.ref].append(alias.text)
        self.add("dealership", dealership, brand_aliases=self.aliases["brand", ""])
        hours = (OpeningHours.department, OpeningHours.weekday, OpeningHours.opens)
        for span in await self.rows(OpeningHours, *hours):
            self.add("opening_hours", span, weekdays=WEEKDAYS[span.weekday])
        for special in await self.rows(SpecialDay, SpecialDay.day):
            self.add("special_days", special)
        models = await self.rows(Model, Model.position)
        self.models = {model.id: model.code for model in models}
        for model in models:
            self.add("models", model, aliases=self.aliases["model", model.code])
        trims = [one for one in await self.rows(Trim, Trim.position) if one.model_id in self.models]
        self.trims = {trim.id: trim.code for trim in trims}
        for trim in trims:
            aliases = self.aliases["trim", trim.code]
            self.add("trims", trim, model=self.models[trim.model_id], aliases=aliases)
        await self.features(trims)
        await self.facts()
        await self.service()
        for car in await self.rows(DemoCar, DemoCar.id):
            if car.trim_id in self.trims:
                self.add("demo_cars", car, trim=self.trims[car.trim_id])
        return self.raw

    async def features(self, trims: list[Trim]) -> None:
        codes: dict[int, str] = {}
        for feature in await self.rows(Feature, Feature.position):
            codes[feature.id] = feature.code
            aliases = self.aliases["feature", feature.code]
            self.add("features", feature, group=feature.group_code, aliases=aliases)
        if self.only is not None:
            await self.some_values(trims, codes)
            return
        values: dict[tuple[int, int], list[TrimFeature]] = defaultdict(list)
        for value in await self.rows(TrimFeature, TrimFeature.id):
            values[value.trim_id, value.feature_id].append(value)
        for model_id, model in self.models.items():
            own = [trim for trim in trims if trim.model_id == model_id]
            for feature_id, code in codes.items():
                of_trims = [values[trim.id, feature_id] for trim in own]
                same = [[self._facts_of(one) for one in facts] for facts in of_trims]
                # What all trims of a model share is written once, on the model.
                shared = len(own) > 1 and all(one == same[0] for one in same)
                scopes = [model] if shared else [trim.code for trim in own]
                for scope, facts in zip(scopes, of_trims, strict=False):
                    for fact in facts:
                        self.add("feature_values", fact, scope=scope, feature=code)

    async def some_values(self, trims: list[Trim], features: dict[int, str]) -> None:
        model, trim, feature = self.only or ("", "", "")
        chosen = [
            one.id
            for one in trims
            if trim == one.code or (model and model == self.models[one.model_id])
        ]
        wanted = [number for number, code in features.items() if feature in ("", code)]
        query = (
            select(TrimFeature)
            .where(TrimFeature.trim_id.in_(chosen), TrimFeature.feature_id.in_(wanted))
            .order_by(TrimFeature.id)
        )
        for value in await self.session.scalars(query):
            names = {"scope": self.trims[value.trim_id], "feature": features[value.feature_id]}
            self.add("feature_values", value, **names)

    def _facts_of(self, row: TrimFeature) -> tuple[object, ...]:
        return (row.value, row.value_en, *self.certified(row).values())

    async def facts(self) -> None:
        for price in await self.rows(Price, Price.id):
            if price.trim_id in self.trims:
                yuan = price.amount / 100
                self.add("prices", price, trim=self.trims[price.trim_id], price=yuan)
        for offer in await self.rows(Promotion, Promotion.id):
            if not self.sold(offer):
                continue
            self.add(
                "promotions",
                offer,
                model=self.models.get(offer.model_id),
                trim=self.trims.get(offer.trim_id),
                amount=offer.amount / 100 if offer.amount else None,
            )
        for plan in await self.rows(FinancePlan, FinancePlan.position):
            models = [code for code in plan.model_codes if code in self.models.values()]
            if plan.model_codes and not models:
                continue
            self.add(
                "finance_plans",
                plan,
                annual_rate_percent=plan.annual_rate_bp / 100,
                min_down_percent=plan.min_down_bp / 100,
                fee=plan.fee / 100,
                models=models,
            )
        for rule in await self.rows(FeeRule, FeeRule.position):
            self.add("fees", rule, optional="yes" if rule.optional else "no", **_numbers(rule))
        for statement in await self.rows(Statement, Statement.id):
            self.add("statements", statement)
        for term in await self.rows(ComplaintRule, ComplaintRule.id):
            self.add("complaint_rules", term)
        for paid in await self.rows(TradeInRange, TradeInRange.id):
            self.add("trade_in_ranges", paid, low=paid.low / 100, high=paid.high / 100)

    def sold(self, offer: Promotion) -> bool:
        """Without its model an offer would read as one for all models."""
        return (offer.model_id is None or offer.model_id in self.models) and (
            offer.trim_id is None or offer.trim_id in self.trims
        )

    async def service(self) -> None:
        items = await self.rows(ServiceItem, ServiceItem.position)
        codes = {item.id: item.code for item in items}
        for item in items:
            self.add("service_items", item, aliases=self.aliases["service_item", item.code])
        for price in await self.rows(ServicePrice, ServicePrice.id):
            if price.item_id in codes and (not price.model_id or price.model_id in self.models):
                self.add(
                    "service_prices",
                    price,
                    item=codes[price.item_id],
                    models=[self.models[price.model_id]] if price.model_id else None,
                    parts=price.parts / 100,
                    labour=price.labour / 100,
                )
        for line in await self.rows(ServiceInterval, ServiceInterval.id):
            if line.item_id in codes and (not line.model_id or line.model_id in self.models):
                model = [self.models[line.model_id]] if line.model_id else None
                self.add("service_intervals", line, item=codes[line.item_id], models=model)
        for one in await self.rows(Technician, Technician.id):
            self.add("technicians", one, active="yes")


def _numbers(rule: FeeRule) -> dict[str, Any]:
    """The inverse of `FeeRow.params`."""
    numbers: dict[str, Any] = {}
    for name, value in rule.params.items():
        field = PARAMS.get(name, name)
        if field not in FeeRow.model_fields:
            raise ValueError(f"the fee {rule.code} has the number {name}, which has no field")
        if name == "up_to":
            numbers[field] = [[bound, amount / 100] for bound, amount in value]
        else:
            numbers[field] = value / 100
    return numbers
