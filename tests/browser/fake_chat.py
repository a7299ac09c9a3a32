"""A server of the customer chat API, version 1, whose faults are scripted.

It runs uvicorn in a thread of the test process and keeps conversations in memory. In front of it
stands a TCP relay that can be cut: a browser's own offline switch leaves open sockets open, which
is not what a lost network does.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

WIDGET = Path(__file__).parents[2] / "web" / "widget"
TEXT_LIMIT = 2000

Message = dict[str, Any]

HOST_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Host page</title>
<style>
  * {{ color: rgb(255, 0, 0); letter-spacing: 4px; text-transform: uppercase }}
  button {{ background: yellow !important; font-size: 40px }}
  body {{ margin: 0; background: #e9eef0 }}
</style>
<h1>Host page</h1><a id="before" href="#x">a link of the page</a>
<button id="ask" data-chefu-open="{draft}">ask</button>
{tag}"""
ONE_TAG = '<script src="/widget/chefu-chat.js" defer></script>'


@dataclass
class Conversation:
    """What one token opens."""

    token: str
    locale: str | None
    messages: list[Message] = field(default_factory=list)
    seq_by_client_id: dict[str, int] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    typing: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def of_customer(self) -> list[str]:
        return [each["text"] for each in self.messages if each["sender"] == "customer"]


@dataclass
class Fault:
    """One scripted answer. With `after_storing` the request takes effect and its answer is lost."""

    status: int
    headers: dict[str, str]
    after_storing: bool


class FakeChat:
    """Serves host page, widget and API; its public methods may be called from the test's thread."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.client_ids: list[str] = []
        """client_message_id of every POST that arrived, repeated ones included"""
        self.replies: dict[str, list[Message]] = {}
        self.page = HOST_PAGE.format(tag=ONE_TAG, draft="")
        self._arrived = threading.Condition()
        self._may_answer = asyncio.Event()
        self._may_answer.set()
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._relay: asyncio.Server | None = None
        self._links: set[asyncio.StreamWriter] = set()
        routes = [
            Route("/", self._host_page),
            Route("/api/chat/conversations", self._create, methods=["POST"]),
            Route("/api/chat/messages", self._post, methods=["POST"]),
            Route("/api/chat/messages", self._get, methods=["GET"]),
            Route("/car.svg", self._image),
            Mount("/widget", StaticFiles(directory=WIDGET)),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), log_level="critical", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._listener = socket.create_server(("127.0.0.1", 0))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = int(free.getsockname()[1])
        self._thread = threading.Thread(target=self._run, daemon=True)

    # Used by the tests

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def only(self) -> Conversation:
        """The one conversation there is; fails when the widget has created none or several."""
        (conversation,) = self.conversations.values()
        return conversation

    def start(self) -> None:
        self._thread.start()
        self.restore()

    def close(self) -> None:
        self.cut()
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def reset(self) -> None:
        """Forgets everything that a test scripted or caused."""

        async def forget() -> None:
            self.conversations.clear()
            self.faults.clear()
            self.client_ids.clear()
            self.replies.clear()
            self.page = HOST_PAGE.format(tag=ONE_TAG, draft="")
            self._may_answer.set()

        self._call(forget())
        if self._relay is None:
            self.restore()

    def fail(
        self,
        call: str,
        status: int,
        *,
        times: int = 1,
        headers: dict[str, str] | None = None,
        after_storing: bool = False,
    ) -> None:
        """Lets the next `times` of "POST conversations", "POST messages", "GET messages" fail."""
        fault = Fault(status, headers or {}, after_storing)
        self.faults.setdefault(call, []).extend([fault] * times)

    def hold_answers(self) -> None:
        """The assistant goes on typing until `release_answers`."""
        self._loop.call_soon_threadsafe(self._may_answer.clear)

    def release_answers(self) -> None:
        self._loop.call_soon_threadsafe(self._may_answer.set)

    def wait_for_posts(self, count: int) -> None:
        """Returns when so many messages have been posted since the start of the test."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.client_ids) >= count, timeout=15)

    def say(self, text: str, sender: str = "staff", **more: Any) -> None:
        """Someone else than the customer writes into the only conversation."""
        self._call(self._append(self.only, {"sender": sender, "text": text, **more}))

    def forget_conversations(self) -> None:
        """From now on no token is known: each call with an old one is answered with 401."""

        async def forget() -> None:
            old = list(self.conversations.values())
            self.conversations.clear()
            for conversation in old:
                async with conversation.changed:
                    conversation.changed.notify_all()

        self._call(forget())

    def cut(self) -> None:
        """Resets every TCP connection of the browser and accepts no new ones."""

        async def cut() -> None:
            if self._relay is not None:
                self._relay.close()
                self._relay = None
            for writer in list(self._links):
                writer.transport.abort()

        self._call(cut())

    def restore(self) -> None:
        """Accepts connections again, at the same address."""

        async def listen() -> None:
            self._relay = await asyncio.start_server(self._link, "127.0.0.1", self._port)

        self._call(listen())

    # Inside the loop

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve(sockets=[self._listener]))
        self._loop.run_until_complete(self._finish())
        self._loop.close()

    async def _finish(self) -> None:
        """Ends what waits for a message that will not come any more."""
        waiting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def _call(self, coroutine: Coroutine[Any, Any, object]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=10)

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._listener.getsockname()[:2]
        server_reader, server_writer = await asyncio.open_connection(host, port)
        ends = (writer, server_writer)
        self._links.update(ends)
        try:
            await asyncio.gather(_copy(reader, server_writer), _copy(server_reader, writer))
        finally:
            for end in ends:
                end.transport.abort()
            self._links.difference_update(ends)

    async def _append(self, conversation: Conversation, message: Message) -> int:
        async with conversation.changed:
            seq = len(conversation.messages) + 1
            sent_at = datetime.now(UTC).isoformat()
            conversation.messages.append({"seq": seq, "sent_at": sent_at, **message})
            cards = message.get("cards", [])
            for holder in (message, *cards):
                for button in holder.get("buttons", []):
                    conversation.choices[button["choice"]] = button["title"]
            conversation.changed.notify_all()
            return seq

    async def _answer(self, conversation: Conversation, text: str) -> None:
        await self._may_answer.wait()
        conversation.typing = False
        for reply in self.replies.get(text, [{"text": f"收到：{text}"}]):
            await self._append(conversation, {"sender": "assistant", **reply})

    async def _host_page(self, request: Request) -> Response:
        return HTMLResponse(self.page)

    async def _image(self, request: Request) -> Response:
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" width="320">'
            '<rect width="320" height="180" fill="#c9dcdf"/>'
            '<path d="M50 118l12-26 40-8 34-26h70l36 28 32 8 6 24z" fill="#3d7f88"/>'
            '<g fill="#1d3c42"><circle cx="98" cy="120" r="17"/>'
            '<circle cx="228" cy="120" r="17"/></g></svg>'
        )
        return Response(svg, media_type="image/svg+xml")

    async def _create(self, request: Request) -> Response:
        if fault := self._fault("POST conversations"):
            return fault
        body = await request.json()
        token = secrets.token_urlsafe(16)
        self.conversations[token] = Conversation(token, body.get("locale"))
        return JSONResponse({"conversation_id": secrets.token_hex(4), "token": token}, 201)

    async def _post(self, request: Request) -> Response:
        body = await request.json()
        client_id = str(body["client_message_id"])
        with self._arrived:
            self.client_ids.append(client_id)
            self._arrived.notify_all()
        scripted = self.faults.get("POST messages", [])
        stores_first = bool(scripted) and scripted[0].after_storing
        fault = self._fault("POST messages")
        if fault and not stores_first:
            return fault
        conversation = self._conversation(request)
        if conversation is None:
            return _error(401, "unknown_token")
        seq = conversation.seq_by_client_id.get(client_id)
        if seq is None:
            text = body.get("text")
            if "choice" in body:
                text = conversation.choices.get(body["choice"])
                if text is None:
                    return _error(404, "unknown_choice")
                conversation.chosen.append(body["choice"])
            if not text or ("text" in body and "choice" in body):
                return _error(422, "malformed")
            if len(text) > TEXT_LIMIT:
                return _error(413, "too_long")
            conversation.typing = True
            seq = await self._append(conversation, {"sender": "customer", "text": text})
            conversation.seq_by_client_id[client_id] = seq
            task = asyncio.create_task(self._answer(conversation, text))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return fault or JSONResponse({"message_id": f"m{seq}", "seq": seq}, 202)

    async def _get(self, request: Request) -> Response:
        if fault := self._fault("GET messages"):
            return fault
        conversation = self._conversation(request)
        if conversation is None:
            return _error(401, "unknown_token")
        after = int(request.query_params["after"])
        wait = float(request.query_params.get("wait", "0"))

        def is_over() -> bool:
            is_known = conversation.token in self.conversations
            return not is_known or len(conversation.messages) > after

        if wait:
            async with conversation.changed:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(conversation.changed.wait_for(is_over), wait)
        if conversation.token not in self.conversations:
            return _error(401, "unknown_token")
        messages = conversation.messages[after:]
        return JSONResponse({"messages": messages, "typing": conversation.typing})

    def _conversation(self, request: Request) -> Conversation | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return self.conversations.get(token) if scheme == "Bearer" else None

    def _fault(self, call: str) -> Response | None:
        scripted = self.faults.get(call)
        if not scripted:
            return None
        fault = scripted.pop(0)
        return _error(fault.status, "scripted", fault.headers)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _error(status: int, code: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": code}}, status, headers=headers)
