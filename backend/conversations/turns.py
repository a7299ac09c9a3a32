"""Runs the turns: per conversation in order, one in flight, each to an answer or a person."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import Clock
from backend.conversations import turn_store
from backend.conversations.assistant import Answer, Fault
from backend.conversations.inbox import Received
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
BEGINS_WITHIN = 5.0
"""Seconds within which a turn begins that was claimed with its message, if the message was stored
at all."""
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


@dataclass(frozen=True)
class Begun:
    """A turn that has begun, with the lease on its conversation."""

    message: Message
    locale: str | None


class TurnRunner:
    """One task per conversation that has something to answer.

    Any number of processes run side by side: `holder` names this one in the leases.
    """

    def __init__(self, database: Database, clock: Clock, assistant: Turn, holder: str) -> None:
        self._database = database
        self._clock = clock
        self._assistant = assistant
        self._holder = holder
        self._begun: dict[str, Begun] = {}
        self._claimed: dict[str, float] = {}
        """When messages that are just being stored claimed their turn, by the loop's clock."""
        self._workers = Workers("unanswered messages", self._due, self._one)

    async def start(self) -> None:
        """Takes up what an earlier process left unanswered, and keeps looking for more."""
        self._workers.start(POLL_SECONDS)

    async def stop(self) -> None:
        """Ends; unfinished turns stay in the store and run at the next start."""
        await self._workers.stop(cut_off=True)
        try:
            async with self._database.transaction(brief=True) as session:
                await turn_store.release(session, self._holder)
        except Exception:
            # They run out by themselves.
            log.exception("the leases could not be given back")

    async def claim(self, session: AsyncSession, received: Received) -> Begun | None:
        """The turn of a message that is just being stored, if nothing comes before it: saves the
        transaction that would claim it. For `wake`, once it is stored."""
        message, conversation = received.message, received.conversation
        if message is None or conversation is None or not received.awaits_turn:
            return None
        claimed = await turn_store.claim_new(
            session, self._clock.now(), conversation, message, self._holder
        )
        if not claimed:
            return None
        self._claimed[conversation.id] = asyncio.get_running_loop().time()
        return Begun(message, conversation.locale)

    def wake(self, conversation_id: str, begun: Begun | None = None) -> None:
        """Says that a message of this conversation awaits its turn, or has one already.

        Whoever is at work on the conversation finds it in the store in any case.
        """
        self._claimed.pop(conversation_id, None)
        if begun is not None and not self._workers.at_work(conversation_id):
            self._begun[conversation_id] = begun
        self._workers.wake(conversation_id)

    async def _due(self) -> list[str]:
        async with self._database.reading(brief=True) as session:
            now = self._clock.now()
            found = await turn_store.waiting_conversations(session, now, self._holder, BATCH)
        # Between the commit and `wake` a turn is there to be seen, and about to begin.
        old = asyncio.get_running_loop().time() - BEGINS_WITHIN
        self._claimed = {key: at for key, at in self._claimed.items() if at > old}
        return [one for one in found if one not in self._claimed]

    async def _one(self, conversation_id: str) -> bool:
        begun = self._begun.pop(conversation_id, None)
        claimed = begun or await self._claim(conversation_id)
        if not isinstance(claimed, Begun):
            return claimed
        message = claimed.message
        working = asyncio.create_task(self._ask(message, claimed.locale))
        keeping = asyncio.create_task(self._keep(conversation_id, working))
        try:
            outcome = await working
        finally:
            working.cancel()
            keeping.cancel()
            await asyncio.gather(working, keeping, return_exceptions=True)
        # A power cut would let the message await its turn again.
        async with self._database.transaction(durable=False, brief=True) as session:
            now = self._clock.now()
            if isinstance(outcome, Answer):
                await turn_store.finish_turn(
                    session, now, message.id, self._holder, outcome.understanding, outcome.replies
                )
            else:
                await turn_store.fail_turn(session, now, message.id, self._holder)
            return not await turn_store.rest(session, message, self._holder)

    async def _claim(self, conversation_id: str) -> Begun | bool:
        """The next turn, or else whether to look for another."""
        async with self._database.transaction(durable=False, brief=True) as session:
            message = await turn_store.claim_turn(
                session, self._clock.now(), conversation_id, self._holder
            )
            if message is None:
                return False
            conversation = await session.get_one(Conversation, conversation_id)
            if conversation.owner == "staff":
                message.turn = "none"
                return True
            return Begun(message, conversation.locale)

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
                async with self._database.transaction(brief=True) as session:
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
