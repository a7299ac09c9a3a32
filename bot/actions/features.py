"""Configuration: what a car has and measures."""

import re
from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import Feature
from bot.actions import charging, wish_words, wording
from bot.actions.answers import ANSWERS, answers
from bot.actions.base import Events, ask_colleague
from bot.actions.car_records import tells_drive, tells_size
from bot.actions.cars import Cars, remember, which
from bot.actions.comparison import compare
from bot.actions.context import Turn
from bot.actions.difference import asks_difference, difference, model_within, trims_to_tell_apart
from bot.actions.feature_answers import tell_feature
from bot.actions.figures import value_text
from bot.actions.other_makes import names_other_make
from bot.actions.prices import ask_which, asks_extreme, extreme, next_steps
from bot.actions.versions import asks_seats, energy_versions, seats

OF_EACH_GROUP = 2
"""Figures of each group of features in the short answer to "what does it have"."""


def mentioned_features(turn: Turn) -> list[str]:
    """Codes of the features in the message, ambiguous ones with all they may mean."""
    codes: list[str] = []
    for entity in turn.entities:
        if entity.get("entity") == "feature":
            codes += [entity["value"], *(entity.get("alternatives") or [])]
    return list(dict.fromkeys(codes))


@answers("ask_config")
async def configuration(turn: Turn, session: AsyncSession) -> Events:
    """Answers about the features named, of the cars meant; yes or no comes first."""
    cars = await which(turn, session)
    codes = mentioned_features(turn)
    if _TO_A_HUNDRED.search(turn.text):
        # Digits alone are no name. What stands beside a number is part of a version's name.
        part_of_name = (
            await _codes(session, tells_drive) if _DRIVE_IN_NAME.search(turn.text) else []
        )
        codes = [code for code in codes if code not in part_of_name]
        codes += [one for one in await _codes(session, _quick) if one not in codes]
    if _ALL_ROUND.search(turn.text) and not turn.pressed:
        # "有天窗还有360吗": nobody says the rest of the name.
        codes += [c for c in await _codes(session, _sees_all_round) if c not in codes]
    codes = codes or await _by_value(turn, session)
    topic = turn.slot("topic") or {}
    narrows = cars.mentioned or turn.found("trim_level") or turn.found("energy")
    if not codes and topic.get("ask") == "ask_config" and narrows and not asks_difference(turn):
        codes = list(topic.get("features") or [])
    if names_other_make(turn) and not codes:
        return await _ours_instead(turn, session, cars)
    if not codes and charging.asks_time(turn) and (charging.plugs_in(cars) or not cars.models):
        codes = await _codes(session, charging.tells_time)
        cars = cars.with_energies("electric", "plug_in_hybrid")
    elif not codes and (charging.asks_at_home(turn) or charging.asks_time(turn)):
        return await charging.at_home(turn, session, cars)
    if not cars.models and asks_extreme(turn):
        # "the cheapest with cruise control", of all.
        return await extreme(turn, session)
    if not cars.models:
        events = await ask_which(turn, session, "ask_config")
        return [*events, remember(turn, features=codes)]
    wanted = await catalogue.features(session, codes) if codes else []
    if not wanted and asks_difference(turn) and (one := model_within(turn, cars)):
        cars = cars.only(one)
        apart = await trims_to_tell_apart(turn, session, cars)
        if len(apart) == 2:
            return await difference(turn, session, apart)
    if not wanted and asks_seats(turn):
        return seats(turn, cars)
    if not wanted and (told := await energy_versions(turn, session, cars)) is not None:
        return told
    if not wanted and len(cars.models) > 1:
        return await compare(turn, session, cars)
    if not wanted and _asks_unknown(turn, cars):
        await ask_colleague(turn, session)
        name = turn.name_of(cars.models[0])
        turn.say("utter_not_confirmed", subject=turn.either(f"{name}的这一项", f"the {name}"))
        return [remember(turn, cars, ask="ask_config", features=[])]
    if not wanted:
        return await _overview(turn, session, cars)
    for feature in wanted:
        await tell_feature(turn, session, cars, feature)
    if any(charging.asks_real_life(turn, feature) for feature in wanted):
        await charging.say_tested(turn, session)
    return [remember(turn, cars, ask="ask_config", features=[f.code for f in wanted])]


_IN_GENERAL = re.compile(
    r"配置|参数|介绍|怎么样|咋样|如何|详细|了解|资料|说说|讲讲|看看|优点|缺点|亮点|区别|不同"
    r"|\b(?:specs?|specifications?|features?|equipment|details?|about|tell me|figures|good|"
    r"overview|info\w*|standard|differ\w*|worth|describe|introduce)\b",
    re.I,
)
_ASKS_ONE = re.compile(
    r"[吗么]|有没有|多[大长高宽重快久少远]|几|是不是|"
    r"\bhow (?:much|many|far|fast|big|long|tall|wide|heavy|deep|often|loud)\b"
    r"|^(?:does|do|is|are|has|have|can|will)\b",
    re.I,
)
SURE = 0.8


def _asks_unknown(turn: Turn, cars: Cars) -> bool:
    """Whether one property is asked for that the catalogue has no name for: what is shown instead
    would be no answer, and a colleague may know."""
    if turn.pressed or turn.intent != "ask_config" or turn.confidence < SURE or cars.narrowed:
        return False
    said = turn.text.strip()
    if _IN_GENERAL.search(said) or asks_difference(turn):
        return False
    return _ASKS_ONE.search(said) is not None


_TO_A_HUNDRED = re.compile(r"(?<!\d)0\s?(?:-|–|到|至|~|to)\s?100(?!\d)", re.I)
_DRIVE_IN_NAME = re.compile(r"\d\s?(?:km\s?)?(?:四驱|两驱|4wd|awd|fwd)", re.I)


async def _codes(session: AsyncSession, tell: Callable[[Feature], bool]) -> list[str]:
    return [feature.code for feature in await catalogue.features(session) if tell(feature)]


_ALL_ROUND = re.compile(
    r"(?<![\d.])360(?![\d.]|\s?(?:公里|km|万|元|块|期|匹|牛|版|米|斤|\+))", re.I
)


def _sees_all_round(feature: Feature) -> bool:
    return feature.kind == "flag" and "360" in f"{feature.name_zh} {feature.name_en}"


def _quick(feature: Feature) -> bool:
    """Whether it tells how long the car takes to 100 km/h."""
    name = f"{feature.code} {feature.name_zh} {feature.name_en}".casefold()
    return feature.kind == "number" and ("加速" in name or "acceleration" in name)


_COLOUR = re.compile(r"\bcolou?rs?\b|颜色", re.I)


def names_colour(turn: Turn) -> bool:
    """Whether a colour is named, or asked for."""
    return bool(turn.found("colour") or _COLOUR.search(turn.text))


async def _by_value(turn: Turn, session: AsyncSession) -> list[str]:
    """Codes of the features that only a value was named of: 有白色吗, 是四驱吗."""
    tells = []
    if names_colour(turn):
        tells.append(tells_colour)
    if wish_words.drive(turn.text):
        tells.append(tells_drive)
    if wish_words.sizes(turn.text) and not turn.found("body"):
        tells.append(tells_size)
    if not tells:
        return []
    known = await catalogue.features(session)
    return [feature.code for feature in known if any(tell(feature) for tell in tells)]


def tells_colour(feature: Feature) -> bool:
    """Whether it tells the colours of the body."""
    name = f"{feature.name_zh} {feature.name_en}".casefold()
    inside = any(word in name for word in ("内饰", "座椅", "interior", "seat", "trim"))
    return feature.kind == "text" and not inside and ("颜色" in name or "colo" in name)


async def _ours_instead(turn: Turn, session: AsyncSession, cars: Cars) -> Events:
    """A comparison with another make: nothing is claimed of it, ours are shown."""
    turn.say("utter_no_other_make", make=names_other_make(turn))
    if len(cars.models) > 1:
        # "compared to" brings in what was talked about before, which is not meant here.
        named = [model for model in cars.models if model.code in turn.found("model")]
        cars = cars.only(named[0]) if len(named) == 1 else cars
    if not cars.models:
        return await ANSWERS["ask_models"](turn, session)
    return await (compare if len(cars.models) > 1 else _overview)(turn, session, cars)


def _leading(features: Sequence[Feature]) -> list[Feature]:
    """The first figures of each group: the catalogue lists the most telling ones first."""
    taken: dict[str, int] = {}
    chosen = []
    for feature in features:
        if feature.kind == "number" and taken.get(feature.group_code, 0) < OF_EACH_GROUP:
            taken[feature.group_code] = taken.get(feature.group_code, 0) + 1
            chosen.append(feature)
    return chosen


async def _overview(turn: Turn, session: AsyncSession, cars: Cars) -> Events:
    """The main figures of each trim as cards; what differs is easy to see side by side."""
    figures = _leading(await catalogue.features(session))
    cards = []
    for trim in cars.trims[:6]:
        values = await catalogue.feature_values(session, turn.today, [trim], figures)
        shown = [v for v in values if v.fact is not None]
        priced = (await catalogue.priced(session, turn.today, [trim]))[0]
        facts = [{"label": turn.name_of(v.feature), "value": value_text(turn, v)} for v in shown]
        if priced.price:
            amount = wording.price(priced.price.amount, turn.language)
            facts.insert(0, {"label": turn.either("指导价", "List price"), "value": amount})
        used = [v.fact for v in shown if v.fact] + ([priced.price] if priced.price else [])
        cards.append(
            {
                "title": f"{turn.name_of(trim.model)} {turn.name_of(trim)}",
                "subtitle": wording.provenance(turn, *used).strip("（）()"),
                "facts": facts,
            }
        )
    if not cards:
        await ask_colleague(turn, session)
        turn.say("utter_not_confirmed", subject=turn.name_of(cars.models[0]))
        return [remember(turn, cars, ask="ask_config", features=[])]
    names = wording.joined([turn.name_of(model) for model in cars.models], turn)
    turn.tell(
        turn.either(
            f"{names}的主要参数如下，想了解哪项配置可以直接问。",
            f"The main figures of the {names} are below. Ask about any other feature.",
        ),
        buttons=next_steps(turn, cars.model),
        cards=cards,
    )
    return [remember(turn, cars, ask="ask_config", features=[])]
