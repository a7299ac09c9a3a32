"""A customer whose client behaves as a good one does: it repeats what was not acknowledged."""

import random
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

PATIENCE = 60.0
"""Seconds after the last restart within which everybody has an answer or a person."""
BETWEEN = 0.2


@dataclass
class Stubborn:
    """Books a test drive of its own, whatever happens to the processes meanwhile."""

    base_url: str
    phone: str
    day: int
    hour: int
    draw: random.Random
    id: str = ""
    token: str = ""
    seq: int = 0
    acknowledged: list[str] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    confirmed: bool = False

    def books(self) -> None:
        """From the first word to the confirmation, or to the notice that a person takes it up."""
        with httpx.Client(base_url=self.base_url, timeout=40, trust_env=False) as client:
            opened = self._insists(client, "POST", "/api/chat/conversations", json={}).json()
            self.id, self.token = opened["conversation_id"], opened["token"]
            self._says(client, f"我叫周宁，想约12月{self.day}日{self.hour}点试驾山屿，{self.phone}")
            buttons = {b["title"]: b["choice"] for one in self.heard for b in one["buttons"]}
            if "确认预约" in buttons:
                self.confirmed = True
                self._says(client, choice=buttons["确认预约"])

    def _says(self, client: httpx.Client, text: str = "", choice: str = "") -> None:
        message = uuid4().hex
        said = {"choice": choice} if choice else {"text": text}
        body = {"client_message_id": message, **said}
        accepted = self._insists(client, "POST", "/api/chat/messages", json=body)
        self.acknowledged.append(message)
        if self.draw.random() < 0.5:
            # The acknowledgement got lost on the way: clients send it again.
            again = self._insists(client, "POST", "/api/chat/messages", json=body)
            assert again.json() == accepted.json()
        self.seq = accepted.json()["seq"]
        end = time.monotonic() + 3 * PATIENCE
        self.heard = []
        while True:
            shown = self._insists(
                client, "GET", "/api/chat/messages", params={"after": self.seq, "wait": 2}
            ).json()
            said_to_me = [one for one in shown["messages"] if one["sender"] != "customer"]
            self.heard += [{"buttons": [], **one} for one in said_to_me]
            self.seq = max([self.seq, *(one["seq"] for one in shown["messages"])])
            if not shown["typing"]:
                return
            assert time.monotonic() < end, "no answer and no person"

    def _insists(self, client: httpx.Client, method: str, path: str, **body: Any) -> httpx.Response:
        """Until the backend answers; it may be down just now."""
        end = time.monotonic() + 3 * PATIENCE
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        while True:
            try:
                response = client.request(method, path, headers=headers, **body)
                if response.status_code < 500:
                    assert response.status_code in (200, 201, 202), response.text
                    return response
            except httpx.TransportError:
                pass
            assert time.monotonic() < end, "the backend does not come back"
            time.sleep(BETWEEN)
