"""What is said of the old car besides the four questions: whether the new one is worth its price,
the price the customer has in mind, the valuation that was given before."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import TradeInRange
from backend.sales.trade_in import OldCar, estimate
from backend.texts import facts
from backend.workshop.safety import is_urgent
from bot.actions import wording
from bot.actions.base import Events, ask_colleague, forethought
from bot.actions.cars import remember, which
from bot.actions.context import Turn
from bot.actions.prices import next_steps

MOST_ASIDES = 2
"""Other questions in a row after which the valuation is not asked for any more."""
HEARD_IN = frozenset({"action_answer", "action_follow_up", "action_unsure"})

_WORTH_IT = re.compile(
    r"值不值|值得|值吗|值么|划不划算|划算吗|有必要吗|\b(?:worth it|worth the (?:money|extra))\b",
    re.I,
)
_MY_CAR = re.compile(
    r"我(?:的|有|这|家)|旧车|老车|二手|卖(?!点)|置换|抵|\b(?:my|our|old|trade)\b", re.I
)
_LEAST = re.compile(
    r"卖|出|收|低于|至少|起码|心理价|\b(?:sell|less than|at least|expect|want)\b", re.I
)


def asks_worth_of_new(turn: Turn) -> bool:
    """值不值, of the car in question and not of an old one."""
    told = any(turn.found(kind) for kind in ("mileage", "plate", "make"))
    in_question = bool((turn.slot("topic") or {}).get("models"))
    new = bool(_WORTH_IT.search(turn.text)) and not _MY_CAR.search(turn.text)
    return new and in_question and not told and not turn.pressed


async def say_worth(turn: Turn, session: AsyncSession) -> Events:
    """No judgement of ours: what decides is whether he uses it, and a drive shows it."""
    cars = await which(turn, session)
    turn.tell(
        turn.either(
            "看多出来的配置您平时用不用得上；常用就值，不常用选低一档更省。两个版本都可以来试一试。",
            "It depends on whether you use what you pay extra for; if not, the version below saves "
            "money. You are welcome to try both.",
        ),
        buttons=next_steps(turn, cars.model),
    )
    return [remember(turn, cars)]


async def valued_before(turn: Turn, session: AsyncSession) -> Events | None:
    """What was said of the old car's value, with what a trade-in adds; None if nothing was."""
    known = (turn.slot("topic") or {}).get("old_car")
    anew = any(turn.found(kind) for kind in ("mileage", "plate", "make"))
    if not known or anew or turn.pressed:
        return None
    offers = await catalogue.promotions(session, turn.today, (await which(turn, session)).model)
    lines = [
        facts.promotion(
            turn.either(offer.title_zh, offer.title_en),
            turn.either(offer.text_zh, offer.text_en),
            offer.valid_until,
            turn.language,
            turn.today,
        )
        for offer in offers
        if offer.kind == "trade_in"
    ]
    # Said anew: the language may be another one now, and the price guide too.
    car = OldCar(**known)
    found = await estimate(session, turn.today, car)
    told = told_car(turn, car)
    text = turn.either(
        f"{told}的资料已经转给顾问估价，会在这里回复您。",
        f"The {told} is with a consultant for valuation; the answer comes here.",
    )
    if found is not None:
        text = told_range(turn, told, found)
    turn.tell(text + ("\n" + wording.bullets(lines) if lines else ""))
    return [remember(turn, ask="trade_in")]


def told_car(turn: Turn, car: OldCar) -> str:
    return turn.either(
        f"{car.name}（{car.year} 年，{car.km:,} 公里，{car.place}）",
        f"{car.name} ({car.year}, {car.km:,} km, {car.place})",
    )


def told_range(turn: Turn, told: str, found: TradeInRange) -> str:
    """What the approved price guide says of a car that is `told` in words."""
    low, high = (wording.yuan(fen, turn.language) for fen in (found.low, found.high))
    return turn.either(
        f"{told}按现行收购价目是 {low}至 {high}，以到店评估为准。",
        f"By our current price guide the {told} is worth {low} to {high}; "
        "the inspection at the dealership decides.",
    ) + wording.inline(turn, found)


@forethought
async def hear_expectation(turn: Turn, session: AsyncSession, action: str) -> Events | None:
    """低于5万我不卖, after the valuation: passed on, and no figure of ours said to it."""
    topic = turn.slot("topic") or {}
    if action not in HEARD_IN or turn.pressed or turn.tracker.active_loop_name:
        return None
    if is_urgent(turn.text):
        return None
    if topic.get("ask") != "trade_in" or not topic.get("old_car"):
        return None
    if not turn.found("money") or turn.found("model") or not _LEAST.search(turn.text):
        return None
    await ask_colleague(turn, session, kind="follow_up")
    turn.tell(
        turn.either(
            "您的心理价位已经转告顾问，最终以到店评估为准。",
            "I've passed your price on to the consultant; the inspection decides.",
        )
    )
    return [remember(turn)]


def asides_before(turn: Turn, form: str) -> int:
    """How many messages in a row, right before this one, were answered beside the open form."""
    count, answered, current = 0, False, True
    for event in reversed(turn.tracker.events):
        kind, name = event.get("event"), event.get("name")
        if kind == "active_loop" and name == form:
            break
        if kind == "action" and name == "action_answer":
            answered = True
        elif kind == "user" and current:
            current = False
        elif kind == "user":
            if not answered:
                break
            count, answered = count + 1, False
    return count
