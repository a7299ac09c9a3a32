"""Rasa's locks of conversations in Redis, for several processes of Rasa.

Rasa's own reads and writes a queue of tickets in separate steps. Two processes that ask in the same
moment get the same ticket and go on together; one that leaves deletes the ticket of another that
has just come, whose turn then fails; and a process that was killed keeps its ticket for as long as
a turn may take, so that another one cannot take its place before the backend has given up.

Here a lock is one value, set if there is none, which its holder prolongs: a dead holder's runs out
in seconds. There is no queue, since the backend has one turn of a conversation in flight: only a
second try of the same message ever waits.

Without Redis turns go on unlocked. What holds then is the number of the row in the tracker store:
of two turns at once one fails, and is tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis import asyncio as redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PREFIX = "chefu:turn:"
HELD_SECONDS = 8.0
"""Without being prolonged: longer than a process is ever busy with anything else."""
LOOK_SECONDS = 0.1
ANSWER_SECONDS = 2.0
"""That Redis has for an answer."""

_PROLONG = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end
return 0
"""
_RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


class LeaseLockStore(LockStore):
    """For the endpoints file: ``type: bot.engine.lock_store.LeaseLockStore`` and the address as for
    Rasa's own.

    ``held`` and ``look``: seconds that a lock is held, and between looks at one that is taken.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig,
        *,
        held: float = HELD_SECONDS,
        look: float = LOOK_SECONDS,
    ) -> None:
        given = endpoint_config.kwargs
        self._redis = redis.Redis(
            host=endpoint_config.url or "localhost",
            port=int(given.get("port") or 6379),
            db=int(given.get("db") or 0),
            username=given.get("username") or None,
            password=given.get("password") or None,
            ssl=bool(given.get("use_ssl")),
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
        )
        self._held = int(held * 1000)
        self._look = look

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[TicketLock, None]:
        """Holds the conversation. Raises LockError when somebody else does for all of
        ``lock_lifetime`` seconds; looks again sooner than Rasa asks for."""
        key, mark = PREFIX + conversation_id, uuid4().hex
        held = await self._take(key, mark, lock_lifetime)
        keeping = asyncio.ensure_future(self._keep(key, mark)) if held else None
        try:
            yield TicketLock(conversation_id)
        finally:
            if keeping is not None:
                keeping.cancel()
                # Otherwise it runs out by itself.
                with suppress(RedisError):
                    await self._redis.eval(_RELEASE, 1, key, mark)

    async def _take(self, key: str, mark: str, patience: float) -> bool:
        """True once it is held; False when Redis is away."""
        loop = asyncio.get_running_loop()
        end = loop.time() + patience
        while True:
            try:
                if await self._redis.set(key, mark, nx=True, px=self._held):
                    return True
            except RedisError as error:
                logger.warning(f"Redis is away, a turn goes on unlocked: {type(error).__name__}")
                return False
            if loop.time() > end:
                raise LockError(f"somebody else holds a conversation for {patience:.0f} s")
            await asyncio.sleep(self._look)

    async def _keep(self, key: str, mark: str) -> None:
        """Prolongs it until it is cancelled, or gone."""
        while True:
            await asyncio.sleep(self._held / 4000)
            try:
                kept = await self._redis.eval(_PROLONG, 1, key, mark, self._held)
            except RedisError:
                continue
            if not kept:
                logger.warning("The lock of a conversation was lost while its turn ran.")
                return
