"""The tracker store, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.engine import tracker_store
from bot.engine.tracker_store import TurnConflict, TurnTrackerStore
from tests.unit.channel.events import start, texts, turn

SENDER = "0a-1b"
DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [greet]
    slots: {topic: {type: any, mappings: [{type: custom}]}}
    responses: {utter_greet: [{text: hello}]}
    """
)
Open = Callable[[], TurnTrackerStore]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tracker.db'}"
    server = request.getfixturevalue("postgres_server")
    return str(server.new_database()).replace("+psycopg:", "+psycopg2:")


@pytest.fixture
def opened(url: str) -> Iterator[Open]:
    """Opens the store as another process would."""
    stores: list[TurnTrackerStore] = []

    def open_store() -> TurnTrackerStore:
        store = TurnTrackerStore(DOMAIN, host=url)
        store.look_back = 6
        stores.append(store)
        return store

    yield open_store
    for store in stores:
        store.engine.dispose()


async def say(store: TrackerStore, *numbers: int, sender: str = SENDER) -> DialogueStateTracker:
    """Turns as Rasa's processor holds them."""
    for number in numbers:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        if not tracker.events:
            tracker.update_with_events(start(), DOMAIN)
        for event in turn(number, SlotSet("topic", number)):
            tracker.update(event)
        await store.save(tracker)
    return tracker


def rows(store: TurnTrackerStore) -> list[int]:
    with store.engine.connect() as connection:
        found = connection.execute(sa.select([tracker_store.turns.c.number]).order_by("number"))
        return [row.number for row in found]


@contextmanager
def statements(store: TurnTrackerStore) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(" ".join(statement.split()))

    sa.event.listen(store.engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(store.engine, "before_cursor_execute", note)


async def test_a_new_conversation(opened: Open) -> None:
    store = opened()
    assert await store.retrieve(SENDER) is None
    tracker = await store.get_or_create_tracker(SENDER, append_action_listen=False)
    assert not tracker.events
    assert rows(store) == []


async def test_what_is_saved_is_read_by_another_process(opened: Open) -> None:
    saved = await say(opened(), 1, 2, 3)
    read = await opened().retrieve(SENDER)
    assert read is not None and read is not saved
    assert [event.as_dict() for event in read.events] == [event.as_dict() for event in saved.events]
    assert read.current_state() == saved.current_state()


async def test_a_turn_costs_the_same_however_long_the_conversation(opened: Open) -> None:
    store = opened()
    await say(store, *range(1, 3))
    costs = []
    for number in range(3, 60):
        with statements(store) as asked:
            await say(store, number)
        costs.append(asked)
    usual = [cost for cost in costs if len(cost) == 2]
    assert len(usual) > len(costs) * 0.8
    for look, write in usual:
        assert look.startswith("SELECT max(tracker_turns.number)")
        assert write.startswith("INSERT INTO tracker_turns")
    # Now and then the rest is written anew, and what was before removed.
    assert max(len(cost) for cost in costs) == 3


async def test_a_new_conversation_costs_no_more_than_it_must(opened: Open) -> None:
    store = opened()
    with statements(store) as asked:
        await say(store, 1)
    assert [statement.split()[0] for statement in asked] == ["SELECT", "INSERT"]


async def test_a_long_conversation_stays_short(opened: Open) -> None:
    store = opened()
    most = 0
    for number in range(1, 120):
        tracker = await say(store, number)
        most = max(most, len(tracker.events))
    assert most <= tracker_store.MOST_EVENTS + 10
    assert len(rows(store)) < 20
    read = await opened().retrieve(SENDER)
    assert read is not None
    assert read.current_state() == tracker.current_state()
    assert texts(list(read.events))[-1] == "message 119"


async def test_nothing_is_left_out_when_policies_look_at_everything(opened: Open) -> None:
    store = opened()
    store.look_back = None
    tracker = await say(store, *range(1, 40))
    assert len(texts(list(tracker.events))) == 39
    assert len(rows(store)) == 39


async def test_the_conversation_stays_in_the_process(opened: Open) -> None:
    store = opened()
    saved = await say(store, 1)
    assert await store.retrieve(SENDER) is saved


async def test_another_process_is_ahead(opened: Open) -> None:
    here, there = opened(), opened()
    await say(here, 1)
    await say(there, 2)
    tracker = await here.retrieve(SENDER)
    assert tracker is not None
    assert texts(list(tracker.events)) == ["message 1", "message 2"]


async def test_a_turn_that_failed_leaves_nothing(opened: Open) -> None:
    store = opened()
    tracker = await say(store, 1)
    for event in turn(2):
        tracker.update(event)
    again = await store.retrieve(SENDER)
    assert again is not None and again is not tracker
    assert texts(list(again.events)) == ["message 1"]


async def test_two_processes_at_once(opened: Open) -> None:
    here, there = opened(), opened()
    await say(here, 1)
    first, second = await here.retrieve(SENDER), await there.retrieve(SENDER)
    assert first is not None and second is not None
    for tracker, number in ((first, 2), (second, 3)):
        for event in turn(number):
            tracker.update(event)
    await here.save(first)
    with pytest.raises(TurnConflict):
        await there.save(second)
    for store in (here, there):
        kept = await store.retrieve(SENDER)
        assert kept is not None
        assert texts(list(kept.events)) == ["message 1", "message 2"]


async def test_the_oldest_conversations_leave_the_process(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_store, "REMEMBERED", 2)
    store = opened()
    saved = {sender: await say(store, 1, sender=sender) for sender in "abc"}
    for sender, same in (("c", True), ("a", False)):
        tracker = await store.retrieve(sender)
        assert tracker is not None
        assert (tracker is saved[sender]) == same
        assert texts(list(tracker.events)) == ["message 1"]


async def test_a_conversation_evicted_in_the_middle_of_a_turn(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_store, "REMEMBERED", 1)
    store = opened()
    tracker = await say(store, 1)
    await say(store, 1, sender="other")
    for event in turn(2):
        tracker.update(event)
    await store.save(tracker)
    read = await opened().retrieve(SENDER)
    assert read is not None
    assert texts(list(read.events)) == ["message 1", "message 2"]


async def test_conversations_of_rasas_own_store_go_on(url: str, opened: Open) -> None:
    whole = await say(SQLTrackerStore(DOMAIN, host=url), *range(1, 4))
    store = opened()
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    # Rasa's own reads what follows the start of the session.
    assert texts(list(tracker.events)) == texts(list(whole.events))
    assert tracker.get_slot("topic") == 3
    await say(store, 4)
    read = await opened().retrieve(SENDER)
    assert read is not None
    assert texts(list(read.events)) == [f"message {number}" for number in range(1, 5)]
    assert set(await store.keys()) == {SENDER}


async def test_everything_of_a_sender_is_removed(url: str, opened: Open) -> None:
    await say(SQLTrackerStore(DOMAIN, host=url), 1, 2)
    store = opened()
    await say(store, 3)
    await say(store, 1, sender="other")
    await store.delete(SENDER)
    assert await store.retrieve(SENDER) is None
    assert await opened().retrieve(SENDER) is None
    with store.engine.connect() as connection:
        for table in (tracker_store.turns, store.SQLEvent.__table__):
            found = connection.execute(sa.select([table.c.sender_id])).scalars().all()
            assert SENDER not in found
    other = await store.retrieve("other")
    assert other is not None and texts(list(other.events)) == ["message 1"]


async def test_removed_by_another_hand(opened: Open) -> None:
    here, there = opened(), opened()
    await say(here, 1)
    await there.delete(SENDER)
    assert await here.retrieve(SENDER) is None


async def test_text_that_no_database_takes(opened: Open) -> None:
    store = opened()
    tracker = await say(store, 1)
    said = BotUttered("a\x00b \ud800 好", {"buttons": [{"title": "\u2028"}]})
    tracker.update(said)
    await store.save(tracker)
    read = await opened().retrieve(SENDER)
    assert read is not None
    assert read.events[-1].as_dict() == said.as_dict()


async def test_a_tracker_from_elsewhere(opened: Open) -> None:
    """As Rasa's own store does, with the events that are stored already at its beginning."""
    store = opened()
    known = await say(store, 1)
    events: list[Event] = [*known.events, *turn(2)]
    await store.save(DialogueStateTracker.from_events(SENDER, events, DOMAIN.slots))
    read = await opened().retrieve(SENDER)
    assert read is not None
    assert texts(list(read.events)) == ["message 1", "message 2"]


class Broker(EventBroker):
    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []

    def publish(self, event: dict[str, Any]) -> None:
        self.published.append(event)


async def test_brokers_get_each_event_once(opened: Open) -> None:
    store = opened()
    store.event_broker = broker = Broker()
    await say(store, *range(1, 30))
    messages = [event["text"] for event in broker.published if event["event"] == "user"]
    assert messages == [f"message {number}" for number in range(1, 30)]


async def test_rasa_makes_it_from_the_endpoints_file(url: str) -> None:
    config = EndpointConfig(type="bot.engine.tracker_store.TurnTrackerStore", url=url)
    store = TrackerStore.create(config, DOMAIN)
    assert isinstance(store, TurnTrackerStore)
    store.engine.dispose()


def test_several_processes_start_at_once(url: str) -> None:
    async def start_and_say(number: int) -> None:
        store = await asyncio.to_thread(TurnTrackerStore, DOMAIN, url)
        await say(store, 1, sender=f"a-{number}")
        store.engine.dispose()

    async def all_of_them() -> None:
        await asyncio.gather(*(start_and_say(number) for number in range(4)))

    asyncio.run(all_of_them())
