"""Which turns are left out of a conversation, and what stays of them."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    ConversationPaused,
    Event,
    SlotSet,
    UserUtteranceReverted,
)
from rasa.shared.core.slots import AnySlot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.shortening import shortened
from tests.unit.channel.events import aside, closes, heard, opens, start, texts, turn

SLOTS = ["topic", "other", "requested_slot", "session_started_metadata"]


def tracker_of(*events: Event) -> DialogueStateTracker:
    slots = [AnySlot(name, mappings=[]) for name in SLOTS]
    slots.append(TextSlot("mood", mappings=[], initial_value="calm"))
    return DialogueStateTracker.from_events("a", list(events), slots)


def turns(first: int, last: int, hidden: bool = False) -> list[Event]:
    return [event for number in range(first, last + 1) for event in turn(number, hidden=hidden)]


def rest(tracker: DialogueStateTracker, look_back: int) -> list[Event]:
    """The shortened events, after the original tracker has shown to be unchanged."""
    before = list(tracker.events)
    events = shortened(tracker, look_back)
    assert list(tracker.events) == before
    assert events is not None
    again = tracker_of(*events)
    assert again.current_slot_values() == tracker.current_slot_values()
    assert again.latest_action == tracker.latest_action
    assert again.latest_message is tracker.latest_message
    assert again.active_loop_name == tracker.active_loop_name
    return events


def test_the_last_turns_are_kept() -> None:
    # Two states a turn, and one more than the policies look back.
    assert texts(rest(tracker_of(*start(), *turns(1, 20)), 6)) == [
        "message 17", "message 18", "message 19", "message 20",
    ]  # fmt: skip


def test_a_few_are_kept_whatever_policies_need() -> None:
    assert len(texts(rest(tracker_of(*start(), *turns(1, 20)), 1))) == 3


def test_nothing_to_leave_out() -> None:
    assert shortened(tracker_of(*start(), *turns(1, 3)), 6) is None
    assert shortened(tracker_of(*start()), 6) is None


def test_slots_have_their_last_values() -> None:
    events = rest(
        tracker_of(
            *start(),
            *turn(1, SlotSet("topic", {"models": ["a"]}), SlotSet("mood", "cross")),
            *turn(2, SlotSet("other", 5)),
            *turn(3, SlotSet("topic", {"models": ["b"]}), SlotSet("other", None)),
            *turns(4, 12),
        ),
        4,
    )
    set_before = [event for event in events[:10] if isinstance(event, SlotSet)]
    assert {event.key: event.value for event in set_before} == {
        "topic": {"models": ["b"]},
        "mood": "cross",
    }


def test_turns_that_stories_do_not_know_are_left_out_between_those_they_know() -> None:
    tracker = tracker_of(
        *start(),
        *turns(1, 4),
        *turns(5, 20, hidden=True),
        *turns(21, 22),
        *turn(23, SlotSet("topic", "x"), hidden=True),
        *turns(24, 40, hidden=True),
    )
    assert texts(rest(tracker, 4)) == [
        "message 4", "message 21", "message 22", "message 38", "message 39", "message 40",
    ]  # fmt: skip


def test_a_form_stays_whole_or_goes_whole() -> None:
    form = [
        *opens(21, "a_form"),
        *(event for number in range(22, 40) for event in aside(number, "a_form")),
    ]
    open_form = tracker_of(*start(), *turns(1, 20), *form)
    assert texts(rest(open_form, 4)) == [f"message {number}" for number in range(21, 40)]
    ended = tracker_of(*start(), *turns(1, 20), *form, *closes(40, "a_form"), *turns(41, 42))
    assert texts(rest(ended, 4))[0] == "message 21"
    long_ago = tracker_of(*start(), *turns(1, 20), *form, *closes(40, "a_form"), *turns(41, 50))
    assert texts(rest(long_ago, 4))[0] == "message 48"


def test_a_pause_is_not_forgotten() -> None:
    tracker = tracker_of(*start(), *turns(1, 10), ConversationPaused(), *turns(11, 20))
    assert texts(rest(tracker, 4))[0] == "message 10"


def test_what_was_taken_back_stays_taken_back() -> None:
    tracker = tracker_of(
        *start(), *turns(1, 10), *turn(11), UserUtteranceReverted(), *turns(12, 14)
    )
    assert shortened(tracker, 6) is None
    later = tracker_of(*start(), *turns(1, 10), *turn(11), UserUtteranceReverted(), *turns(12, 30))
    assert texts(rest(later, 6))[0] == "message 27"


def test_a_turn_that_did_not_end_stays_with_the_next() -> None:
    broken = [heard(18), ActionExecuted("utter_greet", "RulePolicy", 1.0)]
    tracker = tracker_of(*start(), *turns(1, 17), *broken, *turns(19, 21))
    assert texts(rest(tracker, 4)) == [
        "message 18", "message 19", "message 20", "message 21",
    ]  # fmt: skip


@pytest.mark.parametrize("times", [2, 5])
def test_again_and_again(times: int) -> None:
    tracker = tracker_of(*start(), *turns(1, 12), *turns(13, 15, hidden=True))
    number = 16
    for _ in range(times):
        tracker = tracker_of(*rest(tracker, 6))
        for _ in range(4):
            for event in turn(number, SlotSet("other", number), hidden=number % 3 > 0):
                tracker.update(event)
            number += 1
    assert len(texts(rest(tracker, 6))) < 12
    assert tracker.get_slot("other") == number - 1
