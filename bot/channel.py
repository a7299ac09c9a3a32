"""The one door into Rasa: a turn comes in from the backend, its answer and its meaning go out.

``POST /webhooks/chefu/webhook`` with the header ``X-Chefu-Secret``. The body is
``{sender, message_id, text | payload, metadata?: {locale?}}``: ``text`` is what a customer typed
and can never become a command; ``payload`` belongs to a button, comes from the backend's own store
and is a command of Rasa (``/intent{"entity": …}``). The answer is ``{messages, understanding}``. A
turn that fails answers 500 and is never mistaken for an assistant with nothing to say.

``POST /webhooks/chefu/forget`` with ``{sender}`` removes what Rasa holds of a conversation.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine.installation import install
from bot.logs import mask_numbers
from bot.remote_actions import SERVER, ActionFailed
from bot.turn_request import Refused, Turn, read_sender, read_turn

logger = logging.getLogger(__name__)

SECRET_VARIABLE = "CHEFU_CHANNEL_SECRET"  # noqa: S105  # the name, not the secret
SECRET_HEADER = "X-Chefu-Secret"  # noqa: S105
_RANKED = 5


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


def language_of(parse_data: dict[str, Any]) -> str | None:
    """The language that the parse found, if it found one."""
    for found in parse_data.get("entities", []):
        if found.get("entity") == "language":
            return str(found["value"])
    return None


async def settle_language(turn: Turn, parse_data: dict[str, Any], tracker_store: Any) -> None:
    """Gives a conversation that has no language yet one that its first words do not tell.

    Then it is that of the customer's page, else Chinese; added to the parse as the entity that
    sets the slot, so that no action is needed.
    """
    if language_of(parse_data) is not None:
        return
    tracker = await tracker_store.retrieve(turn.sender)
    slot = tracker.slots.get("language") if tracker else None
    if slot is None or slot.value is None:
        found = {"entity": "language", "value": turn.locale or "zh", "start": 0, "end": 0}
        parse_data["entities"] = [*parse_data.get("entities", []), found]


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
) -> dict[str, Any]:
    """Takes one turn: one parse, then the dialogue. Raises whatever goes wrong in it."""
    if turn.again:
        # The first try may still be under way, here or in another process.
        async with agent.lock_store.lock(turn.sender):
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
    await settle_language(turn, parse_data, agent.tracker_store)
    message.parse_data = parse_data
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

    def install(self) -> None:
        """Puts our extensions of Rasa in place, before it loads its model."""
        install()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Raises `RasaException`, and so stops the process, without a secret."""
        secret = os.environ.get(SECRET_VARIABLE, "").encode()
        if not secret:
            raise RasaException(f"{SECRET_VARIABLE} is not set: the channel would be open to all.")
        mask_numbers()
        self.install()
        routes = Blueprint("chefu", url_prefix=None)

        def refusal(request: Request) -> HTTPResponse | None:
            given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
            known = hmac.compare_digest(given, secret)
            return None if known else _json({"error": "forbidden"}, 403)

        def ready(request: Request) -> Any:
            agent = request.app.ctx.agent
            if agent is None or not agent.is_ready():
                raise Refused(503, "no_model")
            return agent

        @routes.route("/health", methods=["GET"])  # type: ignore[untyped-decorator]
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            if agent is None or not agent.is_ready():
                return _json({"status": "starting", "model": None}, 503)
            return _json({"status": "ok", "model": agent.processor.model_filename})

        @routes.route("/webhook", methods=["POST"])  # type: ignore[untyped-decorator]
        async def webhook(request: Request) -> HTTPResponse:
            if (refused_call := refusal(request)) is not None:
                return refused_call
            try:
                turn = read_turn(request.body)
                return _json(await answer(turn, ready(request), on_new_message))
            except Refused as refused:
                return _json({"error": refused.code}, refused.status)
            except ActionFailed as failed:
                logger.error("A turn failed, its actions did: %s", failed)
                return _json({"error": "action_failed"}, 500)
            except Exception as error:
                # Whatever it was, the backend must see a failed turn, not silence.
                logger.error("A turn failed: %s in %s", type(error).__name__, _where(error))
                return _json({"error": "turn_failed"}, 500)

        @routes.route("/forget", methods=["POST"])  # type: ignore[untyped-decorator]
        async def forget(request: Request) -> HTTPResponse:
            if (refused_call := refusal(request)) is not None:
                return refused_call
            try:
                sender = read_sender(request.body)
                agent = ready(request)
                # Not in the middle of a turn, which would write it again.
                async with agent.lock_store.lock(sender):
                    await agent.tracker_store.delete(sender)
            except Refused as refused:
                return _json({"error": refused.code}, refused.status)
            return _json({"status": "ok"})

        @routes.after_server_stop  # type: ignore[untyped-decorator]
        async def close(*_: Any) -> None:
            await SERVER.close()

        return routes
