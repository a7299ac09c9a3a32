"""A conversation of the fake chat server, in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Message = dict[str, Any]


@dataclass
class Conversation:
    """What one token opens."""

    token: str
    locale: str | None
    messages: list[Message] = field(default_factory=list)
    seq_by_client_id: dict[str, int] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    attachments: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    ratings: list[dict[str, Any]] = field(default_factory=list)
    typing: bool = False
    state: str = "open"
    is_known: bool = True
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def of_customer(self) -> list[str]:
        return [each["text"] for each in self.messages if each["sender"] == "customer"]

    def after(self, seq: int) -> dict[str, Any]:
        return {"messages": self.messages[seq:], "typing": self.typing, "state": self.state}

    async def append(self, message: Message) -> int:
        async with self.changed:
            seq = len(self.messages) + 1
            sent_at = datetime.now(UTC).isoformat()
            self.messages.append({"seq": seq, "sent_at": sent_at, **message})
            for card in ({}, *message.get("cards", [])):
                day = f"{card['title']} " if card else ""
                for button in (card or message).get("buttons", []):
                    # A time on the card of a day is said with its day, as on the real server.
                    is_time = card and not card.get("facts") and not card.get("image")
                    said = day + button["title"] if is_time else button["title"]
                    self.choices[button["choice"]] = said
            self.changed.notify_all()
            return seq

    async def change(self, **values: Any) -> None:
        async with self.changed:
            for name, value in values.items():
                setattr(self, name, value)
            self.changed.notify_all()
