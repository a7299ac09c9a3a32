"""Customers of the chat API who cost little themselves, since they share the processors with what
is measured: one connection each, kept open, and no more of HTTP than that API needs."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from scripts.ground import Failure

PATIENCE = 120.0
"""Seconds until a turn counts as lost."""


@dataclass(frozen=True)
class Turn:
    """One message and its answer."""

    seconds: float
    """From posting the message until the answer can be read."""
    answered: bool
    """By the assistant; else the customer was told that a person will answer."""
    acknowledged: float = 0.0
    """Seconds from posting until it was acknowledged."""


class Customer:
    """One conversation after the other, over one connection."""

    def __init__(self, base_url: str) -> None:
        address = urlsplit(base_url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._token = ""
        self._seq = 0

    async def arrive(self) -> None:
        """Opens a conversation."""
        opened = await self._request("POST", "/api/chat/conversations", {})
        self._token = opened["token"]

    async def say(self, text: str) -> Turn:
        """Raises Failure when there is no answer within `PATIENCE`."""
        started = time.perf_counter()
        message = {"client_message_id": uuid4().hex, "text": text}
        after = (await self._request("POST", "/api/chat/messages", message))["seq"]
        acknowledged = time.perf_counter() - started
        while time.perf_counter() - started < PATIENCE:
            read = await self._request("GET", f"/api/chat/messages?after={after}&wait=20")
            senders = {shown["sender"] for shown in read["messages"]}
            if senders & {"assistant", "system"}:
                seconds = time.perf_counter() - started
                return Turn(seconds, "assistant" in senders, acknowledged)
        raise Failure(f"no answer to “{text}” within {PATIENCE:.0f} s")

    async def post(self, text: str) -> None:
        """Leaves a message, whose answer nobody waits for."""
        message = {"client_message_id": uuid4().hex, "text": text}
        self._seq = (await self._request("POST", "/api/chat/messages", message))["seq"]

    async def answered(self, patience: float) -> bool:
        """Whether the assistant has answered what was posted, within `patience` seconds."""
        end = time.perf_counter() + patience
        while time.perf_counter() < end:
            path = f"/api/chat/messages?after={self._seq}&wait=5"
            read = await self._request("GET", path)
            senders = {shown["sender"] for shown in read["messages"]}
            if senders & {"assistant", "system"}:
                return "assistant" in senders
        return False

    async def wait(self, seconds: int) -> float:
        """One read that waits for news; how much longer it took than it was to wait."""
        started = time.perf_counter()
        await self._request("GET", f"/api/chat/messages?wait={seconds}")
        return max(0.0, time.perf_counter() - started - seconds)

    async def stream(self, opened: Callable[[float], None]) -> None:
        """Reads the stream of news until it ends, which it must not: then Failure. `opened` is told
        how many seconds the first of it took."""
        started = time.perf_counter()
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._writer.write(self._head("GET", "/api/chat/stream", 0))
        status = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split()[1]
        if status != "200":
            raise Failure(f"the stream was answered {status}")
        await self._reader.readuntil(b"\n\n")
        opened(time.perf_counter() - started)
        while await self._reader.read(4096):
            pass
        raise Failure("the stream ended")

    async def leave(self) -> None:
        if self._writer is not None:
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()
            self._reader = self._writer = None

    async def _request(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The JSON of an answer. Raises Failure for a status other than 2xx."""
        try:
            return await self._exchange(method, path, body)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The server closes a connection that was idle. The same message again is the same.
            await self.leave()
            return await self._exchange(method, path, body)

    def _head(self, method: str, path: str, length: int) -> bytes:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._host}:{self._port}",
            f"Authorization: Bearer {self._token}",
            "Content-Type: application/json",
            f"Content-Length: {length}",
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    async def _exchange(
        self, method: str, path: str, body: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        content = b"" if body is None else json.dumps(body).encode()
        self._writer.write(self._head(method, path, len(content)) + content)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *fields = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (
            field.partition(":") for field in fields
        )}  # fmt: skip
        if "content-length" not in headers:
            raise Failure(f"{method} {path} was answered without a length: {status}")
        answer = await self._reader.readexactly(int(headers["content-length"]))
        if not status.split()[1].startswith("2"):
            raise Failure(f"{method} {path} was answered {status}: {answer[:200]!r}")
        found: dict[str, Any] = json.loads(answer)
        return found
