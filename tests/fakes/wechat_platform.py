"""What WeChat knows and which rules it keeps: followers, allowances, tokens, media, templates.

Rules and return codes as in the guides "sendCustomMessage", "getStableAccessToken",
"sendTemplateMessage", "getMedia" and the list of global return codes.
"""

import asyncio
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

HOURS_48 = 48 * 3600.0
TEXT_LIMIT = 2048
THING_LIMIT = 20
TOKEN_SECONDS = 7200
TOKEN_OVERLAP = 300
FORCE_PAUSE = 30
ALLOWANCES = {
    "message": (5, HOURS_48),
    "click": (3, 60.0),
    "subscribe": (3, 60.0),
    "scan": (3, 60.0),
}
"""How many customer-service messages an action allows, and for how many seconds."""


class Refusal(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Allowance:
    left: int
    until: float


@dataclass
class Customer:
    """One openid; `screen` is what their phone shows, oldest first."""

    openid: str
    following: bool = True
    allowances: dict[str, Allowance] = field(default_factory=dict)
    screen: list[str] = field(default_factory=list)
    menu: list[dict[str, str]] = field(default_factory=list)
    """Of the last menu message that arrived."""
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def shows(self, text: str) -> None:
        self.screen.append(text)
        self.news.set()

    async def sees(self, number: int, limit: float = 15.0) -> list[str]:
        """What the phone shows once it is at least `number` messages; `limit` in seconds."""
        async with asyncio.timeout(limit):
            while len(self.screen) < number:
                self.news.clear()
                await self.news.wait()
        return self.screen


@dataclass
class Fault:
    """What goes wrong with a call: a return code, or `hang`, `drop`, `status`, `garbled`; nothing
    for `pass`.

    `done`: the call has its effect all the same; only its answer is lost.
    """

    code: int = 0
    kind: str = "code"
    done: bool = False


class Platform:
    """One account at WeChat. `now` gives seconds since 1970."""

    def __init__(
        self,
        *,
        app_id: str,
        app_secret: str,
        now: Callable[[], float] = time.time,
        menus: bool = True,
    ) -> None:
        self.app_id, self.app_secret, self.now, self.menus = app_id, app_secret, now, menus
        self.customers: dict[str, Customer] = {}
        self.media: dict[str, tuple[str, bytes]] = {}
        self.templates: set[str] = set()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        """Path and body of every call that was well-formed, whatever became of it."""
        self.faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.token_calls: list[bool] = []
        """Whether each call for a token was forced."""
        self._tokens: dict[str, float] = {}
        self._current = ""
        self._forced_at = float("-inf")
        self._template_ids: dict[tuple[str, str], str] = {}
        self.lifetime = TOKEN_SECONDS

    def customer(self, openid: str) -> Customer:
        return self.customers.setdefault(openid, Customer(openid))

    def acts(self, openid: str, action: str) -> None:
        """A customer did something that allows for customer-service messages."""
        number, seconds = ALLOWANCES[action]
        self.customer(openid).allowances[action] = Allowance(number, self.now() + seconds)

    def fails(self, path: str, *faults: Fault) -> None:
        """The next calls of `path` go wrong."""
        self.faults[path].extend(faults)

    # Tokens

    def stable_token(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if body.get("grant_type") != "client_credential" or body.get("appid") != self.app_id:
            raise Refusal(40013)
        if body.get("secret") != self.app_secret:
            raise Refusal(40125)
        force = body.get("force_refresh") is True
        self.token_calls.append(force)
        now = self.now()
        ends = self._tokens.get(self._current, 0.0)
        if force and now - self._forced_at >= FORCE_PAUSE:
            self._forced_at = now
            self._tokens.clear()
            ends = 0.0
        if ends - now <= min(TOKEN_OVERLAP, self.lifetime / 2):
            # The old one holds until its end.
            self._current = f"{secrets.token_urlsafe(60)}"
            self._tokens[self._current] = ends = now + self.lifetime
        return {"access_token": self._current, "expires_in": int(ends - now)}

    def revoke(self) -> None:
        """The token ends before its time, as after a change of the AppSecret."""
        self._tokens.clear()

    @property
    def token(self) -> str:
        """The one that was given out last."""
        return self._current

    def check_token(self, token: str) -> None:
        ends = self._tokens.get(token)
        if ends is None:
            raise Refusal(40001)
        if ends <= self.now():
            raise Refusal(42001)

    # Messages

    def custom_send(self, body: Mapping[str, Any]) -> dict[str, Any]:
        customer = self._follower(body)
        kind = str(body.get("msgtype"))
        content = body.get(kind)
        if not isinstance(content, dict):
            raise Refusal(40008)
        shown, menu = self._shown(kind, content)
        self._spend(customer)
        customer.shows(shown)
        if menu:
            customer.menu = menu
        return {"errcode": 0, "errmsg": "ok"}

    def template_send(self, body: Mapping[str, Any]) -> dict[str, Any]:
        customer = self._follower(body)
        if body.get("template_id") not in self.templates:
            raise Refusal(40037)
        data = body.get("data")
        if not isinstance(data, dict) or not data:
            raise Refusal(47001)
        for name, value in data.items():
            if name.startswith("thing") and not 0 < len(value["value"]) <= THING_LIMIT:
                raise Refusal(47003)
        key = (customer.openid, str(body.get("client_msg_id") or secrets.token_hex(8)))
        if key not in self._template_ids:
            self._template_ids[key] = str(200_000_000 + len(self._template_ids))
            customer.shows("[通知] " + "".join(v["value"] for v in data.values()))
        return {"errcode": 0, "errmsg": "ok", "msgid": int(self._template_ids[key])}

    def _follower(self, body: Mapping[str, Any]) -> Customer:
        customer = self.customers.get(str(body.get("touser")))
        if customer is None:
            raise Refusal(40003)
        if not customer.following:
            raise Refusal(43004)
        return customer

    def _shown(self, kind: str, content: Mapping[str, Any]) -> tuple[str, list[dict[str, str]]]:
        if kind == "text":
            text = str(content.get("content", ""))
            if not text or len(text.encode()) > TEXT_LIMIT:
                raise Refusal(45002 if text else 44004)
            return text, []
        if kind == "msgmenu":
            if not self.menus:
                raise Refusal(40200)
            items = content["list"]
            if not 0 < len(items) <= 10:
                raise Refusal(45098)
            lines = [content["head_content"], *(item["content"] for item in items)]
            return "\n".join([*lines, content["tail_content"]]), items
        raise Refusal(40008)

    def _spend(self, customer: Customer) -> None:
        now = self.now()
        open_ones = [one for one in customer.allowances.values() if one.until > now]
        if not open_ones:
            raise Refusal(45015)
        usable = [one for one in open_ones if one.left > 0]
        if not usable:
            raise Refusal(45047)
        min(usable, key=lambda one: one.until).left -= 1
