"""What may be claimed: every row has a source, an approver and a validity."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Certified, one_of
from backend.models.catalogue import Feature, Trim

VALIDITY = "valid_until IS NULL OR valid_until >= valid_from"
APPROVAL = "(approved_by IS NULL) = (approved_at IS NULL)"


class TrimFeature(Certified, Base):
    """The value of one feature on one trim.

    `value` for a flag is `standard`, `optional` or `none`; for a number its decimal text;
    for a text the Chinese wording, with `value_en` beside it.
    """

    __tablename__ = "trim_features"

    id: Mapped[int] = mapped_column(primary_key=True)
    trim_id: Mapped[int] = mapped_column(ForeignKey("trims.id"))
    feature_id: Mapped[int] = mapped_column(ForeignKey("features.id"))
    value: Mapped[str]
    value_en: Mapped[str] = mapped_column(default="")

    trim: Mapped[Trim] = relationship()
    feature: Mapped[Feature] = relationship()

    __table_args__ = (
        UniqueConstraint("trim_id", "feature_id", "valid_from"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class Price(Certified, Base):
    """The list price (指导价) of a trim, in fen, VAT included."""

    __tablename__ = "prices"

    id: Mapped[int] = mapped_column(primary_key=True)
    trim_id: Mapped[int] = mapped_column(ForeignKey("trims.id"))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(default="CNY")

    trim: Mapped[Trim] = relationship()

    __table_args__ = (
        UniqueConstraint("trim_id", "valid_from"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class Promotion(Certified, Base):
    """An offer within its dates. `model_id` empty: all models; `trim_id` narrows further.

    Only `cash` lowers a price, by `amount` fen; the other kinds are described in words.
    """

    __tablename__ = "promotions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    kind: Mapped[str]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str]
    model_id: Mapped[int | None] = mapped_column(ForeignKey("models.id"))
    trim_id: Mapped[int | None] = mapped_column(ForeignKey("trims.id"))
    amount: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint(one_of("kind", "cash", "trade_in", "gift", "finance"), name="kind"),
        CheckConstraint("kind <> 'cash' OR amount > 0", name="cash"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class FinancePlan(Certified, Base):
    """Equal instalments at a nominal yearly rate.

    `annual_rate_bp` and `min_down_bp` are in hundredths of a percent (basis points);
    `months` are the terms on offer; `model_codes` empty means all models;
    `fee` in fen, paid once at the start.
    """

    __tablename__ = "finance_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    annual_rate_bp: Mapped[int]
    min_down_bp: Mapped[int]
    months: Mapped[list[int]]
    fee: Mapped[int] = mapped_column(default=0)
    model_codes: Mapped[list[str]]
    position: Mapped[int]

    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("annual_rate_bp BETWEEN 0 AND 3600", name="rate"),
        CheckConstraint("min_down_bp BETWEEN 0 AND 10000", name="down"),
        CheckConstraint("fee >= 0", name="fee"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class FeeRule(Certified, Base):
    """One line of the on-road price, as data: `rule` names the formula, `params` its numbers.

    Rules: `purchase_tax` {rate_bp, vat_bp, share_bp?, relief_max?}, `fixed` {amount},
    `by_seats` {up_to: [[seats, amount], …]}, `by_displacement` {up_to: [[ml, amount], …]},
    `percent_of_price` {rate_bp, base?}. `energies` empty means all. Amounts in fen.
    Several rows share a `line`; the first that applies by `position` is used.
    """

    __tablename__ = "fee_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    line: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    rule: Mapped[str]
    params: Mapped[dict[str, Any]]
    energies: Mapped[list[str]]
    optional: Mapped[bool] = mapped_column(default=False)
    """True for what the buyer may decline or buy elsewhere, such as commercial insurance."""
    position: Mapped[int]

    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint(
            one_of(
                "rule", "purchase_tax", "fixed", "by_seats", "by_displacement", "percent_of_price"
            ),
            name="rule",
        ),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class Statement(Certified, Base):
    """An approved text on a subject that is no figure of a trim: warranty, purchase steps,
    documents, insurance, trade-in, charging, test-drive conditions."""

    __tablename__ = "statements"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str]

    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class TradeInRange(Certified, Base):
    """What the dealership pays for old cars of one kind, in fen: from `low` to `high`.

    `names`: what owners call the car. `year_from` … `year_to`: of first registration. `places`:
    what a plate begins with, or a city by name; empty means anywhere.
    """

    __tablename__ = "trade_in_ranges"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    names: Mapped[list[str]]
    year_from: Mapped[int]
    year_to: Mapped[int]
    most_km: Mapped[int]
    places: Mapped[list[str]]
    low: Mapped[int]
    high: Mapped[int]

    __table_args__ = (
        CheckConstraint("year_to >= year_from", name="years"),
        CheckConstraint("most_km > 0", name="mileage"),
        CheckConstraint("low > 0 AND high >= low", name="amounts"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
    )


class ServiceItem(Base):
    """One line of the service menu; its prices and its intervals are facts.

    `interval_km` and `interval_months` are how the menu writes the general interval; what may be
    stated is the `ServiceInterval` that an import makes of them.
    """

    __tablename__ = "service_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str]
    interval_km: Mapped[int | None]
    interval_months: Mapped[int | None]
    minutes: Mapped[int]
    energies: Mapped[list[str]]
    """Kinds of car it is for; empty means all."""
    covers: Mapped[list[str]] = mapped_column(default=list)
    """Codes of the items that it includes: due together, only this one is proposed."""
    skill: Mapped[str | None]
    """What a technician must be able to do for it, such as `high_voltage`; empty: any of them."""
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)

    prices: Mapped[list["ServicePrice"]] = relationship(back_populates="item")

    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)


class ServicePrice(Certified, Base):
    """Price of a service item in fen, parts and labour apart; `model_id` empty: other models."""

    __tablename__ = "service_prices"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("service_items.id"))
    model_id: Mapped[int | None] = mapped_column(ForeignKey("models.id"))
    parts: Mapped[int]
    labour: Mapped[int]

    item: Mapped[ServiceItem] = relationship(back_populates="prices")

    __table_args__ = (
        CheckConstraint("parts >= 0 AND labour >= 0", name="amounts"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
        Index("ix_service_prices_item_model", "item_id", "model_id"),
    )


class ServiceInterval(Certified, Base):
    """One line of the maker's schedule: how often an item is due, whichever comes first.

    `model_id` empty: every model that has no valid line of its own.
    """

    __tablename__ = "service_intervals"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("service_items.id"))
    model_id: Mapped[int | None] = mapped_column(ForeignKey("models.id"))
    interval_km: Mapped[int | None]
    interval_months: Mapped[int | None]

    item: Mapped[ServiceItem] = relationship()

    __table_args__ = (
        CheckConstraint("interval_km IS NULL OR interval_km > 0", name="interval_km"),
        CheckConstraint("interval_months IS NULL OR interval_months > 0", name="interval_months"),
        CheckConstraint("interval_km IS NOT NULL OR interval_months IS NOT NULL", name="interval"),
        CheckConstraint(VALIDITY, name="validity"),
        CheckConstraint(APPROVAL, name="approval"),
        Index("ix_service_intervals_item_model", "item_id", "model_id"),
    )
