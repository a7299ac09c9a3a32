"""What the forms share: reading a message into slots, and when to step aside.

Rasa's form asks for the next empty slot; what a message fills is decided here, once for all
slots, so that any order, several values at once and corrections need no special case. The
validating action is called with whatever the customer said; it returns the slots that changed.
When the message is no answer but a question, or a wish to stop or to do something else, it
rejects the form: the rules then say what follows, and come back to the form.
"""

import re
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, FollowupAction, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions import consent
from bot.actions.answers import ANSWERS, answer_as
from bot.actions.asking import asked_with
from bot.actions.base import Events, JourneyAction
from bot.actions.cars import remember
from bot.actions.context import CONFIDENT, Turn
from bot.actions.faults import about_fault
from bot.actions.form_turns import LEFT, came_back, opens
from bot.actions.handover import angry, hand_over, in_line
from bot.actions.held import take_up
from bot.actions.resuming import GOES_ON, closed, set_aside, settled
from bot.actions.wishes import BESIDES, VISIT_FORM, Switch, also_asks, other_journey

QUESTIONS = frozenset(
    {
        "ask_models", "recommend_model", "ask_config", "ask_price", "ask_onroad_price",
        "ask_promotion", "ask_finance", "ask_maintenance_price", "ask_hours", "ask_location",
        "ask_purchase_process", "ask_warranty", "insurance", "trade_in", "order_status",
        "ask_capabilities", "bot_challenge", "chitchat", "out_of_scope", "thank", "greet",
        "manage_booking",
    }
    | BESIDES
)  # fmt: skip
"""Answered in between; the form goes on afterwards."""

FOR_STAFF = frozenset({"privacy", "feedback"})
"""Asides with words that a person has to see, also where they stand beside an answer."""

LEAVING = frozenset(
    {"stop", "human_handoff", "complaint", "report_fault", "book_test_drive", "book_maintenance",
     "goodbye"}
)  # fmt: skip
"""Ends or replaces the form, unless the message also answers it."""

UNCLEAR = ("inform", "nlu_fallback", "book_appointment")
"""What a question may hide behind."""

PATIENCE = 2
"""Answers in a row that could not be used before help is offered."""


@dataclass
class Filling:
    """What one message does to a form: slots that change, and whether something was said."""

    slots: dict[str, Any] = field(default_factory=dict)
    said: bool = False
    asked: str | None = None
    """The slot that what was said asks for already, so that it is not asked twice."""
    awaited: frozenset[str] = frozenset()
    """What the last question asked for, several slots perhaps: bare answers are taken for these."""

    def ask(self, slot: str | None) -> None:
        """Notes that something was said which asks for `slot`."""
        self.said = True
        self.asked = slot

    def set(self, slot: str, value: Any) -> None:
        self.slots[slot] = value


class FormJourney(JourneyAction):
    """The validating action of one form."""

    form: ClassVar[str]
    trigger: ClassVar[str]
    """The intent that starts it; inside it, that intent is an answer as any other."""
    confirmation: ClassVar[str]
    """The slot that is filled by the customer's yes."""
    slots: ClassVar[tuple[str, ...]]
    """What is forgotten when the form is called off."""

    @abstractmethod
    async def fill(self, turn: Turn, session: AsyncSession, filling: Filling) -> None:
        """Reads the message into `filling.slots`; may say why a value cannot be taken."""

    def failed(self, turn: Turn) -> Events:
        # A slot event keeps Rasa's form alive: it asks again instead of falling silent.
        return [
            SlotSet("form_failures", (turn.slot("form_failures") or 0) + 1),
            SlotSet("asked", None),
        ]

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        starting = opens(turn, self.form)
        if not starting and came_back(turn, self.form):
            return [SlotSet("asked", None)]
        if not starting:
            left = await self._leaves_first(turn, session)
            if left is not None:
                return left
        if starting and _CANCELS.search(turn.text):
            # "cancel the test drive" names the journey and wants the opposite.
            return [*(await ANSWERS["manage_booking"](turn, session)), *LEFT]
        part = turn.found("model") or turn.found("service_item")
        unclear = turn.intent in (self.trigger, *UNCLEAR)
        if not starting and unclear and not part and calls_off(turn):
            turn.say("utter_stopped")
            return [*(SlotSet(slot, None) for slot in self.slots), *LEFT]
        switch = None if starting else other_journey(turn, self.form)
        if switch is not None:
            return self._other_journey(turn, switch)
        about = await self._danger(turn, session)
        if about is not None:
            # Whatever form is open, danger comes first; nothing of the form is lost but its turn.
            return [
                *about,
                SlotSet("asked", None),
                SlotSet("requested_slot", None),
                ActiveLoop(None),
            ]
        if starting:
            take_up(turn)
        # Whatever the message is taken for outside, it is an answer where it answers.
        turn.intent = self.trigger if starting else as_answer(turn)
        requested = None if starting else turn.slot("requested_slot")
        filling = Filling(awaited=frozenset(asked_with(turn, requested)))
        turn.slots["requested_slot"] = requested
        taken = starting or turn.intent in (self.trigger, *UNCLEAR)
        asked = also_asks(turn, self.form) if taken else None
        aside_events = await answer_as(asked, turn, session) if asked else []
        await self.fill(turn, session, filling)
        if not starting and not filling.said:
            self.acknowledge(turn, filling)
        self._confirm(turn, filling, requested)
        events: Events = [*aside_events]
        events += [SlotSet(slot, value) for slot, value in filling.slots.items()]
        events.append(SlotSet("asked", filling.asked))
        if starting:
            return [*events, SlotSet("form_failures", 0)]
        filled = {slot for slot in filling.awaited if filling.slots.get(slot) is not None}
        answers = requested in filled or (bool(filled) and not _WONDERS.search(turn.text))
        aside = turn.intent in QUESTIONS and (turn.confidence >= CONFIDENT or turn.pressed)
        leaves = turn.intent in LEAVING - {self.trigger} and not filling.slots
        besides = turn.intent if aside and turn.intent in FOR_STAFF else ""
        besides = "privacy" if _NO_CALLS.search(turn.text) else besides
        if besides and (answers or filling.said):
            # "13800000001，别给我打广告电话" answers the form, and wants something besides.
            events += await answer_as(besides, turn, session)
        if ((aside and not answers) or leaves) and not filling.said:
            return [*events, ActionExecutionRejected(self.form)]
        if filling.slots or filling.said or asked:
            return [*events, SlotSet("form_failures", 0)]
        return await self._not_understood(turn, session, requested)

    async def _leaves_first(self, turn: Turn, session: AsyncSession) -> Events | None:
        """What goes before the message is read as an answer; None when nothing does."""
        waits = await in_line(turn, session)
        if waits is not None:
            # Asked in between: the form asks on.
            return [*waits, SlotSet("asked", None), SlotSet("form_failures", 0)]
        answering = bool({e.get("entity") for e in turn.entities} & ANSWERING)
        if not answering and not turn.pressed and angry(turn):
            return closed(self.form)
        if not turn.resumed:
            return None
        if await settled(turn, session, self.form):
            return [*(SlotSet(slot, None) for slot in self.slots), *closed(self.form)]
        aside = turn.intent in (QUESTIONS | LEAVING) - {self.trigger}
        yes = turn.intent == "affirm" and turn.slot("requested_slot") == self.confirmation
        if aside or not (answering or yes or turn.intent in ("inform", self.trigger)):
            return set_aside(turn, self.form)
        turn.say(GOES_ON[self.form])
        return None

    def _other_journey(self, turn: Turn, switch: Switch) -> Events:
        """Another booking instead of this one, or after it."""
        items = [str(code) for code in turn.found("service_item")]
        if switch.instead and turn.intent in ("book_test_drive", "book_maintenance"):
            # The rule of that intent opens the other form.
            return [remember(turn, items=items), ActionExecutionRejected(self.form)]
        if switch.instead:
            return [remember(turn, items=items), *LEFT, FollowupAction(switch.form)]
        turn.say("utter_one_after_the_other")
        events = [
            remember(turn, then=switch.form, items=items),
            SlotSet("asked", None),
            SlotSet("form_failures", 0),
        ]
        if turn.found("model") and switch.form == VISIT_FORM:
            events.append(SlotSet("service_model", turn.first("model")))
        return events

    async def _danger(self, turn: Turn, session: AsyncSession) -> Events | None:
        """What is said of a dangerous fault, or of one that was reported just before."""
        return await about_fault(turn, session)

    def acknowledge(self, turn: Turn, filling: Filling) -> None:
        """Says back what was changed, when it is not what was just asked for."""

    def _confirm(self, turn: Turn, filling: Filling, requested: str | None) -> None:
        """Yes counts only when nothing changed in the same message: then it is asked anew."""
        if requested != self.confirmation:
            return
        if filling.slots or filling.said or turn.resumed:
            # After a person has talked with him, too: a yes may be to what that one said.
            filling.set(self.confirmation, None)
        elif turn.intent == "affirm" and consent.clear(turn):
            filling.set(self.confirmation, True)
        elif turn.intent == "deny":
            turn.say("utter_what_to_change")
            filling.ask(self.confirmation)

    async def _not_understood(
        self, turn: Turn, session: AsyncSession, requested: str | None
    ) -> Events:
        failures = (turn.slot("form_failures") or 0) + 1
        if failures >= PATIENCE and turn.intent == "nlu_fallback":
            # Not even what it is about: the form stays, a person comes.
            called = await hand_over(turn, session, reason="utter_unsure_again")
            if called:
                return [*called, SlotSet("form_failures", 0), SlotSet("asked", requested)]
        if failures > PATIENCE:
            turn.say("utter_form_stuck")
            failures = 0
        elif requested:
            turn.say(f"utter_explain_{requested}")
        return [SlotSet("form_failures", failures), SlotSet("asked", requested)]


_NO_CALLS = re.compile(
    r"(?:别|不要|不想)[^，。]{0,6}(?:广告|推销|骚扰)|\bno (?:spam|marketing|ads|sales calls)\b"
    r"|\bdon'?t (?:spam|call|text) me\b",
    re.I,
)
_CALLS_OFF = re.compile(
    r"取消|不约|不去|不要了|不弄了|不试了|不做了|退掉"
    r"|\b(?:cancel|call (?:it )?off|forget it|not coming|(?:scrap|bin|ditch) (?:it|that))\b"
    r"|\bcan'?t make it(?=\W*(?:$|any ?more|after all|sorry|now))",
    re.I,
)
_CANCELS = re.compile(r"取消|退掉|\b(?:cancel|call (?:it )?off)\b", re.I)
_CHANGES = re.compile(
    r"改|换|加|别要|不要|去掉|还是|不对|错了"
    r"|\b(?:instead|make it|move|change|switch|add|actually|not)\b",
    re.I,
)
_ASKS = re.compile(
    r"[?？吗呢么]|多少|几|怎|什么|啥|\b(?:what|how|which|when|why|does|do|is|can)\b", re.I
)
_WONDERS = re.compile(r"[?？吗呢么]|多少|几|怎|什么|啥|\b(?:what|how|which|when|why|where)\b", re.I)
"""The same without what may stand in an answer, "my name is"."""
MARKS = ("/", "／", "<", "{", "[")
GRAVE = 0.6
"""What ends a form has to be this sure."""
ANSWERING = frozenset(
    {"model", "trim", "time", "phone", "person", "plate", "mileage", "service_item", "make"}
)


def changes(turn: Turn) -> bool:
    """Whether the words say that something is to be other than it was."""
    return bool(_CHANGES.search(turn.text))


def calls_off(turn: Turn) -> bool:
    """ "不想去了", "cancel it": no more than that the customer does not want it any more."""
    values = {e.get("entity") for e in turn.entities} & (ANSWERING - {"model", "service_item"})
    return bool(_CALLS_OFF.search(turn.text)) and not values


def as_answer(turn: Turn) -> str:
    """The intent of a message inside a form.

    "算了不要远岳，换山屿" sounds like stopping and is a change; "加个刹车油" sounds like a
    question of price; "改到周日" sounds like another booking: what names a value of the form
    without asking anything is an answer to the form.
    """
    if turn.pressed:
        return turn.intent
    if turn.text.lstrip().startswith(MARKS):
        # "/back", markup, JSON: no customer's wish to leave.
        return "inform"
    if turn.intent in ("complaint", "human_handoff") and turn.confidence < GRAVE:
        return "inform"
    if turn.intent == "book_appointment":
        # "Can I come on Saturday instead": what it is for is known here.
        return "inform"
    named = {e.get("entity") for e in turn.entities} & ANSWERING
    if turn.intent in ("stop", "goodbye"):
        unsure = turn.confidence < GRAVE or any(c.isdigit() for c in turn.text)
        return "inform" if named or unsure else turn.intent
    if turn.intent == "manage_booking":
        return "inform" if named and not calls_off(turn) else turn.intent
    if turn.intent in QUESTIONS - BESIDES and named and changes(turn):
        return turn.intent if _ASKS.search(turn.text) else "inform"
    return turn.intent
