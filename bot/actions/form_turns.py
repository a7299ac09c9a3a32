"""Where a form begins, is taken up again and ends, as Rasa sees it: its events."""

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from bot.actions.base import Events
from bot.actions.context import Turn

LEFT: Events = [
    SlotSet("asked", None),
    SlotSet("requested_slot", None),
    ActiveLoop(None),
    # The rules would go on to what follows a finished form.
    FollowupAction("action_listen"),
]
"""The events that close the open form and wait for the customer."""


def ready_again(form: str, confirmation: str) -> Events:
    """The events that open `form` again at its confirmation, after a booking that failed."""
    return [
        SlotSet(confirmation, None),
        ActiveLoop(form),
        SlotSet("requested_slot", confirmation),
        FollowupAction("action_listen"),
    ]


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
