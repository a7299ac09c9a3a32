"""Long conversations end as they would in Rasa itself, whatever was left out of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import policies, shortening, states, tracker_store
from bot.engine.tracker_store import TurnTrackerStore
from tests.unit.channel.assistants import (
    LOOK_BACK,
    Model,
    Said,
    conversation,
    did,
    intents_of,
    own_model,
    processor,
    script,
    state,
    story_model,
)

SENDER = "0a-1b"


@pytest.fixture(scope="module", params=["ours", "stories"])
def model(request: pytest.FixtureRequest) -> Model:
    return own_model() if request.param == "ours" else story_model()


@pytest.fixture(autouse=True)
def actions(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteAction, "run", script(model))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undoes at its end what `install` put in place."""
    monkeypatch.setattr(MaxHistoryTrackerFeaturizer, "prediction_states", states._prediction_states)
    monkeypatch.setattr(RulePolicy, "_get_possible_keys", policies._possible_keys)
    yield


Course = list[tuple[list[str], dict[str, Any]]]


async def held(model: Model, stores: Sequence[Any], said: Sequence[Said]) -> Course:
    """Holds a conversation, each message with the next of the stores; what was done and known."""
    processors = [processor(model, store) for store in stores]
    course: Course = []
    for number, one in enumerate(said):
        chosen = processors[number % len(processors)]
        await chosen.handle_message(one.message(SENDER))
        tracker = await chosen.tracker_store.retrieve(SENDER)
        course.append((did(tracker, one.id), state(tracker)))
    return course


def ours(path: Path, look_back: int | None = LOOK_BACK) -> TurnTrackerStore:
    store = TurnTrackerStore(host=f"sqlite:///{path}")
    store.look_back = look_back
    return store


class Whole(TrackerStore):
    """Keeps all of a conversation, and spares it from being read again at each turn."""

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self._trackers: dict[str, DialogueStateTracker] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return self._trackers.get(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        self._trackers[tracker.sender_id] = tracker


@pytest.fixture(scope="module")
def expected(model: Model) -> dict[int, tuple[list[Said], Course]]:
    """The courses that conversations take in Rasa as it is."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RemoteAction, "run", script(model))
        for seed in (1, 2, 3):
            said = conversation(seed, 60, intents_of(model))
            found[seed] = (said, asyncio.run(held(model, [Whole(model.domain)], said)))
    return found


def test_the_conversations_are_worth_it(expected: dict[int, tuple[list[Said], Course]]) -> None:
    """Forms are open for a while, left and completed; stories and rules decide."""
    done = [line for _, course in expected.values() for events, _ in course for line in events]
    assert any("action_submit" in line for line in done)
    assert any("Loop(None)" in line for line in done)
    assert any("ActionExecutionRejected" in line for line in done)
    assert any("hidden" in line for line in done) and any("seen" in line for line in done)
    open_forms = [known["active_loop"] for _, course in expected.values() for _, known in course]
    assert 20 < sum(bool(loop) for loop in open_forms) < len(open_forms) - 20


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_shortened_conversation_goes_on_as_the_whole_one(
    seed: int,
    model: Model,
    expected: dict[int, tuple[list[Said], Course]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    quick: None,
) -> None:
    monkeypatch.setattr(tracker_store, "MOST_EVENTS", 20)
    said, course = expected[seed]
    store = ours(tmp_path / "ours.db")
    found = await held(model, [store], said)
    for number, (there, here) in enumerate(zip(course, found, strict=True)):
        assert here == there, f"message {number}, {said[number].intent}"
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    users = sum(event.type_name == "user" for event in tracker.events)
    assert users < len(said) / 2


@pytest.mark.parametrize("seed", [1, 2])
async def test_processes_that_share_the_store_take_turns(
    seed: int,
    model: Model,
    expected: dict[int, tuple[list[Said], Course]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    quick: None,
) -> None:
    monkeypatch.setattr(tracker_store, "MOST_EVENTS", 20)
    said, course = expected[seed]
    path = tmp_path / "ours.db"
    assert await held(model, [ours(path), ours(path), ours(path)], said) == course


async def test_rasas_own_store_agrees(
    model: Model, expected: dict[int, tuple[list[Said], Course]], tmp_path: Path
) -> None:
    said, course = expected[1]
    store = SQLTrackerStore(host=f"sqlite:///{tmp_path / 'rasa.db'}")
    assert await held(model, [store], said[:20]) == course[:20]


async def test_a_look_back_that_is_too_short_is_noticed(
    model: Model,
    expected: dict[int, tuple[list[Said], Course]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The comparison can fail: where stories decide, leaving out too much changes the course."""
    monkeypatch.setattr(tracker_store, "MOST_EVENTS", 20)
    monkeypatch.setattr(shortening, "LEAST_TURNS", 1)
    changed = []
    for seed, (said, course) in expected.items():
        store = ours(tmp_path / f"{seed}.db", look_back=0)
        changed.append(await held(model, [store], said) != course)
    assert any(changed) == ("utter_xy" in model.domain.responses)
