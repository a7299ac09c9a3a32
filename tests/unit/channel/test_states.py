"""The states that policies are shown are those that Rasa would show them."""

from __future__ import annotations

import asyncio
import copy

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUtteranceReverted
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import states
from bot.engine.policies import _possible_keys
from tests.unit.channel.assistants import (
    Model,
    conversation,
    intents_of,
    own_model,
    processor,
    script,
    story_model,
)
from tests.unit.channel.events import start, turn

SENDER = "0a"


@pytest.fixture(scope="module", params=["ours", "stories"])
def model(request: pytest.FixtureRequest) -> Model:
    return own_model() if request.param == "ours" else story_model()


@pytest.fixture(scope="module")
def moments(model: Model) -> list[DialogueStateTracker]:
    """A conversation as it was at many moments, between actions too."""

    async def hold() -> DialogueStateTracker:
        store = InMemoryTrackerStore(model.domain)
        rasa = processor(model, store)
        for said in conversation(7, 40, intents_of(model)):
            await rasa.handle_message(said.message(SENDER))
        tracker = await store.retrieve(SENDER)
        assert tracker is not None
        return tracker

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RemoteAction, "run", script(model))
        events = list(asyncio.run(hold()).events)
    # Some are taken back.
    taken_back = [*events[:60], UserUtteranceReverted(), ActionExecuted("action_listen")]
    lengths = [*range(1, 60), *range(60, len(events), 5)]
    return [
        DialogueStateTracker.from_events(SENDER, part, model.domain.slots)
        for part in (*(events[:length] for length in lengths), taken_back)
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 6, 50])
def test_last_states(model: Model, moments: list[DialogueStateTracker], count: int) -> None:
    for tracker in moments:
        whole = model.domain.states_for_tracker_history(tracker)
        assert states.last_states(tracker, model.domain, count) == whole[-count:]


@pytest.mark.parametrize("count", [1, 2, 3, 6, 50])
def test_last_states_of_stories(
    model: Model, moments: list[DialogueStateTracker], count: int
) -> None:
    only_in_rules = model.rules._get_rule_only_data()
    for tracker in moments:
        whole = model.domain.states_for_tracker_history(
            tracker, ignore_rule_only_turns=True, rule_only_data=only_in_rules
        )
        found = states.last_story_states(tracker, model.domain, count, only_in_rules)
        assert found == whole[-count:], len(tracker.events)


@pytest.mark.parametrize("text", [True, False])
@pytest.mark.parametrize("stories", [True, False])
def test_prediction_states(
    model: Model, moments: list[DialogueStateTracker], stories: bool, text: bool
) -> None:
    featurizer = MaxHistoryTrackerFeaturizer(max_history=4)
    for tracker in moments:
        arguments = (
            [tracker], model.domain, text, stories, model.rules._get_rule_only_data(), stories,
        )  # fmt: skip
        assert states._prediction_states(featurizer, *arguments) == states._original(
            featurizer, *arguments
        )


def test_a_changed_state_does_not_come_back(
    model: Model, moments: list[DialogueStateTracker]
) -> None:
    """Rasa removes parts of the states that it was given."""
    [tracker] = [moment for moment in moments if len(moment.events) == 6]
    first = states.last_states(tracker, model.domain, 3)
    kept = copy.deepcopy(first)
    for state in first:
        state.clear()
    assert states.last_states(tracker, model.domain, 3) == kept


def test_slots_that_count() -> None:
    domain = Domain.from_yaml(
        """
        version: "3.1"
        intents: [greet]
        slots: {mood: {type: text, influence_conversation: true, mappings: [{type: custom}]}}
        responses: {utter_greet: [{text: a}]}
        """
    )
    events: list[Event] = [*start(), *turn(1, SlotSet("mood", "x")), *turn(2), *turn(3)]
    events.insert(-2, SlotSet("mood", None))
    tracker = DialogueStateTracker.from_events("a", events, [TextSlot("mood", mappings=[])])
    assert states.last_states(tracker, domain, 9) == domain.states_for_tracker_history(tracker)
    assert any("slots" in state for state in states.last_states(tracker, domain, 9))


def test_rules_that_apply(model: Model, moments: list[DialogueStateTracker]) -> None:
    policy = model.rules
    some = 0
    for tracker in moments:
        for text in (True, False):
            shown = policy._prediction_states(tracker, model.domain, text)
            for kind in ("rules", "rules_for_loop_unhappy_path"):
                lookup = policy.lookup[kind]
                expected = policy._get_possible_keys(lookup, shown)
                assert _possible_keys(policy, lookup, shown) == expected
                some += bool(expected)
    assert some > 10
