"""A served backend with someone signed in, and the stream of an open page as a browser hears it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from backend.clock import FixedClock
from backend.database import Database
from tests.integration.chat import streaming
from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import LIMIT
from tests.integration.console.browser import Browser


@asynccontextmanager
async def served(database: Database, clock: FixedClock, folder: Path) -> AsyncIterator[Site]:
    """Over a real connection: only there an answer comes piece by piece."""
    async with streaming.served(database, clock, folder, channels={}) as running:
        yield running.site


@asynccontextmanager
async def at_desk(site: Site, username: str = "admin") -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(
        base_url=site.client.base_url, timeout=30, trust_env=False
    ) as client:
        browser = Browser(client)
        assert (await browser.sign_in(username)).status_code == 303
        yield browser


@dataclass
class Event:
    id: str
    name: str
    data: dict[str, Any]

    @property
    def text(self) -> str:
        return json.dumps(self.data, ensure_ascii=False)


class Page:
    """An open page: what it was given, and the events that its stream brings."""

    def __init__(self, browser: Browser, path: str, html: str) -> None:
        self._browser = browser
        self.path, self.html = path, html
        given = (r'data-counts="(\w+)"', r'data-rows="\w+" data-version="(\w+)"',
                 r'id="thread" data-version="(\w+)"')  # fmt: skip
        found = [re.search(pattern, html) for pattern in given]
        self.after = ".".join(one[1] if one else "" for one in found)

    @classmethod
    async def load(cls, browser: Browser, path: str) -> "Page":
        answer = await browser.get(path)
        assert answer.status_code == 200
        return cls(browser, path, answer.text)

    @property
    def address(self) -> dict[str, str]:
        query: dict[str, str] = {}
        found = re.search(r'data-rows="(\w+)"[^>]*data-query="\??([^"]*)"', self.html)
        if found:
            query = dict(parse_qsl(unescape(found[2]))) | {"rows": found[1]}
            if found[1] == "ids":
                query["ids"] = ",".join(re.findall(r'<li id="c-(\w+)"', self.html))
        opened = re.search(r'id="conversation" data-id="(\w+)"', self.html)
        if opened:
            query["conversation"] = opened[1]
        return query

    @asynccontextmanager
    async def stream(self, after: str | None = None) -> AsyncIterator["Stream"]:
        query = {**self.address, "after": self.after if after is None else after}
        async with self._browser.client.stream("GET", "/console/live", params=query) as response:
            assert response.status_code == 200, response.headers
            assert response.headers["content-type"].startswith("text/event-stream")
            assert response.headers["cache-control"] == "no-store"
            yield Stream(response.aiter_lines())

    async def poll(self, after: str | None = None) -> dict[str, Any]:
        query = {**self.address, "after": self.after if after is None else after, "once": "1"}
        response = await self._browser.get("/console/live", params=query)
        assert response.status_code == 200
        found: dict[str, Any] = response.json()
        return found


class Stream:
    """The events of one stream, as they come."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self.lines = lines
        self.last = ""

    async def next(self) -> Event:
        block: dict[str, str] = {}
        async with asyncio.timeout(LIMIT):
            async for line in self.lines:
                if not line and block:
                    self.last = block["id"]
                    return Event(block["id"], block["event"], json.loads(block["data"]))
                if line:
                    name, value = line.split(": ", 1)
                    block[name] = value
        raise AssertionError("the stream ended")

    async def until(self, name: str, text: str = "") -> Event:
        """The next event of this name that holds the text."""
        while True:
            event = await self.next()
            if event.name == name and text in event.text:
                return event

    async def rest(self) -> list[str]:
        """What still comes until the server ends the stream."""
        async with asyncio.timeout(LIMIT):
            return [line async for line in self.lines if line]
