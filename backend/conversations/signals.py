"""Wakes those who wait for news of a conversation, inside this process."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Signals:
    """Subscribe first, look at the store second, wait third: then nothing is missed."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def send(self, conversation_id: str) -> None:
        for event in self._waiting.get(conversation_id, ()):
            event.set()

    def send_all(self) -> None:
        """Wakes everyone, for instance because the process ends."""
        for events in self._waiting.values():
            for event in events:
                event.set()

    @contextmanager
    def subscribed(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """An event that is set at each change; whoever waits clears it."""
        event = asyncio.Event()
        self._waiting[conversation_id].add(event)
        try:
            yield event
        finally:
            self._waiting[conversation_id].discard(event)
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id]


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """True when the event came within `seconds`."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
