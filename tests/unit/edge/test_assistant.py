"""The client of Rasa against a server that behaves as badly as one can."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from backend.conversations.assistant import Answer, Assistant, Fault
from backend.conversations.transcript import Reply
from tests.postgres import free_port

SECRET = "s" * 32
GOOD: dict[str, Any] = {
    "messages": [
        {"text": "哪一款？", "buttons": [{"title": "山屿", "payload": "/inform"}]},
        {"cards": [{"title": "云驰"}]},
        {"image": "x.png"},
    ],
    "understanding": {
        "intent": "ask_price",
        "confidence": 0.9,
        "entities": [],
        "ranking": [],
        "language": "zh",
    },
}


def http(body: Any, status: str = "200 OK") -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(data)}"
    return head.encode() + b"\r\nConnection: close\r\n\r\n" + data


@dataclass
class FakeRasa:
    """Answers every request with the same bytes; with None it never does."""

    says: bytes | None
    port: int = 0
    heads: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1])
            for line in head.splitlines()
            if line.lower().startswith("content-length")
        )
        self.heads.append(head)
        self.bodies.append(json.loads(await reader.readexactly(length)))
        if self.says is None:
            await self.done.wait()
        else:
            writer.write(self.says)
        writer.close()


@asynccontextmanager
async def rasa(says: bytes | None) -> AsyncIterator[tuple[FakeRasa, Assistant]]:
    fake = FakeRasa(says)
    server = await asyncio.start_server(fake.handle, "127.0.0.1", 0)
    fake.port = port = server.sockets[0].getsockname()[1]
    # Short only where it has to run out.
    patience = 0.3 if says is None else 20
    assistant = Assistant([f"http://127.0.0.1:{port}"], SECRET, timeout=patience)
    try:
        yield fake, assistant
    finally:
        fake.done.set()
        await assistant.close()
        server.close()


async def ask(assistant: Assistant, payload: str | None = None) -> Answer | Fault:
    return await assistant.turn(
        conversation_id="c1", message_id="m1", text="/restart", payload=payload, locale="zh-CN"
    )


async def test_an_answer() -> None:
    async with rasa(http(GOOD)) as (fake, assistant):
        found = await ask(assistant)
    assert isinstance(found, Answer)
    assert found.replies == [
        Reply("哪一款？", [("山屿", "/inform")], []),
        Reply("", [], [{"title": "云驰"}]),
    ]
    assert (found.understanding.intent, found.understanding.language) == ("ask_price", "zh")
    assert f"x-chefu-secret: {SECRET}" in fake.heads[0].lower()


async def test_typed_text_is_sent_as_text_and_a_button_as_payload() -> None:
    async with rasa(http(GOOD)) as (fake, assistant):
        await ask(assistant)
        await ask(assistant, payload="/inform")
    common = {"sender": "c1", "message_id": "m1", "metadata": {"locale": "zh-CN"}, "again": False}
    assert fake.bodies == [{**common, "text": "/restart"}, {**common, "payload": "/inform"}]


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (http({**GOOD, "messages": []}), "empty"),
        (http({**GOOD, "messages": [{"image": "x.png"}]}), "empty"),
        (http({"messages": GOOD["messages"]}), "garbled"),
        (http({"understanding": GOOD["understanding"]}), "garbled"),
        (http([]), "garbled"),
        (http(b"not json"), "garbled"),
        (http(b"\xff\xfe"), "garbled"),
        (http({**GOOD, "messages": [{"text": "x", "buttons": [{"title": "t"}]}]}), "garbled"),
        (http({"error": "turn_failed"}, "500 Internal Server Error"), "refused"),
        (http({"error": "forbidden"}, "403 Forbidden"), "refused"),
        (http({}, "302 Found"), "refused"),
        (http({"error": "no_model"}, "503 Service Unavailable"), "unreachable"),
        (b"", "broken"),
        (http(GOOD)[:-10], "broken"),
        (b"nonsense\r\n\r\n", "broken"),
        (None, "timeout"),
    ],
)
async def test_a_fault_has_its_name(says: bytes | None, reason: str) -> None:
    async with rasa(says) as (_, assistant):
        assert await ask(assistant) == Fault(reason)


async def test_nobody_listens() -> None:
    assistant = Assistant([f"http://127.0.0.1:{free_port()}"], SECRET, timeout=20)
    assert await ask(assistant) == Fault("unreachable")
    await assistant.close()


async def test_another_process_answers_for_one_that_is_down() -> None:
    async with rasa(http(GOOD)) as (fake, _):
        up = f"http://127.0.0.1:{fake.port}"
        for urls in (
            [up, f"http://127.0.0.1:{free_port()}"],
            [f"http://127.0.0.1:{free_port()}", up],
        ):
            assistant = Assistant(urls, SECRET, timeout=20)
            assert isinstance(await ask(assistant), Answer)
            await assistant.close()
    assert len(fake.bodies) == 2


async def test_a_conversation_keeps_to_one_process() -> None:
    async with rasa(http(GOOD)) as (one, _), rasa(http(GOOD)) as (other, _):
        assistant = Assistant(
            [f"http://127.0.0.1:{fake.port}" for fake in (one, other)], SECRET, timeout=20
        )
        for _ in range(3):
            for name in ("a", "b", "c", "d", "e", "f"):
                await assistant.turn(
                    conversation_id=name, message_id="m1", text="x", payload=None, locale=None
                )
        await assistant.close()
    asked = [{body["sender"] for body in fake.bodies} for fake in (one, other)]
    assert asked[0] and asked[1] and not asked[0] & asked[1]


async def test_a_second_try_asks_another_process() -> None:
    async with rasa(b"") as (ill, _), rasa(http(GOOD)) as (other, _):
        assistant = Assistant(
            [f"http://127.0.0.1:{fake.port}" for fake in (ill, other)], SECRET, timeout=20
        )
        names = [f"c{number}" for number in range(8)]
        for name in names:
            tries = [
                await assistant.turn(
                    conversation_id=name, message_id="m1", text="x", payload=None, locale=None,
                    again=again,
                )
                for again in (False, True)
            ]  # fmt: skip
            assert Fault("broken") in tries
            assert any(isinstance(one, Answer) for one in tries)
        await assistant.close()
    assert {body["sender"] for body in ill.bodies} == set(names)


async def test_who_may_have_got_the_message_is_not_passed_over() -> None:
    """Another process must not run the turn as well while the first may still be at it."""
    async with rasa(b"") as (one, _), rasa(b"") as (other, _):
        assistant = Assistant(
            [f"http://127.0.0.1:{fake.port}" for fake in (one, other)], SECRET, timeout=20
        )
        assert await ask(assistant) == Fault("broken")
        await assistant.close()
    assert len(one.bodies) + len(other.bodies) == 1
