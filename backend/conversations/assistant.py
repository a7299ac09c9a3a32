"""The client of Rasa: one turn, one answer, or a typed fault."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from backend.conversations.transcript import Reply, Understanding

CONNECT_SECONDS = 2.0
MOST_CONNECTIONS = 200


@dataclass(frozen=True)
class Answer:
    understanding: Understanding
    replies: list[Reply]


@dataclass(frozen=True)
class Fault:
    """Why there is no answer: `unreachable`, `broken` (the connection was), `timeout`, `refused`,
    `garbled`, `empty` or `error` (asking it failed on our side)."""

    reason: str


class Assistant:
    """Talks to Rasa's only channel. `timeout` in seconds bounds one try.

    Of several Rasa processes (`urls`) a conversation always asks the same one first, which still
    has it in memory; the others when that one is down, and for a second try, since it may hang.
    """

    def __init__(self, urls: Sequence[str], secret: str, timeout: float) -> None:
        if not urls:
            raise ValueError("no address of Rasa is given")
        self._urls = tuple(urls)
        self._secret = secret
        self._timeout = aiohttp.ClientTimeout(total=timeout, sock_connect=CONNECT_SECONDS)
        self._client: aiohttp.ClientSession | None = None

    async def turn(
        self,
        *,
        conversation_id: str,
        message_id: str,
        text: str,
        payload: str | None,
        locale: str | None,
        again: bool = False,
    ) -> Answer | Fault:
        """One message to Rasa. `payload` is a trusted command of ours; `text` never is one."""
        body: dict[str, Any] = {
            "sender": conversation_id,
            "message_id": message_id,
            "metadata": {"locale": locale},
            "again": again,
        }
        if payload is not None:
            body["payload"] = payload
        else:
            body["text"] = text
        # Whoever still has the first try holds the conversation's lock, if it is alive.
        first = (zlib.crc32(conversation_id.encode()) + again) % len(self._urls)
        outcome: Answer | Fault = Fault("unreachable")
        for url in (*self._urls[first:], *self._urls[:first]):
            outcome = await self._ask(url, body)
            if outcome != Fault("unreachable"):
                break
        return outcome

    async def _ask(self, url: str, body: dict[str, Any]) -> Answer | Fault:
        try:
            async with self._session().post(
                f"{url}/webhooks/chefu/webhook", json=body, allow_redirects=False
            ) as response:
                if response.status == HTTPStatus.SERVICE_UNAVAILABLE:
                    # It listens, but its model is not loaded yet.
                    return Fault("unreachable")
                if response.status != HTTPStatus.OK:
                    return Fault("refused")
                return _read(json.loads(await response.read()))
        except TimeoutError:
            return Fault("timeout")
        except aiohttp.ClientConnectorError:
            return Fault("unreachable")
        except aiohttp.ClientError:
            # It may have got the message before it died: only the same one knows.
            return Fault("broken")
        except (ValueError, KeyError, TypeError, AttributeError):
            return Fault("garbled")

    def _session(self) -> aiohttp.ClientSession:
        """Made at the first use: it belongs to the event loop that runs then."""
        if self._client is None:
            self._client = aiohttp.ClientSession(
                headers={"X-Chefu-Secret": self._secret},
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()


def _read(body: dict[str, Any]) -> Answer | Fault:
    replies = [
        Reply(
            text=message.get("text") or "",
            buttons=[(b["title"], b["payload"]) for b in message.get("buttons") or []],
            cards=message.get("cards") or [],
        )
        for message in body["messages"]
        if message.get("text") or message.get("cards")
    ]
    if not replies:
        # Rasa answers 200 with an empty list when it failed inside.
        return Fault("empty")
    seen = body["understanding"]
    return Answer(
        Understanding(
            intent=seen.get("intent"),
            confidence=seen.get("confidence"),
            entities=seen.get("entities") or [],
            ranking=seen.get("ranking") or [],
            language=seen.get("language"),
        ),
        replies,
    )
