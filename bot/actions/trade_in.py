"""The old car: four questions, then a range from the approved price guide, or a consultant."""

import re
from dataclasses import asdict

from rasa_sdk.events import FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.sales import trade_in
from bot.actions import old_car, wording
from bot.actions.answers import answers
from bot.actions.asking import AskPlainly
from bot.actions.base import Events, JourneyAction, ask_colleague
from bot.actions.cars import remember
from bot.actions.context import Turn
from bot.actions.forms import QUESTIONS, Filling, FormJourney
from bot.actions.resuming import closed
from bot.actions.trade_in_talk import (
    MOST_ASIDES,
    asides_before,
    asks_worth_of_new,
    say_worth,
    told_car,
    told_range,
    valued_before,
)

FORM = "trade_in_form"
SLOTS = ("trade_in_model", "trade_in_year", "trade_in_km", "trade_in_place")
VALUATION = "valuation"
"""What `start_with` of a button stands for: the questions about the old car."""

_WORTH = re.compile(
    r"值|多少钱|多少|能抵|抵多少|估|报个?价|收购|卖给|回收|什么价|几万"
    r"|\b(?:worth|value|valuation|valued?|apprais\w*|how much|price|quote|offer|estimate|sell)\b",
    re.I,
)
_PAPERS = re.compile(
    r"流程|手续|材料|资料|证件|怎么(?:办|弄|操作)|过户|多久|多长时间"
    r"|\b(?:how long|process|steps?|documents?|papers?|bring|procedure)\b",
    re.I,
)


@answers("trade_in")
async def old_cars(turn: Turn, session: AsyncSession) -> Events:
    """How a trade-in goes, in approved words; who asks what his car is worth is asked about it."""
    if asks_worth_of_new(turn):
        return await say_worth(turn, session)
    before = await valued_before(turn, session) if _WORTH.search(turn.text) else None
    if before is not None:
        return before
    told = turn.first("mileage") or turn.first("plate") or turn.found("make")
    begins = turn.first("start_with") == VALUATION or bool(_WORTH.search(turn.text) or told)
    begins = begins and not _PAPERS.search(turn.text) and not turn.tracker.active_loop_name
    if not (begins and turn.first("start_with")):
        await _how_it_goes(turn, session, begins)
    events = [remember(turn, ask="trade_in")]
    return [*events, FollowupAction(FORM)] if begins else events


async def _how_it_goes(turn: Turn, session: AsyncSession, begins: bool) -> None:
    found = await catalogue.statement(session, turn.today, "trade_in")
    if found is None:
        if not begins:
            await ask_colleague(turn, session, kind="follow_up")
            turn.say("utter_consultant_follows_up")
        return
    title = turn.either("估一下旧车", "Value my car")
    button = wording.button(title, f'/trade_in{{"start_with": "{VALUATION}"}}')
    offered = [] if begins or turn.tracker.active_loop_name else [button]
    text = turn.either(found.text_zh, found.text_en)
    turn.tell(text + wording.inline(turn, found), buttons=offered)


class ValidateTradeIn(FormJourney):
    action = "validate_trade_in_form"
    form = FORM
    trigger = "trade_in"
    confirmation = ""
    slots = SLOTS

    async def _leaves_first(self, turn: Turn, session: AsyncSession) -> Events | None:
        if turn.resumed:
            # A person has talked about it since: nothing more is asked.
            return [*(SlotSet(slot, None) for slot in SLOTS), *closed(FORM)]
        if self._aside(turn) and asides_before(turn, FORM) + 1 >= MOST_ASIDES:
            # He is at something else: asking on and on would be a nuisance.
            return closed(FORM)
        return await super()._leaves_first(turn, session)

    @staticmethod
    def _aside(turn: Turn) -> bool:
        """Whether a message surely asks something else; a short answer may sound like it."""
        asks = turn.intent in QUESTIONS - {"trade_in", *ANSWERED} or old_car.asks(turn.text)
        return asks and turn.intent in QUESTIONS - {"trade_in"} and not turn.pressed

    async def fill(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        requested = turn.slot("requested_slot")
        aside = turn.intent in QUESTIONS - {self.trigger}
        if turn.pressed or (aside and (old_car.asks(turn.text) or turn.intent not in ANSWERED)):
            return
        # The more exact value goes first: "浙A" is no name, "2018" no mileage.
        place = old_car.read_place(turn, asked=requested == "trade_in_place")
        if place == "":
            turn.say("utter_plate_unknown")
            filling.ask("trade_in_place")
        elif place:
            filling.set("trade_in_place", place)
        year = old_car.read_year(turn, asked=requested == "trade_in_year")
        if year is not None and not old_car.FIRST_YEAR <= year <= turn.today.year:
            turn.say("utter_year_unlikely")
            filling.ask("trade_in_year")
        elif year is not None:
            filling.set("trade_in_year", year)
        km = old_car.read_km(turn, asked=requested == "trade_in_km" and year is None)
        if km is not None and not 0 <= km <= old_car.MOST_KM:
            turn.say("utter_mileage_unlikely")
            filling.ask("trade_in_km")
        elif km is not None:
            filling.set("trade_in_km", km)
        known = trade_in.named(await trade_in.ranges(session, turn.today), turn.text)
        asked = requested == "trade_in_model"
        if known and not asked and not self._own(turn):
            known = None
        name = old_car.read_name(turn, known, asked=asked)
        if name:
            filling.set("trade_in_model", name)
        if filling.slots and turn.intent == self.trigger:
            # It answers, whatever it sounds like.
            turn.intent = "inform"

    @staticmethod
    def _own(turn: Turn) -> bool:
        """Whether the car named is the one that is driven now: "想换山屿" names the new one."""
        return bool(turn.found("make") or _OWN.search(turn.text))


ANSWERED = frozenset({"chitchat", "out_of_scope", "thank", "ask_models", "ask_config", "ask_price"})
"""What a short answer such as "朗逸", "临澜" may be taken for."""

_OWN = re.compile(
    r"我的|我有|我家|家里|开的|旧车|老车|手上|现在(?:的|开)|这[台辆]|\b(?:my|our|old|drive|own|have)\b",
    re.I,
)


class AskModel(AskPlainly, JourneyAction):
    action = "action_ask_trade_in_model"
    slot = "trade_in_model"


class AskYear(AskPlainly, JourneyAction):
    action = "action_ask_trade_in_year"
    slot = "trade_in_year"


class AskMileage(AskPlainly, JourneyAction):
    action = "action_ask_trade_in_km"
    slot = "trade_in_km"


class AskPlace(AskPlainly, JourneyAction):
    action = "action_ask_trade_in_place"
    slot = "trade_in_place"


class SubmitTradeIn(JourneyAction):
    """Says the approved range; without one the car's data go to a consultant."""

    action = "action_submit_trade_in"

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        car = trade_in.OldCar(
            name=str(turn.slot("trade_in_model")),
            year=int(turn.slot("trade_in_year")),
            km=int(turn.slot("trade_in_km")),
            place=str(turn.slot("trade_in_place")),
        )
        told = told_car(turn, car)
        found = await trade_in.estimate(session, turn.today, car)
        note = turn.either("旧车估价：", "Valuation of an old car: ") + told
        if found is None:
            await ask_colleague(turn, session, kind="follow_up", note=note)
            turn.say("utter_trade_in_to_consultant", car=told)
        else:
            turn.tell(
                told_range(turn, told, found),
                buttons=[
                    wording.button(turn.either("找人工", "Talk to a person"), "/human_handoff")
                ],
            )
        cleared = [SlotSet(slot, None) for slot in SLOTS]
        return [*cleared, remember(turn, ask="trade_in", old_car=asdict(car))]
