"""A customer of the running system, over the chat API and nothing else."""

import re
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

PATIENCE = 60.0
"""Seconds within which every message is answered, by the assistant or by the system."""

NUMBER = re.compile(r"\b(?:TD|SV|CP)\d{6}-\d{4}\b")


@dataclass
class Customer:
    """One conversation. What was heard last is in `heard`, its buttons in `buttons`."""

    client: httpx.Client
    id: str
    token: str
    seq: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def arrives(cls, client: httpx.Client, locale: str | None = None) -> "Customer":
        body = {"locale": locale} if locale else {}
        opened = client.post("/api/chat/conversations", json=body)
        assert opened.status_code == 201, opened.text
        return cls(client, opened.json()["conversation_id"], opened.json()["token"])

    @property
    def key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def text(self) -> str:
        """Everything that was heard last."""
        return "\n".join(one["text"] for one in self.heard)

    @property
    def buttons(self) -> dict[str, str]:
        """Choices by title."""
        return {b["title"]: b["choice"] for one in self.heard for b in one.get("buttons", [])}

    @property
    def number(self) -> str:
        """The one booking or complaint number that was just told."""
        [found] = set(NUMBER.findall(self.text))
        return str(found)

    def post(self, **body: Any) -> httpx.Response:
        body = {"client_message_id": uuid4().hex, **body}
        return self.client.post("/api/chat/messages", json=body, headers=self.key)

    def say(self, *texts: str) -> str:
        """Says one text after the other, each once the one before is answered; the last answer."""
        for text in texts:
            self._accepted(self.post(text=text))
            self.listen()
            assert self.heard, f"silence after {text!r}"
        return self.text

    def press(self, title: str) -> str:
        self._accepted(self.post(choice=self.buttons[title]))
        self.listen()
        assert self.heard, f"silence after the button {title!r}"
        return self.text

    def _accepted(self, response: httpx.Response) -> None:
        assert response.status_code == 202, response.text
        self.seq = response.json()["seq"]

    def listen(self) -> None:
        """Hears everything up to the moment at which nothing is being written any more."""
        end = time.monotonic() + PATIENCE
        self.heard = []
        while True:
            shown = self.read(self.seq, wait=5)
            self.heard += [one for one in shown["messages"] if one["sender"] != "customer"]
            self.seq = max([self.seq, *(one["seq"] for one in shown["messages"])])
            if not shown["typing"]:
                return
            assert time.monotonic() < end, f"no answer within {PATIENCE:.0f} s"

    def read(self, after: int = 0, wait: float = 0) -> dict[str, Any]:
        response = self.client.get(
            "/api/chat/messages", params={"after": after, "wait": wait}, headers=self.key
        )
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found


@dataclass
class Office:
    """What staff see of it, over the staff API."""

    client: httpx.Client
    token: str

    def get(self, path: str, **query: str) -> dict[str, Any]:
        response = self.client.get(
            f"/api/staff/{path}", params=query, headers={"Authorization": f"Bearer {self.token}"}
        )
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    def of(self, kind: str, customer: Customer) -> list[dict[str, Any]]:
        """The `test-drives`, `service-bookings` or `complaints` of one conversation."""
        page = self.get(kind, conversation_id=customer.id)
        assert page["next"] is None
        items: list[dict[str, Any]] = page["items"]
        return items

    def records(self, customer: Customer) -> list[dict[str, Any]]:
        kinds = ("test-drives", "service-bookings", "complaints")
        return [item for kind in kinds for item in self.of(kind, customer)]

    def conversation(self, customer: Customer) -> dict[str, Any]:
        return self.get(f"conversations/{customer.id}")
