"""Makes a young conversation of a long one, in which every policy predicts the same.

Rasa's state is what its events add up to, so each turn costs in proportion to all turns before it.
But nothing that predicts looks back further than a few states, and slots have their last values.
So the old turns can be left out, with the slots that they set put in their place.

What is kept exactly, for a model whose policies look back ``look_back`` states:

- the last turns, with at least as many states, and one more: the first state of a shortened
  conversation looks like the beginning of one;
- before them the last turns that policies for stories see, with as many states again. Turns of
  rules that no story has are hidden from these policies (`Domain.states_for_tracker_history`), and
  the ones in between are left out;
- never a part of a form: a turn is left out with all others of its form or not at all;
- everything from the last utterance or action on that was taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_UNLIKELY_INTENT_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

LEAST_TURNS = 3
"""Messages of the customer that are kept at least: what was said last can be asked for again."""


@dataclass
class _Block:
    """Turns that stay or go together: one, or all of a form."""

    start: int
    slots: dict[str, Any]
    """Their values before it."""
    turns: int = 0
    states: int = 0
    visible: int = 0
    """States that policies for stories see."""
    events: list[Event] = field(default_factory=list)


def shortened(tracker: DialogueStateTracker, look_back: int) -> list[Event] | None:
    """The events of the shortened conversation, or None when nothing can be left out.

    `tracker` must be between two turns. It is not changed.
    """
    blocks = _blocks(tracker)
    kept: list[_Block] = []
    turns = states = visible = 0
    for block in reversed(blocks):
        recent = turns < LEAST_TURNS or states <= look_back
        if not recent and visible > look_back:
            break
        if recent or block.visible:
            kept.append(block)
            turns += block.turns
            states += block.states
            visible += block.visible
    if len(kept) == len(blocks):
        return None
    kept.reverse()
    return _joined(tracker, blocks, kept)


def _joined(
    tracker: DialogueStateTracker, blocks: Sequence[_Block], kept: Sequence[_Block]
) -> list[Event]:
    """The kept blocks behind a beginning, each preceded by what was set in those left out."""
    places = {id(block): place for place, block in enumerate(blocks)}
    current = _initial(tracker)
    events: list[Event] = _settings(current, kept[0].slots, kept[0].events[0].timestamp)
    events.append(ActionExecuted(ACTION_LISTEN_NAME, timestamp=kept[0].events[0].timestamp))
    for number, block in enumerate(kept):
        if number:
            # What the turns in between have left behind.
            after = blocks[places[id(kept[number - 1])] + 1]
            events += _settings(after.slots, block.slots, block.events[0].timestamp)
        events += block.events
    return events


def _initial(tracker: DialogueStateTracker) -> dict[str, Any]:
    return {name: slot.initial_value for name, slot in tracker.slots.items()}


def _settings(before: dict[str, Any], after: dict[str, Any], timestamp: float) -> list[Event]:
    return [
        SlotSet(name, value, timestamp=timestamp)
        for name, value in after.items()
        if value != before.get(name)
    ]


def _blocks(tracker: DialogueStateTracker) -> list[_Block]:
    """The conversation since it began or was restarted, in parts that can be left out."""
    events = list(tracker.events)
    first = _first_that_can_go(events)
    counted = _states(tracker)
    replay = tracker.init_copy()
    blocks: list[_Block] = []
    for place, event in enumerate(events):
        if _begins_turn(events, place) and (not blocks or (place > first and _is_idle(replay))):
            blocks.append(_Block(place, replay.current_slot_values()))
        if blocks:
            block = blocks[-1]
            block.events.append(event)
            block.turns += isinstance(event, UserUttered)
            seen = counted.get(id(event))
            if seen is not None:
                block.states += 1
                block.visible += seen
        replay.update(event)
    return blocks


def _first_that_can_go(events: Sequence[Event]) -> int:
    """Where the last event stands that reaches back, 0 without one: behind it turns can go."""
    for place in range(len(events) - 1, -1, -1):
        if isinstance(events[place], (ActionReverted, UserUtteranceReverted)):
            return place
        if isinstance(events[place], (Restarted, SessionStarted)):
            return 0
    return 0


def _begins_turn(events: Sequence[Event], place: int) -> bool:
    """Whether a message stands there that Rasa was waiting for."""
    if not isinstance(events[place], UserUttered):
        return False
    before = place - 1
    while before >= 0 and isinstance(events[before], SlotSet):
        before -= 1
    event = events[before] if before >= 0 else None
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _is_idle(tracker: DialogueStateTracker) -> bool:
    """Whether nothing is under way that earlier events began."""
    return tracker.active_loop is None and not tracker.is_paused()


def _states(tracker: DialogueStateTracker) -> dict[int, bool]:
    """The actions that make a state, by their identity, and whether policies for stories see it.

    As `Domain.states_for_tracker_history` goes through them.
    """
    actions = [event for event in tracker.applied_events() if isinstance(event, ActionExecuted)]
    found: dict[int, bool] = {}
    hidden = False
    for action, (before, hide) in zip(actions, tracker.generate_all_prior_trackers(), strict=False):
        if not before.followup_action and before.latest_action_name != before.active_loop_name:
            hidden = hide
        found[id(action)] = not hidden and action.action_name != ACTION_UNLIKELY_INTENT_NAME
    return found
