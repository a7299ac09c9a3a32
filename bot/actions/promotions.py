"""Offers valid today, and what is said to a wish for a lower price."""

import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import Promotion
from backend.texts import facts
from bot.actions import loan_solving, wording
from bot.actions.answers import ANSWERS, answers
from bot.actions.base import Events
from bot.actions.cars import remember, which
from bot.actions.context import Turn
from bot.actions.demands import names_other_quote, other_quote
from bot.actions.other_makes import names_other_make
from bot.actions.prices import next_steps

SHOWN = 4
"""Offers that are told when no car is meant: the most general ones."""

_BARGAINS = re.compile(
    r"便宜(?:点|一点|些|一些|多少)|(?:再|能|给)(?:少|降|让|优惠|便宜)|少(?:点|一点|些|几|个|\d)"
    r"|优惠(?:点|一点|些|到)|砍价|讲价|还价|议价"
    r"|底价|最低(?:多少|价|能)|抹零|打(?:个|点)?折|太贵|贵了|包牌价|一口价"
    r"|\b(?:discount|cheaper|best price|lowest price|better (?:price|deal)|best deal"
    r"|negotia\w+|haggl\w+"
    r"|knock (?:\w+ )?off"
    r"|come down|lower the price|go lower|do better|too expensive|(?:money|thousand|\d+k?) off)\b",
    re.I,
)


_FOR_THE_MONEY = re.compile(
    r"(?:能|可以)买(?:到|什么|哪)|买得到什么|\bwhat (?:can|could) (?:i|we|you) (?:get|buy|have)\b",
    re.I,
)


_BESIDE_CASH = re.compile(r"贷款|分期|按揭|划算|\b(?:loan|financ\w*|instal\w*|credit)\b", re.I)


@answers("ask_promotion")
async def offers(turn: Turn, session: AsyncSession) -> Events:
    """The offers of the car meant, or the most general ones, each with its last day."""
    if _FOR_THE_MONEY.search(turn.text) and turn.found("money") and not turn.found("model"):
        # "What can I get for 50k": a budget, whatever it sounds like.
        return await ANSWERS["recommend_model"](turn, session)
    if loan_solving.compares_cash(turn) and _BESIDE_CASH.search(turn.text):
        # 全款和贷款哪个优惠; 全款有优惠吗 asks for the offers.
        return await ANSWERS["ask_finance"](turn, session)
    cars = await which(turn, session)
    trim = cars.trims[0] if cars.narrowed and len(cars.trims) == 1 else None
    found: Sequence[Promotion] = await catalogue.promotions(session, turn.today, cars.model, trim)
    if cars.model is None and cars.models:
        # Of several in question what holds for them; "能便宜多少" is not about all the others.
        own = {model.id for model in cars.models}
        found = [offer for offer in found if offer.model_id is None or offer.model_id in own]
    if cars.model is None:
        found = sorted(found, key=lambda o: (o.model_id is not None, o.trim_id is not None, o.id))
        found = found[:SHOWN]
    if found:
        lines = [_line(turn, offer) for offer in found]
        head = turn.either(
            f"{turn.name_of(cars.model) if cars.model else ''}目前有这些优惠：",
            f"Current offers{' on the ' + turn.name_of(cars.model) if cars.model else ''}:",
        )
        turn.tell(head + "\n" + wording.bullets(lines), buttons=next_steps(turn, cars.model))
    else:
        subject = turn.name_of(cars.model) if cars.model else turn.either("各车型", "our models")
        turn.say("utter_no_promotion", subject=subject)
    if names_other_quote(turn) or (names_other_make(turn) and turn.found("money")):
        await other_quote(turn, session)
    elif not turn.pressed and _BARGAINS.search(turn.text):
        turn.say("utter_bargain")
    return [remember(turn, cars, ask="ask_promotion")]


def _line(turn: Turn, offer: Promotion) -> str:
    title = turn.either(offer.title_zh, offer.title_en)
    text = turn.either(offer.text_zh, offer.text_en)
    return facts.promotion(title, text, offer.valid_until, turn.language, turn.today)
