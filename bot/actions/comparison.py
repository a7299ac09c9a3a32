"""Models side by side, from valid records only."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import FeatureValue
from backend.models import Certified, Model, Price, Trim
from bot.actions import wording
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import Cars, remember
from bot.actions.context import Turn
from bot.actions.figures import number_of, plain, with_unit
from bot.actions.kinds import BODY_NAMES, ENERGY_NAMES
from bot.actions.prices import next_steps, span

SIDE_BY_SIDE = 3

FIGURES = (
    "length",
    "trunk_volume",
    "fuel_consumption",
    "range_cltc",
    "engine_power",
    "motor_power",
    "acceleration_0_100",
)
"""Codes of what a comparison shows; a catalogue without one of them leaves it out."""


@dataclass(frozen=True)
class _Aspect:
    """What one model may be ahead of the others in."""

    code: str
    highest: bool
    zh: str
    """`{name}`, `{more}`: by how much; for three models without the figure."""
    en: str
    best_zh: str
    best_en: str


_ASPECTS = (
    _Aspect(
        "length",
        True,
        "{name}车身长 {more}",
        "the {name} is {more} longer",
        "车身最长的是{name}",
        "the longest is the {name}",
    ),
    _Aspect(
        "trunk_volume",
        True,
        "{name}后备箱大 {more}",
        "the {name} has {more} more boot",
        "后备箱最大的是{name}",
        "the {name} has the biggest boot",
    ),
    _Aspect(
        "fuel_consumption",
        False,
        "{name}最低油耗少 {more}",
        "the {name} can use {more} less fuel",
        "油耗最低的是{name}",
        "the {name} uses the least fuel",
    ),
    _Aspect(
        "range_cltc",
        True,
        "{name}最长纯电续航多 {more}",
        "the {name} goes up to {more} further on electricity",
        "纯电续航最长的是{name}",
        "the {name} has the longest electric range",
    ),
    _Aspect(
        "acceleration_0_100",
        False,
        "{name}最快版本零百加速快 {more}",
        "the quickest {name} is {more} quicker to 100 km/h",
        "加速最快的是{name}",
        "the quickest is the {name}",
    ),
)  # fmt: skip


async def compare(turn: Turn, session: AsyncSession, cars: Cars) -> Events:
    """Two or three models as cards, after one sentence on where they really differ."""
    chosen = cars.models[:SIDE_BY_SIDE]
    figures = await catalogue.features(session, FIGURES)
    order = {code: place for place, code in enumerate(FIGURES)}
    figures = sorted(figures, key=lambda feature: order[feature.code])
    prices: dict[int, list[Price]] = {}
    values: dict[tuple[int, str], list[FeatureValue]] = {}
    for model in chosen:
        own = cars.of(model)
        known = await catalogue.priced(session, turn.today, own)
        prices[model.id] = [p.price for p in known if p.price]
        for value in await catalogue.feature_values(session, turn.today, own, figures):
            if number_of(value) is not None:
                values.setdefault((model.id, value.feature.code), []).append(value)
    if not any(prices.values()) and not values:
        await ask_colleague(turn, session)
        names = wording.joined([turn.name_of(model) for model in chosen], turn)
        turn.say("utter_not_confirmed", subject=names)
        return [remember(turn, cars, ask="ask_config", features=[])]
    said = _price_sentence(turn, chosen, prices) + [
        sentence
        for aspect in _ASPECTS
        if (sentence := _sentence(turn, chosen, aspect, values)) is not None
    ]
    names = wording.joined([turn.name_of(model) for model in chosen], turn)
    text = turn.either(f"{names}的主要差别：", f"How the {names} differ: ")
    text += turn.either("；", "; ").join(said) + turn.either("。", ".")
    if not said:
        text = turn.either(f"{names}的主要参数：", f"The main figures of the {names}:")
    cards = [_card(turn, model, cars.of(model), prices[model.id], values) for model in chosen]
    turn.tell(text, cards=cards, buttons=next_steps(turn, None)[2:])
    listed = [model.code for model in chosen]
    return [remember(turn, cars, ask="ask_config", features=[], listed=listed)]


def _price_sentence(
    turn: Turn, models: Sequence[Model], prices: dict[int, list[Price]]
) -> list[str]:
    lows = {m.id: min((p.amount for p in prices[m.id]), default=None) for m in models}
    known = [(low, m) for m in models if (low := lows[m.id]) is not None]
    if len(known) < len(models):
        return []
    known.sort(key=lambda pair: pair[0])
    (low, cheapest), (second, _) = known[0], known[1]
    if low == second:
        return []
    name = turn.name_of(cheapest)
    if len(models) > 2:
        amount = wording.price(low, turn.language)
        return [
            turn.either(f"起价最低的是{name}（{amount}）", f"the {name} starts lowest ({amount})")
        ]
    less = wording.price(second - low, turn.language)
    return [turn.either(f"{name}起价低 {less}", f"the {name} starts {less} lower")]


def _sentence(
    turn: Turn,
    models: Sequence[Model],
    aspect: _Aspect,
    values: dict[tuple[int, str], list[FeatureValue]],
) -> str | None:
    """Who is ahead in one aspect; None unless valid records of all models say it."""
    best: list[tuple[Decimal, Model]] = []
    feature = None
    for model in models:
        own = values.get((model.id, aspect.code))
        if not own:
            return None
        numbers = [number for value in own if (number := number_of(value)) is not None]
        best.append(((max if aspect.highest else min)(numbers), model))
        feature = own[0].feature
    best.sort(key=lambda pair: pair[0], reverse=aspect.highest)
    (first, winner), (second, _) = best[0], best[1]
    if first == second or feature is None:
        return None
    name = turn.name_of(winner)
    if len(models) > 2:
        return turn.either(aspect.best_zh, aspect.best_en).format(name=name)
    more = with_unit(turn, plain(abs(first - second)), feature)
    return turn.either(aspect.zh, aspect.en).format(name=name, more=more)


def _card(
    turn: Turn,
    model: Model,
    trims: Sequence[Trim],
    prices: Sequence[Price],
    values: dict[tuple[int, str], list[FeatureValue]],
) -> dict[str, Any]:
    index = 1 if turn.language == "en" else 0
    energies = "/".join(dict.fromkeys(ENERGY_NAMES[trim.energy][index] for trim in trims))
    facts = [
        {
            "label": turn.either("指导价", "List price"),
            "value": span(prices, turn) if prices else turn.either("待确认", "not confirmed"),
        },
        {
            "label": turn.either("座位", "Seats"),
            "value": "/".join(dict.fromkeys(str(trim.seats) for trim in trims)),
        },
    ]
    used: list[Certified] = list(prices)
    for code in FIGURES:
        own = values.get((model.id, code))
        if not own:
            continue
        numbers = sorted(number for value in own if (number := number_of(value)) is not None)
        text = plain(numbers[0])
        if numbers[0] != numbers[-1]:
            text += f"–{plain(numbers[-1])}"
        feature = own[0].feature
        facts.append({"label": turn.name_of(feature), "value": with_unit(turn, text, feature)})
        used += [value.fact for value in own if value.fact]
    return {
        "title": turn.name_of(model),
        "subtitle": f"{BODY_NAMES[model.body][index]} · {energies} "
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
