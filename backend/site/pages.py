"""What each page shows, read from the store: plain values, nothing worded or rounded here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import DEPARTMENTS, Department, Hours, WallSpan, dealership
from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from backend.models import Dealership, FinancePlan, Model, Price, Promotion, Statement
from backend.sales.finance import Instalments, instalments
from backend.site.drawing import Shape, shape_of
from backend.site.facts import Facts, read_facts

AHEAD = timedelta(days=90)
PROMISES = ("test_drive_terms", "warranty", "trade_in")
PROPORTIONS = ("length", "height", "wheelbase")
"""Features that give a drawing its measures where they are confirmed."""


@dataclass(frozen=True)
class OpenState:
    """The showroom now: open until `until`, or opening at `opens` on `day`, or neither."""

    until: time | None = None
    day: date | None = None
    opens: time | None = None


@dataclass(frozen=True)
class Visit:
    """What header and footer of every page show; `today` is the dealership's day."""

    dealership: Dealership
    hours: Hours
    today: date
    open: OpenState


@dataclass(frozen=True)
class ModelCard:
    model: Model
    shape: Shape
    prices: list[Price]
    """Valid ones, cheapest first."""


@dataclass(frozen=True)
class Offer:
    """A promotion with what it is for; both None: for all models."""

    promotion: Promotion
    model: Model | None
    trim_name: tuple[str, str] | None
    """Chinese and English."""


@dataclass(frozen=True)
class Home:
    cards: list[ModelCard]
    featured: ModelCard | None
    offers: list[Offer]
    promises: list[Statement]


@dataclass(frozen=True)
class LoanExample:
    plan: FinancePlan
    result: Instalments


@dataclass(frozen=True)
class ModelPage:
    card: ModelCard
    trims: list[PricedTrim]
    facts: Facts
    offers: list[Offer]
    example: PricedTrim | None
    loans: list[LoanExample]


@dataclass(frozen=True)
class WeekSpan:
    first: int
    last: int
    spans: list[WallSpan]


@dataclass(frozen=True)
class SpecialSpan:
    """Consecutive days with one name and the same hours; `span` None: closed."""

    first: date
    last: date
    name_zh: str
    name_en: str
    span: WallSpan | None


@dataclass(frozen=True)
class Contact:
    week: dict[Department, list[WeekSpan]]
    special: list[SpecialSpan]


async def visit(session: AsyncSession, now: datetime) -> Visit:
    """Raises NotFoundError when no dealership was set up yet."""
    place = await dealership(session)
    hours = Hours.of(place)
    return Visit(place, hours, hours.day(now), _open_state(hours, now))


def _open_state(hours: Hours, now: datetime) -> OpenState:
    for opens, closes in hours.spans(hours.day(now), "sales"):
        if opens <= now < closes:
            return OpenState(until=hours.wall(closes))
    following = hours.next_open(now, "sales")
    if following is None:
        return OpenState()
    return OpenState(day=hours.day(following), opens=hours.wall(following))


async def home(session: AsyncSession, today: date) -> Home:
    models = await catalogue.models(session)
    cards = await _cards(session, today, models)
    statements = [await catalogue.statement(session, today, code) for code in PROMISES]
    promotions = await catalogue.promotions(session, today)
    return Home(
        cards=cards,
        featured=_featured(cards),
        offers=_offers(promotions, models),
        promises=[found for found in statements if found is not None],
    )


async def model_page(session: AsyncSession, today: date, code: str) -> ModelPage | None:
    """None when no such model is on sale."""
    model = await catalogue.model(session, code)
    if model is None:
        return None
    trims = await catalogue.trims(session, model_code=code)
    [card] = await _cards(session, today, [model])
    priced = await catalogue.priced(session, today, trims)
    plans = await catalogue.finance_plans(session, today, code)
    example = min(
        (each for each in priced if each.price),
        key=lambda each: each.price.amount if each.price else 0,
        default=None,
    )
    return ModelPage(
        card=card,
        trims=priced,
        facts=await read_facts(session, today, trims),
        offers=_offers(await catalogue.promotions(session, today, model), [model]),
        example=example,
        loans=_loans(plans, example.price) if example and example.price else [],
    )


def contact(visit: Visit) -> Contact:
    week = {department: _week(visit.dealership, department) for department in DEPARTMENTS}
    return Contact(week, _special(visit.dealership, visit.today))


async def shape(session: AsyncSession, today: date, code: str) -> Shape | None:
    """What the drawing of a model looks like; None when no such model is on sale."""
    model = await catalogue.model(session, code)
    if model is None:
        return None
    [card] = await _cards(session, today, [model])
    return card.shape


async def _cards(session: AsyncSession, today: date, models: Sequence[Model]) -> list[ModelCard]:
    trims = [trim for model in models for trim in model.trims]
    prices: dict[int, list[Price]] = {}
    for each in await catalogue.priced(session, today, trims):
        if each.price is not None:
            prices.setdefault(each.trim.model_id, []).append(each.price)
    features = await catalogue.features(session, PROPORTIONS)
    measures: dict[int, dict[str, str]] = {}
    for value in await catalogue.feature_values(session, today, trims, features):
        if value.fact is not None:
            own = measures.setdefault(value.trim.model_id, {})
            own.setdefault(value.feature.code, value.fact.value)
    return [
        ModelCard(
            model=model,
            shape=shape_of(model, measures.get(model.id, {})),
            prices=sorted(prices.get(model.id, []), key=lambda price: price.amount),
        )
        for model in models
    ]


def _featured(cards: list[ModelCard]) -> ModelCard | None:
    """The car in the opening picture: the newest kind of drive in the tallest kind of body."""
    fitting = [card for card in cards if card.shape.electric and card.model.body == "suv"]
    return next(iter(fitting or cards), None)


def _offers(promotions: Sequence[Promotion], models: Sequence[Model]) -> list[Offer]:
    """Offers for a model or trim that is no longer on sale are left out."""
    by_id = {model.id: model for model in models}
    trims = {trim.id: (trim, model) for model in models for trim in model.trims}
    offers = []
    for promotion in promotions:
        if promotion.trim_id is not None:
            if promotion.trim_id in trims:
                trim, model = trims[promotion.trim_id]
                offers.append(Offer(promotion, model, (trim.name_zh, trim.name_en)))
        elif promotion.model_id is None:
            offers.append(Offer(promotion, None, None))
        elif promotion.model_id in by_id:
            offers.append(Offer(promotion, by_id[promotion.model_id], None))
    return offers


def _loans(plans: Sequence[FinancePlan], price: Price) -> list[LoanExample]:
    """Each plan at its lowest down payment and longest term, down payments in whole fen."""
    loans = []
    for plan in plans:
        down = -(-price.amount * plan.min_down_bp // 10_000)
        if not plan.months or down >= price.amount:
            continue
        result = instalments(
            price=price.amount,
            down=down,
            months=max(plan.months),
            annual_rate_bp=plan.annual_rate_bp,
            fee=plan.fee,
        )
        loans.append(LoanExample(plan, result))
    return loans


def _week(place: Dealership, department: Department) -> list[WeekSpan]:
    """The seven weekdays, neighbours with the same hours together."""
    rows = [row for row in place.hours if row.department == department]
    by_day = [
        sorted((row.opens, row.closes) for row in rows if row.weekday == day) for day in range(7)
    ]
    grouped = groupby(range(7), key=lambda day: by_day[day])
    spans = []
    for walls, days in grouped:
        listed = list(days)
        spans.append(WeekSpan(listed[0], listed[-1], walls))
    return spans


def _special(place: Dealership, today: date) -> list[SpecialSpan]:
    ahead = sorted(
        (row for row in place.special_days if today <= row.day <= today + AHEAD),
        key=lambda row: row.day,
    )
    spans: list[SpecialSpan] = []
    for row in ahead:
        span = (row.opens, row.closes) if row.opens and row.closes else None
        last = spans[-1] if spans else None
        if (
            last is not None
            and row.day == last.last + timedelta(days=1)
            and (row.name_zh, row.name_en, span) == (last.name_zh, last.name_en, last.span)
        ):
            spans[-1] = SpecialSpan(last.first, row.day, row.name_zh, row.name_en, span)
        else:
            spans.append(SpecialSpan(row.day, row.day, row.name_zh, row.name_en, span))
    return spans
