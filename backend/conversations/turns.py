"""Runs the turns: per conversation in order, one in flight, each to an answer or a person."""

import asyncio
import logging
from typing import Protocol

from backend.clock import Clock
from backend.conversations import turn_store
from backend.conversations.assistant import Answer, Fault
from backend.conversations.workers import Workers
from backend.database import Database
from backend.models import Conversation, Message

log = logging.getLogger(__name__)

TRIES = 2
CLAIMS = 3
"""How often a turn is begun: more only when processes died or the store failed in between."""
RETRY_PAUSE = 1.0
RECONNECT_SECONDS = 20.0
"""How long one try waits for a Rasa that is not up, for instance while it restarts."""
RECONNECT_PAUSE = 0.5
POLL_SECONDS = 5.0
"""The safety net for a wake-up that got lost."""
BATCH = 500
"""Conversations that one look at the store takes up."""


class Turn(Protocol):
    async def turn(
        self,
        *,
        conversation_id: str,
        message_id: str,
        text: str,
        payload: str | None,
        locale: str | None,
        again: bool = False,
    ) -> Answer | Fault: ...


class TurnRunner:
    """One task per conversation that has something to answer.

    Any number of processes run side by side: `holder` names this one in the leases.
    """

    def __init__(self, database: Database, clock: Clock, assistant: Turn, holder: str) -> None:
        self._database = database
        self._clock = clock
        self._assistant = assistant
        self._holder = holder
        self._workers = Workers("unanswered messages", self._due, self._one)

    async def start(self) -> None:
        """Takes up what an earlier process left unanswered, and keeps looking for more."""
        self._workers.start(POLL_SECONDS)

    async def stop(self) -> None:
        """Ends; unfinished turns stay in the store and run at the next start."""
        await self._workers.stop(cut_off=True)
        try:
            async with self._database.transaction() as session:
                await turn_store.release(session, self._holder)
        except Exception:
            # They run out by themselves.
            log.exception("the leases could not be given back")

    def wake(self, conversation_id: str) -> None:
        """Says that a message of this conversation awaits its turn."""
        self._workers.wake(conversation_id)

    async def _due(self) -> list[str]:
        async with self._database.reading() as session:
            now = self._clock.now()
            return await turn_store.waiting_conversations(session, now, self._holder, BATCH)

    async def _one(self, conversation_id: str) -> bool:
        async with self._database.transaction() as session:
            message = await turn_store.claim_turn(
                session, self._clock.now(), conversation_id, self._holder
            )
            if message is None:
                return False
            # Held already, and in this session: nothing is read again.
            conversation = await session.get_one(Conversation, conversation_id)
            locale = conversation.locale
            silent = conversation.owner == "staff"
            if silent:
                message.turn = "none"
        if silent:
            return True
        working = asyncio.create_task(self._ask(message, locale))
        keeping = asyncio.create_task(self._keep(conversation_id, working))
        try:
            outcome = await working
        finally:
            working.cancel()
            keeping.cancel()
            await asyncio.gather(working, keeping, return_exceptions=True)
        async with self._database.transaction() as session:
            now = self._clock.now()
            if isinstance(outcome, Answer):
                await turn_store.finish_turn(
                    session, now, message.id, self._holder, outcome.understanding, outcome.replies
                )
            else:
                await turn_store.fail_turn(session, now, message.id, self._holder)
        return True

    async def _ask(self, message: Message, locale: str | None) -> Answer | Fault:
        outcome: Answer | Fault = Fault("claims used up")
        # A message that brought the process down again and again must not do so for ever.
        for attempt in range(TRIES if message.turn_tries <= CLAIMS else 0):
            if attempt:
                # A process that has just died is up again in a moment.
                await asyncio.sleep(RETRY_PAUSE)
            outcome = await self._try(
                message.conversation_id,
                message.id,
                message.text,
                message.payload,
                locale,
                again=bool(attempt) or message.turn_tries > 1,
            )
            if isinstance(outcome, Answer):
                break
            log.warning("turn of message %s: %s", message.id, outcome.reason)
        return outcome

    async def _keep(self, conversation_id: str, working: asyncio.Task[Answer | Fault]) -> None:
        """Renews the lease while the turn runs; stops the turn when another process has it."""
        while True:
            await asyncio.sleep(turn_store.LEASE.total_seconds() / 3)
            try:
                async with self._database.transaction() as session:
                    held = await turn_store.renew(
                        session, self._clock.now(), conversation_id, self._holder
                    )
            except Exception:
                log.exception("the lease of conversation %s was not renewed", conversation_id)
                continue
            if not held:
                working.cancel()
                return

    async def _try(
        self, conversation_id: str, message_id: str, text: str, payload: str | None,
        locale: str | None, *, again: bool,
    ) -> Answer | Fault:  # fmt: skip
        loop = asyncio.get_running_loop()
        deadline = loop.time() + RECONNECT_SECONDS
        while True:
            try:
                outcome = await self._assistant.turn(
                    conversation_id=conversation_id,
                    message_id=message_id,
                    text=text,
                    payload=payload,
                    locale=locale,
                    again=again,
                )
            except Exception:
                log.exception("asking the assistant about message %s failed", message_id)
                outcome = Fault("error")
            if isinstance(outcome, Answer) and not outcome.replies:
                outcome = Fault("empty")
            unreachable = isinstance(outcome, Fault) and outcome.reason == "unreachable"
            if not unreachable or loop.time() > deadline:
                return outcome
            await asyncio.sleep(RECONNECT_PAUSE)
