"""How far a model's policies look back, and a quicker look for the rules that apply.

Rasa compares each of its hundreds of rules with the conversation, state by state. Nearly all fail
at the last state, by the action before it or by the intent; here they are sorted by these two, and
Rasa compares those that are left.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import (
    RULES,
    RULES_FOR_LOOP_UNHAPPY_PATH,
    RulePolicy,
)
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

Index = dict[tuple[str | None, str | None], list[str]]
"""Rules by the action and the intent that their last state asks for; None: any, or none."""

_original = RulePolicy._get_possible_keys


def of_model(runner: DaskGraphRunner) -> list[Policy]:
    """The policies of a loaded model."""
    components = [node._component for node in runner._instantiated_nodes.values()]
    return [component for component in components if isinstance(component, Policy)]


def look_back(runner: DaskGraphRunner) -> int | None:
    """The states that decide every prediction; None if all of them do."""
    longest = 0
    for policy in of_model(runner):
        states = _rule_states(policy) if isinstance(policy, RulePolicy) else _history(policy)
        if states is None:
            return None
        longest = max(longest, states)
    return longest


def _rule_states(policy: RulePolicy) -> int:
    """States of its longest rule: a rule is compared with as many and with none before."""
    keys = [key for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup[kind]]
    return max((len(json.loads(key)) for key in keys), default=0)


def _history(policy: Policy) -> int | None:
    history: Any = getattr(policy.featurizer, "max_history", None)
    return int(history) if history else None


def shorten(policy: RulePolicy) -> None:
    """Has it look no further back than it can: without a number it looks at every state."""
    policy.featurizer.max_history = max(1, _rule_states(policy))


def index(rules: dict[str, str]) -> Index:
    """The rules of a lookup of `RulePolicy`."""
    found: Index = {}
    for key in rules:
        last = json.loads(key)[-1]
        wanted = (_asked(last, PREVIOUS_ACTION, ACTION_NAME), _asked(last, USER, INTENT))
        found.setdefault(wanted, []).append(key)
    return found


def _asked(state: State, part: str, name: str) -> str | None:
    value = (state.get(part) or {}).get(name)
    return value if isinstance(value, str) and value != SHOULD_NOT_BE_SET else None


def _possible_keys(self: Any, lookup: dict[str, str], states: list[State]) -> set[str]:
    """In place of `RulePolicy._get_possible_keys`."""
    if not states:
        return set(_original(self, lookup, states))
    indices: dict[int, tuple[Any, Index]] = self.__dict__.setdefault("_chefu_indices", {})
    known = indices.get(id(lookup))
    if known is None or known[0] is not lookup:
        known = indices[id(lookup)] = (lookup, index(lookup))
    action = (states[-1].get(PREVIOUS_ACTION) or {}).get(ACTION_NAME)
    intent = (states[-1].get(USER) or {}).get(INTENT)
    wanted = {(action, intent), (action, None), (None, intent), (None, None)}
    left = {key: lookup[key] for pair in wanted for key in known[1].get(pair, ())}
    return set(_original(self, left, states))


def install() -> None:
    """Calling it again changes nothing."""
    RulePolicy._get_possible_keys = _possible_keys
