"""The parts of Rasa that our extensions replace, or rely on, are those they were written for.

When this fails after an upgrade, read what changed in the function, then the extension beside it:
it may be wrong now, or no longer needed. Then put the new hash here.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.agent import Agent
from rasa.core.featurizers.tracker_featurizers import (
    MaxHistoryTrackerFeaturizer,
    TrackerFeaturizer,
)
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore, TrackerStore
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

WRITTEN_FOR: dict[str, list[tuple[Callable[..., Any], str]]] = {
    "bot/engine/graph.py": [
        (DaskGraphRunner.run, "45f0f52f574f"),
        (DaskGraphRunner._build_dask_graph, "5bb99f974d51"),
        (GraphNode.__call__, "66127a2bfb6f"),
        (GraphSchema.minimal_graph_schema, "58dfb3033549"),
    ],
    "bot/engine/states.py": [
        (MaxHistoryTrackerFeaturizer.prediction_states, "451caf09a389"),
        (TrackerFeaturizer._create_states, "2fed265eee3b"),
        (DialogueStateTracker.past_states, "5463eefb5c69"),
        (DialogueStateTracker.generate_all_prior_trackers, "a1f6954347b5"),
        (Domain.states_for_tracker_history, "035111ce73ac"),
        (Domain.get_active_state, "5a4a50574312"),
        (Domain._get_user_sub_state, "d7c9322b9abf"),
        (Domain._get_slots_sub_state, "bc25e220e41b"),
        (Domain._substitute_rule_only_user_input, "22bb906662cf"),
    ],
    "bot/engine/policies.py": [
        (RulePolicy._get_possible_keys, "2915fd81711e"),
        (RulePolicy._is_rule_applicable, "64a108b016b4"),
        (RulePolicy._does_rule_match_state, "d3109c1a97de"),
        (RulePolicy._find_action_from_rules, "be6da6ee0f54"),
        (MemoizationPolicy.predict_action_probabilities, "19903a81bee5"),
    ],
    "bot/engine/shortening.py": [
        (DialogueStateTracker.applied_events, "764d5065ea99"),
        (DialogueStateTracker._first_loop_execution_or_unhappy_path, "b67fe33e30d9"),
        (DialogueStateTracker._undo_till_previous_loop_execution, "7ecfe12cccb3"),
        (MessageProcessor.is_action_limit_reached, "954b13237ba8"),
        (FormAction._get_events_since_last_user_uttered, "c9dd0f289816"),
    ],
    "bot/engine/tracker_store.py": [
        (SQLTrackerStore.__init__, "64e704d159df"),
        (SQLTrackerStore._retrieve, "c8adbf6f4b61"),
        (SQLTrackerStore.save, "57165e46eab3"),
        (TrackerStore.get_or_create_tracker, "0b08ab42bd97"),
        (TrackerStore.create_tracker, "72f79c53bf4f"),
        (MessageProcessor.handle_message, "0c41d4780d2d"),
    ],
    "bot/engine/installation.py": [
        (Agent.load_model, "f4c1ab4c5c7a"),
        (FailSafeTrackerStore.retrieve, "35d77318b0cc"),
    ],
    "bot/remote_actions.py": [
        (RemoteAction.run, "ccabf6f1160d"),
        (RemoteAction._action_call_format, "428795b944f2"),
        (RemoteAction._utter_responses, "7a3bd35c9790"),
        (DialogueStateTracker.current_state, "a9f1526ceddf"),
        (MessageProcessor._run_action, "6d383d0179ef"),
    ],
}
RELIED_ON = [(ours, *pair) for ours, pairs in WRITTEN_FOR.items() for pair in pairs]


@pytest.mark.parametrize(
    ("ours", "function", "digest"), RELIED_ON, ids=[pair[1].__qualname__ for pair in RELIED_ON]
)
def test_it_has_not_changed(ours: str, function: Callable[..., Any], digest: str) -> None:
    source = inspect.getsource(function)
    found = hashlib.sha256(source.encode()).hexdigest()[:12]
    assert found == digest, f"{function.__qualname__} is another: look at {ours}"
