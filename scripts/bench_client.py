"""Customers of the chat API who cost little themselves, since they share the processors with what
is measured: one connection each, kept open, and no more of HTTP than that API needs."""

import asyncio
import json
import time
from collections.abc import Mapping
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


class Customer:
    """One conversation after the other, over one connection."""

    def __init__(self, base_url: str) -> None:
        address = urlsplit(base_url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._token = ""

    async def arrive(self) -> None:
        """Opens a conversation."""
        opened = await self._request("POST", "/api/chat/conversations", {})
        self._token = opened["token"]

    async def say(self, text: str) -> Turn:
        """Raises Failure when there is no answer within `PATIENCE`."""
        started = time.perf_counter()
        message = {"client_message_id": uuid4().hex, "text": text}
        after = (await self._request("POST", "/api/chat/messages", message))["seq"]
        while time.perf_counter() - started < PATIENCE:
            read = await self._request("GET", f"/api/chat/messages?after={after}&wait=20")
            senders = {shown["sender"] for shown in read["messages"]}
            if senders & {"assistant", "system"}:
                return Turn(time.perf_counter() - started, "assistant" in senders)
        raise Failure(f"no answer to “{text}” within {PATIENCE:.0f} s")

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

    async def _exchange(
        self, method: str, path: str, body: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        content = b"" if body is None else json.dumps(body).encode()
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._host}:{self._port}",
            f"Authorization: Bearer {self._token}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
        ]
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
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
