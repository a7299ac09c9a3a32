"""A served backend and people in front of it: customers at the chat API, staff in a browser."""

import asyncio
import os
import re
import shutil
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    sync_playwright,
)
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app import Server
from backend.clock import FixedClock
from backend.conversations.ownership import set_owner
from backend.conversations.service import lock
from backend.conversations.transcript import append
from backend.database import Database
from backend.migrations.migrate import migrate
from tests.conftest import NOW
from tests.integration.console.browser import PASSWORD, application, settings, staff
from tests.integration.console.office import fill

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 20_000
"""Milliseconds within which everything on a page has to happen."""
PEOPLE = (("admin", "陈静", "admin", "zh"), ("li", "Lena Hart", "consultant", "en"))
EXPECTED = re.compile(
    r"status of (401|403|409|422|503)|ERR_FAILED|ERR_ABORTED"
    r"|htmx:(afterRequest|sendAbort|sendError)"
)
"""What a browser says of refusals that belong to a test, and htmx of a search that a newer one
has replaced."""

Found = TypeVar("Found")


@dataclass
class Customer:
    """Someone at the chat API. Each message comes a second after what was before."""

    house: "House"
    id: str
    token: str
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def says(self, text: str) -> None:
        self.house.clock.advance(timedelta(seconds=1))
        response = self.house.client.post(
            "/api/chat/messages",
            json={"client_message_id": f"c{next(self._ids)}", "text": text},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert response.status_code == 202, response.text

    def has_said(self, *texts: str) -> None:
        """Long ago, and nobody has answered."""

        async def write(session: AsyncSession) -> None:
            conversation = await lock(session, self.id)
            for text in texts:
                session.add(append(conversation, NOW, sender="customer", text=text))

        self.house.does(write)

    def waits(self) -> None:
        """Is passed on to a person."""
        self.house.clock.advance(timedelta(seconds=1))
        now = self.house.clock.now()

        async def pass_on(session: AsyncSession) -> None:
            conversation = await lock(session, self.id)
            set_owner(session, now, conversation, "waiting", actor=f"conversation:{self.id}")

        self.house.does(pass_on)

    @property
    def path(self) -> str:
        return f"{self.house.address}/console/conversations/{self.id}"


class House:
    """The backend in a thread with a loop of its own, on a filled store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = Database(f"sqlite+aiosqlite:///{folder / 'store.db'}")
        self.clock = FixedClock(NOW)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.client = httpx.Client(base_url=self.address, trust_env=False)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Server | None = None

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        await migrate(self._database)
        for username, name, role, language in PEOPLE:
            person = await staff(self._database, username, role, language)
            async with self._database.transaction() as session:
                (await session.merge(person)).name = name
        async with self._database.transaction() as session:
            await fill(session)
        app = application(self._database, self.clock, settings(self._folder))
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3)
        self._server = Server(app, config)
        ready.set()
        await self._server.serve(sockets=[self._listener])

    @contextmanager
    def open(self) -> Iterator["House"]:
        ready = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        thread.start()
        assert ready.wait(60)
        yield self
        assert self._server is not None
        self._server.should_exit = True
        thread.join(20)
        self.client.close()

    def does(self, work: Callable[[AsyncSession], Awaitable[Found]]) -> Found:
        """Runs `work` in a transaction of the served backend."""

        async def run() -> Found:
            async with self._database.transaction() as session:
                return await work(session)

        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(30)

    def customer(self) -> Customer:
        opened = self.client.post("/api/chat/conversations", json={"locale": "zh"}).json()
        return Customer(self, opened["conversation_id"], opened["token"])


class Staffroom:
    """Opens pages for members of staff, each signed in once; hears every complaint of a page."""

    def __init__(self, house: House, browser: Browser) -> None:
        self._house, self._browser = house, browser
        self._signed_in: dict[str, Any] = {}
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def page(
        self,
        username: str = "admin",
        size: dict[str, int] | None = None,
        script: str = "",
        scripts: bool = True,
    ) -> Page:
        """In a window of its own; `script` runs before those of each page. `scripts`: False for
        a browser that runs none."""
        if username not in self._signed_in:
            self._sign_in(username)
        context = self._browser.new_context(
            viewport=size or DESK,  # type: ignore[arg-type]  # a plain dict is one
            storage_state=self._signed_in[username],
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        if script:
            context.add_init_script(script)
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._asked)
        return page

    def _asked(self, dialog: Dialog) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def _sign_in(self, username: str) -> None:
        context = self._browser.new_context()
        page = context.new_page()
        page.goto(f"{self._house.address}/console/")
        page.fill("#username", username)
        page.fill("#password", PASSWORD)
        page.click("main form[method=post] button")
        page.wait_for_url("**/console/conversations")
        self._signed_in[username] = context.storage_state()
        context.close()

    def forget(self, username: str) -> None:
        """Their session has ended; the next page signs in again."""
        self._signed_in.pop(username, None)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.complaints.append(message.text)

    def close_all(self) -> None:
        for context in self._contexts:
            context.close()
        self._contexts.clear()


@contextmanager
def chromium() -> Iterator[Browser]:
    """CHEFU_CHROMIUM, or the one on the path."""
    executable = os.environ.get("CHEFU_CHROMIUM") or shutil.which("chromium")
    assert executable, "no chromium on the path and CHEFU_CHROMIUM is not set"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
