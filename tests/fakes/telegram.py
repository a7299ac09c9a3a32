"""A fake of the Telegram Bot API, with customers who chat.

From the command line: `python -m tests.fakes.telegram --backend http://127.0.0.1:8000`.
"""

import json
import sys
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.fakes.messenger import Button, Platform, Sent

TOKEN = "123456789:fake-token-of-a-bot-for-tests"
SECRET = "fake-secret-token-0123456789"
TEXT = 4096


def refusal(status: int, description: str, **parameters: Any) -> JSONResponse:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return JSONResponse(body | ({"parameters": parameters} if parameters else {}), status)


class FakeTelegram(Platform):
    """Knows one bot and its customers."""

    path = "/api/channels/telegram"

    def __init__(self, backend: httpx.AsyncClient, **options: Any) -> None:
        super().__init__(backend, **options)
        self.token, self.secret = TOKEN, SECRET
        self.customers: dict[int, Customer] = {}
        self.files: dict[str, bytes] = {}
        self.answered: list[str] = []
        """Callback queries whose button stopped waiting."""
        self.webhook: dict[str, Any] = {}
        self.ids = count(1000)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/bot{token}/{method}", self._method, methods=["GET", "POST"]),
            Route("/file/bot{token}/{name:path}", self._file),
        ]

    def signed(self, raw: bytes) -> dict[str, str]:
        return {"X-Telegram-Bot-Api-Secret-Token": self.secret}

    def customer(self, name: str = "王伟", language: str = "zh-hans") -> "Customer":
        found = Customer(self, next(self.ids), name, language)
        self.customers[found.chat] = found
        return found

    async def update(self, **content: Any) -> None:
        """Delivers an update, and does what the answer asks for."""
        response = await self.deliver(json.dumps(self.made(**content)).encode())
        if response is not None and response.content:
            asked = response.json()
            if asked.get("method") == "answerCallbackQuery":
                self.answered.append(asked["callback_query_id"])

    def made(self, **content: Any) -> dict[str, Any]:
        return {"update_id": next(self.ids), **content}

    async def _method(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return refusal(401, "Unauthorized")
        given = json.loads(await request.body() or b"{}")
        match request.path_params["method"]:
            case "sendMessage":
                return await self.taken(lambda: self._send(given), request)
            case "getFile":
                return self._found(given)
            case "setWebhook":
                self.webhook = given
                return JSONResponse({"ok": True, "result": True})
            case "getWebhookInfo":
                info = {"url": self.webhook.get("url", ""), "pending_update_count": 0}
                return JSONResponse({"ok": True, "result": info})
            case "getMe":
                bot = {"id": int(TOKEN.partition(":")[0]), "is_bot": True, "first_name": "Chefu"}
                return JSONResponse({"ok": True, "result": bot})
        return refusal(404, "Not Found: method not found")

    def _send(self, given: dict[str, Any]) -> Response:
        chat, text = given.get("chat_id"), given.get("text")
        customer = self.customers.get(chat) if isinstance(chat, int) else None
        if customer is None:
            return refusal(400, "Bad Request: chat not found")
        if customer.blocked:
            return refusal(403, "Forbidden: bot was blocked by the user")
        if not isinstance(text, str) or not text.strip():
            return refusal(400, "Bad Request: message text is empty")
        if len(text) > TEXT:
            return refusal(400, "Bad Request: message is too long")
        rows = given.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [button for row in rows for button in row]
        if any(not 0 < len(b["callback_data"].encode()) <= 64 or not b["text"] for b in buttons):
            return refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        number = next(self.ids)
        shown = tuple(Button(b["callback_data"], b["text"]) for b in buttons)
        self.note(Sent(str(chat), str(number), text, shown, given))
        message = {"message_id": number, "chat": {"id": chat, "type": "private"}, "date": 0}
        return JSONResponse({"ok": True, "result": message})

    def _found(self, given: dict[str, Any]) -> Response:
        name = str(given.get("file_id"))
        if name not in self.files:
            return refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        file = {"file_id": name, "file_path": f"files/{name}", "file_size": len(self.files[name])}
        return JSONResponse({"ok": True, "result": file})

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"].removeprefix("files/")
        if request.path_params["token"] != self.token or name not in self.files:
            return Response(status_code=404)
        return Response(self.files[name], media_type="application/octet-stream")

    def keep(self, data: bytes) -> dict[str, Any]:
        """A file as messages name it."""
        name = f"file{next(self.ids)}"
        self.files[name] = data
        return {"file_id": name, "file_unique_id": name, "file_size": len(data)}


@dataclass
class Customer:
    """Somebody with a private chat with the bot."""

    platform: FakeTelegram
    chat: int
    name: str
    language: str
    blocked: bool = False

    @property
    def address(self) -> str:
        return str(self.chat)

    def as_chat(self) -> dict[str, Any]:
        return {"id": self.chat, "type": "private", "first_name": self.name}

    def as_user(self) -> dict[str, Any]:
        user = {"id": self.chat, "is_bot": False, "first_name": self.name}
        return user | ({"language_code": self.language} if self.language else {})

    def message(self, **content: Any) -> dict[str, Any]:
        return {
            "message_id": next(self.platform.ids), "date": 0,
            "chat": self.as_chat(), "from": self.as_user(), **content,
        }  # fmt: skip

    async def sends(self, **content: Any) -> dict[str, Any]:
        """Any message; as it was sent."""
        message = self.message(**content)
        await self.platform.update(message=message)
        return message

    async def says(self, text: str) -> dict[str, Any]:
        return await self.sends(text=text)

    async def edits(self, message: dict[str, Any], **content: Any) -> None:
        await self.platform.update(edited_message={**message, "edit_date": 1, **content})

    async def presses(self, sent: Sent, button: Button, *, old: bool = False) -> str:
        """Presses a button; the id of the query. `old`: Telegram no longer shows its message."""
        query = f"query{next(self.platform.ids)}"
        message = {"message_id": int(sent.id), "chat": self.as_chat(), "date": 0 if old else 1}
        if not old:
            message |= {"text": sent.text, "reply_markup": sent.payload["reply_markup"]}
        pressed = {"id": query, "from": self.as_user(), "message": message, "data": button.id}
        await self.platform.update(callback_query=pressed)
        return query

    async def photographs(self, data: bytes, caption: str = "") -> dict[str, Any]:
        small = {**self.platform.keep(data[:10]), "width": 90, "height": 90}
        large = {**self.platform.keep(data), "width": 900, "height": 900}
        words = {"caption": caption} if caption else {}
        return await self.sends(photo=[small, large], **words)

    async def records(self, data: bytes) -> dict[str, Any]:
        return await self.sends(voice={**self.platform.keep(data), "duration": 3})

    async def blocks(self) -> None:
        self.blocked = True
        member = {"user": {"id": 1, "is_bot": True}, "status": "kicked"}
        await self.platform.update(
            my_chat_member={
                "chat": self.as_chat(), "from": self.as_user(), "date": 0,
                "old_chat_member": {**member, "status": "member"}, "new_chat_member": member,
            }
        )  # fmt: skip


if __name__ == "__main__":
    from tests.fakes.consoles import telegram

    sys.exit(telegram())
