"""What one trim of a model has over another, from valid records only."""

import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import FeatureValue, PricedTrim
from backend.models import Certified, Model, Trim
from bot.actions import wording
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import Cars, remember
from bot.actions.context import Turn
from bot.actions.figures import value_text
from bot.actions.prices import next_steps

MOST_LINES = 10

_DIFFERENCE = re.compile(
    r"差在哪|差别|区别|差异|不同|不一样|差什么|差多少配置|差了(?:什么|啥|哪些)|多了?(?:什么|啥|哪些|些什么)|贵在哪|值在哪|多花"
    r"|\bdiffer\w*\b|\bextra\b|\bwhat more\b|\bover the (?:base|lower|cheaper)\b|\bwhat do i get\b"
    r"|\bwhat (?:does|do|would|will)\b.{0,40}\b(?:adds?|get me|give me|have over)\b"
    r"|\bwhat(?:'?s| is) (?:better|so special) (?:about|on|with)\b",
    re.I,
)


def asks_difference(turn: Turn) -> bool:
    """差在哪, 高配多了什么, "what do I get for the extra money"."""
    return bool(_DIFFERENCE.search(turn.text))


_AGAINST = re.compile(
    r"和|跟|与|同|比|\b(?:than|from|versus|vs|compared|with|and|to)\b",
    re.I,
)


def model_within(turn: Turn, cars: Cars) -> Model | None:
    """The model whose trims a question about a difference sets apart; None if it sets models
    apart: "云驰有什么区别" asks within one, "和云驰有什么区别" about two."""
    if len(cars.models) == 1:
        return cars.models[0]
    named = [model for model in cars.models if model.code in turn.found("model")]
    if len(named) != 1:
        return None
    by_trim = turn.found("trim") or turn.found("trim_level")
    return named[0] if by_trim or not _AGAINST.search(turn.text) else None


async def trims_to_tell_apart(turn: Turn, session: AsyncSession, cars: Cars) -> list[Trim]:
    """Two trims of one model: those named, the one named and the one talked about before, or
    the lowest and the highest by price. Fewer when the model has no two with a price."""
    model = cars.models[0]
    known = [p for p in await catalogue.priced(session, turn.today, model.trims) if p.price]
    known.sort(key=lambda p: (p.price.amount if p.price else 0, p.trim.position))
    ladder = [p.trim for p in known]
    named = _named(turn, model, ladder)
    if not named and cars.narrowed and len(cars.of(model)) == 2:
        # 混动版有什么区别, 比它低一档的差在哪.
        return cars.of(model)
    if len(named) < 2:
        before = set((turn.slot("topic") or {}).get("trims") or [])
        named += [trim for trim in model.trims if trim.code in before and trim not in named]
    if len(named) < 2 and ladder:
        for trim in (ladder[0], ladder[-1]):
            if trim not in named and len(named) < 2:
                named.append(trim)
    return named[:2]


def _named(turn: Turn, model: Model, ladder: Sequence[Trim]) -> list[Trim]:
    mentions: list[list[Trim]] = []
    for entity in turn.entities:
        if entity.get("entity") == "trim":
            codes = [entity["value"], *(entity.get("alternatives") or [])]
            mentions.append([trim for trim in model.trims if trim.code in codes])
    named = _one_of_each([meant for meant in mentions if meant])
    for level in turn.found("trim_level"):
        if ladder:
            place = {"base": 0, "mid": len(ladder) // 2}.get(str(level), len(ladder) - 1)
            if ladder[place] not in named:
                named.append(ladder[place])
    return named


def _one_of_each(mentions: Sequence[Sequence[Trim]]) -> list[Trim]:
    """One version for each mention, of a name that several have the one driven as the others: of
    混动尊享版 and 豪华版 the hybrid 豪华版. A single mention means all that have the name."""
    if len(mentions) < 2:
        return list(dict.fromkeys(trim for meant in mentions for trim in meant))
    clear = {meant[0].energy for meant in mentions if len(meant) == 1}
    chosen = []
    for meant in mentions:
        alike = [trim for trim in meant if trim.energy in clear]
        chosen.append((alike or list(meant))[0])
    return list(dict.fromkeys(chosen))


async def difference(turn: Turn, session: AsyncSession, trims: Sequence[Trim]) -> Events:
    """What the dearer of two trims of a model has over the other, and for how much."""
    known = await catalogue.priced(session, turn.today, trims)
    known.sort(key=lambda p: (p.price.amount if p.price else 0, p.trim.position))
    low, high = known[0], known[-1]
    model = low.trim.model
    cars = Cars((model,), (low.trim, high.trim), True, True)
    wanted = list(await catalogue.features(session))
    values = await catalogue.feature_values(session, turn.today, [low.trim, high.trim], wanted)
    first, second = values[: len(wanted)], values[len(wanted) :]
    pairs = [
        (a, b)
        for a, b in zip(first, second, strict=True)
        if a.fact and b.fact and a.fact.value != b.fact.value
    ]
    pairs.sort(key=lambda pair: pair[0].feature.kind != "flag")
    if not pairs:
        await ask_colleague(turn, session)
        turn.say("utter_not_confirmed", subject=_title(turn, model, low, high))
        return [remember(turn, cars, ask="ask_config", features=[])]
    lines = [_line(turn, a, b) for a, b in pairs[:MOST_LINES]]
    facts: list[Certified] = [p.price for p in (low, high) if p.price]
    for pair in pairs[:MOST_LINES]:
        facts += [value.fact for value in pair if value.fact]
    text = _price_line(turn, model, low, high) + "\n" + wording.bullets(lines)
    if len(pairs) > MOST_LINES:
        rest = len(pairs) - MOST_LINES
        text += "\n" + turn.either(
            f"另有 {rest} 项不同，想了解哪项可以直接问。",
            f"{rest} more details differ; ask about any of them.",
        )
    turn.tell(text + "\n" + wording.provenance(turn, *facts), buttons=next_steps(turn, model))
    return [remember(turn, cars, ask="ask_config", features=[])]


def _title(turn: Turn, model: Model, low: PricedTrim, high: PricedTrim) -> str:
    names = [turn.name_of(low.trim), turn.name_of(high.trim)]
    return f"{turn.name_of(model)} {wording.joined(names, turn)}"


def _price_line(turn: Turn, model: Model, low: PricedTrim, high: PricedTrim) -> str:
    less, more, car = turn.name_of(low.trim), turn.name_of(high.trim), turn.name_of(model)
    if low.price is None or high.price is None:
        return turn.either(f"{car} {more}和 {less}的差别：", f"{car}, {more} against {less}:")
    gap = high.price.amount - low.price.amount
    if gap == 0:
        return turn.either(
            f"{car} {more}和 {less}同价，差别：", f"{car}, {more} against {less}, same price:"
        )
    amount = wording.price(gap, turn.language)
    return turn.either(
        f"{car} {more}比 {less}贵 {amount}，差别在：",
        f"The {car} {more} costs {amount} more than the {less}. For that:",
    )


def _line(turn: Turn, low: FeatureValue, high: FeatureValue) -> str:
    """One feature, from the lower trim to the higher."""
    name = turn.name_of(low.feature)
    before, after = value_text(turn, low), value_text(turn, high)
    if low.feature.kind == "flag" and low.fact and high.fact and low.fact.value == "none":
        return name if high.fact.value == "standard" else f"{name}{_bracket(turn, after)}"
    if low.feature.kind == "flag" and high.fact and high.fact.value == "none":
        missing = turn.either("没有，低一级的版本有", "not on this one, but on the lower")
        return f"{name}{_bracket(turn, missing)}"
    return f"{name}{turn.either('：', ': ')}{before} → {after}"


def _bracket(turn: Turn, text: str) -> str:
    return turn.either(f"（{text}）", f" ({text})")
