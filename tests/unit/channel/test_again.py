"""A message that the backend sends a second time: answered before, or never kept."""

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channel import answered_before
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
