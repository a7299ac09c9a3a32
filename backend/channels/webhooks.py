"""What the webhooks of messaging platforms share: reading what may be anything, and storing all
of it or nothing."""

import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations import inbox
from backend.conversations.inbox import Inbound, Received
from backend.errors import ChefuError, InvalidError, TooLargeError
from backend.runtime import Runtime

log = logging.getLogger(__name__)

Also = Callable[[AsyncSession, datetime], Awaitable[None]]


class UnavailableError(ChefuError):
    """The store is away. The platform keeps the message and comes again."""

    code = "unavailable"
    status = 503


async def read(request: Request, limit: int) -> bytes:
    """The body as it was signed. Raises TooLargeError over `limit` bytes."""
    raw = await request.body()
    if len(raw) > limit:
        raise TooLargeError("the request is too large")
    return raw


def parse(raw: bytes) -> dict[str, object]:
    """The JSON object in `raw`. Raises InvalidError for anything else."""
    try:
        found = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise malformed("the body is not JSON") from error
    if not isinstance(found, dict):
        raise malformed("the body is not an object")
    return found


def malformed(why: str) -> InvalidError:
    return InvalidError(why, code="malformed")


def at(value: object, *path: str) -> object:
    """What lies at `path` in nested objects; None where there is nothing."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text_at(value: object, *path: str) -> str:
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def whole_at(value: object, *path: str) -> int | None:
    """A whole number that every platform's 52 bits hold."""
    found = at(value, *path)
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return found if abs(found) < 2**53 else None


def all_at(value: object, *path: str) -> list[object]:
    """A list; empty where there is none. Raises InvalidError where something else is."""
    found = at(value, *path)
    if found is None:
        return []
    if not isinstance(found, list):
        raise malformed(f"{path[-1]} is not a list")
    return found


def ident_at(pattern: re.Pattern[str], value: object, *path: str) -> str:
    """An id that looks like one; otherwise empty. What a store or an address would choke on never
    gets through."""
    found = text_at(value, *path)
    return found if pattern.fullmatch(found) else ""


@asynccontextmanager
async def storing(served: Runtime) -> AsyncIterator[AsyncSession]:
    """A transaction; raises UnavailableError where the store fails, with nothing written."""
    try:
        async with served.database.transaction(brief=True) as session:
            yield session
    except (SQLAlchemyError, OSError) as error:
        log.warning("a webhook was not stored: %s", type(error).__name__)
        raise UnavailableError("the store cannot be reached; try again") from error


async def take_in(
    served: Runtime, inbounds: Sequence[Inbound], also: Also | None = None
) -> list[Received]:
    """Stores all messages of one webhook, and what `also` writes, in one transaction; then says
    that there is something to answer and to fetch. Raises UnavailableError."""
    now = served.clock.now()
    async with storing(served) as session:
        received = [
            await inbox.take_in(session, now, inbound, limit=served.settings.message_limit)
            # Each holds its conversation to the end: in one order, or else two webhooks with the
            # same customers wait for each other.
            for inbound in sorted(inbounds, key=lambda one: one.address)
        ]
        if also is not None:
            await also(session, now)
    for one in received:
        if one.awaits_turn:
            served.turns.wake(one.conversation_id)
    if any(inbound.media is not None for inbound in inbounds):
        served.media.wake()
    return received
