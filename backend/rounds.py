"""What is done by the clock: a look at the store every few seconds, until it is stopped."""

import asyncio
import logging
from abc import ABC, abstractmethod

from backend.database import UNAVAILABLE

log = logging.getLogger(__name__)


class Rounds(ABC):
    """One task that looks again and again. Any number of processes run side by side.

    `work` names it in the log. A look that fails is followed by the next one.
    """

    work: str

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    @abstractmethod
    async def look(self) -> object:
        """One look at what the time has come for."""

    @abstractmethod
    def pause(self) -> float:
        """Seconds until the next look."""

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except UNAVAILABLE as error:
                log.warning("no look for %s: %s", self.work, type(error).__name__)
            except Exception:
                log.exception("the look for %s failed", self.work)
            await asyncio.sleep(self.pause())
