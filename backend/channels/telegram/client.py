"""The Bot API: calls, what its errors mean, files.

Source: core.telegram.org/bots/api. The token stands in every address: none is ever logged.
"""

import logging
from urllib.parse import quote

from backend.channels import calls, pictures
from backend.channels.base import (
    AmbiguousError,
    FinalError,
    RetryableError,
    SendError,
    UnreachableError,
)
from backend.channels.telegram.settings import TelegramSettings
from backend.channels.webhooks import at, text_at, whole_at

log = logging.getLogger(__name__)

Payload = dict[str, object]

MINUTE = 60.0
SETUP_PAUSE = 15 * MINUTE
"""Somebody has to put in another token; then the message can still go."""

UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
TOO_MANY = 429
SERVER_ERROR = 500
GATEWAY_TIMEOUT = 504


class Client:
    """One bot."""

    def __init__(self, settings: TelegramSettings) -> None:
        self._api = settings.api_url.rstrip("/")
        self._token = settings.bot_token.get_secret_value()
        self._client = calls.client()

    async def call(self, method: str, payload: Payload) -> object:
        """What the method gives. Raises SendError."""
        url = f"{self._api}/bot{self._token}/{method}"
        response = await calls.call(self._client, "POST", url, json=payload)
        body = calls.body_of(response)
        if response.is_success and at(body, "ok") is True:
            return at(body, "result")
        if response.is_success:
            raise AmbiguousError("garbled")
        raise error_of(response.status_code, body)

    async def file(self, file_id: str) -> bytes:
        """A file that a customer sent. Raises SendError."""
        found = await self.call("getFile", {"file_id": file_id})
        size, path = whole_at(found, "file_size"), text_at(found, "file_path")
        if size is not None and size > pictures.LIMIT:
            raise FinalError("too_large")
        if not path:
            raise RetryableError("garbled")
        url = f"{self._api}/file/bot{self._token}/{quote(path)}"
        return await calls.download(self._client, url, pictures.LIMIT)

    async def close(self) -> None:
        await self._client.aclose()


def error_of(status: int, body: object) -> SendError:
    """The error for an answer with HTTP `status`."""
    described = text_at(body, "description").lower()
    if status == TOO_MANY:
        wait = whole_at(body, "parameters", "retry_after")
        return RetryableError("429", retry_after=float(wait) if wait else MINUTE / 2)
    if status == FORBIDDEN:
        # Blocked, deleted, or never started the bot.
        return UnreachableError("blocked")
    if status in (UNAUTHORIZED, NOT_FOUND):
        log.error("Telegram does not know the bot's token: see CHEFU_TELEGRAM_BOT_TOKEN")
        return RetryableError(str(status), retry_after=SETUP_PAUSE)
    if status == GATEWAY_TIMEOUT:
        return AmbiguousError(str(status))
    if status >= SERVER_ERROR:
        return RetryableError(str(status))
    return FinalError("chat_not_found" if "chat not found" in described else str(status))
