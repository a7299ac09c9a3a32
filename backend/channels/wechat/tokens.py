"""The access token: one for all processes, kept in the store, renewed by one of them at a time.

WeChat's stable token stays the same over repeated calls until five minutes before its end; then a
new one comes, and both hold until then.
"""

import asyncio
import base64
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels.base import RetryableError, SendError
from backend.channels.wechat.reading import NAME
from backend.clock import Clock
from backend.database import Database
from backend.models import ChannelValue

log = logging.getLogger(__name__)

VALUE = "access_token"
EARLY = timedelta(minutes=5)
"""So long before its end a token is renewed; then WeChat already gives the next one."""
LEASE = timedelta(seconds=15)
"""Above the time that WeChat's answer may take."""
WAIT_SECONDS = 8.0
"""For a process that is renewing it."""
POLL_SECONDS = 0.1
FORCE_PAUSE = 600.0
"""Seconds between two forced renewals by this process: WeChat allows 20 a day."""

Fetch = Callable[[bool], Awaitable[tuple[str, int]]]
"""Asks WeChat for the token, forced or not: the token and the seconds it holds. Raises
SendError."""


@dataclass(frozen=True)
class Token:
    value: str
    expires_at: datetime


class TokenKeeper:
    """Kept as one object for the life of the process.

    `secret`: what the stored token is encrypted with, so that a copy of the store alone does not
    let anybody speak in the dealership's name.
    """

    def __init__(self, database: Database, clock: Clock, fetch: Fetch, *, secret: str) -> None:
        self._database = database
        self._clock = clock
        self._fetch = fetch
        self._box = Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))
        self._holder = uuid4().hex
        self._known: Token | None = None
        self._renewing: asyncio.Task[Token] | None = None
        self._forced_at = float("-inf")

    async def get(self, refused: str | None = None) -> str:
        """The token; another one than `refused`, which WeChat did not take. Raises SendError."""
        while True:
            if self._known is not None and self._good(self._known, refused):
                return self._known.value
            if self._renewing is None or self._renewing.done():
                self._renewing = asyncio.create_task(self._renew(refused))
                # Nobody may be left to hear of its failure.
                self._renewing.add_done_callback(
                    lambda ended: ended.cancelled() or ended.exception()
                )
            # Whoever waits may be cut off; the others still want it.
            token = await asyncio.shield(self._renewing)
            self._known = token
            if token.value != refused:
                return token.value

    async def close(self) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)

    def _good(self, token: Token, refused: str | None) -> bool:
        return self._holds(token, refused) and self._clock.now() < token.expires_at - EARLY

    def _holds(self, token: Token, refused: str | None) -> bool:
        return token.value != refused and self._clock.now() < token.expires_at

    async def _renew(self, refused: str | None) -> Token:
        """The good token of another process, or a new one from WeChat."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            async with self._database.transaction() as session:
                row = await self._row(session)
                now = self._clock.now()
                stored = self._opened(row)
                if stored is not None and self._good(stored, refused):
                    return stored
                # In its last minutes it still does.
                usable = stored if stored is not None and self._holds(stored, refused) else None
                ours = row.lease_until is None or row.lease_until <= now
                if ours:
                    row.lease_holder, row.lease_until = self._holder, now + LEASE
            if ours:
                break
            if usable is not None:
                return usable
            if time.monotonic() > deadline:
                raise RetryableError("token_busy")
            await asyncio.sleep(POLL_SECONDS)
        new: Token | None = None
        try:
            new = await self._ask(refused)
        except SendError:
            if usable is None:
                raise
            return usable
        finally:
            await self._give_back(new)
        return new

    async def _ask(self, refused: str | None) -> Token:
        value, seconds = await self._fetch(False)
        if value == refused:
            # WeChat takes it for good and yet refuses it: only a forced renewal helps.
            if time.monotonic() - self._forced_at < FORCE_PAUSE:
                raise RetryableError("token_refused")
            self._forced_at = time.monotonic()
            log.warning("WeChat refuses its own access token; it is renewed by force")
            value, seconds = await self._fetch(True)
        return Token(value, self._clock.now() + timedelta(seconds=seconds))

    async def _give_back(self, new: Token | None) -> None:
        async with self._database.transaction() as session:
            row = await self._row(session)
            if row.lease_holder != self._holder:
                return
            row.lease_holder = row.lease_until = None
            if new is not None:
                row.value = self._box.encrypt(new.value.encode()).decode()
                row.expires_at = new.expires_at

    async def _row(self, session: AsyncSession) -> ChannelValue:
        wanted = (
            select(ChannelValue)
            .where(ChannelValue.channel == NAME, ChannelValue.name == VALUE)
            .with_for_update()
        )
        found = await session.scalar(wanted)
        if found is None:
            is_sqlite = session.get_bind().dialect.name == "sqlite"
            insert = sqlite.insert if is_sqlite else postgresql.insert
            await session.execute(
                insert(ChannelValue)
                .values(channel=NAME, name=VALUE, value="")
                .on_conflict_do_nothing(index_elements=["channel", "name"])
            )
            found = (await session.scalars(wanted)).one()
        return found

    def _opened(self, row: ChannelValue) -> Token | None:
        if not row.value or row.expires_at is None:
            return None
        try:
            return Token(self._box.decrypt(row.value.encode()).decode(), row.expires_at)
        except InvalidToken:
            # Of another account, or from before the AppSecret was changed.
            return None
