"""Sends what the outbox holds: per conversation in order, with back-off, within each platform's
limits, and with an end: what cannot be delivered becomes a task for staff."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.channels.base import (
    AmbiguousError,
    Channel,
    FinalError,
    Outgoing,
    Part,
    RetryableError,
    SendError,
    UnreachableError,
)
from backend.clock import Clock
from backend.conversations import outbox
from backend.conversations.service import lock
from backend.conversations.tasks import open_task
from backend.conversations.workers import Workers
from backend.database import UNAVAILABLE, Database
from backend.models import Message, Outbox

log = logging.getLogger(__name__)

POLL_SECONDS = 5.0
BATCH = 200
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)
MOST_TRIES = 8
"""About an hour of tries; after that a person has to find another way."""
SEND_SECONDS = 20.0
"""One call; below the lease of a row."""
SETTLE_SECONDS = 600.0
"""How long a process keeps what became of a message in mind, while the store is away."""
SETTLE_PAUSE = 1.0

Fits = Callable[[Outgoing], bool]
"""Whether a webhook can say all of it in its response."""


@dataclass(frozen=True)
class Outcome:
    """How one try ended, for the rows that it carried."""

    state: str
    error: str = ""
    next_at: datetime | None = None
    platform_id: str | None = None
    gone: bool = False
    """The customer has blocked the dealership."""


class Sender:
    """One task per conversation that has something to send; any number of processes share it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        *,
        holder: str,
        budget: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._holder = holder
        self._budget = budget
        self._workers = Workers("unsent messages", self._due, self._one)
        self._passive: dict[str, tuple[asyncio.Future[Outgoing | None], Fits]] = {}

    async def start(self) -> None:
        """Takes up what an earlier process left unsent, and keeps looking for more."""
        self._workers.start(POLL_SECONDS)

    async def stop(self) -> None:
        """Ends. A call to a platform that is under way is finished first: cut off, it would have
        to be made again, and the customer would read it twice."""
        await self._workers.stop(cut_off=False)

    def wake(self, conversation_id: str) -> None:
        """Says that something of this conversation may be due."""
        self._workers.wake(conversation_id)

    async def answer_to(
        self, message_id: str, seconds: float, fits: Fits = lambda _outgoing: True
    ) -> Outgoing | None:
        """What answers this message, handed to a webhook that can reply by its own response.

        It then counts as sent. None when nothing came within `seconds`, or nothing that `fits`
        into such a response: then it goes the usual way. To be called before the turn can have
        ended.
        """
        waiting: asyncio.Future[Outgoing | None] = asyncio.get_running_loop().create_future()
        self._passive[message_id] = (waiting, fits)
        try:
            return await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            return None
        finally:
            self._passive.pop(message_id, None)

    async def _due(self) -> list[str]:
        async with self._database.reading(brief=True) as session:
            return await outbox.due_conversations(session, self._clock.now(), BATCH)

    async def _one(self, conversation_id: str) -> bool:
        """Sends what is next; False when nothing is due."""
        async with self._database.transaction(brief=True) as session:
            now = self._clock.now()
            conversation = await lock(session, conversation_id)
            channel = self._channels.get(conversation.channel)
            claimed = await outbox.claim(
                session,
                now,
                conversation,
                self._holder,
                most=channel.most_merged if channel else 1,
                budget=self._budget,
            )
            if claimed is None:
                return False
            outside = False
            if channel is not None:
                since = claimed.conversation.last_customer_at
                window, quota = channel.limits.window, channel.limits.quota
                outside = window is not None and (since is None or now - since > window)
                if quota is not None and not outside:
                    outside = await outbox.sent_since(session, claimed.conversation) >= quota
            asked = claimed.rows[0].answers
            answered = await session.get(Message, asked) if asked else None
        outgoing = Outgoing(
            address=claimed.conversation.address or "",
            parts=tuple(_part(message) for message in claimed.messages),
            category=claimed.rows[0].category,
            language=claimed.conversation.language,
            key=claimed.messages[0].id,
            answers=answered.client_message_id if answered else None,
            outside=outside,
        )
        outcome = await self._try(channel, outgoing, claimed, asked)
        await self._settle(claimed.conversation.id, claimed.rows, outcome)
        return outcome.state != "pending" or outcome.next_at is None

    async def _try(
        self, channel: Channel | None, outgoing: Outgoing, claimed: outbox.Claimed,
        asked: str | None,
    ) -> Outcome:  # fmt: skip
        webhook = self._passive.pop(asked, None) if asked else None
        if webhook is not None:
            waiting, fits = webhook
            passive = not waiting.done() and fits(outgoing)
            if not waiting.done():
                waiting.set_result(outgoing if passive else None)
            if passive:
                return Outcome("sent")
        if channel is None:
            return Outcome("failed", "channel_off")
        if not claimed.conversation.reachable:
            return Outcome("failed", "unreachable")
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return Outcome("sent", platform_id=await channel.send(outgoing))
        except TimeoutError:
            return self._again_or(claimed.rows[0], AmbiguousError("timeout"), "unknown")
        except AmbiguousError as error:
            return self._again_or(claimed.rows[0], error, "unknown")
        except FinalError as error:
            return Outcome("failed", error.code, gone=isinstance(error, UnreachableError))
        except RetryableError as error:
            return self._again_or(claimed.rows[0], error, "failed")
        except Exception:
            # A fault of ours: it may have been sent before it.
            log.exception("the channel %s failed", claimed.conversation.channel)
            return self._again_or(claimed.rows[0], AmbiguousError("error"), "unknown")

    def _again_or(self, row: Outbox, error: SendError, end: str) -> Outcome:
        """The next try, or the end after the last one."""
        if row.tries >= MOST_TRIES:
            return Outcome(end, error.code)
        pause = min(FIRST_PAUSE * 2 ** (row.tries - 1), LONGEST_PAUSE)
        if error.retry_after is not None:
            pause = max(pause, timedelta(seconds=error.retry_after))
        # Not all at the same moment after an outage of the platform.
        pause *= random.uniform(1.0, 1.25)
        return Outcome("pending", error.code, self._clock.now() + pause)

    async def _settle(self, conversation_id: str, rows: list[Outbox], outcome: Outcome) -> None:
        """Writes how a try ended, also when the store is away just now: unwritten, it would be
        tried again, and the customer would read it twice."""
        loop = asyncio.get_running_loop()
        end = loop.time() + SETTLE_SECONDS
        while True:
            try:
                await self._write(conversation_id, rows, outcome)
            except UNAVAILABLE as error:
                if self._workers.stopped or loop.time() > end:
                    raise
                log.warning("the store is away after a message was sent: %s", type(error).__name__)
                await asyncio.sleep(SETTLE_PAUSE)
            else:
                return

    async def _write(self, conversation_id: str, rows: list[Outbox], outcome: Outcome) -> None:
        async with self._database.transaction(brief=True) as session:
            now = self._clock.now()
            if outcome.gone:
                # Held before its rows, as everywhere.
                (await lock(session, conversation_id)).reachable = False
            changed = await outbox.settle(
                session,
                [row.id for row in rows],
                self._holder,
                outcome.state,
                now=now,
                error=outcome.error,
                next_at=outcome.next_at,
                platform_id=outcome.platform_id,
            )
            if outcome.state not in ("failed", "unknown") or not changed:
                return
            log.warning("a message was not delivered: %s", outcome.error)
            first = changed[0]
            await open_task(
                session,
                now,
                kind="undelivered",
                conversation_id=first.conversation_id,
                note=outcome.error,
                message_id=first.message_id or f"outbox:{first.id}",
                action="undelivered",
            )


def _part(message: Message) -> Part:
    return Part(
        text=message.text,
        sender=message.sender,
        buttons=tuple((b["choice"], b["title"]) for b in message.buttons or ()),
        cards=tuple(message.cards or ()),
    )
