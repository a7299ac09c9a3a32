"""The on-road price, and what the price of a car is lowered by."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership as load_dealership
from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from backend.models import Certified, Dealership, Price, Promotion, Trim
from backend.sales.onroad import OnRoadPrice, on_road_price
from backend.texts import facts
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import Cars, remember, which
from bot.actions.context import Turn
from bot.actions.other_city import named_elsewhere
from bot.actions.prices import ask_which, not_confirmed, trim_name


async def one_trim(turn: Turn, session: AsyncSession, cars: Cars) -> PricedTrim | None:
    """The trim to compute with: the one meant, else the least expensive with a valid price."""
    known = [p for p in await catalogue.priced(session, turn.today, cars.trims) if p.price]
    return min(known, key=lambda p: p.price.amount if p.price else 0) if known else None


@answers("ask_onroad_price")
async def onroad(turn: Turn, session: AsyncSession) -> Events:
    """The itemised on-road price of one trim, with what may be declined shown apart."""
    cars = await which(turn, session)
    if not cars.models:
        return await ask_which(turn, session, "ask_onroad_price")
    if len(cars.models) > 1:
        return await _side_by_side(turn, session, cars)
    chosen = await one_trim(turn, session, cars)
    if chosen is None or chosen.price is None:
        return await not_confirmed(turn, session, cars, "ask_onroad_price")
    cash = await cash_offers(turn, session, chosen)
    bill = await on_road_price(session, turn.today, chosen.trim, chosen.price.amount, cash)
    if bill is None:
        return await not_confirmed(turn, session, cars, "ask_onroad_price")
    place = await load_dealership(session)
    turn.tell(
        _bill(turn, chosen, chosen.price, bill, cash, place),
        buttons=[
            wording.button(
                turn.name_of(trim),
                f'/ask_onroad_price{{"model": "{trim.model.code}", "trim": "{trim.code}"}}',
            )
            for trim in _others(cars, chosen.trim)
        ],
    )
    if named_elsewhere(turn, place):
        # Taxes, plates and insurance there are on no record of ours.
        await ask_colleague(turn, session)
        turn.say("utter_fees_of_own_city", city=turn.either(place.city_zh, place.city_en))
    return [remember(turn, cars, ask="ask_onroad_price")]


SIDE_BY_SIDE = 3


async def _side_by_side(turn: Turn, session: AsyncSession, cars: Cars) -> Events:
    """Of several cars the sum for each, from its least expensive version in question."""
    lines: list[str] = []
    used: list[Certified] = []
    shown = cars.models[:SIDE_BY_SIDE]
    for model in shown:
        chosen = await one_trim(turn, session, cars.only(model))
        if chosen is None or chosen.price is None:
            continue
        cash = await cash_offers(turn, session, chosen)
        bill = await on_road_price(session, turn.today, chosen.trim, chosen.price.amount, cash)
        if bill is None:
            continue
        total = wording.yuan(bill.required, turn.language)
        lines.append(trim_name(turn, chosen) + turn.either("：", ": ") + total)
        used += [chosen.price, *cash, *(entry.rule for entry in bill.lines if not entry.optional)]
    if not lines:
        return await not_confirmed(turn, session, cars, "ask_onroad_price")
    place = await load_dealership(session)
    sources = list(dict.fromkeys(wording.source(fact, turn) for fact in used))
    listed = turn.either("、", ", ").join(sources)
    turn.tell(
        turn.either(
            f"在{place.city_zh}上牌的落地价，不含商业险：",
            f"On-road prices, registered in {place.city_en}, without optional insurance:",
        )
        + "\n" + wording.bullets(lines)
        + turn.either(f"\n（依据：{listed}）", f"\n(Sources: {listed})"),
        buttons=[
            wording.button(turn.name_of(model), f'/ask_onroad_price{{"model": "{model.code}"}}')
            for model in shown
        ],
    )  # fmt: skip
    codes = [model.code for model in shown]
    return [remember(turn, cars, ask="ask_onroad_price", listed=codes)]


async def cash_offers(turn: Turn, session: AsyncSession, chosen: PricedTrim) -> list[Promotion]:
    """The valid offers that lower the price of this car."""
    offers = await catalogue.promotions(session, turn.today, chosen.trim.model, chosen.trim)
    return [offer for offer in offers if offer.kind == "cash"]


def _others(cars: Cars, chosen: Trim) -> list[Trim]:
    return [trim for trim in cars.trims if trim.id != chosen.id][:4]


def _bill(
    turn: Turn,
    chosen: PricedTrim,
    price: Price,
    bill: OnRoadPrice,
    cash: Sequence[Promotion],
    place: Dealership,
) -> str:
    colon = turn.either("：", ": ")

    def line(name: str, fen: int) -> str:
        return facts.fee(name, fen, turn.language)

    lines = [line(turn.either("指导价", "List price"), bill.list_price)]
    for offer in cash:
        amount = wording.yuan(offer.amount or 0, turn.language)
        lines.append(f"{turn.either(offer.title_zh, offer.title_en)}{colon}-{amount}")
    lines += [line(turn.name_of(entry), entry.amount) for entry in bill.lines if not entry.optional]
    head = turn.either(
        f"{trim_name(turn, chosen)}在{place.city_zh}上牌的落地价 "
        f"{wording.yuan(bill.required, 'zh')}，明细：",
        f"On-road price of the {trim_name(turn, chosen)}: {wording.yuan(bill.required, 'en')}, "
        f"registered in {place.city_en}. "
        "Item by item:",
    )
    text = head + "\n" + wording.bullets(lines)
    optional = [entry for entry in bill.lines if entry.optional]
    if optional:
        text += "\n" + turn.either("可选项目，可自行决定：", "Optional, your choice:") + "\n"
        text += wording.bullets([line(turn.name_of(entry), entry.amount) for entry in optional])
        text += "\n" + line(turn.either("含可选项目合计", "Total with options"), bill.total)
    used: list[Certified] = [price, *cash, *(entry.rule for entry in bill.lines)]
    sources = list(dict.fromkeys(wording.source(fact, turn) for fact in used))
    listed = turn.either("、", ", ").join(sources)
    return text + "\n" + turn.either(f"（依据：{listed}）", f"(Sources: {listed})")
