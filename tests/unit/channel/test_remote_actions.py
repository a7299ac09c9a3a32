from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.remote_actions import ActionsFailed, FailedActions, install

PHONE = "13800000001"


class Endpoint:
    """An action server that answers as told."""

    def __init__(self, answer: Any) -> None:
        self.kwargs: dict[str, Any] = {}
        self.answer = answer

    async def request(self, **_: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    kept = {name: RemoteAction.__dict__[name] for name in ("run", "_validate_action_result")}
    install()
    yield
    for name, value in kept.items():
        setattr(RemoteAction, name, value)
    del RemoteAction._chefu_installed


async def run(answer: Any) -> Any:
    domain = Domain.empty()
    tracker = DialogueStateTracker.from_events("a", [])
    action = RemoteAction("action_book", Endpoint(answer))
    generator = TemplatedNaturalLanguageGenerator({})
    return await action.run(CollectingOutputChannel(), generator, tracker, domain)


async def swallowed(answer: Any) -> None:
    """What Rasa does with a failing action."""
    with suppress(Exception):
        await run(answer)


async def test_an_answer_becomes_events() -> None:
    with FailedActions():
        events = await run(
            {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": []}
        )
    assert events == [SlotSet("a", 1)]


@pytest.mark.parametrize("answer", [OSError("gone"), {"events": [{"event": 5}]}, ["no object"]])
async def test_a_failure_that_rasa_swallows_is_known(answer: Any) -> None:
    with pytest.raises(ActionsFailed, match=r"^action_book$"), FailedActions():
        await swallowed(answer)


async def test_a_rejection_is_no_failure() -> None:
    with FailedActions(), pytest.raises(ActionExecutionRejection):
        await run(ActionExecutionRejection("action_book"))


async def test_a_turn_does_not_see_the_failures_of_another() -> None:
    with pytest.raises(ActionsFailed), FailedActions():
        await swallowed(OSError())
    with FailedActions():
        await run({"events": [], "responses": []})


async def test_a_malformed_answer_is_not_quoted() -> None:
    with pytest.raises(ValidationError) as failure:
        await run({"events": [{"event": PHONE, "timestamp": PHONE}], "responses": PHONE})
    assert PHONE not in str(failure.value)


async def test_another_error_of_the_turn_goes_first() -> None:
    with pytest.raises(KeyError), FailedActions():
        await swallowed(OSError())
        raise KeyError("x")
