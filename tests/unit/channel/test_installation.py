"""What is put in place, and what becomes of a model that is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import rasa.core.processor
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore

from bot.engine import graph, installation, policies, states
from bot.engine.tracker_store import TurnTrackerStore
from bot.remote_actions import _run
from tests.unit.channel.assistants import LOOK_BACK, Said, own_model, processor
from tests.unit.channel.events import start, turn

PLACES: list[tuple[Any, str, Any]] = [
    (rasa.core.processor, "DaskGraphRunner", graph.DirectGraphRunner),
    (RulePolicy, "_get_possible_keys", policies._possible_keys),
    (MaxHistoryTrackerFeaturizer, "prediction_states", states._prediction_states),
    (RemoteAction, "run", _run),
    (Agent, "load_model", installation._load_model),
]


@pytest.fixture(autouse=True)
def undone() -> Iterator[None]:
    before = [getattr(place, name) for place, name, _ in PLACES]
    yield
    for (place, name, _), value in zip(PLACES, before, strict=True):
        setattr(place, name, value)


def loaded(store: Any) -> Any:
    """An agent as Rasa has it after loading, with our own policies."""
    model = own_model()
    wrapped = FailSafeTrackerStore(store)
    nodes = {
        str(number): SimpleNamespace(_component=component)
        for number, component in enumerate((*model.policies, object()))
    }
    runner = SimpleNamespace(_instantiated_nodes=nodes)
    made = SimpleNamespace(tracker_store=wrapped, graph_runner=runner)
    return SimpleNamespace(tracker_store=wrapped, processor=made)


def test_everything_is_put_in_place_once() -> None:
    installation.install()
    installation.install()
    for place, name, ours in PLACES:
        assert getattr(place, name) is ours


def test_a_model_is_prepared_when_it_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "_original", lambda *_: None)
    installation.install()
    store = TurnTrackerStore(own_model().domain, host=f"sqlite:///{tmp_path / 'a.db'}")
    agent = loaded(store)
    Agent.load_model(agent, "model.tar.gz")
    assert agent.tracker_store is store
    assert agent.processor.tracker_store is store
    assert store.look_back == LOOK_BACK
    assert own_model().rules.featurizer.max_history == 3


def test_other_stores_are_left_as_they_are() -> None:
    store = InMemoryTrackerStore(own_model().domain)
    agent = loaded(store)
    installation.prepare(agent)
    assert agent.tracker_store is store


def test_a_policy_that_looks_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    agent = loaded(InMemoryTrackerStore(own_model().domain))
    runner = agent.processor.graph_runner
    assert policies.look_back(runner) == LOOK_BACK
    monkeypatch.setattr(own_model().memoization.featurizer, "max_history", None)
    assert policies.look_back(runner) is None


class Away(SQLTrackerStore):
    """A database that cannot be reached."""

    async def retrieve(self, sender_id: str) -> Any:
        raise ConnectionError("away")


async def test_a_store_that_is_away_fails_the_turn(tmp_path: Path) -> None:
    """Rasa itself answers it as the first of a conversation."""
    store = Away(own_model().domain, host=f"sqlite:///{tmp_path / 'a.db'}")
    message = Said("m-1", "greet")
    await processor(own_model(), FailSafeTrackerStore(store)).handle_message(message.message("a"))
    agent = loaded(store)
    installation.prepare(agent)
    with pytest.raises(ConnectionError):
        await processor(own_model(), agent.tracker_store).handle_message(message.message("a"))


async def test_rasas_own_store_reads_all_of_it_at_each_turn(tmp_path: Path) -> None:
    """Why there is another: once this fails, it may not be needed any more."""
    model = own_model()
    store = SQLTrackerStore(model.domain, host=f"sqlite:///{tmp_path / 'a.db'}")
    reads = []
    read = store._event_query

    def noted(*arguments: Any, **named: Any) -> Any:
        query = read(*arguments, **named)
        reads.append(query.count())
        return query

    for number in range(3):
        tracker = await store.get_or_create_tracker("a", append_action_listen=False)
        if not tracker.events:
            tracker.update_with_events(start(), model.domain)
        for event in turn(number):
            tracker.update(event)
        await store.save(tracker)
        store._event_query = noted
    # To read it, and to find out what is new.
    assert reads[0] == reads[1] < reads[2] == reads[3]
