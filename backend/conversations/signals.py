"""Wakes those who wait for news of a conversation, in this process and between processes."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from backend.database import Changes

CONVERSATION = "conversation"
"""Something of it has changed: messages, owner, tasks, notes."""
OUTBOX = "outbox"
"""Something of it is to be sent."""


class Signals:
    """Subscribe first, look at the store second, wait third: then nothing is missed."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._all: set[asyncio.Event] = set()
        self._listeners: dict[str, Callable[[str], None]] = {}

    def listen(self, topic: str, listener: Callable[[str], None]) -> None:
        """Calls `listener` with a conversation's id at each change of this topic."""
        self._listeners[topic] = listener

    def publish(self, changes: Changes) -> None:
        """What a transaction has changed, here or in another process."""
        for topic, conversation_id in changes:
            if topic == CONVERSATION:
                self.send(conversation_id)
            listener = self._listeners.get(topic)
            if listener is not None:
                listener(conversation_id)

    def send(self, conversation_id: str) -> None:
        for event in self._waiting.get(conversation_id, ()):
            event.set()
        for event in self._all:
            event.set()

    def send_all(self) -> None:
        """Wakes everyone, for instance because the process ends or news may have been lost."""
        for events in [*self._waiting.values(), self._all]:
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

    @contextmanager
    def subscribed_to_all(self) -> Iterator[asyncio.Event]:
        """The same for the changes of every conversation."""
        event = asyncio.Event()
        self._all.add(event)
        try:
            yield event
        finally:
            self._all.discard(event)


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """True when the event came within `seconds`."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
