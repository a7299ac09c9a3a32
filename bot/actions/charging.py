"""How fast a car charges, and charging at home: customers ask without naming a feature."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import Feature, Promotion
from backend.texts import facts
from bot.actions import wording
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import Cars, remember
from bot.actions.context import Turn

CHARGING = "charging"
"""Code of the approved text on charging at home."""

_TIME = re.compile(
    r"充(?:满|一次|电)(?:一次)?(?:的?时间|(?:得|要|需要|大概|得要)*(?:多久|多长时间|几个?小时|几分钟))|多久(?:能|可以)?充(?:满|好)"
    r"|充电(?:速度|快|慢|更快)|快充.{0,4}(?:多久|多快)"
    r"|\bhow (?:long|fast|quick\w*)\b.{0,24}\bcharg"
    r"|\bcharg\w*\b.{0,12}\b(?:time|fast\w*|quick\w*|speed)",
    re.I,
)
_AT_HOME = re.compile(
    r"充电桩(?!.{0,4}(?:在哪|位置|附近))|(?:家里|家用|小区|车位|自己家).{0,6}(?:充电|慢充)|装.{0,3}桩"
    r"|wallbox|home charger|\bcharg\w+\b.{0,20}\bat home\b|\bhome charg\w+",
    re.I,
)


def asks_time(turn: Turn) -> bool:
    """充电要多久, 哪个充电快."""
    return not turn.pressed and bool(_TIME.search(turn.text))


def asks_at_home(turn: Turn) -> bool:
    """家里能装充电桩吗, "can I charge at home"."""
    return not turn.pressed and bool(_AT_HOME.search(turn.text)) and not asks_time(turn)


def tells_time(feature: Feature) -> bool:
    """Whether a feature tells how long charging takes."""
    name = f"{feature.name_zh} {feature.name_en}".casefold()
    timed = feature.unit in ("min", "h")
    return feature.kind == "number" and timed and ("充" in name or "charg" in name)


def plugs_in(cars: Cars) -> bool:
    """Whether any of the cars in question is charged at all."""
    return any(trim.energy in ("electric", "plug_in_hybrid") for trim in cars.trims)


async def at_home(turn: Turn, session: AsyncSession, cars: Cars) -> Events:
    """The approved text, and the wallbox that comes with the car in question where one does."""
    found = await catalogue.statement(session, turn.today, CHARGING)
    gifts = [
        offer
        for offer in await catalogue.promotions(session, turn.today, cars.model)
        if offer.kind == "gift" and offer.model_id is not None and _AT_HOME.search(_titles(offer))
    ]
    own = {model.id for model in cars.models}
    gifts = [gift for gift in gifts if gift.model_id in own]
    lines = [
        facts.promotion(
            turn.either(gift.title_zh, gift.title_en),
            turn.either(gift.text_zh, gift.text_en),
            gift.valid_until,
            turn.language,
            turn.today,
        )
        for gift in gifts
    ]
    if found is not None:
        turn.tell(turn.either(found.text_zh, found.text_en) + wording.inline(turn, found))
    if lines:
        turn.tell(wording.bullets(lines))
    if found is None and not lines:
        await ask_colleague(turn, session, kind="follow_up")
        turn.say("utter_consultant_follows_up")
        return [remember(turn)]
    return [remember(turn, cars)]


def _titles(offer: Promotion) -> str:
    return f"{offer.title_zh} {offer.title_en}"


_REAL = re.compile(
    r"冬|低温|零下|天冷|打几?折|折扣|实际|真实|实测|跑高速|高速上|堵车|市区|开空调"
    r"|\b(?:winter|cold|real[- ](?:life|world)|actual\w*|really|motorway|highway|in practice)\b",
    re.I,
)
_TESTED = re.compile(r"续航|油耗|电耗|range|consumption", re.I)


def asks_real_life(turn: Turn, feature: Feature) -> bool:
    """Whether a figure of a test cycle is asked for as it is in use: 冬天续航打几折."""
    name = f"{feature.name_zh} {feature.name_en}"
    return not turn.pressed and bool(_REAL.search(turn.text) and _TESTED.search(name))


async def say_tested(turn: Turn, session: AsyncSession) -> None:
    """No record tells how a figure of the test cycle turns out in use."""
    await ask_colleague(turn, session)
    turn.tell(
        turn.either(
            "以上是标准工况的数据。冬季、高速等实际情况会有出入，没有核实过的折扣我不随口说，已经请顾问答复您。",
            "Those are test-cycle figures. Winter and motorway use differ; I have no confirmed "
            "numbers for that, so a consultant will reply here.",
        )
    )
