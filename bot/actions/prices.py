"""Models, list prices and promotions."""

import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from backend.models import Model, Price, Promotion
from bot.actions import wording
from bot.actions.answers import ANSWERS, answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import Cars, remember, which
from bot.actions.context import Button, Turn

ENERGY_NAMES = {
    "petrol": ("燃油", "petrol"),
    "hybrid": ("混动", "hybrid"),
    "plug_in_hybrid": ("插电混动", "plug-in hybrid"),
    "electric": ("纯电", "electric"),
}
BODY_NAMES = {
    "sedan": ("轿车", "sedan"),
    "hatchback": ("两厢车", "hatchback"),
    "suv": ("SUV", "SUV"),
    "mpv": ("MPV", "MPV"),
    "pickup": ("皮卡", "pickup"),
}


_SEATS = re.compile(
    r"(?P<zh>[4-9四五六七八九])\s?(?:座|个座|人座)"
    r"|\b(?P<en>[4-9]|four|five|six|seven|eight)[\s-]?(?:seat|seats|seater|seaters)\b",
    re.I,
)
_NUMBERS = {
    **dict(zip("四五六七八九", range(4, 10), strict=True)),
    **dict(zip(("four", "five", "six", "seven", "eight"), range(4, 9), strict=True)),
}


def named_seats(text: str) -> int | None:
    """The seats a customer asks for: 七座, 7-seater."""
    found = _SEATS.search(text)
    if found is None:
        return None
    word = (found["zh"] or found["en"]).lower()
    return _NUMBERS.get(word) or int(word)


def kind_of(model: Model, turn: Turn) -> str:
    """`SUV · 燃油/混动`"""
    index = 1 if turn.language == "en" else 0
    energies = dict.fromkeys(ENERGY_NAMES[trim.energy][index] for trim in model.trims)
    return f"{BODY_NAMES[model.body][index]} · {'/'.join(energies)}"


def span(prices: Sequence[Price], turn: Turn) -> str:
    """`12.98 万元`, or `12.98 万元至 17.98 万元`."""
    low, high = (pick(prices, key=lambda p: p.amount).amount for pick in (min, max))
    if low == high:
        return wording.price(low, turn.language)
    return turn.either(
        f"{wording.price(low, 'zh')}至 {wording.price(high, 'zh')}",
        f"{wording.price(low, 'en')} to {wording.price(high, 'en')[4:]}",
    )


def next_steps(turn: Turn, model: Model | None) -> list[Button]:
    """What customers usually want next; opaque to them, looked up by us."""
    where = f'{{"model": "{model.code}"}}' if model else ""
    return [
        wording.button(turn.either("落地价", "On-road price"), f"/ask_onroad_price{where}"),
        wording.button(turn.either("贷款月供", "Finance"), f"/ask_finance{where}"),
        wording.button(turn.either("预约试驾", "Book a test drive"), f"/book_test_drive{where}"),
    ]


async def ask_which(turn: Turn, session: AsyncSession, intent: str) -> Events:
    """Asks back which model a question is about, and keeps the question."""
    on_sale = await catalogue.models(session)
    turn.say(
        "utter_which_model",
        buttons=[
            wording.button(turn.name_of(model), f'/inform{{"model": "{model.code}"}}')
            for model in on_sale
        ],
    )
    return [remember(turn, ask=intent)]


@answers("ask_models")
async def list_models(turn: Turn, session: AsyncSession) -> Events:
    """The whole range, or the part of it that the message narrows to."""
    if named_seats(turn.text):
        # Seats differ by trim: the recommendation looks at trims.
        return await ANSWERS["recommend_model"](turn, session)
    on_sale = list(await catalogue.models(session))
    bodies = set(turn.found("body"))
    fitting = [m for m in on_sale if not bodies or m.body in bodies] or on_sale
    lines, used = [], []
    for model in fitting:
        prices = [
            p.price for p in await catalogue.priced(session, turn.today, model.trims) if p.price
        ]
        used += prices
        text = f"{turn.name_of(model)}（{kind_of(model, turn)}）"
        if turn.language == "en":
            text = f"{turn.name_of(model)} ({kind_of(model, turn)})"
        if prices:
            text += turn.either("：", ": ") + span(prices, turn)
        lines.append(text)
    turn.tell(
        turn.either("在售车型和官方指导价：", "Our models and their list prices:")
        + "\n"
        + wording.bullets(lines)
        + "\n"
        + wording.provenance(turn, *used),
        buttons=[
            wording.button(turn.either("帮我推荐", "Help me choose"), "/recommend_model"),
            wording.button(turn.either("预约试驾", "Book a test drive"), "/book_test_drive"),
        ],
    )
    return [remember(turn, ask="ask_models", listed=[m.code for m in fitting])]


@answers("ask_price")
async def list_price(turn: Turn, session: AsyncSession) -> Events:
    """The list price of what is meant, trim by trim, from valid records only."""
    cars = await which(turn, session)
    if not cars.models and turn.found("trim_level"):
        return await ask_which(turn, session, "ask_price")
    if not cars.models:
        return await list_models(turn, session)
    known = await catalogue.priced(session, turn.today, cars.trims)
    if not any(p.price for p in known):
        return await not_confirmed(turn, session, cars, "ask_price")
    if len(known) == 1:
        _one_price(turn, known[0])
    else:
        _many_prices(turn, cars, known)
    unknown = [p for p in known if p.price is None]
    if unknown:
        await ask_colleague(turn, session)
    return [remember(turn, cars, ask="ask_price")]


def trim_name(turn: Turn, priced: PricedTrim) -> str:
    return f"{turn.name_of(priced.trim.model)} {turn.name_of(priced.trim)}"


def _one_price(turn: Turn, known: PricedTrim) -> None:
    assert known.price is not None  # noqa: S101 (the caller has looked)
    amount = wording.price(known.price.amount, turn.language)
    exact = wording.yuan(known.price.amount, turn.language)
    note = "" if amount == exact else f"（{exact}）"
    turn.tell(
        turn.either(
            f"{trim_name(turn, known)}的官方指导价是 {amount}{note}。",
            f"The list price of the {trim_name(turn, known)} is {amount}.",
        )
        + wording.inline(turn, known.price),
        buttons=next_steps(turn, known.trim.model),
    )


def _many_prices(turn: Turn, cars: Cars, known: Sequence[PricedTrim]) -> None:
    parts = []
    for model in cars.models:
        own = [p for p in known if p.trim.model_id == model.id]
        prices = [p.price for p in own if p.price]
        if prices:
            head = turn.either(
                f"{turn.name_of(model)}官方指导价 {span(prices, turn)}：",
                f"{turn.name_of(model)}, list price {span(prices, turn)}:",
            )
        else:
            head = turn.either(f"{turn.name_of(model)}：", f"{turn.name_of(model)}:")
        lines = [
            turn.name_of(p.trim)
            + turn.either("：", ": ")
            + (
                wording.price(p.price.amount, turn.language)
                if p.price
                else turn.either(
                    "价格待确认，已请顾问跟进", "not confirmed, a consultant will check"
                )
            )
            for p in own
        ]
        parts.append(head + "\n" + wording.bullets(lines))
    used = [p.price for p in known if p.price]
    turn.tell(
        "\n".join(parts) + "\n" + wording.provenance(turn, *used),
        buttons=next_steps(turn, cars.model),
    )


async def not_confirmed(turn: Turn, session: AsyncSession, cars: Cars, intent: str) -> Events:
    """No valid fact, no claim: says so, and a consultant follows up."""
    await ask_colleague(turn, session)
    names = wording.joined([turn.name_of(model) for model in cars.models], turn)
    turn.say("utter_not_confirmed", subject=names or turn.either("这一项", "this"))
    return [remember(turn, cars, ask=intent)]


@answers("ask_promotion")
async def offers(turn: Turn, session: AsyncSession) -> Events:
    """The offers valid today, for the car meant or for all, each with its last day."""
    cars = await which(turn, session)
    trim = cars.trims[0] if cars.narrowed and len(cars.trims) == 1 else None
    found: Sequence[Promotion] = await catalogue.promotions(session, turn.today, cars.model, trim)
    if not found:
        turn.say(
            "utter_no_promotion",
            subject=turn.name_of(cars.model) if cars.model else turn.either("各车型", "our models"),
        )
        return [remember(turn, cars, ask="ask_promotion")]
    lines = []
    for offer in found:
        until = (
            turn.either(
                f"（至 {wording.day(offer.valid_until, turn)}）",
                f" (until {wording.day(offer.valid_until, turn)})",
            )
            if offer.valid_until
            else ""
        )
        title = turn.either(offer.title_zh, offer.title_en)
        text = turn.either(offer.text_zh, offer.text_en)
        lines.append(f"{title}{until}{turn.either('：', ': ')}{text}")
    head = turn.either(
        f"{turn.name_of(cars.model) if cars.model else ''}目前有这些优惠：",
        f"Current offers{' on the ' + turn.name_of(cars.model) if cars.model else ''}:",
    )
    turn.tell(
        head + "\n" + wording.bullets(lines),
        buttons=next_steps(turn, cars.model),
    )
    return [remember(turn, cars, ask="ask_promotion")]
