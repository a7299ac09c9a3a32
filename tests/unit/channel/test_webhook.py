"""The channel behind a real server, with an assistant that only remembers what it was asked."""

import logging
import socket
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.exceptions import RasaException
from sanic import Sanic

from bot.channel import SECRET_HEADER, SECRET_VARIABLE, ChefuChannel
from bot.remote_actions import ActionFailed

SECRET = "a secret of the test"
PHONE = "13800000001"


class Agent:
    """Answers as told; keeps the messages that reached it."""

    def __init__(self) -> None:
        self.processor = self
        self.tracker_store = self
        self.model_filename: str = "nlu.tar.gz"
        self.ready = True
        self.entities: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] = [{"text": "您好"}]
        self.lock_store = InMemoryLockStore()
        self.failure: BaseException | None = None
        self.language_slot: str | None = None
        self.parses = 0
        self.removed: list[str] = []
        self.handled: list[UserMessage] = []

    def is_ready(self) -> bool:
        return self.ready

    async def parse_message(self, message: UserMessage) -> dict[str, Any]:
        self.parses += 1
        ranking = [{"name": f"intent_{number}", "confidence": 0.1} for number in range(10)]
        return {
            "text": message.text,
            "intent": {"name": "greet", "confidence": 0.9},
            "entities": list(self.entities),
            "intent_ranking": ranking,
            "wishes": [{"intent": "human_handoff", "confidence": 0.9, "start": 5, "end": 9}],
        }

    async def retrieve(self, sender: str) -> Any:
        return SimpleNamespace(slots={"language": SimpleNamespace(value=self.language_slot)})

    async def delete(self, sender: str) -> None:
        assert self.lock_store.get_lock(sender) is not None
        self.removed.append(sender)

    async def handle_message(self, message: UserMessage) -> None:
        if self.failure is not None:
            raise self.failure
        self.handled.append(message)
        for answer in self.responses:
            await message.output_channel.send_response(message.sender_id, answer)


class Client:
    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address

    async def post(self, secret: str | None = SECRET, **body: Any) -> tuple[int, Any]:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        content = {"sender": "ab-01", "message_id": "m1", **body}
        url = f"{self._address}/webhooks/chefu/webhook"
        async with self._session.post(url, json=content, headers=headers) as response:
            return response.status, await response.json(content_type=None)

    async def forget(self, body: Any, secret: str = SECRET) -> tuple[int, Any]:
        url = f"{self._address}/webhooks/chefu/forget"
        headers = {SECRET_HEADER: secret}
        async with self._session.post(url, json=body, headers=headers) as response:
            return response.status, await response.json(content_type=None)

    async def health(self) -> tuple[int, Any]:
        async with self._session.get(f"{self._address}/webhooks/chefu/health") as response:
            return response.status, await response.json(content_type=None)


@pytest.fixture
def agent() -> Agent:
    return Agent()


@pytest.fixture
async def client(
    agent: Agent, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Client]:
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    # Sanic rewrites its own methods at start; in this mode it can do so more than once.
    monkeypatch.setattr(Sanic, "test_mode", True)
    # The extensions have tests of their own, and Rasa must be as it is for those.
    monkeypatch.setattr(ChefuChannel, "install", lambda _channel: None)
    app = Sanic(f"chefu-{abs(hash(request.node.nodeid))}", configure_logging=False)
    app.ctx.agent = agent
    register([ChefuChannel()], app, route="/webhooks/")
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    await server.startup()
    await server.start_serving()
    async with aiohttp.ClientSession() as session:
        yield Client(session, f"http://127.0.0.1:{port}")
    server.close()
    await server.wait_closed()


def test_there_is_no_channel_without_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)
    with pytest.raises(RasaException):
        ChefuChannel().blueprint(Agent().handle_message)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x"])
async def test_strangers_are_refused(client: Client, agent: Agent, secret: str | None) -> None:
    assert await client.post(secret, text="你好") == (403, {"error": "forbidden"})
    assert agent.parses == 0


async def test_a_turn_is_parsed_once_and_answered(client: Client, agent: Agent) -> None:
    agent.entities = [
        {"entity": "model", "value": "shanyu", "start": 1, "end": 3, "text": "山屿"},
        {"entity": "language", "value": "zh", "start": 0, "end": 0},
    ]
    status, answer = await client.post(text=" 山屿多少钱 ", metadata={"locale": "en"})
    assert status == 200
    assert agent.parses == 1
    assert answer["messages"] == [{"text": "您好"}]
    meaning = answer["understanding"]
    assert (meaning["intent"], meaning["confidence"]) == ("greet", 0.9)
    assert meaning["language"] == "zh"
    assert meaning["entities"][0] == agent.entities[0]
    assert len(meaning["ranking"]) == 5
    assert [wish["intent"] for wish in meaning["wishes"]] == ["human_handoff"]
    [message] = agent.handled
    assert message.text == " 山屿多少钱 "
    assert message.message_id == "m1"
    assert message.metadata == {"message_id": "m1", "locale": "en"}
    assert message.input_channel == "chefu"
    assert message.parse_data["intent"]["name"] == "greet"


async def test_all_parts_of_an_answer_in_their_order(client: Client, agent: Agent) -> None:
    card = {"title": "山屿", "facts": [{"label": "座位", "value": "5"}]}
    agent.responses = [
        {"text": "两款", "buttons": [{"title": "山屿", "payload": "/inform", "type": "postback"}]},
        {"custom": {"cards": [card]}, "text": "看看"},
        {"image": "/pictures/shanyu.svg", "text": None},
        {"text": "一段\n\n两段"},
        {"text": ""},
    ]
    _, answer = await client.post(text="有哪些")
    assert answer["messages"] == [
        {"text": "两款", "buttons": [{"title": "山屿", "payload": "/inform"}]},
        {"text": "看看", "cards": [card]},
        {"image": "/pictures/shanyu.svg"},
        {"text": "一段\n\n两段"},
    ]


async def test_a_typed_command_reaches_the_assistant_as_words(client: Client, agent: Agent) -> None:
    await client.post(text="\u3000/restart")
    assert agent.handled[0].text == "\u3000／restart"


async def test_a_payload_reaches_the_assistant_as_a_command(client: Client, agent: Agent) -> None:
    await client.post(payload='/inform{"ordinal": 2}')
    assert agent.handled[0].text == '/inform{"ordinal": 2}'


@pytest.mark.parametrize(("metadata", "language"), [({"locale": "en"}, "en"), (None, "zh")])
async def test_words_that_do_not_tell_start_in_the_language_of_the_page(
    client: Client, agent: Agent, metadata: Any, language: str
) -> None:
    _, answer = await client.post(text="13800000001", metadata=metadata)
    assert answer["understanding"]["language"] == language
    found = agent.handled[0].parse_data["entities"]
    assert {"entity": "language", "value": language, "start": 0, "end": 0} in found


async def test_words_that_do_not_tell_keep_the_language(client: Client, agent: Agent) -> None:
    agent.language_slot = "en"
    _, answer = await client.post(text="13800000001", metadata={"locale": "zh"})
    assert answer["understanding"]["language"] is None
    assert agent.handled[0].parse_data["entities"] == []


async def test_a_failing_turn_is_an_error_and_is_logged_without_words(
    client: Client, agent: Agent, caplog: pytest.LogCaptureFixture
) -> None:
    agent.failure = ValueError(f"cannot store {PHONE}")
    with caplog.at_level(logging.DEBUG):
        assert await client.post(text=f"我的电话{PHONE}") == (500, {"error": "turn_failed"})
    [failed] = [record for record in caplog.records if record.name == "bot.channel"]
    assert "ValueError" in failed.getMessage()
    assert "handle_message" in failed.getMessage()
    assert PHONE not in caplog.text


async def test_a_failing_action_is_an_error(client: Client, agent: Agent) -> None:
    agent.failure = ActionFailed("action_book")
    assert await client.post(text="好的") == (500, {"error": "action_failed"})


@pytest.mark.parametrize(
    ("body", "status"),
    [({"text": "好" * 2001}, 413), ({"text": ""}, 422), ({"text": "好", "sender": "../x"}, 422)],
)
async def test_bad_requests(client: Client, agent: Agent, body: Any, status: int) -> None:
    assert (await client.post(**body))[0] == status
    assert agent.parses == 0


async def test_a_conversation_is_forgotten(client: Client, agent: Agent) -> None:
    assert await client.forget({"sender": "ab-01"}) == (200, {"status": "ok"})
    assert agent.removed == ["ab-01"]


async def test_nobody_else_has_it_forgotten(client: Client, agent: Agent) -> None:
    assert await client.forget({"sender": "ab-01"}, secret="wrong") == (
        403,
        {"error": "forbidden"},
    )
    assert (await client.forget({"sender": "../x"}))[0] == 422
    assert (await client.forget([]))[0] == 422
    assert agent.removed == []


async def test_an_assistant_without_a_model_says_so(client: Client, agent: Agent) -> None:
    assert await client.health() == (200, {"status": "ok", "model": "nlu.tar.gz"})
    agent.ready = False
    assert await client.health() == (503, {"status": "starting", "model": None})
    assert await client.post(text="你好") == (503, {"error": "no_model"})
