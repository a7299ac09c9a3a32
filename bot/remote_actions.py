"""How Rasa calls the action server, put in place when the channel opens.

Rasa sends all events of the conversation and the whole domain with every call, over a connection
that it opens for it; it checks its own JSON schema anew before it checks an answer against it; it
swallows the failure of an action, so that the customer gets silence for an answer, and writes the
conversation into the log instead. Here:

- an action gets what it can need: slots, the open form, the message, the events of the last turns;
- connections stay open, and an answer is checked by a validator that was built once;
- a failure ends the turn. Nothing of it is kept, so that a retry starts where it started.
"""

from __future__ import annotations

import copy
import json
import logging
import os
from functools import lru_cache
from typing import Any

import aiohttp
import rasa
from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.events import BotUttered, Event, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

logger = logging.getLogger(__name__)

TURNS = 2
"""Messages of the customer whose events an action is given: the present one and the one before."""
GRACE = 5.0
"""Seconds above the actions' own time limit until one counts as failed."""
_REJECTED = 400


class ActionFailed(BaseException):
    """A custom action failed; the text holds its name and nothing else.

    Not an Exception: Rasa catches those around an action and goes on without its events.
    """


class ActionServer:
    """Keeps connections to action servers open. For one event loop."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._calls = 0

    async def call(self, urls: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer. Raises what aiohttp raises.

        `urls`: one address, or several with commas between them, which take turns.
        """
        choice = urls.split(",")
        self._calls += 1
        try:
            return await self._post(choice[self._calls % len(choice)], body)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # The connection was from before the server was started again, or one of several is
            # away. Twice does no harm: a write is made once for each message and action.
            return await self._post(choice[(self._calls + 1) % len(choice)], body)

    async def _post(self, url: str, body: bytes) -> tuple[int, bytes]:
        if self._session is None:
            limit = float(os.environ.get("CHEFU_ACTION_TIMEOUT") or 10) + GRACE
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=limit),
                headers={"Content-Type": "application/json"},
            )
        async with self._session.post(url, data=body) as response:
            return response.status, await response.read()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


SERVER = ActionServer()


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """The conversation as an action sees it: Rasa's own form of it, without the older events."""
    return {
        **tracker.current_state(EventVerbosity.NONE),
        "events": [event.as_dict() for event in recent(tracker)],
    }


def recent(tracker: DialogueStateTracker) -> list[Event]:
    """The events from the customer's last message but one on; from further back where the
    assistant has said nothing since."""
    found: list[Event] = []
    turns = 0
    said = False
    for event in reversed(tracker.events):
        found.append(event)
        said = said or isinstance(event, BotUttered)
        turns += isinstance(event, UserUttered)
        if turns >= TURNS and said and isinstance(event, UserUttered):
            break
    return found[::-1]


@lru_cache(maxsize=1)
def _validators() -> tuple[Any, dict[str, Any]]:
    """For an answer but for its events, and for the events of each name.

    Rasa's schema has an event be exactly one of two dozen, each with its own name.
    """
    schema = copy.deepcopy(RemoteAction.action_response_format_spec())
    event = schema["properties"]["events"].pop("items")
    kinds = event.pop("oneOf")
    chosen = validator_for(schema)
    chosen.check_schema(schema)
    named = {
        name: chosen({**event, "oneOf": [kind for kind in kinds if _name_of(kind) == name]})
        for name in map(_name_of, kinds)
    }
    return chosen(schema), named


def _name_of(kind: dict[str, Any]) -> str:
    return str(kind["properties"]["event"]["const"])


def validate(answer: Any) -> None:
    """Raises ValidationError for an answer that Rasa's own schema refuses."""
    whole, named = _validators()
    _check(whole, answer)
    for event in answer.get("events", []):
        name = event.get("event") if isinstance(event, dict) else None
        if not isinstance(name, str) or name not in named:
            raise ValidationError("The answer of the action server has an event without a name")
        _check(named[name], event)


def _check(validator: Any, thing: Any) -> None:
    for error in validator.iter_errors(thing):
        # Not the error itself: it quotes the answer, and with it the customer.
        raise ValidationError(f"The answer of the action server is malformed: {error.json_path}")


async def _run(self: Any, output_channel: Any, nlg: Any, tracker: Any, domain: Any) -> list[Event]:
    """In place of `RemoteAction.run`. Raises `ActionExecutionRejection` and `ActionFailed`."""
    try:
        call = {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": state(tracker),
            # The SDK asks for one, or for the hash of one that it was sent before.
            "domain": {},
            "version": rasa.__version__,
        }
        body = json.dumps(call, separators=(",", ":")).encode()
        status, content = await SERVER.call(self.action_endpoint.url, body)
        answer = json.loads(content)
        if status == _REJECTED:
            raise ActionExecutionRejection(answer["action_name"], answer.get("error"))
        if status >= _REJECTED:
            raise RuntimeError(f"status {status}")
        validate(answer)
        said: list[Event] = await self._utter_responses(
            answer.get("responses", []), output_channel, nlg, tracker
        )
        return [*said, *deserialise_events(answer.get("events", []))]
    except ActionExecutionRejection:
        raise
    except Exception as error:
        # Its kind alone: its words may quote the customer.
        logger.error("Action %s failed: %s", self.name(), type(error).__name__)
        raise ActionFailed(self.name()) from None


def install() -> None:
    """Puts it in place of Rasa's own; calling it again changes nothing."""
    RemoteAction.run = _run
