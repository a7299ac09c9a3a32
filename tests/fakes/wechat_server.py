"""WeChat's API on a port of its own."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.fakes.wechat_platform import Fault, Platform, Refusal

TOKEN = "/cgi-bin/stable_token"
SEND = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
MEDIA = "/cgi-bin/media/get"
VIDEO = "/video"

Answer = Callable[[], Response]


class _Dropped(Response):
    """Announces more than it sends: the connection breaks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"100"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{"})


def application(platform: Platform) -> Starlette:
    async def tampered(request: Request, answer: Answer) -> Response:
        faults = platform.faults[request.url.path]
        if not faults:
            return answer()
        fault = faults.popleft()
        if fault.kind == "pass":
            return answer()
        if fault.done:
            answer()
        return await _wrong(fault)

    def post(
        act: Callable[[dict[str, Any]], dict[str, Any]], *, with_token: bool = True
    ) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            raw = await request.body()
            try:
                if b"\\u" in raw:
                    raise Refusal(40033)
                body = json.loads(raw)
            except ValueError:
                return _refused(47001)
            except Refusal as refusal:
                return _refused(refusal.code)
            platform.calls.append((request.url.path, body))

            def answer() -> Response:
                try:
                    if with_token:
                        platform.check_token(request.query_params.get("access_token", ""))
                    return JSONResponse(act(body))
                except Refusal as refusal:
                    return _refused(refusal.code)

            return await tampered(request, answer)

        return handle

    async def media(request: Request) -> Response:
        def answer() -> Response:
            try:
                platform.check_token(request.query_params.get("access_token", ""))
            except Refusal as refusal:
                return _refused(refusal.code)
            found = platform.media.get(request.query_params.get("media_id", ""))
            if found is None:
                return _refused(40007)
            kind, data = found
            if kind.startswith("video/"):
                name = request.query_params["media_id"]
                return JSONResponse({"video_url": str(request.url_for("video", name=name))})
            return Response(data, media_type=kind)

        return await tampered(request, answer)

    async def video(request: Request) -> Response:
        kind, data = platform.media[request.path_params["name"]]
        return Response(data, media_type=kind)

    return Starlette(
        routes=[
            Route(TOKEN, post(platform.stable_token, with_token=False), methods=["POST"]),
            Route(SEND, post(platform.custom_send), methods=["POST"]),
            Route(TEMPLATE, post(platform.template_send), methods=["POST"]),
            Route(MEDIA, media),
            Route(VIDEO + "/{name}", video, name="video"),
        ]
    )


def _refused(code: int) -> Response:
    # As WeChat does: JSON under the name of plain text, with status 200.
    body = json.dumps({"errcode": code, "errmsg": f"error {code} rid: 0-0-0"})
    return Response(body, media_type="text/plain")


async def _wrong(fault: Fault) -> Response:
    match fault.kind:
        case "hang":
            await asyncio.Event().wait()
            raise AssertionError
        case "drop":
            return _Dropped()
        case "status":
            return Response("<html>gateway</html>", fault.code)
        case "garbled":
            return Response("<html>hello</html>")
        case _:
            return _refused(fault.code)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The process is the test's, or the console's.
        yield


class ApiServer:
    """The API in the caller's event loop; `url` is known after `async with`."""

    def __init__(self, platform: Platform, port: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = _Server(
            uvicorn.Config(
                application(platform),
                log_level="critical",
                lifespan="off",
                # A call that hangs must not hold up the end.
                timeout_graceful_shutdown=0,
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "ApiServer":
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        await self._server.up.wait()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        if self._task is not None:
            await self._task
