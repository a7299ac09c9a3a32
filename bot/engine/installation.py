"""Puts the extensions in place."""

from __future__ import annotations

import gc
from typing import Any

from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.tracker_store import FailSafeTrackerStore

from bot import remote_actions
from bot.engine import graph, policies, states
from bot.engine.tracker_store import TurnTrackerStore

_original = Agent.load_model


def install() -> None:
    """Before the model is loaded; calling it again changes nothing."""
    graph.install()
    policies.install()
    states.install()
    remote_actions.install()
    Agent.load_model = _load_model


def _load_model(self: Any, *arguments: Any, **named: Any) -> None:
    _original(self, *arguments, **named)
    prepare(self)
    # Model and libraries stay: no use in looking through them for cycles every few messages.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def prepare(agent: Any) -> None:
    """Once the model is loaded."""
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        # It hides that the store failed: the turn would be answered as the first of a new
        # conversation and then forgotten. Like this the turn fails and is tried again.
        store = store._tracker_store
        agent.tracker_store = agent.processor.tracker_store = store
    runner = agent.processor.graph_runner
    for policy in policies.of_model(runner):
        if isinstance(policy, RulePolicy):
            policies.shorten(policy)
    if isinstance(store, TurnTrackerStore):
        store.look_back = policies.look_back(runner)
