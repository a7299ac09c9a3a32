"""What the fake messaging platforms share: a server, faults on demand, webhooks with retries."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

LIMIT = 15.0
"""Seconds after which what has not come counts as missing."""


@dataclass(frozen=True)
class Fault:
    """What happens to the next message that the backend sends.

    `kind`: `refused` answers `status` and `body`; `cut` breaks the connection before the message
    is taken, `lost` after it; `silent` takes it and never answers; `none` is the usual.
    """

    kind: str = "refused"
    status: int = 500
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Button:
    id: str
    title: str
    group: str = ""


@dataclass(frozen=True)
class Sent:
    """A message as the customer sees it; `payload` as the backend sent it."""

    to: str
    id: str
    text: str
    buttons: tuple[Button, ...]
    payload: dict[str, Any]

    def button(self, title: str) -> Button:
        return next(button for button in self.buttons if button.title == title)


class Cut(Response):
    """Begins an answer and ends it at once: the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]}
        )


class Server(uvicorn.Server):
    """Leaves the signals of the process to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Platform:
    """The half of a platform that is the same everywhere.

    `backend` reaches the backend under test. While `gate` is cleared, messages that the backend
    sends stay in flight; `entered` is set when one is.
    """

    path: str
    """Of the webhook."""

    def __init__(
        self, backend: httpx.AsyncClient, *, pauses: Sequence[float] = (0.05, 0.1, 0.2, 0.4, 0.8)
    ) -> None:
        self.backend = backend
        self.pauses = pauses
        """Seconds before each further try of a webhook; then the platform gives up."""
        self.faults: deque[Fault] = deque()
        self.sent: list[Sent] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()
        self.url = ""
        self.on_sent: Callable[[Sent], None] = lambda sent: None
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = asyncio.Event()

    def routes(self) -> list[BaseRoute]:
        raise NotImplementedError

    def signed(self, raw: bytes) -> dict[str, str]:
        """The headers that prove where a webhook comes from."""
        raise NotImplementedError

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator["Platform"]:
        """Listens on `port`, or on a free one; `url` then is its address."""
        app = Starlette(routes=self.routes())
        config = uvicorn.Config(
            app, host="127.0.0.1", port=port, log_level="critical", lifespan="off",
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = Server(config)
        running = asyncio.create_task(server.serve())
        while not server.started:
            if running.done():
                raise RuntimeError(f"port {port} cannot be used")
            await asyncio.sleep(0.01)
        self.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            self._closing.set()
            self.gate.set()
            for task in self._tasks:
                task.cancel()
            server.should_exit = True
            await asyncio.gather(running, *self._tasks, return_exceptions=True)

    def later(self, work: Any) -> None:
        """Does it beside what is going on."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def post(self, raw: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        """One try of a webhook."""
        signed = self.signed(raw) if headers is None else headers
        return await self.backend.post(
            self.path, content=raw, headers={"Content-Type": "application/json", **signed}
        )

    async def deliver(self, raw: bytes) -> httpx.Response | None:
        """A webhook, again and again until the answer is 200; None when the platform gave up."""
        for pause in (*self.pauses, None):
            try:
                response = await self.post(raw)
            except httpx.HTTPError:
                response = None
            if response is not None and response.status_code == httpx.codes.OK:
                return response
            if pause is not None:
                await asyncio.sleep(pause)
        return None

    async def taken(self, take: Callable[[], Response], request: Request) -> Response:
        """The answer to a message of the backend's, with the fault that comes next."""
        self.entered.set()
        await self.gate.wait()
        fault = self.faults.popleft() if self.faults else None
        if fault is None or fault.kind == "none":
            return await self._done(take())
        if fault.kind == "refused":
            return await self._done(JSONResponse(fault.body, fault.status, fault.headers))
        if fault.kind != "cut":
            answer = await self._done(take())
            if answer.status_code != httpx.codes.OK:
                return answer
        if fault.kind == "silent":
            await self._closing.wait()
        return Cut()

    async def _done(self, answer: Response) -> Response:
        async with self._changed:
            self._changed.notify_all()
        return answer

    def note(self, sent: Sent) -> None:
        self.sent.append(sent)
        self.on_sent(sent)

    def to(self, address: str) -> list[Sent]:
        return [sent for sent in self.sent if sent.to == address]

    async def hears(self, address: str, number: int = 1) -> list[Sent]:
        """The messages to a customer, once there are `number` of them."""
        async with asyncio.timeout(LIMIT), self._changed:
            await self._changed.wait_for(lambda: len(self.to(address)) >= number)
        return self.to(address)
