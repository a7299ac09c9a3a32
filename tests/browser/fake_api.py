"""The routes of the chat API with conversations in memory; see `fake_chat`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from backend.channels import pictures
from backend.errors import ChefuError
from tests.browser.fake_conversation import Conversation, Message

TEXT_LIMIT = 2000
HEARTBEAT_SECONDS = 15

CAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" width="320">'
    '<rect width="320" height="180" fill="#c9dcdf"/>'
    '<path d="M50 118l12-26 40-8 34-26h70l36 28 32 8 6 24z" fill="#3d7f88"/>'
    '<g fill="#1d3c42"><circle cx="98" cy="120" r="17"/>'
    '<circle cx="228" cy="120" r="17"/></g></svg>'
)


@dataclass
class Fault:
    """One scripted answer. With `after_storing` the request takes effect and its answer is lost."""

    status: int
    code: str
    headers: dict[str, str]
    after_storing: bool


class FakeApi:
    """The application, and what tests script and read."""

    def __init__(self, widget: Path) -> None:
        self.page = ""
        self.conversations: dict[str, Conversation] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.replies: dict[str, list[Message]] = {}
        self.client_ids: list[str] = []
        self.calls: list[str] = []
        self.streams_are_held = False
        self.arrived = threading.Condition()
        self.may_answer = asyncio.Event()
        self.may_upload = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        api = "/api/chat"
        self.application = Starlette(
            routes=[
                Route("/", self._host_page),
                Route("/car.svg", self._image),
                Route(f"{api}/conversations", self._create, methods=["POST"]),
                Route(f"{api}/messages", self._post, methods=["POST"]),
                Route(f"{api}/messages", self._get, methods=["GET"]),
                Route(f"{api}/stream", self._stream),
                Route(f"{api}/attachments", self._upload, methods=["POST"]),
                Route(f"{api}/attachments/{{id}}", self._attachment),
                Route(f"{api}/rating", self._rate, methods=["POST"]),
                Route(f"{api}/end", self._end, methods=["POST"]),
                Mount("/widget", StaticFiles(directory=widget)),
            ],
            middleware=[
                Middleware(
                    CORSMiddleware,
                    allow_origins=["*"],
                    allow_methods=["GET", "POST"],
                    allow_headers=["Authorization", "Content-Type"],
                    expose_headers=["Retry-After"],
                )
            ],
        )
        self.forget()

    def forget(self) -> None:
        self.conversations.clear()
        self.faults.clear()
        self.replies.clear()
        self.client_ids.clear()
        self.calls.clear()
        self.streams_are_held = False
        self.may_answer.set()
        self.may_upload.set()

    async def forget_conversations(self) -> None:
        old = list(self.conversations.values())
        self.conversations.clear()
        for conversation in old:
            await conversation.change(is_known=False)

    # Routes

    async def _host_page(self, request: Request) -> Response:
        return HTMLResponse(self.page)

    async def _image(self, request: Request) -> Response:
        return Response(CAR, media_type="image/svg+xml")

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
        with self.arrived:
            self.client_ids.append(client_id)
            self.arrived.notify_all()
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
            refused = await self._store(conversation, client_id, body)
            if refused:
                return refused
            seq = conversation.seq_by_client_id[client_id]
        return fault or JSONResponse({"message_id": f"m{seq}", "seq": seq}, 202)

    async def _store(
        self, conversation: Conversation, client_id: str, body: dict[str, Any]
    ) -> Response | None:
        text, attachment = body.get("text"), body.get("attachment")
        if "choice" in body:
            text = conversation.choices.get(body["choice"])
            if text is None:
                return _error(404, "unknown_choice")
            conversation.chosen.append(body["choice"])
        if attachment is not None and attachment not in conversation.attachments:
            return _error(404, "unknown_attachment")
        if not (text or attachment) or ("text" in body and "choice" in body):
            return _error(422, "malformed")
        if len(text or "") > TEXT_LIMIT:
            return _error(413, "too_large")
        conversation.typing = True
        conversation.state = "open"
        said: Message = {"sender": "customer", "text": text or ""}
        if attachment:
            said["attachment"] = attachment
        conversation.seq_by_client_id[client_id] = await conversation.append(said)
        task = asyncio.create_task(self._answer(conversation, text or ""))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return None

    async def _answer(self, conversation: Conversation, text: str) -> None:
        await self.may_answer.wait()
        await conversation.change(typing=False)
        for reply in self.replies.get(text, [{"text": f"收到：{text}"}]):
            await conversation.append({"sender": "assistant", **reply})

    async def _get(self, request: Request) -> Response:
        self.calls.append(f"GET messages?{request.url.query}")
        if fault := self._fault("GET messages"):
            return fault
        conversation = self._conversation(request)
        if conversation is None:
            return _error(401, "unknown_token")
        after = int(request.query_params["after"])
        wait = float(request.query_params.get("wait", "0"))
        before = conversation.state

        def is_over() -> bool:
            is_news = len(conversation.messages) > after or conversation.state != before
            return is_news or not conversation.is_known

        if wait:
            async with conversation.changed:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(conversation.changed.wait_for(is_over), wait)
        if not conversation.is_known:
            return _error(401, "unknown_token")
        return JSONResponse(conversation.after(after))

    async def _stream(self, request: Request) -> Response:
        self.calls.append(f"GET stream?{request.url.query}")
        if fault := self._fault("GET stream"):
            return fault
        conversation = self._conversation(request)
        if conversation is None:
            return _error(401, "unknown_token")
        after = int(request.query_params["after"])
        return StreamingResponse(self._events(conversation, after), media_type="text/event-stream")

    async def _events(self, conversation: Conversation, after: int) -> AsyncIterator[str]:
        if self.streams_are_held:
            await asyncio.Event().wait()
        told: tuple[bool, str] | None = None
        while conversation.is_known:
            now = (conversation.typing, conversation.state)
            if len(conversation.messages) > after or now != told:
                data = json.dumps(conversation.after(after), ensure_ascii=False)
                after, told = len(conversation.messages), now
                yield f"id: {after}\nevent: messages\ndata: {data}\n\n"
                continue
            async with conversation.changed:
                now = (conversation.typing, conversation.state)
                if len(conversation.messages) > after or now != told or not conversation.is_known:
                    continue
                try:
                    await asyncio.wait_for(conversation.changed.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"

    async def _upload(self, request: Request) -> Response:
        self.calls.append("POST attachments")
        conversation = self._conversation(request)
        if conversation is None:
            return _error(401, "unknown_token")
        async with request.form() as form:
            file = form["file"]
            assert isinstance(file, UploadFile)
            data = await file.read()
        await self.may_upload.wait()
        if fault := self._fault("POST attachments"):
            return fault
        try:
            kind = pictures.inspect(data)
        except ChefuError as error:
            return _error(error.status, error.code)
        attachment = secrets.token_hex(8)
        conversation.attachments[attachment] = (kind, data)
        return JSONResponse({"attachment_id": attachment}, 201)

    async def _attachment(self, request: Request) -> Response:
        self.calls.append("GET attachments")
        conversation = self._conversation(request)
        found = conversation and conversation.attachments.get(request.path_params["id"])
        if not found or self.faults.get("GET attachments"):
            return _error(404, "unknown_attachment")
        return Response(found[1], media_type=found[0])

    async def _rate(self, request: Request) -> Response:
        if fault := self._fault("POST rating"):
            return fault
        conversation = self._conversation(request)
        if conversation is None:
            return _error(401, "unknown_token")
        conversation.ratings.append(await request.json())
        return Response(status_code=204)

    async def _end(self, request: Request) -> Response:
        if fault := self._fault("POST end"):
            return fault
        conversation = self._conversation(request)
        if conversation is None:
            return _error(401, "unknown_token")
        await conversation.change(state="closed")
        return Response(status_code=204)

    def _conversation(self, request: Request) -> Conversation | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return self.conversations.get(token) if scheme == "Bearer" else None

    def _fault(self, call: str) -> Response | None:
        scripted = self.faults.get(call)
        if not scripted:
            return None
        fault = scripted.pop(0)
        return _error(fault.status, fault.code, fault.headers)


def _error(status: int, code: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": code}}, status, headers=headers)
