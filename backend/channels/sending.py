"""A message that needs several calls: no part of it reaches the customer twice."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from backend.channels.base import FinalError, RetryableError, SendError

Payload = TypeVar("Payload")

PATIENCE = 15.0
"""Seconds for all of them; below the time after which the sender gives up on the whole."""
PAUSE = 1.0


async def send_all(payloads: Sequence[Payload], post: Callable[[Payload], Awaitable[str]]) -> str:
    """Sends them in order; the platform's id of the last one.

    A failure of the first is raised as it is: nothing has arrived, the whole may be tried again.
    Once something has arrived it may not. The others are tried again here while there is time;
    then the rest is given up, FinalError("partly_sent"), and a person has to say it.
    """
    if not payloads:
        raise FinalError("empty")
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    last = await post(payloads[0])
    for payload in payloads[1:]:
        try:
            async with asyncio.timeout_at(deadline):
                last = await _insist(payload, post)
        except (SendError, TimeoutError) as error:
            raise FinalError("partly_sent") from error
    return last


async def _insist(payload: Payload, post: Callable[[Payload], Awaitable[str]]) -> str:
    """Again and again while it certainly did not arrive; whoever calls sets the time."""
    while True:
        try:
            return await post(payload)
        except RetryableError as error:
            await asyncio.sleep(error.retry_after or PAUSE)
