"""What a running backend holds together; routes reach it through `request.app.state`."""

import asyncio
from dataclasses import dataclass, field

from fastapi import Request

from backend.channels.tokens import Tokens
from backend.conversations.media import MediaKeeper
from backend.conversations.sender import Sender
from backend.conversations.signals import Signals
from backend.conversations.turns import TurnRunner
from backend.services import Services


@dataclass(frozen=True)
class Runtime(Services):
    """The services plus what only the process that serves customers has."""

    signals: Signals
    turns: TurnRunner
    sender: Sender
    media: MediaKeeper
    tokens: Tokens = field(default_factory=Tokens)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


async def runtime(request: Request) -> Runtime:
    """The dependency that hands a route the running backend. A coroutine, since FastAPI runs
    functions on a thread."""
    served: Runtime = request.app.state.services
    return served
