"""News between processes on PostgreSQL: LISTEN, with a connection of its own."""

import asyncio
import logging

import psycopg
from sqlalchemy.engine import make_url

from backend.conversations.signals import Signals
from backend.database import NEWS, Database

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0


class News:
    """Passes on what other processes have changed. On SQLite there is nobody to hear.

    While the connection is down news are lost: everyone is woken when it is up again, and the
    slow polls of all readers are there as well.
    """

    def __init__(self, database: Database, signals: Signals) -> None:
        self._database = database
        self._signals = signals
        self._task: asyncio.Task[None] | None = None
        self._pause = FIRST_PAUSE

    async def start(self) -> None:
        if not self._database.is_sqlite:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("news between processes are interrupted: %s", type(error).__name__)
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _listen(self) -> None:
        address = make_url(self._database.url).set(drivername="postgresql")
        connection = await psycopg.AsyncConnection.connect(
            address.render_as_string(hide_password=False), autocommit=True
        )
        async with connection:
            await connection.execute(f"LISTEN {NEWS}")
            # The next interruption is another one.
            self._pause = FIRST_PAUSE
            self._signals.send_all()
            async for news in connection.notifies():
                topic, _, conversation_id = news.payload.partition(":")
                self._signals.publish(frozenset({(topic, conversation_id)}))
