"""A customer whose client behaves as a good one does: it repeats what was not acknowledged."""

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

PATIENCE = 60.0
"""Seconds after the last restart within which everybody has an answer or a person."""
BETWEEN = 0.2
CONFIRM = "确认预约"
QUESTIONS = ("山屿多少钱？", "周日开门吗？", "有天窗吗？", "保修多久？")


@dataclass
class Said:
    """One message that was acknowledged. Times by the monotonic clock."""

    key: str
    acknowledged: float
    answered: float = 0.0


@dataclass
class Stubborn:
    """Books a test drive of its own, whatever happens to the processes meanwhile.

    `sites`: the addresses of the backends; each request goes to any of them, as through a proxy.
    `lively`: asks in between, says things twice and calls the booking off at times.
    """

    sites: Sequence[str]
    phone: str
    day: int
    hour: int
    draw: random.Random
    model: str = "山屿"
    lively: bool = False
    id: str = ""
    token: str = ""
    seq: int = 0
    said: list[Said] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    confirmed: bool = False
    called_off: bool = False

    def books(self, client: httpx.Client, starts: threading.Event | None = None) -> None:
        """From the first word to the confirmation, or to the notice that a person takes it up."""
        if starts is not None:
            starts.wait()
        opened = self._insists(client, "POST", "/api/chat/conversations", json={}).json()
        self.id, self.token = opened["conversation_id"], opened["token"]
        wish = f"我叫周宁，想约12月{self.day}日{self.hour}点试驾{self.model}，{self.phone}"
        self._posts(client, wish)
        if self.lively:
            self._wavers(client, wish)
        self._listens(client)
        buttons = {b["title"]: b["choice"] for one in self.heard for b in one["buttons"]}
        if self.lively and self.draw.random() < 0.1:
            self.called_off = True
            self._posts(client, "算了，不试了")
            self._listens(client)
        elif CONFIRM in buttons:
            self.confirmed = True
            self._posts(client, choice=buttons[CONFIRM])
            self._listens(client)

    def _wavers(self, client: httpx.Client, wish: str) -> None:
        """Asks something else before or after the answer is there; says the wish once more."""
        if self.draw.random() < 0.5:
            self._listens(client)
        if self.draw.random() < 0.6:
            self._posts(client, self.draw.choice(QUESTIONS))
        if self.draw.random() < 0.5:
            self._listens(client)
        if self.draw.random() < 0.3:
            self._posts(client, wish)

    def _posts(self, client: httpx.Client, text: str = "", choice: str = "") -> None:
        message = uuid4().hex
        said = {"choice": choice} if choice else {"text": text}
        body = {"client_message_id": message, **said}
        accepted = self._insists(client, "POST", "/api/chat/messages", json=body)
        self.said.append(Said(message, time.monotonic()))
        if self.draw.random() < 0.5:
            # The acknowledgement got lost on the way: clients send it again.
            again = self._insists(client, "POST", "/api/chat/messages", json=body)
            assert again.json() == accepted.json()

    def _listens(self, client: httpx.Client) -> None:
        """Hears everything up to the moment at which nothing is being written any more."""
        end = time.monotonic() + 3 * PATIENCE
        self.heard = []
        while True:
            shown = self._insists(
                client, "GET", "/api/chat/messages", params={"after": self.seq, "wait": 10}
            ).json()
            said_to_me = [one for one in shown["messages"] if one["sender"] != "customer"]
            self.heard += [{"buttons": [], **one} for one in said_to_me]
            self.seq = max([self.seq, *(one["seq"] for one in shown["messages"])])
            if not shown["typing"]:
                break
            assert time.monotonic() < end, "no answer and no person"
        for one in self.said:
            one.answered = one.answered or time.monotonic()

    def _insists(self, client: httpx.Client, method: str, path: str, **body: Any) -> httpx.Response:
        """Until a backend answers; any may be down just now."""
        end = time.monotonic() + 3 * PATIENCE
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        while True:
            site = self.draw.choice(self.sites)
            try:
                response = client.request(method, f"{site}{path}", headers=headers, **body)
                if response.status_code < 500:
                    assert response.status_code in (200, 201, 202), response.text
                    return response
            except httpx.TransportError:
                pass
            assert time.monotonic() < end, "the backend does not come back"
            time.sleep(BETWEEN)
