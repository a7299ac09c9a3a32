"""The one door into Rasa: a turn comes in from the backend, its answer and its meaning go out.

``POST /webhooks/chefu/webhook`` with the header ``X-Chefu-Secret``. The body is
``{sender, message_id, text | payload, metadata?: {locale?}}``: ``text`` is what a customer typed
and can never become a command; ``payload`` belongs to a button, comes from the backend's own store
and is a command of Rasa (``/intent{"entity": …}``). The answer is ``{messages, understanding}``. A
turn that fails answers 500 and is never mistaken for an assistant with nothing to say.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import re
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.customer_text import inert
from bot.logs import mask_numbers
from bot.remote_actions import ActionsFailed, FailedActions, install

logger = logging.getLogger(__name__)

SECRET_VARIABLE = "CHEFU_CHANNEL_SECRET"  # noqa: S105  # the name, not the secret
SECRET_HEADER = "X-Chefu-Secret"  # noqa: S105
LONGEST_TEXT = 2_000
_LONGEST_BODY = 64_000
_RANKED = 5
_REMEMBERED = 10_000

_SENDER = re.compile(r"[0-9a-f-]{1,64}")
_MESSAGE_ID = re.compile(r"[\x21-\x7e]{1,128}")
_PAYLOAD = re.compile(r"/(?P<intent>[a-z_]{1,64})(?P<entities>\{.*\})?", re.DOTALL)
_LANGUAGES = ("zh", "en")


class Refused(Exception):
    """The request is answered with ``status`` and the machine-readable ``code``."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Turn:
    """A request that was checked. ``text`` is what Rasa may see: inert text, or a payload."""

    sender: str
    message_id: str
    text: str
    locale: str | None
    again: bool = False
    """The backend asks a second time: the first answer may have been lost on the way."""

    @property
    def metadata(self) -> dict[str, Any]:
        """What actions find on the message: its id is the key that keeps writes idempotent."""
        return {"message_id": self.message_id, "locale": self.locale}


def read_turn(body: bytes) -> Turn:
    """The turn of a request body. Raises `Refused`: 413 for too long, 422 for malformed."""
    if len(body) > _LONGEST_BODY:
        raise Refused(413, "too_long")
    try:
        data = json.loads(body)
    except ValueError as error:
        raise Refused(422, "not_json") from error
    if not isinstance(data, dict):
        raise Refused(422, "not_an_object")
    sender = _matching(data, "sender", _SENDER)
    message_id = _matching(data, "message_id", _MESSAGE_ID)
    text, payload = data.get("text"), data.get("payload")
    if (text is None) == (payload is None):
        raise Refused(422, "text_or_payload")
    said = _customer_text(text) if payload is None else _payload(payload)
    again = data.get("again") is True
    return Turn(sender, message_id, said, _locale(data.get("metadata")), again)


def _matching(data: dict[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refused(422, key)
    return value


def _customer_text(text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise Refused(422, "text")
    if len(text) > LONGEST_TEXT:
        raise Refused(413, "too_long")
    return inert(text)


def _payload(payload: Any) -> str:
    match = _PAYLOAD.fullmatch(payload) if isinstance(payload, str) else None
    if match is None:
        raise Refused(422, "payload")
    try:
        if match["entities"] is not None:
            json.loads(match["entities"])
    except ValueError as error:
        raise Refused(422, "payload") from error
    return match.string


def _locale(metadata: Any) -> str | None:
    """``zh`` or ``en`` of a locale such as ``zh-CN``; None for others and for none."""
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise Refused(422, "metadata")
    locale = metadata.get("locale")
    if locale is None:
        return None
    if not isinstance(locale, str):
        raise Refused(422, "locale")
    language = locale.lower().replace("_", "-").split("-")[0]
    return language if language in _LANGUAGES else None


class TurnOutput(OutputChannel):
    """Collects the answer of one turn, a message for each response, in their order."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return ChefuChannel.name()

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps text, buttons, cards and image of one response together."""
        custom = message.get("custom") or {}
        buttons = message.get("buttons") or message.get("quick_replies") or []
        parts = {
            "text": message.get("text"),
            "buttons": [
                {"title": button["title"], "payload": button["payload"]} for button in buttons
            ],
            "cards": custom.get("cards"),
            "image": message.get("image"),
        }
        kept = {name: part for name, part in parts.items() if part}
        if kept:
            self.messages.append(kept)


class KnownLanguages:
    """Remembers which conversations have their language, and spares reading their history.

    Holds the latest few thousand; forgetting one costs a read, nothing else.
    """

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._senders: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def remember(self, sender: str) -> None:
        self._senders[sender] = None
        self._senders.move_to_end(sender)
        while len(self._senders) > self._most:
            self._senders.popitem(last=False)

    def __contains__(self, sender: str) -> bool:
        return sender in self._senders


def language_of(parse_data: dict[str, Any]) -> str | None:
    """The language that the parse found, if it found one."""
    for found in parse_data.get("entities", []):
        if found.get("entity") == "language":
            return str(found["value"])
    return None


async def settle_language(
    turn: Turn, parse_data: dict[str, Any], tracker_store: Any, known: KnownLanguages
) -> None:
    """Gives a conversation that has no language yet one that its first words do not tell.

    Then it is that of the customer's page, else Chinese; added to the parse as the entity that
    sets the slot, so that no action is needed.
    """
    if language_of(parse_data) is None and turn.sender not in known:
        tracker = await tracker_store.retrieve(turn.sender)
        slot = tracker.slots.get("language") if tracker else None
        if slot is None or slot.value is None:
            found = {"entity": "language", "value": turn.locale or "zh", "start": 0, "end": 0}
            parse_data["entities"] = [*parse_data.get("entities", []), found]
    known.remember(turn.sender)


def understanding(parse_data: dict[str, Any]) -> dict[str, Any]:
    """The parse as the transcript keeps it; offsets count in the customer's own text."""
    text = parse_data.get("text") or ""
    entities = []
    for found in parse_data.get("entities", []):
        start, end = found.get("start", 0), found.get("end", 0)
        entity = {
            "entity": found["entity"],
            "value": found.get("value"),
            "start": start,
            "end": end,
            "text": found.get("text", text[start:end]),
        }
        entity.update({key: found[key] for key in ("alternatives", "model") if key in found})
        entities.append(entity)
    intent = parse_data["intent"]
    return {
        "intent": intent.get("name"),
        "confidence": intent.get("confidence"),
        "entities": entities,
        "ranking": [
            {"intent": ranked.get("name"), "confidence": ranked.get("confidence")}
            for ranked in parse_data.get("intent_ranking", [])[:_RANKED]
        ],
        "wishes": parse_data.get("wishes") or [],
        "language": language_of(parse_data),
    }


async def answered_before(turn: Turn, tracker_store: Any) -> dict[str, Any] | None:
    """The answer that this very message got already, when its turn ended but the backend never
    heard of it; running it again would answer a "yes" to nothing."""
    tracker = await tracker_store.retrieve(turn.sender)
    events = list(tracker.events) if tracker else []
    for place in range(len(events) - 1, -1, -1):
        if isinstance(events[place], UserUttered):
            break
    else:
        return None
    spoken, after = events[place], events[place + 1 :]
    ended = bool(after) and getattr(after[-1], "action_name", None) == "action_listen"
    if spoken.message_id != turn.message_id or not ended:
        return None
    output = TurnOutput()
    for event in after:
        if isinstance(event, BotUttered):
            await output.send_response(turn.sender, {"text": event.text, **(event.data or {})})
    if not output.messages:
        return None
    return {"messages": output.messages, "understanding": understanding(spoken.parse_data)}


async def answer(
    turn: Turn,
    agent: Any,
    on_new_message: Callable[[UserMessage], Awaitable[Any]],
    known: KnownLanguages,
) -> dict[str, Any]:
    """Takes one turn: one parse, then the dialogue. Raises whatever goes wrong in it."""
    if turn.again:
        said = await answered_before(turn, agent.tracker_store)
        if said is not None:
            return said
    output = TurnOutput()
    message = UserMessage(
        turn.text,
        output,
        turn.sender,
        input_channel=ChefuChannel.name(),
        message_id=turn.message_id,
        metadata=turn.metadata,
    )
    # Rasa strips the text, and every offset would move.
    message.text = turn.text
    parse_data = await agent.processor.parse_message(message)
    await settle_language(turn, parse_data, agent.tracker_store, known)
    message.parse_data = parse_data
    with FailedActions():
        await on_new_message(message)
    return {"messages": output.messages, "understanding": understanding(parse_data)}


def _where(error: BaseException) -> str:
    """Where it happened, without the error's own words: they may quote the customer."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))


def _json(body: dict[str, Any], status: int = 200) -> HTTPResponse:
    return response.json(body, status=status, dumps=json.dumps)


class ChefuChannel(InputChannel):
    """The input channel for the credentials file: ``bot.channel.ChefuChannel:``."""

    @classmethod
    def name(cls) -> str:
        return "chefu"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Raises `RasaException`, and so stops the process, without a secret."""
        secret = os.environ.get(SECRET_VARIABLE, "").encode()
        if not secret:
            raise RasaException(f"{SECRET_VARIABLE} is not set: the channel would be open to all.")
        mask_numbers()
        install()
        known = KnownLanguages()
        routes = Blueprint("chefu", url_prefix=None)

        @routes.route("/health", methods=["GET"])  # type: ignore[untyped-decorator]
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            if agent is None or not agent.is_ready():
                return _json({"status": "starting", "model": None}, 503)
            return _json({"status": "ok", "model": agent.processor.model_filename})

        @routes.route("/webhook", methods=["POST"])  # type: ignore[untyped-decorator]
        async def webhook(request: Request) -> HTTPResponse:
            given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
            if not hmac.compare_digest(given, secret):
                return _json({"error": "forbidden"}, 403)
            agent = request.app.ctx.agent
            try:
                turn = read_turn(request.body)
                if agent is None or not agent.is_ready():
                    raise Refused(503, "no_model")
                return _json(await answer(turn, agent, on_new_message, known))
            except Refused as refused:
                return _json({"error": refused.code}, refused.status)
            except ActionsFailed as failed:
                logger.error("A turn failed, its actions did: %s", failed)
                return _json({"error": "action_failed"}, 500)
            except Exception as error:
                # Whatever it was, the backend must see a failed turn, not silence.
                logger.error("A turn failed: %s in %s", type(error).__name__, _where(error))
                return _json({"error": "turn_failed"}, 500)

        return routes
