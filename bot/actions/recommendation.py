"""A recommendation from what the customer named: budget, body, energy, seats, features."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import PricedTrim
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events
from bot.actions.car_wishes import KINDS, Wishes
from bot.actions.cars import remember, which
from bot.actions.comparison import compare
from bot.actions.context import Turn
from bot.actions.other_makes import names_other_make
from bot.actions.prices import BODY_NAMES, ENERGY_NAMES, asks_extreme, extreme, span

SHOWN = 3
MANUAL = ("手动", "manual")
GEARBOX = "transmission"
"""The code of the feature that tells an automatic from a manual."""


@answers("recommend_model")
async def recommend(turn: Turn, session: AsyncSession) -> Events:
    """Up to three models that fit, as cards; without any wish it asks for the budget first."""
    cars = await which(turn, session)
    make = names_other_make(turn)
    if make:
        turn.say("utter_no_other_make", make=make)
    if cars.mentioned and len(cars.models) > 1:
        return await compare(turn, session, cars)
    if asks_extreme(turn):
        return await extreme(turn, session)
    topic = turn.slot("topic") or {}
    wishes = Wishes.of(topic.get("wishes"))
    wishes.update(turn)
    if turn.found("comparison") and cars.models:
        # "便宜一点的有吗": below what the cars under discussion start at.
        known = await catalogue.priced(session, turn.today, cars.trims)
        start = min((p.price.amount for p in known if p.price), default=None)
        if start is not None:
            wishes.low, wishes.high, wishes.goal = None, start - 1, start
    if not wishes:
        turn.say("utter_ask_wishes", buttons=_starts(turn))
        return [remember(turn, ask="recommend_model")]
    everything = await catalogue.priced(session, turn.today, await catalogue.trims(session))
    has = await _features(turn, session, everything, wishes)
    fitting = [p for p in everything if wishes.fits(p, has.get(p.trim.id, set()))]
    reason = ""
    relaxed = not fitting
    if relaxed:
        fitting, reason = _nearest(turn, everything, wishes, has)
    by_model: dict[str, list[PricedTrim]] = {}
    for known_trim in fitting:
        by_model.setdefault(known_trim.trim.model.code, []).append(known_trim)
    groups = list(by_model.values())
    goal = wishes.goal
    if goal is not None and not relaxed:
        # A budget that was named is meant to be used: the nearest to it first.
        groups.sort(
            key=lambda own: (
                min(map(_amount, own)) > goal,
                min(abs(goal - _amount(p)) for p in own),
            )
        )
    chosen = groups[:SHOWN]
    cards = [_card(turn, own) for own in chosen]
    if relaxed:
        turn.say("utter_nearest", cards=cards, reason=reason)
    else:
        turn.say(
            "utter_recommendation",
            cards=cards,
            wishes=await _spoken(turn, session, wishes),
            why=wording.bullets([_why(turn, own, wishes, everything) for own in chosen]),
        )
        if wishes.gearbox == "automatic" and await _all_automatic(turn, session, everything):
            turn.tell(turn.either("我们在售的车都是自动挡。", "All our cars are automatics."))
    return [
        remember(
            turn,
            ask="recommend_model",
            wishes=wishes.kept(),
            listed=[own[0].trim.model.code for own in chosen],
            models=[chosen[0][0].trim.model.code] if len(chosen) == 1 else [],
            trims=[],
        )
    ]


def _amount(known: PricedTrim) -> int:
    return known.price.amount if known.price else 0


async def _features(
    turn: Turn, session: AsyncSession, everything: list[PricedTrim], wishes: Wishes
) -> dict[int, set[str]]:
    """Trim → codes of the wanted features it has by a valid record; the gearbox by its kind."""
    codes = [*wishes.features, *([GEARBOX] if wishes.gearbox else [])]
    if not codes:
        return {}
    wanted = await catalogue.features(session, codes)
    trims = [known.trim for known in everything]
    has: dict[int, set[str]] = {}
    for value in await catalogue.feature_values(session, turn.today, trims, wanted):
        if value.fact is None or value.fact.value == "none":
            continue
        own = has.setdefault(value.trim.id, set())
        own.add(value.feature.code)
        if value.feature.code == GEARBOX:
            text = f"{value.fact.value} {value.fact.value_en}".lower()
            own.add("manual" if any(word in text for word in MANUAL) else "automatic")
    return has


async def _all_automatic(turn: Turn, session: AsyncSession, everything: list[PricedTrim]) -> bool:
    has = await _features(turn, session, everything, Wishes(gearbox="automatic"))
    return all("automatic" in has.get(known.trim.id, set()) for known in everything)


def _nearest(
    turn: Turn, everything: list[PricedTrim], wishes: Wishes, has: dict[int, set[str]]
) -> tuple[list[PricedTrim], str]:
    """What comes closest and which wish stands in the way, so that nothing is glossed over."""
    goal = wishes.high or wishes.low or 0
    for kind in KINDS:
        if not wishes.names(kind):
            continue
        rest = wishes.without(kind)
        fitting = [p for p in everything if p.price and rest.fits(p, has.get(p.trim.id, set()))]
        if not fitting:
            continue
        if kind == "budget":
            fitting.sort(key=lambda p: abs(_amount(p) - goal))
            fitting = fitting[:SHOWN]
        return fitting, _reason(turn, kind, wishes, fitting)
    pool = sorted((p for p in everything if p.price), key=lambda p: abs(_amount(p) - goal))
    return pool[:SHOWN], ""


def _reason(turn: Turn, kind: str, wishes: Wishes, fitting: list[PricedTrim]) -> str:
    if kind == "budget":
        lowest = wording.price(min(_amount(p) for p in fitting), turn.language)
        highest = wording.price(max(_amount(p) for p in fitting), turn.language)
        if wishes.high is not None and min(_amount(p) for p in fitting) > wishes.high:
            return turn.either(
                f"符合其他条件的车最低 {lowest}，超出预算。",
                f"What fits otherwise starts at {lowest}, above your budget. ",
            )
        return turn.either(
            f"符合其他条件的车最高 {highest}。", f"What fits otherwise costs up to {highest}. "
        )
    if kind == "gearbox":
        manual = wishes.gearbox == "manual"
        return turn.either(
            f"没有{'手动挡' if manual else '自动挡'}的车。",
            f"We have no {'manual' if manual else 'automatic'} gearbox for that. ",
        )
    names = {
        "features": ("配置", "the feature"),
        "energies": ("能源类型", "the kind of drive"),
        "bodies": ("车身类型", "the body style"),
        "seats": ("座位数", "the number of seats"),
    }
    zh, en = names[kind]
    return turn.either(f"其他条件都满足，只有{zh}对不上。", f"All but {en} can be met. ")


async def _spoken(turn: Turn, session: AsyncSession, wishes: Wishes) -> str:
    """The wishes in words, as they add up over the conversation."""
    index = 1 if turn.language == "en" else 0
    words = []
    if wishes.goal is not None and wishes.high != wishes.goal:
        amount = wording.price(wishes.goal, turn.language)
        below = wishes.high is not None and wishes.high < wishes.goal
        words.append(
            turn.either(f"低于 {amount}", f"below {amount}")
            if below
            else turn.either(f"{amount}左右", f"about {amount}")
        )
    elif wishes.low and wishes.high:
        low, high = (wording.price(v, turn.language) for v in (wishes.low, wishes.high))
        words.append(turn.either(f"{low}到 {high}", f"{low} to {high}"))
    elif wishes.high:
        amount = wording.price(wishes.high, turn.language)
        words.append(turn.either(f"{amount}以内", f"up to {amount}"))
    elif wishes.low:
        amount = wording.price(wishes.low, turn.language)
        words.append(turn.either(f"{amount}以上", f"from {amount}"))
    words += [BODY_NAMES[body][index] for body in wishes.bodies if body in BODY_NAMES]
    kinds = [ENERGY_NAMES[energy][index] for energy in wishes.energies if energy in ENERGY_NAMES]
    if kinds:
        words.append("/".join(kinds))
    if wishes.seats:
        words.append(turn.either(f"{wishes.seats} 座", f"{wishes.seats} seats"))
    if wishes.gearbox:
        automatic = wishes.gearbox == "automatic"
        words.append(
            turn.either("自动挡" if automatic else "手动挡", "automatic" if automatic else "manual")
        )
    if wishes.features:
        wanted = await catalogue.features(session, wishes.features)
        words += [turn.name_of(feature) for feature in wanted]
    return turn.either("、", ", ").join(words)


def _why(turn: Turn, own: list[PricedTrim], wishes: Wishes, everything: list[PricedTrim]) -> str:
    """One line on why a model is here: what of it fits, and how that stands to the budget."""
    index = 1 if turn.language == "en" else 0
    words = ["/".join(dict.fromkeys(ENERGY_NAMES[p.trim.energy][index] for p in own))]
    prices = [p.price for p in own if p.price]
    if prices:
        words.append(span(prices, turn))
        budget = wishes.goal if wishes.goal is not None else wishes.high
        if budget is not None and all(p.amount <= budget for p in prices):
            words.append(turn.either("在预算内", "within your budget"))
        elif budget is not None and any(p.amount <= budget for p in prices):
            words.append(turn.either("部分版本略高于预算", "some versions slightly above it"))
        elif budget is not None:
            words.append(turn.either("略高于预算", "slightly above your budget"))
    if len(own) < sum(p.trim.model_id == own[0].trim.model_id for p in everything):
        words.append(turn.either("只有部分版本符合", "not every version fits"))
    name = turn.name_of(own[0].trim.model)
    return f"{name}{turn.either('：', ': ')}{turn.either('，', ', ').join(words)}"


def _card(turn: Turn, trims: list[PricedTrim]) -> dict[str, Any]:
    model = trims[0].trim.model
    index = 1 if turn.language == "en" else 0
    facts = [
        {
            "label": turn.name_of(p.trim),
            "value": wording.price(p.price.amount, turn.language)
            if p.price
            else turn.either("价格待确认", "price not confirmed"),
        }
        for p in trims[:4]
    ]
    energies = "/".join(dict.fromkeys(ENERGY_NAMES[p.trim.energy][index] for p in trims))
    seats = "/".join(dict.fromkeys(str(p.trim.seats) for p in trims))
    about = turn.either(f"{seats} 座", f"{seats} seats")
    used = [p.price for p in trims if p.price]
    return {
        "title": turn.name_of(model),
        "subtitle": f"{BODY_NAMES[model.body][index]} · {energies} · {about} "
        + wording.provenance(turn, *used),
        "facts": facts,
        "buttons": [
            wording.button(
                turn.either("看配置", "Features"), f'/ask_config{{"model": "{model.code}"}}'
            ),
            wording.button(
                turn.either("约试驾", "Test drive"), f'/book_test_drive{{"model": "{model.code}"}}'
            ),
        ],
    }


def _starts(turn: Turn) -> list[dict[str, str]]:
    index = 1 if turn.language == "en" else 0
    return [
        wording.button(BODY_NAMES[body][index], f'/recommend_model{{"body": "{body}"}}')
        for body in ("suv", "sedan", "mpv")
    ]
