"""Calls of the action server: what is sent, what comes back, what a failure leaves."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from jsonschema import ValidationError
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

from bot import remote_actions
from bot.remote_actions import ActionFailed, ActionServer, recent, state, validate
from tests.unit.channel.assistants import Said, own_model, processor
from tests.unit.channel.events import heard, start, texts, turn

PHONE = "13800000001"
NOTHING: dict[str, Any] = {"events": [], "responses": []}


class Actions:
    """A real action server that answers as told."""

    def __init__(self) -> None:
        self.answer: Any = NOTHING
        self.status = 200
        self.calls: list[dict[str, Any]] = []
        self.connections: set[Any] = set()
        self.drop = False
        """Whether the next call finds its connection closed."""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.connections.add(request.transport)
        if self.drop:
            self.drop = False
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        self.calls.append(json.loads(await request.read()))
        content = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        return web.Response(text=content, status=self.status, content_type="application/json")


@pytest.fixture
def actions() -> Actions:
    return Actions()


@pytest.fixture
async def url(actions: Actions, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    server = ActionServer()
    monkeypatch.setattr(remote_actions, "SERVER", server)
    monkeypatch.setattr(RemoteAction, "run", remote_actions._run)
    app = web.Application()
    app.router.add_post("/webhook", actions.handle)
    async with TestServer(app) as listening:
        yield str(listening.make_url("/webhook"))
        await server.close()


def tracker_of(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("a", list(events), own_model().domain.slots)


async def run(url: str, tracker: DialogueStateTracker | None = None) -> list[Event]:
    action = RemoteAction("action_book", EndpointConfig(url))
    domain = own_model().domain
    generator = TemplatedNaturalLanguageGenerator(domain.responses)
    tracker = tracker or tracker_of(*start(), heard(1))
    found: list[Event] = await action.run(CollectingOutputChannel(), generator, tracker, domain)
    return found


async def test_an_answer_becomes_events(url: str, actions: Actions) -> None:
    actions.answer = {
        "events": [{"event": "slot", "name": "topic", "value": 1}],
        "responses": [
            {"response": "utter_greet", "buttons": [{"title": "a", "payload": "/a"}]},
            {"text": "好的", "custom": {"cards": [1]}},
        ],
    }
    greeting, said, slot = await run(url)
    assert isinstance(greeting, BotUttered) and isinstance(said, BotUttered)
    assert {"title": "a", "payload": "/a"} in greeting.data["buttons"]
    assert (said.text, said.data["custom"]) == ("好的", {"cards": [1]})
    assert slot == SlotSet("topic", 1)


async def test_what_is_sent(url: str, actions: Actions) -> None:
    tracker = tracker_of(*start(), *turn(1), heard(2))
    await run(url, tracker)
    [call] = actions.calls
    stock = RemoteAction("action_book", EndpointConfig(url))._action_call_format(
        tracker, own_model().domain
    )
    assert call["domain"] == {}
    stock.pop("domain")
    # What does not look back is as Rasa sends it, and of the events it is the end.
    events = stock["tracker"].pop("events")
    sent = call["tracker"].pop("events")
    assert sent == json.loads(json.dumps(events[-len(sent) :]))
    call.pop("domain")
    assert call == json.loads(json.dumps(stock))


def test_rasa_itself_sends_everything() -> None:
    tracker = tracker_of(*start(), *(event for number in range(30) for event in turn(number)))
    action = RemoteAction("action_book", EndpointConfig("http://localhost"))
    call = action._action_call_format(tracker, own_model().domain)
    assert len(call["tracker"]["events"]) == len(tracker.events)
    assert call["domain"]["responses"]


@pytest.mark.parametrize("turns", [3, 300])
def test_a_call_does_not_grow_with_the_conversation(turns: int) -> None:
    tracker = tracker_of(*start(), *(event for number in range(turns) for event in turn(number)))
    assert texts(recent(tracker)) == [f"message {turns - 2}", f"message {turns - 1}"]
    assert len(json.dumps(state(tracker))) < 10_000
    assert len(json.dumps(tracker.current_state(EventVerbosity.ALL))) > turns * 800


def test_what_was_said_last_is_always_there() -> None:
    silent = [heard(2), ActionExecuted("action_listen"), heard(3), ActionExecuted("action_listen")]
    tracker = tracker_of(*start(), *turn(0), *turn(1), *silent, heard(4))
    assert texts(recent(tracker)) == ["message 1", "message 2", "message 3", "message 4"]
    first = tracker_of(*start(), heard(1))
    assert recent(first) == list(first.events)


async def test_connections_stay_open(url: str, actions: Actions) -> None:
    for _ in range(5):
        await run(url)
    assert len(actions.connections) == 1


async def test_a_connection_that_was_closed_meanwhile(url: str, actions: Actions) -> None:
    await run(url)
    actions.drop = True
    assert await run(url) == []
    assert len(actions.calls) == 2


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"events": [{"event": 5}]}, 200),
        ({"events": [{"event": "no such event"}]}, 200),
        (["no object"], 200),
        ("no JSON", 200),
        (NOTHING, 404),
        ({"error": PHONE, "request_body": {"slots": PHONE}}, 500),
        ({"events": [{"event": PHONE, "timestamp": PHONE}], "responses": PHONE}, 200),
    ],
)
async def test_a_failure_ends_the_turn_and_quotes_nothing(
    url: str, actions: Actions, answer: Any, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    actions.answer, actions.status = answer, status
    with caplog.at_level(logging.DEBUG), pytest.raises(ActionFailed, match=r"^action_book$"):
        await run(url)
    assert PHONE not in caplog.text
    assert "action_book failed" in caplog.text


ANSWERS: list[Any] = [
    NOTHING,
    {},
    [],
    "text",
    {"events": None, "responses": []},
    {"events": [], "responses": ["text"]},
    {"events": [[]], "responses": []},
    {"events": [{}], "responses": []},
    *(
        {"events": [event], "responses": []}
        for event in (
            {"event": 5},
            {"event": "no such event"},
            {"event": ["slot"]},
            {"event": "slot", "name": "a", "value": {"b": 1}},
            {"event": "slot", "name": "a"},
            {"event": "slot", "name": 5, "value": 1},
            {"event": "slot", "name": "a", "value": 1, "timestamp": "today"},
            {"event": "slot", "name": "a", "value": 1, "timestamp": None, "more": 1},
            {"event": "active_loop", "name": None},
            {"event": "active_loop", "name": 5},
            {"event": "form", "name": "a"},
            {"event": "followup", "name": "action_listen"},
            {"event": "followup"},
            {"event": "action_execution_rejected", "name": "a", "policy": None},
            {"event": "action", "name": "a", "policy": 5},
            {"event": "bot", "text": "a", "data": {}},
            {"event": "bot", "text": 5},
            {"event": "user", "text": "a", "parse_data": {"entities": [{"value": 1}]}},
            {"event": "session_started"},
            {"event": "restart"},
        )
    ),
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_rasas_own_schema_agrees(answer: Any) -> None:
    try:
        RemoteAction("action_book", None)._validate_action_result(answer)
    except ValidationError:
        with pytest.raises(ValidationError):
            validate(answer)
    else:
        validate(answer)


async def test_nobody_listens(url: str) -> None:
    with pytest.raises(ActionFailed):
        await run("http://127.0.0.1:1/webhook")


async def test_a_rejection_is_no_failure(url: str, actions: Actions) -> None:
    actions.answer, actions.status = {"action_name": "action_book", "error": "no"}, 400
    with pytest.raises(ActionExecutionRejection):
        await run(url)


class Saved(InMemoryTrackerStore):
    """Counts what is saved."""

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self.saved: list[int] = []

    async def save(self, tracker: DialogueStateTracker) -> None:
        if tracker.events:
            self.saved.append(len(tracker.events))
        await super().save(tracker)


async def turn_with(url: str, store: Saved) -> MessageProcessor:
    rasa = processor(own_model(), store)
    rasa.action_endpoint = EndpointConfig(url)
    await rasa.handle_message(Said("m-1", "ask_price").message("a"))
    return rasa


async def test_nothing_is_kept_of_a_turn_that_failed(
    url: str, actions: Actions, caplog: pytest.LogCaptureFixture
) -> None:
    actions.answer, actions.status = {"error": PHONE}, 500
    store = Saved(own_model().domain)
    with caplog.at_level(logging.DEBUG), pytest.raises(ActionFailed):
        await turn_with(url, store)
    assert store.saved == []
    assert PHONE not in caplog.text
    # The same message again, once the server is well.
    actions.answer, actions.status = NOTHING, 200
    await turn_with(url, store)
    tracker = await store.retrieve("a")
    assert tracker is not None
    assert texts(list(tracker.events)) == ["ask_price m-1"]


async def test_rasa_itself_goes_on_and_keeps_it(
    url: str, actions: Actions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why it is done differently."""
    monkeypatch.setattr(RemoteAction, "run", STOCK_RUN)
    actions.status = 500
    store = Saved(own_model().domain)
    await turn_with(url, store)
    assert store.saved


STOCK_RUN = RemoteAction.run
