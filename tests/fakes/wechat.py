"""A WeChat of one's own: customers who write, and the account's server side.

In tests: `FakeWechat`. By hand, with a chat in the terminal:
`python -m tests.fakes.wechat --backend http://127.0.0.1:8000`.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from xml.etree import ElementTree

import httpx

from tests.fakes import wechat_crypto as crypto
from tests.fakes.wechat_platform import Customer, Platform

PATH = "/api/channels/wechat"
TRIES = 4
"""The first and three more."""
OUT_OF_ORDER = "该公众号提供的服务出现故障，请稍后再试"
"""What WeChat shows the customer for silence, JSON and anything else it cannot read."""


@dataclass
class Delivered:
    """What became of one delivery."""

    tries: int = 0
    reply: str | None = None
    """The passive reply that the customer saw."""
    statuses: list[int] = field(default_factory=list)
    acknowledged: bool = False


@dataclass
class FakeWechat:
    """Delivers what customers do, as the platform does; `client` reaches the backend.

    `patience` is WeChat's five seconds. A try that takes longer is given up, not undone: the next
    one may overlap with it, and its answer reaches nobody (`late`).
    """

    platform: Platform
    client: httpx.AsyncClient
    token: str
    aes_key: str
    mode: str = "secure"
    account: str = "gh_0123456789ab"
    patience: float = 5.0
    late: list[str] = field(default_factory=list)
    _ids: "count[int]" = field(default_factory=lambda: count(25_000_000_000_000_001))
    _tasks: set[asyncio.Task[httpx.Response]] = field(default_factory=set)

    # What customers do

    async def says(self, openid: str, text: str, **more: str) -> Delivered:
        return await self.message(openid, "text", Content=text, **more)

    async def presses(self, openid: str, title: str, *, with_id: bool = True) -> Delivered:
        """Presses on the last menu message."""
        item = next(one for one in self.customer(openid).menu if title in one["content"])
        # Ids that are no numbers come back as 0.
        number = item["id"] if item["id"].isdigit() else "0"
        return await self.says(
            openid, item["content"], **({"bizmsgmenuid": number} if with_id else {})
        )

    async def message(self, openid: str, kind: str, **fields: str) -> Delivered:
        self.platform.acts(openid, "message")
        return await self.deliver(self.fields(openid, kind, MsgId=str(next(self._ids)), **fields))

    async def event(self, openid: str, event: str, key: str = "", **fields: str) -> Delivered:
        if event in ("CLICK", "subscribe", "SCAN"):
            self.platform.acts(openid, event.lower())
        if event in ("subscribe", "unsubscribe"):
            self.customer(openid).following = event == "subscribe"
        return await self.deliver(self.fields(openid, "event", Event=event, EventKey=key, **fields))

    def customer(self, openid: str) -> Customer:
        return self.platform.customer(openid)

    def fields(self, openid: str, kind: str, **fields: str) -> dict[str, str]:
        self.customer(openid)
        return {
            "ToUserName": self.account,
            "FromUserName": openid,
            "CreateTime": str(int(self.platform.now())),
            "MsgType": kind,
            **fields,
        }

    # How it is delivered

    async def deliver(self, fields: Mapping[str, str]) -> Delivered:
        """To an end: acknowledged, answered, or given up after three more tries."""
        outcome = Delivered()
        while outcome.tries < TRIES:
            outcome.tries += 1
            response = await self._try(fields)
            if response is None:
                continue
            outcome.statuses.append(response.status_code)
            if response.status_code >= 500:
                continue
            self._understand(fields["FromUserName"], response, outcome)
            return outcome
        self.customer(fields["FromUserName"]).shows(OUT_OF_ORDER)
        return outcome

    async def close(self) -> None:
        """Gives up what is still under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _try(self, fields: Mapping[str, str]) -> httpx.Response | None:
        task = asyncio.create_task(self.post(fields))
        self._tasks.add(task)
        try:
            return await asyncio.wait_for(asyncio.shield(task), self.patience)
        except TimeoutError:
            task.add_done_callback(self._too_late)
            return None
        except httpx.HTTPError:
            return None
        finally:
            task.add_done_callback(self._tasks.discard)

    def _too_late(self, task: asyncio.Task[httpx.Response]) -> None:
        if not task.cancelled() and task.exception() is None:
            self.late.append(task.result().text)

    async def post(self, fields: Mapping[str, str], **query: str) -> httpx.Response:
        """One try; `query` replaces parts of the signed address."""
        body, address = self.wrapped(xml(fields))
        return await self.client.post(
            PATH,
            params={**address, "openid": fields.get("FromUserName", ""), **query},
            content=body,
            headers={"Content-Type": "text/xml"},
        )

    def wrapped(self, plain: str, aes_key: str = "") -> tuple[bytes, dict[str, str]]:
        """Body and signed address of a delivery, as the account's mode asks for."""
        stamp, nonce = str(int(self.platform.now())), str(secrets.randbelow(10**9))
        address = {
            "signature": crypto.sign(self.token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
        }
        if self.mode == "plain":
            return plain.encode(), address
        sealed = crypto.seal(plain, aes_key or self.aes_key, self.platform.app_id)
        address["encrypt_type"] = "aes"
        address["msg_signature"] = crypto.sign(self.token, stamp, nonce, sealed)
        outer = f"<ToUserName><![CDATA[{self.account}]]></ToUserName>"
        if self.mode == "both":
            outer = plain.removeprefix("<xml>").removesuffix("</xml>")
        return f"<xml>{outer}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode(), address

    async def checks_address(self, **query: str) -> httpx.Response:
        """What WeChat asks when the server address is entered."""
        stamp, nonce = str(int(self.platform.now())), "echo"
        params = {
            "signature": crypto.sign(self.token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "echostr": "5837397576500011341",
        }
        return await self.client.get(PATH, params={**params, **query})

    def _understand(self, openid: str, response: httpx.Response, outcome: Delivered) -> None:
        if response.text in ("", "success") and response.status_code == 200:
            outcome.acknowledged = True
            return
        try:
            outcome.reply = self.reply_in(response.text)
        except (ElementTree.ParseError, KeyError):
            self.customer(openid).shows(OUT_OF_ORDER)
        else:
            self.customer(openid).shows(outcome.reply)

    def reply_in(self, text: str) -> str:
        """The text of a passive reply; checks its signature where it is encrypted."""
        fields = unwrapped(text)
        assert self.mode == "both" or ("Encrypt" in fields) == (self.mode == "secure")
        if "Encrypt" in fields:
            stamp, nonce, sealed = fields["TimeStamp"], fields["Nonce"], fields["Encrypt"]
            assert fields["MsgSignature"] == crypto.sign(self.token, stamp, nonce, sealed)
            plain, app_id = crypto.unseal(sealed, self.aes_key)
            assert app_id == self.platform.app_id
            fields = unwrapped(plain)
        assert fields["FromUserName"] == self.account
        assert fields["MsgType"] == "text"
        return fields["Content"]


def xml(fields: Mapping[str, str]) -> str:
    """As WeChat writes it: texts in CDATA, numbers bare."""

    def written(value: str) -> str:
        inside = value.replace("]]>", "]]]]><![CDATA[>")
        return value if value.isdecimal() else f"<![CDATA[{inside}]]>"

    inner = "".join(f"<{name}>{written(value)}</{name}>" for name, value in fields.items())
    return f"<xml>{inner}</xml>"


def unwrapped(text: str) -> dict[str, str]:
    return {child.tag: child.text or "" for child in ElementTree.fromstring(text)}  # noqa: S314 (our own)


if __name__ == "__main__":
    from tests.fakes.wechat_console import main

    main()
