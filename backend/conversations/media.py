"""Fetches what customers send from the platforms, where it expires, into our own keeping."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from backend.channels import pictures
from backend.channels.base import Channel, FinalError, SendError
from backend.clock import Clock
from backend.conversations.tasks import open_task
from backend.database import Database
from backend.errors import ChefuError
from backend.models import Attachment, Media, Message

log = logging.getLogger(__name__)

POLL_SECONDS = 10.0
FIRST_PAUSE = timedelta(seconds=5)
MOST_TRIES = 10
FETCH_SECONDS = 30.0
CLAIM = timedelta(seconds=60)
"""So long nobody else tries the same one."""
RECORDINGS = {b"#!AMR": "audio/amr", b"OggS": "audio/ogg", b"ID3": "audio/mpeg"}
"""How recordings begin, by what they are; the platforms send these."""
UNKNOWN = "application/octet-stream"


class MediaKeeper:
    """Keeps pictures and recordings; what cannot be fetched becomes a task for staff."""

    def __init__(
        self, database: Database, clock: Clock, channels: Mapping[str, Channel], folder: Path
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._folder = folder
        self._task: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()

    async def start(self) -> None:
        if self._channels:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        self._wanted.set()

    async def _run(self) -> None:
        while True:
            self._wanted.clear()
            try:
                while await self._one():
                    pass
            except Exception:
                log.exception("fetching what customers sent failed")
            try:
                await asyncio.wait_for(self._wanted.wait(), POLL_SECONDS)
            except TimeoutError:
                continue

    async def _one(self) -> bool:
        """Fetches one; False when none is due."""
        async with self._database.transaction() as session:
            now = self._clock.now()
            due = await session.execute(
                select(Media, Message)
                .join(Message, Message.id == Media.message_id)
                .where(Media.state == "pending", Media.next_at <= now)
                .order_by(Media.next_at)
                .limit(1)
                .with_for_update(of=Media, skip_locked=True)
            )
            found = due.first()
            if found is None:
                return False
            media, message = found
            media.tries += 1
            # Until then it is this process's; and so long the next one waits if this one dies.
            media.next_at = now + CLAIM
        try:
            attachment = await self._fetch(media, message)
        except (SendError, ChefuError, TimeoutError) as error:
            await self._failed(media, message, error)
            return True
        async with self._database.transaction() as session:
            kept = await session.get_one(Media, media.id)
            if kept.state == "pending":
                session.add(attachment)
                await session.flush()
                kept.state = "kept"
                said = await session.get_one(Message, message.id)
                said.attachment_id = attachment.id
        return True

    async def _fetch(self, media: Media, message: Message) -> Attachment:
        channel = self._channels.get(message.channel)
        if channel is None:
            raise FinalError("channel_off")
        async with asyncio.timeout(FETCH_SECONDS):
            data = await channel.fetch(media.ref)
        if media.kind == "image":
            kind = await asyncio.to_thread(pictures.inspect, data)
        elif len(data) > pictures.LIMIT:
            raise FinalError("too_large")
        else:
            kind = recording(data) if media.kind == "voice" else UNKNOWN
        attachment_id = uuid4().hex
        # The file first: a row never points at something that is not there.
        await pictures.keep(self._folder, attachment_id, data)
        return Attachment(
            id=attachment_id,
            conversation_id=message.conversation_id,
            content_type=kind,
            size=len(data),
            created_at=self._clock.now(),
        )

    async def _failed(self, media: Media, message: Message, error: Exception) -> None:
        code = error.code if isinstance(error, SendError | ChefuError) else "timeout"
        final = isinstance(error, FinalError | ChefuError) or media.tries >= MOST_TRIES
        async with self._database.transaction() as session:
            now = self._clock.now()
            row = await session.get_one(Media, media.id)
            row.error = code
            row.next_at = now + FIRST_PAUSE * 2 ** (media.tries - 1)
            if not final:
                return
            row.state = "failed"
            await open_task(
                session,
                now,
                kind="follow_up",
                conversation_id=message.conversation_id,
                note=code,
                message_id=message.id,
                action="media",
            )


def recording(data: bytes) -> str:
    """The content type of a recording, from its first bytes."""
    return next((kind for head, kind in RECORDINGS.items() if data.startswith(head)), UNKNOWN)
