"""A messaging platform of the tests' own: it takes what it is told to take, and remembers."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from backend.channels.base import Limits, Outgoing, SendError
from backend.conversations import inbox
from backend.conversations.inbox import Attached, Inbound
from backend.runtime import Runtime, runtime

NAME = "pigeon"


@dataclass
class Pigeon:
    """`outcomes` are played one after the other: an error is raised, None succeeds."""

    name: str = NAME
    limits: Limits = field(default_factory=Limits)
    most_merged: int = 1
    outcomes: deque[SendError | None] = field(default_factory=deque)
    sent: list[Outgoing] = field(default_factory=list)
    tried: list[Outgoing] = field(default_factory=list)
    letters: dict[str, bytes] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.gate.set()

    def router(self) -> APIRouter:
        routes = APIRouter()

        @routes.post("/api/channels/pigeon")
        async def arrive(
            request: Request, served: Annotated[Runtime, Depends(runtime)]
        ) -> Response:
            body = await request.json()
            media = body.pop("media", None)
            inbound = Inbound(
                channel=NAME, **body, media=Attached(media, "image") if media else None
            )
            async with served.database.transaction() as session:
                received = await inbox.take_in(
                    session, served.clock.now(), inbound, limit=served.settings.message_limit
                )
            if received.awaits_turn:
                served.turns.wake(received.conversation_id)
            return Response(status_code=202, headers={"X-Fresh": str(received.fresh)})

        return routes

    async def send(self, outgoing: Outgoing) -> str | None:
        self.tried.append(outgoing)
        self.entered.set()
        await self.gate.wait()
        outcome = self.outcomes.popleft() if self.outcomes else None
        if outcome is not None:
            raise outcome
        self.sent.append(outgoing)
        return f"p{next(self._ids)}"

    async def fetch(self, ref: str) -> bytes:
        return self.letters[ref]

    async def close(self) -> None:
        return None

    @property
    def texts(self) -> list[str]:
        """What the customer has read."""
        return [part.text for outgoing in self.sent for part in outgoing.parts]
