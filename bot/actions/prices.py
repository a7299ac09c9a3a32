"""Models, list prices and promotions."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from backend.models import Model, Price
from backend.texts import facts
from bot.actions import another_car, wording
from bot.actions.answers import ANSWERS, answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import Cars, energies_of, remember, which
from bot.actions.context import Button, Turn
from bot.actions.demands import names_other_quote
from bot.actions.equipped import equipped
from bot.actions.kinds import BODY_NAMES, ENERGY_NAMES
from bot.actions.other_makes import names_other_make
from bot.actions.pointing import without_pointing
from bot.actions.price_gaps import price_gap
from bot.actions.wish_words import names_wish

_CHEAPEST = re.compile(
    r"最便宜|最实惠|最低价|价格最低|价位最低"
    r"|\b(?:cheapest|least expensive|lowest[- ]priced?|most affordable)\b"
    # Of the two or three that were talked about: "the cheaper hybrid I mean".
    r"|(?<!is )\bthe (?:cheaper|less expensive) (?:one|of|hybrid|petrol|electric|version|trim)\b",
    re.I,
)
_DEAREST = re.compile(r"最贵|价格最高|\b(?:most expensive|dearest|priciest)\b", re.I)

_OF_EVERYTHING = re.compile(
    r"\b(?:you(?:'ve| have| guys)? (?:sell|got|have|offer|do|stock)|of (?:all|everything)"
    r"|whole range|entire range|any of your|all your|overall)\b",
    re.I,
)
_OF_MONEY = re.compile(
    r"钱|价|贵|便宜|多少|几万|[块元万]|\b(?:much|price[ds]?|costs?|yuan|rmb|cny|money|quote)\b",
    re.I,
)

SIDE_BY_SIDE = 4

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


def says_more(turn: Turn) -> bool:
    """Whether a question for the models names one of them, or more than a body they should have."""
    if turn.intent != "ask_models":
        return False
    if (turn.slot("topic") or {}).get("wishes") and (
        turn.found("body") or another_car.MORE.search(turn.text)
    ):
        # A choice is being made already: "不要SUV了，看看轿车", "还有别的吗".
        return True
    named = ("model", "energy", "money", "feature", "trim_level")
    return any(turn.found(kind) for kind in named) or names_wish(turn.text)


@answers("ask_models")
async def list_models(turn: Turn, session: AsyncSession) -> Events:
    """The whole range, or the part of it that the message narrows to."""
    if asks_extreme(turn):
        return await extreme(turn, session)
    if named_seats(turn.text) or says_more(turn):
        # What is wanted differs by trim: the recommendation looks at trims.
        return await ANSWERS["recommend_model"](turn, session)
    on_sale = list(await catalogue.models(session))
    bodies = set(turn.found("body"))
    wanted = {e for value in turn.found("energy") for e in energies_of(value)}
    fitting = [
        m
        for m in on_sale
        if (not bodies or m.body in bodies)
        and (not wanted or any(trim.energy in wanted for trim in m.trims))
    ] or on_sale
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
    if asks_extreme(turn):
        return await extreme(turn, session)
    if names_other_quote(turn):
        # "贵了，别家便宜一万": no list price is asked for.
        return await ANSWERS["ask_promotion"](turn, session)
    if (
        turn.found("feature")
        and not turn.pressed
        and not _OF_MONEY.search(without_pointing(turn.text))
    ):
        # "贵的那个有什么颜色" asks no price.
        return await ANSWERS["ask_config"](turn, session)
    cars = await which(turn, session)
    if names_other_make(turn) and not cars.mentioned:
        turn.say("utter_no_other_make", make=names_other_make(turn))
        return await list_models(turn, session)
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


def asks_extreme(turn: Turn) -> bool:
    """哪个最便宜, "which is the most expensive"."""
    return bool(_CHEAPEST.search(turn.text) or _DEAREST.search(turn.text))


async def _meant(turn: Turn, session: AsyncSession) -> Cars:
    """What "the cheapest" is chosen from: the cars named, those just listed, else all; all, too,
    where the words say so: "the cheapest you sell"."""
    cars = await which(turn, session)
    of_all = not turn.pressed and _OF_EVERYTHING.search(turn.text) is not None
    if cars.mentioned or (len(cars.models) > 1 and not of_all):
        return cars
    topic: dict[str, Any] = {} if of_all else (turn.slot("topic") or {})
    on_sale = {model.code: model for model in await catalogue.models(session)}
    asked_of_one = (
        cars.models and not of_all and topic.get("ask") not in ("recommend_model", "ask_models")
    )
    if asked_of_one:
        return cars
    bodies, energies = turn.found("body"), turn.found("energy")
    codes = [] if bodies or energies else [c for c in topic.get("listed") or [] if c in on_sale]
    models = [on_sale[code] for code in codes] if len(codes) > 1 else list(on_sale.values())
    models = [m for m in models if not bodies or m.body in bodies]
    wanted = {e for value in energies for e in energies_of(value)}
    trims = [t for m in models for t in m.trims if not wanted or t.energy in wanted]
    return Cars(tuple(models), tuple(trims), bool(wanted), False)


async def extreme(turn: Turn, session: AsyncSession) -> Events:
    """The least or most expensive trim of what was talked about, then the others' start."""
    cars = await _meant(turn, session)
    having = await equipped(turn, session, cars.trims)
    known = [p for p in await catalogue.priced(session, turn.today, having) if p.price]
    if not known:
        return await not_confirmed(turn, session, cars, "ask_price")
    known.sort(key=lambda p: p.price.amount if p.price else 0)
    least = bool(_CHEAPEST.search(turn.text))
    chosen = known[0 if least else -1]
    if chosen.price is None:
        return await not_confirmed(turn, session, cars, "ask_price")
    amount = wording.price(chosen.price.amount, turn.language)
    trims = {trim.id for trim in cars.trims}
    named = (
        turn.either("符合的车里，", "Of those that have it, ") if len(having) < len(trims) else ""
    )
    head = "The" if not named else "the"
    text = named + turn.either(
        f"最{'便宜' if least else '贵'}的是{trim_name(turn, chosen)}，官方指导价 {amount}。",
        f"{head} {'cheapest' if least else 'most expensive'} is the {trim_name(turn, chosen)}, "
        f"list price {amount}.",
    )
    used = [chosen.price]
    lines = []
    by_model: dict[str, list[Price]] = {}
    for one in known if least else reversed(known):
        if one.price:
            by_model.setdefault(turn.name_of(one.trim.model), []).append(one.price)
    for name, prices in list(by_model.items())[:SIDE_BY_SIDE] if len(by_model) > 1 else ():
        used += prices
        lines.append(f"{name}{turn.either('：', ': ')}{span(prices, turn)}")
    if lines:
        text += "\n" + wording.bullets(lines)
    turn.tell(
        text + ("\n" if lines else turn.either("", " ")) + wording.provenance(turn, *used),
        buttons=next_steps(turn, chosen.trim.model),
    )
    model = chosen.trim.model
    picked = Cars((model,), (chosen.trim,), True, True)
    return [remember(turn, picked, ask="ask_price", listed=[m.code for m in cars.models])]


def trim_name(turn: Turn, priced: PricedTrim) -> str:
    return f"{turn.name_of(priced.trim.model)} {turn.name_of(priced.trim)}"


def _one_price(turn: Turn, known: PricedTrim) -> None:
    assert known.price is not None  # noqa: S101 (the caller has looked)
    turn.tell(
        facts.list_price(trim_name(turn, known), known.price.amount, turn.language)
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
        price_gap(turn, known) + "\n".join(parts) + "\n" + wording.provenance(turn, *used),
        buttons=next_steps(turn, cars.model),
    )


async def not_confirmed(turn: Turn, session: AsyncSession, cars: Cars, intent: str) -> Events:
    """No valid fact, no claim: says so, and a consultant follows up."""
    await ask_colleague(turn, session)
    names = wording.joined([turn.name_of(model) for model in cars.models], turn)
    turn.say("utter_not_confirmed", subject=names or turn.either("这一项", "this"))
    return [remember(turn, cars, ask=intent)]
