"""What the assistant will say of a fact, by the very functions with which it says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from backend.catalogue import fields
from backend.catalogue.editing import text_of
from backend.catalogue.inheritance import fit
from backend.catalogue.rows import RawRow, RawTables
from backend.catalogue.schema import (
    TABLES,
    Fact,
    FeatureValueRow,
    FeeRow,
    FinancePlanRow,
    PriceRow,
    PromotionRow,
    Row,
    ServicePriceRow,
    StatementRow,
)
from backend.models import FeeRule, Trim
from backend.sales import onroad
from backend.texts import facts


@dataclass(frozen=True)
class Names:
    """What the codes of a catalogue stand for."""

    tables: Mapping[str, Mapping[str, RawRow]]

    @classmethod
    def of(cls, raw: RawTables) -> "Names":
        named = ("models", "trims", "features", "service_items", "promotions", "finance_plans",
                 "fees")  # fmt: skip
        return cls(
            {
                table: {text_of(row.values.get("code")): row for row in raw.tables.get(table, [])}
                for table in named
            }
        )

    def name(self, table: str, code: str, language: str) -> str:
        """The code itself for what is not there."""
        row = self.tables.get(table, {}).get(code)
        title = "title" if table == "promotions" else "name"
        found = text_of(row.values.get(f"{title}_{language}")) if row else ""
        return found or code

    def value(self, table: str, code: str, field: str) -> str:
        row = self.tables.get(table, {}).get(code)
        return text_of(row.values.get(field)) if row else ""

    def car(self, trim: str, language: str) -> str:
        model = self.value("trims", trim, "model")
        return f"{self.name('models', model, language)} {self.name('trims', trim, language)}"

    def label(self, sheet: str, ref: str, language: str) -> str:
        """What a fact is about, for staff."""
        first, _, second = ref.partition(".")
        if sheet == "prices":
            return self.car(first, language)
        if sheet == "feature_values":
            return f"{self.car(first, language)} · {self.name('features', second, language)}"
        if sheet == "service_prices":
            model = self.name("models", second, language) if second else ""
            item = self.name("service_items", first, language)
            return f"{item} · {model}" if model else item
        if sheet == "trims":
            return self.car(first, language)
        return self.name(sheet, first, language)


def typed(sheet: str, row: RawRow) -> Row | None:
    """The row with its types; None while it does not read well."""
    try:
        return TABLES[sheet].model_validate(row.values)
    except ValidationError:
        return None


def say(sheet: str, row: RawRow, raw: RawTables, language: str, today: date) -> str | None:
    """The sentence about the fact in one language; None while the row does not read well."""
    fact = typed(sheet, row)
    names = Names.of(raw)
    if not isinstance(fact, Fact):
        aliases = [text_of(part) for part in fields.parts(row.values.get("aliases", []))]
        if fact is None or not aliases:
            return None
        code = text_of(row.values.get("code"))
        listed = facts.either(language, "、", ", ").join(aliases)
        return f"{listed} → {names.label(sheet, code, language)}"
    text = _sentence(fact, names, raw, language, today)
    if text is None or isinstance(fact, PromotionRow):
        return text
    gap = "\n" if isinstance(fact, (FinancePlanRow, ServicePriceRow, FeeRow)) else ""
    if gap:
        return f"{text}{gap}{facts.provenance(language, [fact])}"
    return text + facts.inline(language, [fact])


def _sentence(fact: Fact, names: Names, raw: RawTables, language: str, today: date) -> str | None:
    if isinstance(fact, PriceRow):
        return facts.list_price(names.car(fact.trim, language), fact.price, language)
    if isinstance(fact, PromotionRow):
        title = facts.either(language, fact.title_zh, fact.title_en)
        text = facts.either(language, fact.text_zh, fact.text_en)
        return facts.promotion(title, text, fact.valid_until, language, today)
    if isinstance(fact, FinancePlanRow):
        name = facts.either(language, fact.name_zh, fact.name_en)
        return facts.plan(
            name, fact.min_down_percent, fact.months, fact.annual_rate_percent, language
        )
    if isinstance(fact, StatementRow):
        return facts.either(language, fact.text_zh, fact.text_en)
    if isinstance(fact, ServicePriceRow):
        item = names.name("service_items", fact.item, language)
        return facts.service_price(item, fact.parts, fact.labour, language)
    if isinstance(fact, FeeRow):
        return _fee(fact, names, raw, language)
    if isinstance(fact, FeatureValueRow):
        return _feature(fact, names, language)
    return None


def _feature(fact: FeatureValueRow, names: Names, language: str) -> str | None:
    kind = names.value("features", fact.feature, "kind")
    try:
        value, value_en = fit(kind, fact)
    except ValueError:
        return None
    car, name = names.car(fact.scope, language), names.name("features", fact.feature, language)
    if kind == "flag":
        return facts.has_feature(car, name, value, language)
    unit = names.value("features", fact.feature, "unit")
    return facts.feature(
        car, name, facts.feature_value(kind, value, value_en, unit, language), language
    )


def _fee(fact: FeeRow, names: Names, raw: RawTables, language: str) -> str | None:
    """On the first car that it applies to, since most fees depend on the car."""
    rule = FeeRule(rule=fact.rule, params=fact.params())
    for row in raw.tables.get("prices", []):
        price, code = typed("prices", row), text_of(row.values.get("trim"))
        energy = names.value("trims", code, "energy")
        if not isinstance(price, PriceRow) or (fact.energies and energy not in fact.energies):
            continue
        trim = Trim(
            seats=int(names.value("trims", code, "seats") or 5),
            displacement_ml=int(names.value("trims", code, "displacement_ml") or 0),
        )
        amount = onroad.fee(rule, trim, price.price)
        line = facts.fee(facts.either(language, fact.name_zh, fact.name_en), amount, language)
        return f"{names.car(code, language)}{facts.either(language, '，', ', ')}{line}"
    return None
