"""The Telegram channel: one bot, private chats."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels import webhooks
from backend.channels.base import FinalError, Limits, Outgoing
from backend.channels.sending import send_all
from backend.channels.telegram.client import Client, Payload
from backend.channels.telegram.composing import compose
from backend.channels.telegram.incoming import CHANNEL, Update, read
from backend.channels.telegram.settings import TelegramSettings
from backend.conversations import inbox
from backend.errors import ForbiddenError
from backend.runtime import Runtime, runtime

PATH = "/api/channels/telegram"
MAX_BODY = 1024 * 1024
"""Bytes; an update with all that it quotes has a tenth."""
MOST_MERGED = 5
UPDATES: Sequence[str] = ("message", "edited_message", "callback_query", "my_chat_member")
"""What Telegram is asked to send."""

Served = Annotated[Runtime, Depends(runtime)]


class Telegram:
    """One bot of the dealership."""

    name = CHANNEL
    limits = Limits()
    most_merged = MOST_MERGED

    def __init__(self, settings: TelegramSettings) -> None:
        self._secret = settings.secret_token.get_secret_value().encode()
        self._client = Client(settings)

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route(PATH, self._receive, methods=["POST"])
        return router

    async def _receive(self, request: Request, served: Served) -> Response:
        """Verifies, stores, acknowledges; what is to be answered is answered later."""
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(secret.encode(), self._secret):
            raise ForbiddenError("the secret token is not ours")
        update = read(webhooks.parse(await webhooks.read(request, MAX_BODY)))
        await self._store(served, update)
        if update.query:
            # The response itself may call a method, whose outcome nobody needs: the button stops
            # waiting, once what it says is stored.
            answer = {"method": "answerCallbackQuery", "callback_query_id": update.query}
            return JSONResponse(answer)
        return Response(status_code=200)

    async def _store(self, served: Runtime, update: Update) -> None:
        async def leave(session: AsyncSession, now: datetime) -> None:
            if update.left:
                await inbox.unreachable(session, now, channel=CHANNEL, address=update.left)

        messages = [update.message] if update.message else []
        if messages or update.left:
            await webhooks.take_in(served, messages, leave)

    async def send(self, outgoing: Outgoing) -> str | None:
        """See `Channel`."""
        if not outgoing.address.lstrip("-").isdecimal():
            raise FinalError("no_address")
        return await send_all(compose(outgoing), self._post)

    async def _post(self, payload: Payload) -> str:
        sent = await self._client.call("sendMessage", payload)
        # Unique within the chat only.
        return f"{payload['chat_id']}:{webhooks.whole_at(sent, 'message_id')}"

    async def fetch(self, ref: str) -> bytes:
        """See `Channel`."""
        return await self._client.file(ref)

    async def close(self) -> None:
        await self._client.close()
