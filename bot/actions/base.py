"""What every action shares: its transaction, its time limit, its honesty when it fails."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations.tasks import open_task
from backend.database import UNAVAILABLE
from backend.models import Conversation, Dealership, Message
from backend.services import Services
from bot.actions.context import Turn
from bot.actions.interlude import forget_offers, person_spoke

log = logging.getLogger(__name__)

Events = list[dict[str, Any]]

_ZONE = select(Dealership.zone).limit(1)

_services: list[Services] = []


def configure(services: Services) -> None:
    """Hands the actions their store and clock, once, before the first call."""
    _services[:] = [services]


def services() -> Services:
    """Raises RuntimeError before `configure`."""
    if not _services:
        raise RuntimeError("the actions were not configured")
    return _services[0]


Afterthought = Callable[[Turn, AsyncSession, Events], Awaitable[Events]]
"""Given what an action has decided, adds to it; in the same transaction."""

_afterthoughts: list[Afterthought] = []


def afterthought(look: Afterthought) -> Afterthought:
    """Registers a look at every message, whatever it is taken for, once it is answered."""
    _afterthoughts.append(look)
    return look


Forethought = Callable[[Turn, AsyncSession, str], Awaitable[Events | None]]
"""Given a message and the action that would answer it, answers in its place, or returns None; in
the same transaction."""

_forethoughts: list[Forethought] = []


def forethought(look: Forethought) -> Forethought:
    """Registers a look at every message before it is answered."""
    _forethoughts.append(look)
    return look


class StoreAwayError(RuntimeError):
    """The store cannot be reached: the turn fails as a whole, to be tried again when it can."""


class JourneyAction(Action, ABC):
    """An action that runs in one transaction, within the time limit.

    When it fails nothing of it is written, the customer is told so and staff get a task: an
    action that broke must not leave a promise behind. Without the store there is neither: the turn
    fails, and with it goes what Rasa would have remembered of it.
    """

    action: ClassVar[str]

    def name(self) -> str:
        return self.action

    @abstractmethod
    async def act(self, turn: Turn, session: AsyncSession) -> Events:
        """Does the work. What it says is sent only if the transaction commits."""

    def failed(self, turn: Turn) -> Events:
        """The events after a failure."""
        return []

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        served = services()
        turn = Turn.of(tracker, dispatcher, served, "UTC")
        try:
            async with asyncio.timeout(served.settings.action_timeout) as limit:
                # Most messages are questions: answering one changes nothing.
                async with served.database.transaction(brief=True, reads_first=True) as session:
                    zone = await session.scalar(_ZONE)
                    turn.zone = zone or "UTC"
                    events = await self._answer(turn, session)
                    # From here on it is written, or an error says that it was not: cut off now,
                    # the customer would be told that a booking which stands had failed.
                    limit.reschedule(None)
                    return events
        except UNAVAILABLE as error:
            log.error(
                "%s has no store for message %s: %s",
                self.action,
                turn.message_id,
                type(error).__name__,
            )
            raise StoreAwayError(self.action) from None
        except Exception:
            # The message's id is enough to find it; its words stay out of the log.
            log.exception("%s failed for message %s", self.action, turn.message_id)
            dispatcher.messages.clear()
            turn.say("utter_action_failed")
            await self._tell_staff(turn)
            return self.failed(turn)

    async def _answer(self, turn: Turn, session: AsyncSession) -> Events:
        turn.resumed = await person_spoke(turn, session)
        forgotten = forget_offers(turn) if turn.resumed else []
        answered: Events | None = None
        for before in _forethoughts:
            if answered is None:
                answered = await before(turn, session, self.action)
        if answered is None:
            answered = await self.act(turn, session)
        events = [*forgotten, *answered]
        if any(event.get("event") == "action_execution_rejected" for event in events):
            # Another action answers the message.
            return events
        for look in _afterthoughts:
            events += await look(turn, session, events)
        return events

    async def _tell_staff(self, turn: Turn) -> None:
        try:
            async with turn.services.database.transaction(brief=True) as session:
                if await session.get(Conversation, turn.conversation_id) is None:
                    return
                await open_task(
                    session,
                    turn.now,
                    kind="fault",
                    conversation_id=turn.conversation_id,
                    note=(await shown_text(turn, session))[:120],
                    message_id=turn.message_id,
                    action=self.action,
                )
        except Exception:
            log.exception("no task could be opened for message %s", turn.message_id)


async def shown_text(turn: Turn, session: AsyncSession) -> str:
    """What the customer saw himself say: of a button its title, not our command."""
    if not turn.pressed:
        return turn.text
    message = await session.get(Message, turn.message_id)
    return message.text if message is not None else turn.intent


async def ask_colleague(
    turn: Turn, session: AsyncSession, kind: str = "question", note: str | None = None
) -> None:
    """Opens a task for a consultant with the customer's question, once per message."""
    if await session.get(Conversation, turn.conversation_id) is None:
        return
    await open_task(
        session,
        turn.now,
        kind=kind,
        conversation_id=turn.conversation_id,
        note=(note or await shown_text(turn, session))[:500],
        message_id=turn.message_id,
        action=kind,
    )
