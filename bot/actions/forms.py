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

from rasa_sdk.events import ActionExecutionRejected, SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.base import Events, JourneyAction
from bot.actions.context import CONFIDENT, Turn
from values import merge_times
from values.person import read_name

QUESTIONS = frozenset(
    {
        "ask_models", "recommend_model", "ask_config", "ask_price", "ask_onroad_price",
        "ask_promotion", "ask_finance", "ask_maintenance_price", "ask_hours", "ask_location",
        "ask_purchase_process", "ask_warranty", "insurance", "trade_in", "order_status",
        "ask_capabilities", "bot_challenge", "chitchat", "out_of_scope", "thank", "greet",
        "manage_booking",
    }
)  # fmt: skip
"""Answered in between; the form goes on afterwards."""

LEAVING = frozenset(
    {"stop", "human_handoff", "complaint", "report_fault", "book_test_drive", "book_maintenance",
     "goodbye"}
)  # fmt: skip
"""Ends or replaces the form, unless the message also answers it."""

NAME_WORDS = 3
NAME_LENGTH = 24

PATIENCE = 2
"""Answers in a row that could not be used before help is offered."""


@dataclass
class Filling:
    """What one message does to a form: slots that change, and whether something was said."""

    slots: dict[str, Any] = field(default_factory=dict)
    said: bool = False
    asked: str | None = None
    """The slot that what was said asks for already, so that it is not asked twice."""

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
        if came_back(turn, self.form):
            return [SlotSet("asked", None)]
        starting = opens(turn, self.form)
        filling = Filling()
        requested = None if starting else turn.slot("requested_slot")
        turn.slots["requested_slot"] = requested
        await self.fill(turn, session, filling)
        if not starting and not filling.said:
            self.acknowledge(turn, filling)
        self._confirm(turn, filling, requested)
        events: Events = [SlotSet(slot, value) for slot, value in filling.slots.items()]
        events.append(SlotSet("asked", filling.asked))
        if starting:
            return [*events, SlotSet("form_failures", 0)]
        aside = turn.intent in QUESTIONS and (turn.confidence >= CONFIDENT or turn.pressed)
        leaves = turn.intent in LEAVING - {self.trigger} and not filling.slots
        if (aside or leaves) and not filling.said:
            return [*events, ActionExecutionRejected(self.form)]
        if filling.slots or filling.said:
            return [*events, SlotSet("form_failures", 0)]
        return self._not_understood(turn, requested)

    def acknowledge(self, turn: Turn, filling: Filling) -> None:
        """Says back what was changed, when it is not what was just asked for."""

    def _confirm(self, turn: Turn, filling: Filling, requested: str | None) -> None:
        """Yes counts only when nothing changed in the same message: then it is asked anew."""
        if requested != self.confirmation:
            return
        if filling.slots or filling.said:
            filling.set(self.confirmation, None)
        elif turn.intent == "affirm":
            filling.set(self.confirmation, True)
        elif turn.intent == "deny":
            turn.say("utter_what_to_change")
            filling.ask(self.confirmation)

    def _not_understood(self, turn: Turn, requested: str | None) -> Events:
        failures = (turn.slot("form_failures") or 0) + 1
        if failures > PATIENCE:
            turn.say("utter_form_stuck")
            failures = 0
        elif requested:
            turn.say(f"utter_explain_{requested}")
        return [SlotSet("form_failures", failures), SlotSet("asked", requested)]


def opens(turn: Turn, form: str) -> bool:
    """Whether this message opened the form: Rasa has activated it before it validates the first
    time, and `requested_slot` may still be that of the form before."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            break
        if event.get("event") == "active_loop":
            return bool(event.get("name") == form)
    return bool(turn.tracker.active_loop_name != form)


def came_back(turn: Turn, form: str) -> bool:
    """Whether the form runs again after a question in between: the message is used up."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in (
            form,
            "action_listen",
            "action_extract_slots",
        ):
            return True
    return False


# What both booking forms read alike.


def read_contact(turn: Turn, filling: Filling) -> None:
    """Name and phone, wherever they stand; a bare name only when it was asked for."""
    requested = turn.slot("requested_slot")
    person = turn.first("person")
    aside = turn.intent in QUESTIONS | LEAVING | {"deny", "affirm"}
    bare = requested == "customer_name" and not turn.pressed
    if person is None and bare and (not aside or turn.confidence < CONFIDENT):
        person = read_name(turn.text)
    if person is None and turn.found("phone"):
        person = _name_beside_phone(turn)
    if person:
        title = person.get("title") or ""
        name = person["name"]
        filling.set("customer_name", f"{name}{title}" if len(name) == 1 else name)
    for phone in turn.found("phone"):
        if phone.get("valid"):
            filling.set("customer_phone", phone["number"])
        elif requested == "customer_phone" or not turn.found("number"):
            turn.say("utter_phone_invalid")
            filling.ask("customer_phone")


_PIECES = re.compile(r"[,;:，；：、。\n\0]+|(?<=\S)\s{2,}")


def _name_beside_phone(turn: Turn) -> dict[str, Any] | None:
    """In "周六三点，王伟，138…" the piece that is no other mention is the name."""
    text = list(turn.text)
    for entity in turn.entities:
        if entity.get("entity") not in ("language", "person"):
            for place in range(entity.get("start") or 0, min(entity.get("end") or 0, len(text))):
                text[place] = "\0"
    for piece in _PIECES.split("".join(text)):
        if piece.strip() and len(piece.split()) <= NAME_WORDS and len(piece) <= NAME_LENGTH:
            person = read_name(piece.strip())
            if person is not None:
                return person
    return None


def read_time(turn: Turn, slot: str) -> dict[str, Any] | None:
    """The time asked for so far: what the message says merged into what was known.

    In a question only a complete time counts, since "几点关门，周六" asks about Saturday.
    """
    said = turn.first("time")
    if said is None:
        return None
    if isinstance(said, str):
        # From a button of ours: a complete local time.
        day, _, clock = said.partition("T")
        return {
            "date": day,
            "date_end": None,
            "time": clock[:5],
            "time_end": None,
            "part": None,
            "grain": "minute",
            "start": None,
            "end": None,
            "approximate": False,
            "past": False,
            "ambiguous": [],
            "repeated": False,
        }
    complete = said.get("date") and said.get("time")
    if turn.intent in QUESTIONS and not complete:
        return None
    known = turn.slot(slot)
    merged: dict[str, Any] = merge_times(known, said, turn.local(turn.now)) if known else dict(said)
    return merged


class AskPlainly:
    """Asks for one slot in fixed words, unless what was just said asks for it already."""

    slot: ClassVar[str]

    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        if turn.slot("asked") != self.slot:
            turn.say(f"utter_ask_{self.slot}")
        return []


class AskName(AskPlainly, JourneyAction):
    action = "action_ask_customer_name"
    slot = "customer_name"


class AskPhone(AskPlainly, JourneyAction):
    action = "action_ask_customer_phone"
    slot = "customer_phone"


class AskPlate(AskPlainly, JourneyAction):
    action = "action_ask_service_plate"
    slot = "service_plate"
