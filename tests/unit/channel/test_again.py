"""A message that the backend sends a second time: answered before, or never kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channel import answer, answered_before
from bot.turn_request import Turn

TURN = Turn("ab12", "m-2", "yes", None, again=True)
LISTEN = ActionExecuted("action_listen")
BOOKED = BotUttered("Booked.", {"buttons": [{"title": "Mine", "payload": "/manage_booking"}]})


class Store:
    """A tracker store that holds one conversation."""

    def __init__(self, *events: Event) -> None:
        self.events = events

    async def retrieve(self, sender: str) -> DialogueStateTracker:
        return DialogueStateTracker.from_events(sender, list(self.events), domain=Domain.empty())


def said(message_id: str) -> UserUttered:
    intent = {"name": "affirm", "confidence": 0.9}
    parsed: Any = {"text": "yes", "intent": intent, "entities": [], "intent_ranking": [intent]}
    return UserUttered("yes", intent, [], parsed, message_id=message_id)


async def test_an_answer_that_got_lost_is_given_again() -> None:
    found = await answered_before(TURN, Store(LISTEN, said("m-2"), BOOKED, LISTEN))

    assert found is not None
    assert found["messages"] == [
        {"text": "Booked.", "buttons": [{"title": "Mine", "payload": "/manage_booking"}]}
    ]
    assert found["understanding"]["intent"] == "affirm"


async def test_a_turn_that_did_not_end_runs_again() -> None:
    assert await answered_before(TURN, Store(LISTEN, said("m-2"), BOOKED)) is None


async def test_another_message_was_answered_then() -> None:
    assert await answered_before(TURN, Store(LISTEN, said("m-1"), BOOKED, LISTEN)) is None


async def test_nothing_was_said_yet() -> None:
    assert await answered_before(TURN, Store(LISTEN)) is None


async def test_the_first_try_may_still_be_under_way() -> None:
    """It is waited for, and what it answered is the answer; the turn does not run again."""
    store, first_try = Store(LISTEN), asyncio.Lock()

    @asynccontextmanager
    async def lock(_sender: str) -> AsyncIterator[None]:
        async with first_try:
            yield

    async def runs(_message: Any) -> None:
        raise AssertionError("the turn ran a second time")

    agent = SimpleNamespace(lock_store=SimpleNamespace(lock=lock), tracker_store=store)
    async with first_try:
        second = asyncio.ensure_future(answer(TURN, agent, runs))
        await asyncio.sleep(0)
        store.events = (LISTEN, said("m-2"), BOOKED, LISTEN)
    assert (await second)["messages"][0]["text"] == "Booked."
