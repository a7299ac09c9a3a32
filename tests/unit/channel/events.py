"""Turns made by hand."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

LISTEN = "action_listen"


def start() -> list[Event]:
    """How a conversation begins."""
    return [
        SlotSet("session_started_metadata", {"locale": None}),
        ActionExecuted("action_session_start", confidence=1.0),
        SessionStarted(),
        ActionExecuted(LISTEN),
    ]


def heard(number: int, intent: str = "greet") -> Event:
    parsed: Any = {
        "text": f"message {number}",
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [],
        "intent_ranking": [{"name": intent, "confidence": 0.9}],
        "message_id": f"m-{number}",
        "metadata": {"message_id": f"m-{number}"},
    }
    return UserUttered(
        parsed["text"], parsed["intent"], [], parsed, message_id=f"m-{number}",
        metadata={"message_id": f"m-{number}"},
    )  # fmt: skip


def turn(
    number: int, *set_slots: Event, intent: str = "greet", hidden: bool = False
) -> list[Event]:
    """A message, one action, an answer."""
    return [
        heard(number, intent),
        DefinePrevUserUtteredFeaturization(False),
        ActionExecuted(f"utter_{intent}", "RulePolicy", 1.0, hide_rule_turn=hidden),
        *set_slots,
        BotUttered(f"answer {number}", {"buttons": []}),
        ActionExecuted(LISTEN, "RulePolicy", 1.0, hide_rule_turn=hidden),
    ]


def opens(number: int, form: str) -> list[Event]:
    """A message that opens a form, which asks."""
    return [
        heard(number, "book"),
        ActionExecuted(form, "RulePolicy", 1.0),
        ActiveLoop(form),
        SlotSet("requested_slot", "a"),
        ActionExecuted(LISTEN, "RulePolicy", 1.0),
    ]


def aside(number: int, form: str) -> list[Event]:
    """A question while the form is open."""
    return [
        heard(number, "greet"),
        ActionExecutionRejected(form),
        ActionExecuted("utter_greet", "RulePolicy", 1.0),
        ActionExecuted(form, "RulePolicy", 1.0),
        ActionExecuted(LISTEN, "RulePolicy", 1.0),
    ]


def closes(number: int, form: str) -> list[Event]:
    """The message that completes it."""
    return [
        heard(number, "inform"),
        ActionExecuted(form, "RulePolicy", 1.0),
        SlotSet("requested_slot", None),
        ActiveLoop(None),
        ActionExecuted("action_submit", "RulePolicy", 1.0),
        ActionExecuted(LISTEN, "RulePolicy", 1.0),
    ]


def texts(events: list[Event]) -> list[str | None]:
    """What the customer has said in them."""
    return [event.text for event in events if isinstance(event, UserUttered)]
