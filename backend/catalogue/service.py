"""What may be said about cars and offers: only approved facts, within their validity.

Every function takes `today`, the day in the dealership's zone, and returns plain values that
carry their provenance. What is not returned must not be claimed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from backend.models import (
    Certified,
    Feature,
    FinancePlan,
    Model,
    Price,
    Promotion,
    Statement,
    Trim,
    TrimFeature,
)

F = TypeVar("F", bound=Certified)


def valid(kind: type[Certified], today: date) -> ColumnElement[bool]:
    """The condition under which a fact may be stated on `today`."""
    return and_(
        kind.approved_at.is_not(None),
        kind.valid_from <= today,
        or_(kind.valid_until.is_(None), kind.valid_until >= today),
    )


def is_valid(fact: Certified, today: date) -> bool:
    """The same for a row at hand."""
    return (
        fact.approved_at is not None
        and fact.valid_from <= today
        and (fact.valid_until is None or fact.valid_until >= today)
    )


@dataclass(frozen=True)
class PricedTrim:
    """A trim with its list price; `price` is None when no valid record gives one."""

    trim: Trim
    price: Price | None


@dataclass(frozen=True)
class FeatureValue:
    """A feature of a trim; `fact` is None when no valid record gives the value."""

    trim: Trim
    feature: Feature
    fact: TrimFeature | None


# Made once: nearly every message asks for them, and making a statement takes longer than running
# it.
_MODELS = select(Model).where(Model.active).order_by(Model.position)
_TRIMS = select(Trim).where(Trim.active).order_by(Trim.position)


async def models(session: AsyncSession) -> Sequence[Model]:
    """The models on sale with their trims, in the order of the brochure."""
    found = (await session.scalars(_MODELS)).all()
    trims: dict[int, list[Trim]] = {model.id: [] for model in found}
    for trim in await session.scalars(_TRIMS):
        trims.get(trim.model_id, []).append(trim)
    for model in found:
        # What a loader of SQLAlchemy would do, in half the time.
        set_committed_value(model, "trims", trims[model.id])
    return found


async def model(session: AsyncSession, code: str) -> Model | None:
    """One model on sale with its trims."""
    found: Model | None = await session.scalar(
        select(Model)
        .where(Model.active, Model.code == code)
        .options(selectinload(Model.trims.and_(Trim.active)))
    )
    return found


async def trims(
    session: AsyncSession,
    *,
    model_code: str | None = None,
    codes: Sequence[str] | None = None,
) -> Sequence[Trim]:
    """Trims on sale with their model: all, those of one model, or the named ones."""
    query: Select[Trim] = (
        select(Trim)
        .join(Trim.model)
        .where(Trim.active, Model.active)
        .order_by(Model.position, Trim.position)
        .options(joinedload(Trim.model))
    )
    if model_code is not None:
        query = query.where(Model.code == model_code)
    if codes is not None:
        query = query.where(Trim.code.in_(codes))
    return (await session.scalars(query)).all()


async def priced(session: AsyncSession, today: date, chosen: Sequence[Trim]) -> list[PricedTrim]:
    """The list price of each trim; where two records are valid, the newer one holds."""
    rows = await session.scalars(
        select(Price)
        .where(Price.trim_id.in_([trim.id for trim in chosen]), valid(Price, today))
        .order_by(Price.valid_from)
    )
    prices = {row.trim_id: row for row in rows}
    return [PricedTrim(trim, prices.get(trim.id)) for trim in chosen]


async def features(session: AsyncSession, codes: Sequence[str] | None = None) -> Sequence[Feature]:
    query = select(Feature).order_by(Feature.position)
    if codes is not None:
        query = query.where(Feature.code.in_(codes))
    return (await session.scalars(query)).all()


async def feature_values(
    session: AsyncSession,
    today: date,
    chosen: Sequence[Trim],
    wanted: Sequence[Feature],
) -> list[FeatureValue]:
    """The value of every wanted feature on every chosen trim, trim by trim."""
    rows = await session.scalars(
        select(TrimFeature)
        .where(
            TrimFeature.trim_id.in_([trim.id for trim in chosen]),
            TrimFeature.feature_id.in_([feature.id for feature in wanted]),
            valid(TrimFeature, today),
        )
        .order_by(TrimFeature.valid_from)
    )
    facts = {(row.trim_id, row.feature_id): row for row in rows}
    return [
        FeatureValue(trim, feature, facts.get((trim.id, feature.id)))
        for trim in chosen
        for feature in wanted
    ]


async def promotions(
    session: AsyncSession, today: date, car: Model | None = None, trim: Trim | None = None
) -> Sequence[Promotion]:
    """Offers valid today; with a model or trim, those that hold for it."""
    query = select(Promotion).where(valid(Promotion, today)).order_by(Promotion.id)
    if car is not None:
        query = query.where(or_(Promotion.model_id.is_(None), Promotion.model_id == car.id))
    if trim is not None:
        query = query.where(or_(Promotion.trim_id.is_(None), Promotion.trim_id == trim.id))
    elif car is not None:
        query = query.where(
            or_(Promotion.trim_id.is_(None), Promotion.trim_id.in_([t.id for t in car.trims]))
        )
    return (await session.scalars(query)).all()


async def finance_plans(
    session: AsyncSession, today: date, model_code: str | None = None
) -> list[FinancePlan]:
    """Finance plans valid today, for one model or at all."""
    rows = await session.scalars(
        select(FinancePlan).where(valid(FinancePlan, today)).order_by(FinancePlan.position)
    )
    return [
        row
        for row in rows
        if model_code is None or not row.model_codes or model_code in row.model_codes
    ]


async def statement(session: AsyncSession, today: date, code: str) -> Statement | None:
    """The approved text on a subject, or None."""
    found: Statement | None = await session.scalar(
        select(Statement).where(Statement.code == code, valid(Statement, today))
    )
    return found
