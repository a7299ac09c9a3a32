"""How a recommendation is put: the wishes in words, why each car is there, its card."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from backend.catalogue.service import PricedTrim
from backend.models import Certified, Feature
from backend.texts import facts
from bot.actions import wish_words, wording
from bot.actions.car_records import Record
from bot.actions.car_wishes import Wishes
from bot.actions.context import Turn
from bot.actions.figures import LESS_IS_MORE, in_sentence, plain, with_unit
from bot.actions.kinds import BODY_NAMES, ENERGY_NAMES
from bot.actions.market import FIGURES_OF_USE, Market
from bot.actions.prices import span

MOST_NAMED = 2
"""Versions named in a line; of more only that not all fit."""


def amount_of(known: PricedTrim) -> int:
    return known.price.amount if known.price else 0


def spoken(turn: Turn, wishes: Wishes, market: Market) -> str:
    """The wishes in words, as they add up over the conversation."""
    index = 1 if turn.language == "en" else 0
    words = [_budget(turn, wishes)]
    if wishes.monthly is not None:
        each = wording.yuan(wishes.monthly, turn.language)
        words.append(turn.either(f"月供 {each}以内", f"up to {each} a month"))
    words += [label[2 if turn.language == "en" else 1] for label in wishes.labels]
    words.append("/".join(wish_words.SIZE_NAMES[size][index] for size in wishes.sizes))
    words += [BODY_NAMES[body][index] for body in wishes.bodies if body in BODY_NAMES]
    words.append(
        "/".join(ENERGY_NAMES[one][index] for one in wishes.energies if one in ENERGY_NAMES)
    )
    if wishes.drive:
        words.append(wish_words.DRIVE_NAMES[wishes.drive][index])
    if wishes.seats:
        words.append(turn.either(f"至少 {wishes.seats} 座", f"at least {wishes.seats} seats"))
    if wishes.gearbox:
        automatic = wishes.gearbox == "automatic"
        words.append(
            turn.either("自动挡" if automatic else "手动挡", "automatic" if automatic else "manual")
        )
    words += [in_sentence(turn, market.features[one]) for one in wishes.features]
    words += [wish_words.USE_NAMES[use][index] for use in wishes.uses]
    words += [bound_in_words(turn, bound, market) for bound in wishes.bounds]
    bound = {code for code, _, _ in wishes.bounds}
    frugal = set(FIGURES_OF_USE[wish_words.COMMUTE]) & set(wishes.figures)
    if len(frugal) > 1:
        words.append(turn.either("用车成本低", "low running costs"))
    words += [
        _better(turn, market.features[one])
        for one in wishes.figures
        if one not in bound and (one not in frugal or len(frugal) == 1)
    ]
    for kind, names in (("no_bodies", BODY_NAMES), ("no_energies", ENERGY_NAMES)):
        for code in getattr(wishes, kind):
            words.append(turn.either(f"不要{names[code][0]}", f"no {names[code][1]}"))
    return turn.either("、", ", ").join(word for word in words if word)


def _better(turn: Turn, feature: Feature) -> str:
    """A figure that matters, as a wish: 油耗低, 后备箱容积大."""
    name = turn.name_of(feature)
    if LESS_IS_MORE.search(f"{feature.name_zh} {feature.code}"):
        return turn.either(f"{name}低", f"low {facts.in_sentence(name, 'en')}")
    zh, en = {
        "L": ("大", "large"), "mm": ("大", "large"), "英寸": ("大", "large"), "km": ("长", "long"),
    }.get(feature.unit, ("高", "high"))  # fmt: skip
    return turn.either(f"{name}{zh}", f"{en} {facts.in_sentence(name, 'en')}")


def bound_in_words(turn: Turn, bound: Sequence[str], market: Market) -> str:
    """`CLTC 纯电续航至少 600 km`"""
    code, side, number = bound
    feature = market.features[code]
    amount, name = with_unit(turn, number, feature), turn.name_of(feature)
    if side == "least":
        return turn.either(f"{name}至少 {amount}", f"{name} of at least {amount}")
    return turn.either(f"{name}不超过 {amount}", f"{name} of at most {amount}")


def _budget(turn: Turn, wishes: Wishes) -> str:
    if wishes.goal is not None and wishes.high != wishes.goal:
        amount = wording.price(wishes.goal, turn.language)
        if wishes.high is not None and wishes.high < wishes.goal:
            return turn.either(f"低于 {amount}", f"below {amount}")
        if wishes.low is not None and wishes.high is None:
            return turn.either(f"高于 {amount}", f"above {amount}")
        return turn.either(f"{amount}左右", f"about {amount}")
    if wishes.low and wishes.high:
        low, high = (wording.price(v, turn.language) for v in (wishes.low, wishes.high))
        return turn.either(f"{low}到 {high}", f"{low} to {high}")
    if wishes.high:
        amount = wording.price(wishes.high, turn.language)
        return turn.either(f"{amount}以内", f"up to {amount}")
    if wishes.low:
        amount = wording.price(wishes.low, turn.language)
        return turn.either(f"{amount}以上", f"from {amount}")
    return ""


def why(turn: Turn, own: Sequence[PricedTrim], wishes: Wishes, market: Market) -> str:
    """One line on why a model is here: what of it fits, and how that stands to the budget."""
    index = 1 if turn.language == "en" else 0
    words = ["/".join(dict.fromkeys(ENERGY_NAMES[p.trim.energy][index] for p in own))]
    prices = [p.price for p in own if p.price]
    if prices:
        words.append(span(prices, turn))
        words.append(_against_budget(turn, [p.amount for p in prices], wishes))
    records = [market.records[p.trim.id] for p in own]
    if wishes.drive:
        words.append(wish_words.DRIVE_NAMES[wishes.drive][index])
    if wishes.seats and wishes.seats > 1:
        seats = "/".join(dict.fromkeys(str(p.trim.seats) for p in own))
        words.append(turn.either(f"{seats} 座", f"{seats} seats"))
    words += [
        turn.either(
            f"有{market.features[one].name_zh}", f"with {in_sentence(turn, market.features[one])}"
        )
        for one in wishes.features
    ]
    words += [figure(turn, market.features[code], records) for code in _figures(wishes, market)]
    if wishes.monthly is not None:
        words.append(_instalment(turn, own, market))
    words.append(_which(turn, own, market))
    name = turn.name_of(own[0].trim.model)
    told = turn.either("，", ", ").join(word for word in words if word)
    return f"{name}{turn.either('：', ': ')}{told}"


def _against_budget(turn: Turn, amounts: Sequence[int], wishes: Wishes) -> str:
    if wishes.goal is not None and (wishes.high is None or wishes.high < wishes.goal):
        # It was a car that set the limit, and not a budget.
        return ""
    budget = wishes.goal if wishes.goal is not None else wishes.high
    if budget is None:
        return ""
    if all(amount <= budget for amount in amounts):
        return turn.either("在预算内", "within your budget")
    if any(amount <= budget for amount in amounts):
        return turn.either("部分版本略高于预算", "some versions slightly above it")
    return turn.either("略高于预算", "slightly above your budget")


def _which(turn: Turn, own: Sequence[PricedTrim], market: Market) -> str:
    """Which versions fit, where not all do."""
    every = sum(p.trim.model_id == own[0].trim.model_id for p in market.everything)
    if len(own) == every:
        return ""
    if len(own) > MOST_NAMED:
        return turn.either("部分版本符合", "not every version fits")
    names = wording.joined([turn.name_of(p.trim) for p in own], turn)
    return turn.either(f"符合的是 {names}", f"in the {names}")


def _figures(wishes: Wishes, market: Market) -> list[str]:
    """The figures that reasons are taken from."""
    of_use = [code for use in wishes.uses for code in FIGURES_OF_USE[use]]
    return [c for c in dict.fromkeys((*wishes.figures, *of_use)) if c in market.features]


def figure(turn: Turn, feature: Feature, records: Sequence[Record]) -> str:
    """`后备箱容积 500 L`, `0–100 km/h 6.9–8.4 s`; nothing without a record."""
    numbers = sorted(n for record in records if (n := record.number(feature.code)) is not None)
    if not numbers:
        return ""
    text = plain(numbers[0])
    if numbers[0] != numbers[-1]:
        text += f"–{plain(numbers[-1])}"
    return f"{in_sentence(turn, feature)} {with_unit(turn, text, feature)}"


def _instalment(turn: Turn, own: Sequence[PricedTrim], market: Market) -> str:
    lowest = min(
        (market.instalments[p.trim.id] for p in own if p.trim.id in market.instalments),
        key=lambda one: one.loan.monthly,
        default=None,
    )
    if lowest is None:
        return ""
    each = wording.yuan(lowest.loan.monthly, turn.language)
    down, months = wording.yuan(lowest.loan.down, turn.language), lowest.loan.months
    return turn.either(
        f"{lowest.plan.name_zh}首付 {down}、{months} 期，月供 {each}起",
        f"from {each} a month with {down} down over {months} months ({lowest.plan.name_en})",
    )


def card(turn: Turn, trims: Sequence[PricedTrim], wishes: Wishes, market: Market) -> dict[str, Any]:
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
    used: list[Certified] = [p.price for p in trims if p.price]
    told = {*wishes.features, *_figures(wishes, market), *(label[0] for label in wishes.labels)}
    for known in trims:
        values = market.records[known.trim.id].values
        used += [fact for code in told if code in values and (fact := values[code].fact)]
    if wishes.monthly is not None:
        used += [
            market.instalments[p.trim.id].plan for p in trims if p.trim.id in market.instalments
        ]
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
    }  # fmt: skip


def best_first(groups: list[list[PricedTrim]], wishes: Wishes, market: Market) -> None:
    """Puts the models first that a figure or use which was named speaks for; a figure that not
    all of them have by a record decides nothing."""
    for code in reversed(_figures(wishes, market)):
        lower = LESS_IS_MORE.search(f"{market.features[code].name_zh} {code}") is not None
        best: dict[int, Decimal] = {}
        for own in groups:
            numbers = [n for p in own if (n := market.records[p.trim.id].number(code)) is not None]
            if numbers:
                best[id(own)] = (min if lower else max)(numbers)
        if len(best) == len(groups):
            groups.sort(key=lambda own: best[id(own)] if lower else -best[id(own)])
