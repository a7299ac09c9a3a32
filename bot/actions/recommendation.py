"""A recommendation from what the customer named: budget, body, energy, seats, features, use."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from bot.actions import another_car, wish_words, wording
from bot.actions.answers import ANSWERS, answers
from bot.actions.base import Events
from bot.actions.car_wishes import Wishes
from bot.actions.cars import Cars, remember, which
from bot.actions.comparison import compare
from bot.actions.context import Turn
from bot.actions.feature_answers import asks_which_has
from bot.actions.kinds import BODY_NAMES
from bot.actions.market import LENGTH, Market, market_for
from bot.actions.other_makes import names_other_make
from bot.actions.prices import asks_extreme, extreme, span
from bot.actions.recommendation_words import (
    amount_of,
    best_first,
    card,
    spoken,
    why,
)
from bot.actions.relaxing import apart, nearest, unmet, unmet_in_words
from bot.actions.versions import asks_seats, seats

SHOWN = 3
MORE_NAMED = 6


@answers("recommend_model")
async def recommend(turn: Turn, session: AsyncSession) -> Events:
    """Up to three models that fit, as cards; without any wish it asks for the budget first."""
    if another_car.only_thanks(turn.text) and not turn.entities_but_language:
        turn.say("utter_thank")
        return []
    cars = await which(turn, session)
    make = names_other_make(turn)
    if make:
        turn.say("utter_no_other_make", make=make)
    other = bool(turn.found("comparison")) or another_car.asks_for_another(turn.text)
    if cars.mentioned and len(cars.models) > 1 and not other:
        return await _side_by_side(turn, session, cars)
    if cars.mentioned and asks_seats(turn):
        # "山屿能坐7个人吗" asks of that very car.
        return seats(turn, cars)
    if asks_extreme(turn):
        return await extreme(turn, session)
    if cars.models and not make and _one_figure(turn):
        return await ANSWERS["ask_config"](turn, session)
    between = len(cars.models) > 1 and another_car.WHICH_IS_BETTER.search(turn.text) and not other
    if between and not _names_more(turn):
        return await compare(turn, session, cars)
    before = Wishes.of((turn.slot("topic") or {}).get("wishes"))
    wishes = replace(before)
    wishes.update(turn)
    market = await market_for(turn, session, wishes)
    start = await _start(turn, session, cars)
    if other and start is not None:
        # What the car in question does not meet is not what the customer goes by any more.
        # What this very message names stays: "anything cheaper than that but still an SUV".
        own = [p for p in market.everything if p.trim.id in {trim.id for trim in cars.trims}]
        said = Wishes()
        said.update(turn)
        given_up = [kind for kind in unmet(wishes, own, market) if not said.names(kind)]
        wishes = wishes.without(*given_up)
    if turn.found("comparison") and start is not None:
        # "便宜一点的有吗": below what the cars under discussion start at.
        wishes.low, wishes.high, wishes.goal = None, start - 1, start
    elif another_car.DEARER.search(turn.text) and start is not None:
        wishes.low, wishes.high, wishes.goal = start + 1, None, start
    elif cars.mentioned and len(cars.models) == 1 and not other:
        return _about_one(turn, cars, wishes, market)
    more = another_car.MORE.search(turn.text) is not None
    if not wishes and not (other or more):
        turn.say("utter_ask_wishes", buttons=_starts(turn))
        return [remember(turn, ask="recommend_model")]
    if other and cars.models:
        market.everything = _others(turn, cars, market, start)
        if not market.everything:
            turn.say("utter_none_beyond", model=turn.name_of(cars.models[0]))
            return [remember(turn, cars, ask="recommend_model", wishes=wishes.kept())]
    if more:
        market.everything = _not_seen(turn, market)
    return _answer(turn, wishes, market, wishes.changed(before))


async def _side_by_side(turn: Turn, session: AsyncSession, cars: Cars) -> Events:
    """Several models that were named: in what was asked of, else in all that matters."""
    if turn.found("feature"):
        return await ANSWERS["ask_config"](turn, session)
    return await compare(turn, session, cars)


def _one_figure(turn: Turn) -> bool:
    """哪个后备箱大, "which one has the bigger boot", of the cars in question."""
    wanted = bool(turn.found("feature")) and asks_which_has(turn.text)
    return wanted and not any(turn.found(kind) for kind in ("money", "body", "energy"))


def _names_more(turn: Turn) -> bool:
    """Whether a message says anew what a car must be."""
    kinds = ("body", "energy", "feature", "money", "brand")
    return any(turn.found(kind) for kind in kinds) or wish_words.names_wish(turn.text)


def _not_seen(turn: Turn, market: Market) -> list[PricedTrim]:
    """All cars but those that were recommended before; all of them again when none is left."""
    seen = set((turn.slot("topic") or {}).get("seen") or [])
    rest = [p for p in market.everything if p.trim.model.code not in seen]
    return rest or market.everything


async def _start(turn: Turn, session: AsyncSession, cars: Cars) -> int | None:
    """What the cars under discussion start at."""
    if not cars.models:
        return None
    known = await catalogue.priced(session, turn.today, cars.trims)
    return min((p.price.amount for p in known if p.price), default=None)


def _others(turn: Turn, cars: Cars, market: Market, start: int | None) -> list[PricedTrim]:
    """All cars but those in question; bigger or smaller ones alone where that was asked."""
    own = {model.id for model in cars.models}
    rest = [p for p in market.everything if p.trim.model_id not in own]
    if cars.narrowed and turn.found("comparison"):
        # Cheaper than one version: another version of the same car may be.
        meant = {trim.id for trim in cars.trims}
        rest = [p for p in market.everything if p.trim.id not in meant]
    bigger = another_car.BIGGER.search(turn.text) is not None
    if bigger or another_car.SMALLER.search(turn.text):
        # Of several that were shown the first is what the others are measured by.
        lengths = [market.records[t.id].number(LENGTH) for t in cars.of(cars.models[0])]
        known = [length for length in lengths if length is not None]
        if known:
            limit = max(known) if bigger else min(known)
            fitting = []
            for p in rest:
                length = market.records[p.trim.id].number(LENGTH)
                if length is not None and (length > limit if bigger else length < limit):
                    fitting.append(p)
            return fitting
    if another_car.SIMILAR.search(turn.text) and start is not None:
        return sorted(rest, key=lambda p: abs(amount_of(p) - start) if p.price else start)
    return rest


def _answer(turn: Turn, wishes: Wishes, market: Market, fresh: set[str]) -> Events:
    fitting = market.fitting(wishes)
    if not fitting:
        return _nearest(turn, wishes, market, fresh)
    by_model: dict[str, list[PricedTrim]] = {}
    for known_trim in fitting:
        by_model.setdefault(known_trim.trim.model.code, []).append(known_trim)
    groups = list(by_model.values())
    goal = wishes.goal
    if goal is not None:
        # A budget that was named is meant to be used: the nearest to it first.
        groups.sort(
            key=lambda own: (
                min(map(amount_of, own)) > goal,
                min(abs(goal - amount_of(p)) for p in own),
            )
        )
    best_first(groups, wishes, market)
    chosen = groups[:SHOWN]
    several = len(chosen) > 1
    turn.say(
        "utter_recommendation",
        cards=[card(turn, own, wishes, market) for own in chosen],
        wishes=spoken(turn, wishes, market) or turn.either("不同的车", "another car"),
        these=turn.either(
            "这几款" if several else "这款", "These fit" if several else "This one fits"
        ),
        why=wording.bullets([why(turn, own, wishes, market) for own in chosen])
        + _more(turn, groups[SHOWN:], wishes),
    )
    if wishes.gearbox == "automatic" and _all_automatic(market):
        turn.tell(turn.either("我们在售的车都是自动挡。", "All our cars are automatics."))
    return [_remember(turn, chosen, wishes)]


def _nearest(turn: Turn, wishes: Wishes, market: Market, fresh: set[str]) -> Events:
    """Nothing fits: says so, and how each of the nearest cars differs from what was asked for."""
    closest = nearest(wishes, market, fresh)[:SHOWN]
    if not closest:
        turn.say("utter_ask_wishes", buttons=_starts(turn))
        return [remember(turn, ask="recommend_model", wishes=wishes.kept())]
    lines = [apart(turn, own, lacking, wishes, market) for own, lacking in closest]
    turn.say(
        "utter_nearest",
        cards=[card(turn, own, wishes, market) for own, _ in closest],
        wishes=spoken(turn, wishes, market),
        reason=wording.bullets(lines),
    )
    return [_remember(turn, [own for own, _ in closest], wishes)]


def _more(turn: Turn, rest: list[list[PricedTrim]], wishes: Wishes) -> str:
    """What fits besides, and the one question that would narrow it down."""
    if not rest:
        return ""
    names = [turn.name_of(own[0].trim.model) for own in rest[:MORE_NAMED]]
    many = len(rest) > MORE_NAMED
    told = turn.either("、".join(names), ", ".join(names))
    text = turn.either(
        f"\n符合的还有{told}{'等' if many else ''}。",
        f"\nThese fit as well: {told}{' and others' if many else ''}.",
    )
    if not wishes.names("budget") and wishes.monthly is None:
        return text + turn.either(
            "您的预算大概多少？我可以再收窄。", " What is your budget? Then I can narrow it down."
        )
    if wishes.seats is None:
        return text + turn.either("平时一般坐几个人？", " How many people do you usually carry?")
    return text


def _all_automatic(market: Market) -> bool:
    return all(r.gearbox == "automatic" for r in market.records.values())


def _remember(turn: Turn, chosen: list[list[PricedTrim]], wishes: Wishes) -> dict[str, object]:
    """What is shown is what "这款车" means in the next message."""
    models = tuple(own[0].trim.model for own in chosen)
    trims = tuple(p.trim for own in chosen for p in own)
    seen = (turn.slot("topic") or {}).get("seen") or []
    return remember(
        turn,
        Cars(models, trims, True, False),
        ask="recommend_model",
        wishes=wishes.kept(),
        listed=[model.code for model in models],
        seen=list(dict.fromkeys((*seen, *(model.code for model in models)))),
    )


def _about_one(turn: Turn, cars: Cars, wishes: Wishes, market: Market) -> Events:
    """The model that was named, in the versions that fit; and what it does not meet."""
    own = [p for p in market.everything if p.trim.id in {trim.id for trim in cars.trims}]
    fitting = [p for p in own if market.fits(wishes, p)]
    lacking = unmet(wishes, own, market) if wishes and not fitting else []
    shown = fitting or own
    model = cars.models[0]
    prices = [p.price for p in shown if p.price]
    name = turn.name_of(model)
    if len(shown) == 1:
        name = f"{name} {turn.name_of(shown[0].trim)}"
    amount = span(prices, turn) if prices else turn.either("待确认", "not confirmed")
    text = turn.either(f"{name}，官方指导价 {amount}。", f"{name}, list price {amount}.")
    if len(shown) > 1:
        text = turn.either(
            f"{name}这些版本可以看，官方指导价 {amount}。",
            f"The {name} comes in these versions, list price {amount}.",
        )
    if lacking:
        words = unmet_in_words(turn, lacking, wishes, market)
        text += turn.either(f"不过它不符合您说的{words}。", f" It does not meet {words}, though.")
    elif spoken(turn, wishes, market) and fitting:
        text += turn.either("符合您说的条件。", " It meets what you asked for.")
    turn.tell(text, cards=[card(turn, shown, wishes, market)])
    narrowed = len(shown) < len(model.trims)
    picked = Cars((model,), tuple(p.trim for p in shown), narrowed, True)
    return [remember(turn, picked, ask="recommend_model", wishes=wishes.kept())]


def _starts(turn: Turn) -> list[dict[str, str]]:
    index = 1 if turn.language == "en" else 0
    return [
        wording.button(BODY_NAMES[body][index], f'/recommend_model{{"body": "{body}"}}')
        for body in ("suv", "sedan", "mpv")
    ]
