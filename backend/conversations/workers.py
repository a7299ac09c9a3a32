"""One task for each conversation that has work, and a slow look for what a wake-up missed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

log = logging.getLogger(__name__)

Due = Callable[[], Awaitable[Sequence[str]]]
"""Ids of conversations that the store says have work."""
Step = Callable[[str], Awaitable[bool]]
"""Does the next piece of work of a conversation; False when there is none."""


class Workers:
    """Conversations side by side, within one of them a step after the other.

    `work` names it in the log. A step that fails leaves its work in the store, where a later
    look finds it.
    """

    def __init__(self, work: str, due: Due, step: Step) -> None:
        self._work = work
        self._due = due
        self._step = step
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._sweeper: asyncio.Task[None] | None = None
        self.stopped = False

    def start(self, poll_seconds: float) -> None:
        """Takes up what an earlier process left, and looks for more every `poll_seconds`."""
        self._sweeper = asyncio.create_task(self._sweep(poll_seconds))

    async def stop(self, *, cut_off: bool) -> None:
        """Ends; steps that are under way are `cut_off`, or else finished first."""
        self.stopped = True
        sweeper = [self._sweeper] if self._sweeper else []
        for task in (*sweeper, *(self._tasks.values() if cut_off else ())):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), *sweeper, return_exceptions=True)

    def at_work(self, conversation_id: str) -> bool:
        return conversation_id in self._tasks

    def wake(self, conversation_id: str) -> None:
        """Says that there may be work in this conversation."""
        if self.stopped:
            return
        if conversation_id in self._tasks:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._run(conversation_id))
        self._tasks[conversation_id] = task
        task.add_done_callback(lambda _: self._ended(conversation_id))

    def _ended(self, conversation_id: str) -> None:
        self._tasks.pop(conversation_id, None)
        if conversation_id in self._again:
            self._again.discard(conversation_id)
            self.wake(conversation_id)

    async def _sweep(self, poll_seconds: float) -> None:
        while True:
            try:
                for conversation_id in await self._due():
                    self.wake(conversation_id)
            except Exception:
                log.exception("the look for %s failed", self._work)
            await asyncio.sleep(poll_seconds)

    async def _run(self, conversation_id: str) -> None:
        try:
            while not self.stopped and await self._step(conversation_id):
                pass
        except Exception:
            log.exception("%s of conversation %s failed", self._work, conversation_id)
