"""A fake of the WhatsApp Cloud API, with customers who chat.

From the command line: `python -m tests.fakes.whatsapp --backend http://127.0.0.1:8000`.
"""

import hashlib
import hmac
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.fakes.messenger import Button, Platform, Sent

NUMBER_ID = "106540352242922"
ACCESS_TOKEN = "fake-access-token-of-a-system-user"
APP_SECRET = "fake-app-secret-0123456789abcdef"
VERIFY_TOKEN = "fake-verify-token"
WINDOW = timedelta(hours=24)


def machine_time() -> datetime:
    return datetime.now(timezone.utc)


def refusal(status: int, code: int, message: str, headers: Any = None) -> JSONResponse:
    error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code,
             "error_data": {"messaging_product": "whatsapp", "details": message},
             "fbtrace_id": "A0"}  # fmt: skip
    return JSONResponse({"error": error}, status, headers)


class FakeWhatsApp(Platform):
    """Knows one number of a business and its customers.

    `now` is its clock. `tells` are the statuses that follow a message by themselves;
    `at_once`: outside of the window it refuses the call instead of telling by a status, as it
    mostly does.
    """

    path = "/api/channels/whatsapp"

    def __init__(
        self, backend: httpx.AsyncClient, now: Callable[[], datetime] = machine_time, **options: Any
    ) -> None:
        super().__init__(backend, **options)
        self.now = now
        self.tells: Sequence[str] = ("sent", "delivered")
        self.at_once = False
        self.access_token = ACCESS_TOKEN
        self.customers: dict[str, Customer] = {}
        self.media: dict[str, bytes] = {}
        self.templates: set[tuple[str, str]] = set()
        """Approved ones, by name and language; each has one variable."""
        self.ids = count(1000)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/v21.0/{number}/messages", self._messages, methods=["POST"]),
            Route("/v21.0/{media}", self._media),
            Route("/download/{media}", self._download),
        ]

    def signed(self, raw: bytes) -> dict[str, str]:
        digest = hmac.new(APP_SECRET.encode(), raw, hashlib.sha256).hexdigest()
        return {"X-Hub-Signature-256": f"sha256={digest}"}

    def customer(self, name: str = "陈晨", number: str = "") -> "Customer":
        found = Customer(self, number or f"8613800{next(self.ids):06}", name)
        self.customers[found.number] = found
        return found

    def webhook(self, **value: Any) -> dict[str, Any]:
        metadata = {"display_phone_number": "15550783881", "phone_number_id": NUMBER_ID}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        change = {"field": "messages", "value": value}
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": "102290129340398", "changes": [change]}],
        }

    async def tell(self, **value: Any) -> None:
        await self.deliver(json.dumps(self.webhook(**value)).encode())

    def status(self, sent: Sent, state: str, code: int | None = None) -> dict[str, Any]:
        status: dict[str, Any] = {"id": sent.id, "status": state, "timestamp": "1749416383",
                  "recipient_id": sent.to}  # fmt: skip
        key = sent.payload.get("biz_opaque_callback_data")
        if key is not None:
            status["biz_opaque_callback_data"] = key
        if code is not None:
            status["errors"] = [{"code": code, "title": "", "message": ""}]
        return status

    async def tells_status(self, sent: Sent, state: str, code: int | None = None) -> None:
        await self.tell(statuses=[self.status(sent, state, code)])

    async def _messages(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.access_token}":
            return refusal(401, 190, "Access token has expired")
        if request.path_params["number"] != NUMBER_ID:
            return refusal(400, 33, "Parameter value is not valid")
        given = json.loads(await request.body())
        return await self.taken(lambda: self._send(given), request)

    def _send(self, given: dict[str, Any]) -> Response:
        to = str(given.get("to") or given.get("recipient"))
        customer = self.customers.get(to)
        broken = self._broken(given)
        if given.get("messaging_product") != "whatsapp" or broken:
            return refusal(400, 100, f"Invalid parameter: {broken}")
        if customer is None:
            return refusal(400, 131026, "Message undeliverable")
        if given["type"] == "template":
            wrong = self._template(given["template"])
            if wrong is not None:
                return wrong
        elif not customer.window_open() and self.at_once:
            return refusal(400, 131047, "Re-engagement message")
        sent = Sent(to, f"wamid.{next(self.ids)}=", _text(given), tuple(_buttons(given)), given)
        if given["type"] != "template" and not customer.window_open():
            self.later(self.tells_status(sent, "failed", 131047))
        else:
            self.note(sent)
            self.later(self._progress(sent))
        contact = {"input": to, "wa_id": to}
        body = {"messaging_product": "whatsapp", "contacts": [contact],
                "messages": [{"id": sent.id}]}  # fmt: skip
        return JSONResponse(body)

    async def _progress(self, sent: Sent) -> None:
        for state in self.tells:
            await self.tells_status(sent, state)

    def _broken(self, given: dict[str, Any]) -> str:
        """Which documented limit a message breaks; empty when none."""
        match given.get("type"):
            case "text":
                return "" if 0 < len(given["text"]["body"]) <= 4096 else "text"
            case "interactive":
                return _broken_interactive(given["interactive"])
            case "template":
                return ""
        return "type"

    def _template(self, given: dict[str, Any]) -> Response | None:
        if (given["name"], given["language"]["code"]) not in self.templates:
            return refusal(404, 132001, "Template name does not exist in the translation")
        values = [p["text"] for part in given["components"] for p in part["parameters"]]
        if len(values) != 1:
            return refusal(400, 132000, "Number of parameters does not match")
        if re.search(r"[\n\t]| {5}", values[0]) or not 0 < len(values[0]) <= 1024:
            return refusal(400, 132018, "Param text cannot have new-line/tab characters")
        return None

    async def _media(self, request: Request) -> Response:
        name = request.path_params["media"]
        if request.headers.get("authorization") != f"Bearer {self.access_token}":
            return refusal(401, 190, "Access token has expired")
        if name not in self.media:
            return refusal(400, 100, "Unsupported get request")
        return JSONResponse(
            {"url": f"{self.url}/download/{name}", "file_size": len(self.media[name]), "id": name,
             "messaging_product": "whatsapp"}
        )  # fmt: skip

    async def _download(self, request: Request) -> Response:
        allowed = request.headers.get("authorization") == f"Bearer {self.access_token}"
        if not allowed or request.path_params["media"] not in self.media:
            return Response(status_code=404)
        return Response(self.media[request.path_params["media"]])

    def keep(self, data: bytes) -> dict[str, Any]:
        """A file as messages name it."""
        name = str(next(self.ids))
        self.media[name] = data
        return {"id": name, "sha256": hashlib.sha256(data).hexdigest()}


def _broken_interactive(given: dict[str, Any]) -> str:
    action, body = given["action"], given["body"]["text"]
    if given["type"] == "button":
        titles = [button["reply"]["title"] for button in action["buttons"]]
        fits = 0 < len(titles) <= 3 and all(0 < len(title) <= 20 for title in titles)
        return (
            "" if fits and len(set(titles)) == len(titles) and 0 < len(body) <= 1024 else "button"
        )
    sections = action["sections"]
    rows = [row for section in sections for row in section["rows"]]
    fits = (
        0 < len(body) <= 4096
        and 0 < len(action["button"]) <= 20
        and 0 < len(rows) <= 10
        and len({row["id"] for row in rows}) == len(rows)
        and all(0 < len(section["title"]) <= 24 and section["rows"] for section in sections)
        and all(0 < len(r["title"]) <= 24 and len(r.get("description", "")) <= 72 for r in rows)
    )
    return "" if fits else "list"


def _text(given: dict[str, Any]) -> str:
    match given["type"]:
        case "text":
            return str(given["text"]["body"])
        case "interactive":
            return str(given["interactive"]["body"]["text"])
    return str(given["template"]["components"][0]["parameters"][0]["text"])


def _buttons(given: dict[str, Any]) -> list[Button]:
    action = given.get("interactive", {}).get("action", {})
    replies = [button["reply"] for button in action.get("buttons", [])]
    rows = [(row, section["title"]) for section in action.get("sections", [])
            for row in section["rows"]]  # fmt: skip
    return [Button(reply["id"], reply["title"]) for reply in replies] + [
        Button(row["id"], row["title"], group) for row, group in rows
    ]


@dataclass
class Customer:
    """Somebody who writes to the number. Without a phone number to show, `number` is the id that
    stands for it."""

    platform: FakeWhatsApp
    number: str
    name: str
    wrote_at: datetime | None = None

    @property
    def address(self) -> str:
        return self.number

    def window_open(self) -> bool:
        return self.wrote_at is not None and self.platform.now() - self.wrote_at <= WINDOW

    def message(self, kind: str, content: Any) -> dict[str, Any]:
        sender = "from" if self.number.isdecimal() else "from_user_id"
        return {sender: self.number, "id": f"wamid.{next(self.platform.ids)}",
                "timestamp": "1749416383", "type": kind, kind: content}  # fmt: skip

    def contact(self) -> dict[str, Any]:
        named = "wa_id" if self.number.isdecimal() else "user_id"
        return {"profile": {"name": self.name}, named: self.number}

    async def sends(self, *messages: dict[str, Any]) -> None:
        """Any messages, in one webhook."""
        self.wrote_at = self.platform.now()
        await self.platform.tell(contacts=[self.contact()], messages=list(messages))

    async def says(self, text: str) -> None:
        await self.sends(self.message("text", {"body": text}))

    async def presses(self, sent: Sent, button: Button) -> None:
        kind = "list_reply" if sent.payload["interactive"]["type"] == "list" else "button_reply"
        reply = {"id": button.id, "title": button.title}
        for section in sent.payload["interactive"]["action"].get("sections", []):
            for row in section["rows"]:
                if row["id"] == button.id and "description" in row:
                    reply["description"] = row["description"]
        await self.sends(self.message("interactive", {"type": kind, kind: reply}))

    async def photographs(self, data: bytes, caption: str = "") -> None:
        words = {"caption": caption} if caption else {}
        await self.sends(
            self.message("image", {**self.platform.keep(data), "mime_type": "image/jpeg", **words})
        )

    async def records(self, data: bytes) -> None:
        await self.sends(self.message("audio", {**self.platform.keep(data), "voice": True}))


if __name__ == "__main__":
    from tests.fakes.consoles import whatsapp

    sys.exit(whatsapp())
