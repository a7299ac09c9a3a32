"""What a policy sees of the conversation: the states that it looks at, and no others.

For each prediction Rasa makes three times a state of every moment of the conversation, to throw
away all but the last few. Here the conversation is gone through once, remembering of each moment
what a state is made from, and Rasa's own functions make the states that are wanted.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_UNLIKELY_INTENT_NAME,
    PREVIOUS_ACTION,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME

_original = MaxHistoryTrackerFeaturizer.prediction_states
_KEPT = "_chefu_moments"


class Moment:
    """The conversation before an action: as much of a tracker as `Domain.get_active_state` reads.

    ``hide``: of the action that follows, whether it is hidden from policies for stories.
    """

    __slots__ = ("active_loop", "hide", "latest_action", "latest_message", "settled", "slots")

    def __init__(self, tracker: DialogueStateTracker, hide: bool) -> None:
        self.latest_message = tracker.latest_message
        self.latest_action = tracker.latest_action
        self.active_loop = tracker.active_loop
        self.slots = {name: copy.copy(slot) for name, slot in tracker.slots.items()}
        self.hide = hide
        self.settled = (
            not tracker.followup_action and tracker.latest_action_name != tracker.active_loop_name
        )
        """Whether what follows was predicted, and so may begin or end what is hidden."""

    @property
    def action(self) -> str | None:
        return (self.latest_action or {}).get(ACTION_NAME)


def moments(tracker: DialogueStateTracker) -> list[Moment]:
    """The moments before each action, and the present one."""
    last = tracker.events[-1] if tracker.events else None
    kept: tuple[int, Event | None, list[Moment]] | None = tracker.__dict__.get(_KEPT)
    if kept is not None and kept[0] == len(tracker.events) and kept[1] is last:
        return kept[2]
    # Other slots are in no state.
    slots = [slot for slot in tracker.slots.values() if slot.influence_conversation]
    replay = DialogueStateTracker(tracker.sender_id, slots)
    found: list[Moment] = []
    for event in tracker.applied_events():
        if isinstance(event, SlotSet) and event.key not in replay.slots:
            continue
        if isinstance(event, ActionExecuted):
            found.append(Moment(replay, event.hide_rule_turn))
        replay.update(event)
    found.append(Moment(replay, hide=False))
    tracker.__dict__[_KEPT] = (len(tracker.events), last, found)
    return found


def last_states(tracker: DialogueStateTracker, domain: Domain, count: int) -> list[State]:
    """The last `count` of what `Domain.states_for_tracker_history` gives."""
    # It cleans what is clean: the states of get_active_state have no empty part.
    return [domain.get_active_state(moment) for moment in moments(tracker)[-count:]]


def last_story_states(
    tracker: DialogueStateTracker,
    domain: Domain,
    count: int,
    rule_only_data: dict[str, Any] | None,
) -> list[State]:
    """The last `count` of what it gives with ``ignore_rule_only_turns``, without the actions that
    only say that an intent was unlikely."""
    visible: list[tuple[Moment, Any]] = []
    hidden = False
    before: Any = None
    for moment in moments(tracker):
        if not hidden:
            before = moment.latest_action
        if moment.settled:
            hidden = moment.hide
        if not hidden:
            visible.append((moment, before))
    states: list[State] = []
    for moment, action in visible[_first(visible, count) :]:
        state = domain.get_active_state(moment)
        domain._remove_rule_only_features(state, rule_only_data)
        if states:
            domain._substitute_rule_only_user_input(state, states[-1])
        if action:
            state[PREVIOUS_ACTION] = action
        states.append(domain._clean_state(state))
    likely: list[State] = MaxHistoryTrackerFeaturizer._remove_action_unlikely_intent_from_states(
        states
    )
    return likely[-count:]


def _first(visible: Sequence[tuple[Moment, Any]], count: int) -> int:
    """Where to begin for the last `count` states: what the customer said is taken over from state
    to state until the assistant listens."""
    place = len(visible)
    while place and count:
        place -= 1
        moment, before = visible[place]
        action = (before or {}).get(ACTION_NAME) or moment.action
        count -= action != ACTION_UNLIKELY_INTENT_NAME
    while place and visible[place][0].action != ACTION_LISTEN_NAME:
        place -= 1
    return place


def _prediction_states(
    self: Any,
    trackers: list[DialogueStateTracker],
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
    ignore_action_unlikely_intent: bool = False,
) -> list[list[State]]:
    """In place of `MaxHistoryTrackerFeaturizer.prediction_states`."""
    if not self.max_history or ignore_rule_only_turns != ignore_action_unlikely_intent:
        return list(
            _original(
                self,
                trackers,
                domain,
                use_text_for_last_user_input,
                ignore_rule_only_turns,
                rule_only_data,
                ignore_action_unlikely_intent,
            )
        )
    found = [
        last_story_states(tracker, domain, self.max_history, rule_only_data)
        if ignore_rule_only_turns
        else last_states(tracker, domain, self.max_history)
        for tracker in trackers
    ]
    self._choose_last_user_input(found, use_text_for_last_user_input)
    return found


def install() -> None:
    """Calling it again changes nothing."""
    MaxHistoryTrackerFeaturizer.prediction_states = _prediction_states
