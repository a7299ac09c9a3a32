"""What the backend asks of Rasa: one turn, read from a request and checked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.customer_text import inert

LONGEST_TEXT = 2_000
_LONGEST_BODY = 64_000

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
    data = _object(body)
    sender = _matching(data, "sender", _SENDER)
    message_id = _matching(data, "message_id", _MESSAGE_ID)
    text, payload = data.get("text"), data.get("payload")
    if (text is None) == (payload is None):
        raise Refused(422, "text_or_payload")
    said = _customer_text(text) if payload is None else _payload(payload)
    again = data.get("again") is True
    return Turn(sender, message_id, said, _locale(data.get("metadata")), again)


def read_sender(body: bytes) -> str:
    """The conversation that a request body names. Raises `Refused` as `read_turn` does."""
    return _matching(_object(body), "sender", _SENDER)


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > _LONGEST_BODY:
        raise Refused(413, "too_long")
    try:
        data = json.loads(body)
    except ValueError as error:
        raise Refused(422, "not_json") from error
    if not isinstance(data, dict):
        raise Refused(422, "not_an_object")
    return data


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
