"""A scripted assistant, and a customer who speaks the chat API as any client would."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from backend.conversations.assistant import Answer, Fault
from backend.conversations.transcript import Reply, Understanding

LIMIT = 15.0
"""Seconds after which an answer that has not come counts as missing."""


def answer(*texts: str, language: str | None = "zh", **reply: Any) -> Answer:
    """An answer of the assistant, one message for each text; `reply` goes to all of them."""
    seen = Understanding(
        intent="ask_price",
        confidence=0.93,
        entities=[{"entity": "model", "value": "shanyu", "start": 0, "end": 2}],
        ranking=[{"intent": "ask_price", "confidence": 0.93}],
        language=language,
    )
    return Answer(seen, [Reply(text=text, **reply) for text in texts])


@dataclass(frozen=True)
class Call:
    """What the assistant was asked."""

    conversation_id: str
    message_id: str
    text: str
    payload: str | None
    locale: str | None


@dataclass
class FakeTurn:
    """Plays `steps` one after the other, then answers each text with itself.

    While `gate` is cleared, turns stay in flight. `overlaps` counts turns that began while
    another one of the same conversation was in flight.
    """

    steps: deque[Answer | Fault | Exception] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)
    overlaps: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    _inside: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.gate.set()

    def plays(self, *steps: Answer | Fault | Exception) -> None:
        self.steps.extend(steps)

    async def turn(
        self,
        *,
        conversation_id: str,
        message_id: str,
        text: str,
        payload: str | None,
        locale: str | None,
        again: bool = False,
    ) -> Answer | Fault:
        self.calls.append(Call(conversation_id, message_id, text, payload, locale))
        self.overlaps += conversation_id in self._inside
        self._inside.add(conversation_id)
        self.entered.set()
        try:
            # Others get the floor: an overlap that can happen does.
            await asyncio.sleep(0)
            await self.gate.wait()
            step = self.steps.popleft() if self.steps else answer(f"≈{text}")
            if isinstance(step, Exception):
                raise step
            return step
        finally:
            self._inside.discard(conversation_id)


@dataclass
class Talk:
    """One conversation, with its token."""

    client: httpx.AsyncClient
    id: str
    token: str
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    async def open(cls, client: httpx.AsyncClient, locale: str | None = None) -> "Talk":
        response = await client.post(
            "/api/chat/conversations", json={"locale": locale} if locale else {}
        )
        assert response.status_code == 201, response.text
        return cls(client, response.json()["conversation_id"], response.json()["token"])

    @property
    def key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, **body: Any) -> httpx.Response:
        """A message; a client message id of its own unless `body` names one."""
        body = {"client_message_id": f"c{next(self._ids)}", **body}
        return await self.client.post("/api/chat/messages", json=body, headers=self.key)

    async def say(self, text: str) -> int:
        """Sends a text that must be accepted; its `seq`."""
        response = await self.post(text=text)
        assert response.status_code == 202, response.text
        return int(response.json()["seq"])

    async def press(self, button: dict[str, str]) -> int:
        response = await self.post(choice=button["choice"])
        assert response.status_code == 202, response.text
        return int(response.json()["seq"])

    async def read(self, after: int = 0, wait: float = 0) -> dict[str, Any]:
        response = await self.client.get(
            "/api/chat/messages", params={"after": after, "wait": wait}, headers=self.key
        )
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def hears(self, number: int = 1, after: int = 0) -> list[dict[str, Any]]:
        """The first `number` messages after `after` that are not the customer's own."""
        end = time.monotonic() + LIMIT
        heard: list[dict[str, Any]] = []
        while len(heard) < number and time.monotonic() < end:
            shown = await self.read(after, wait=1)
            heard += [one for one in shown["messages"] if one["sender"] != "customer"]
            after = max([after, *(one["seq"] for one in shown["messages"])])
        assert len(heard) >= number, f"only {len(heard)} answers came: {heard}"
        return heard

    async def ask(self, text: str) -> list[dict[str, Any]]:
        """Says `text` and returns what came in answer, once nothing is under way."""
        seq = await self.say(text)
        await self.settles()
        return [one for one in (await self.read(seq))["messages"] if one["sender"] != "customer"]

    async def settles(self) -> None:
        """Returns when no turn is under way any more."""
        end = time.monotonic() + LIMIT
        after = 0
        while (shown := await self.read(after, wait=0.5))["typing"]:
            assert time.monotonic() < end, "a turn does not end"
            after = max([after, *(one["seq"] for one in shown["messages"])])


def refused(response: httpx.Response, status: int, code: str | None = None) -> None:
    """Asserts that a response is an error in the envelope of the API."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert all(isinstance(part, str) and part for part in body["error"].values())
    assert code is None or body["error"]["code"] == code, body


def statuses(responses: Sequence[httpx.Response]) -> list[int]:
    return [response.status_code for response in responses]
