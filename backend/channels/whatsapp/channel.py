"""The WhatsApp channel: Meta's Cloud API."""

import hashlib
import hmac
import logging
import re
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels import calls, pictures, webhooks
from backend.channels.base import AmbiguousError, FinalError, Limits, Outgoing, SendError
from backend.channels.sending import send_all
from backend.channels.whatsapp import statuses
from backend.channels.whatsapp.composing import Payload, compose, template
from backend.channels.whatsapp.errors import STATUS_PAUSE, error_of
from backend.channels.whatsapp.incoming import CHANNEL, read
from backend.channels.whatsapp.settings import WhatsAppSettings
from backend.errors import ForbiddenError
from backend.runtime import Runtime, runtime

log = logging.getLogger(__name__)

PATH = "/api/channels/whatsapp"
MAX_BODY = 3 * 1024 * 1024
"""Bytes; Meta's own limit of a webhook."""
WINDOW = timedelta(hours=24)
MOST_MERGED = 5
MEDIA_HOSTS = (".fbsbx.com", ".fbcdn.net", ".facebook.com", ".whatsapp.net")
"""Who else gets to see the access token."""
_CHALLENGE = re.compile(r"[\w.-]{1,256}", re.A)

Served = Annotated[Runtime, Depends(runtime)]


class WhatsApp:
    """One number of the dealership."""

    name = CHANNEL
    limits = Limits(window=WINDOW)
    most_merged = MOST_MERGED

    def __init__(self, settings: WhatsAppSettings) -> None:
        self._settings = settings
        self._api = settings.api_url.rstrip("/")
        self._token = {"Authorization": f"Bearer {settings.access_token.get_secret_value()}"}
        self._client = calls.client()

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route(PATH, self._verify, methods=["GET"], response_class=PlainTextResponse)
        router.add_api_route(PATH, self._receive, methods=["POST"])
        return router

    async def _verify(
        self,
        mode: Annotated[str, Query(alias="hub.mode")] = "",
        token: Annotated[str, Query(alias="hub.verify_token")] = "",
        challenge: Annotated[str, Query(alias="hub.challenge")] = "",
    ) -> PlainTextResponse:
        """Meta's check of the address, once, when it is set up."""
        known = self._settings.verify_token.get_secret_value()
        if not hmac.compare_digest(token.encode(), known.encode()) or mode != "subscribe":
            raise ForbiddenError("the verify token is another one")
        if not _CHALLENGE.fullmatch(challenge):
            raise webhooks.malformed("the challenge is not one")
        return PlainTextResponse(challenge)

    async def _receive(self, request: Request, served: Served) -> Response:
        """Verifies, stores, acknowledges; what is to be answered is answered later."""
        raw = await webhooks.read(request, MAX_BODY)
        if not self._signed(raw, request.headers.get("X-Hub-Signature-256", "")):
            raise ForbiddenError("the signature is not the platform's")
        found = read(webhooks.parse(raw), self._settings.phone_number_id)
        for code in found.errors:
            log.warning("WhatsApp reports error %s", code)

        async def note(session: AsyncSession, now: datetime) -> None:
            await statuses.note(session, now, found.statuses)

        if found.messages or found.statuses:
            await webhooks.take_in(served, found.messages, note)
        return Response(status_code=200)

    def _signed(self, raw: bytes, signature: str) -> bool:
        secret = self._settings.app_secret.get_secret_value().encode()
        wanted = "sha256=" + hmac.new(secret, raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(signature.encode(), wanted.encode())

    async def send(self, outgoing: Outgoing) -> str | None:
        """See `Channel`. Outside of the window only a template can go, for what has one."""
        if outgoing.outside:
            return await self._post(self._template(outgoing))
        try:
            return await send_all(compose(outgoing), self._post)
        except FinalError as error:
            # Its clock, not ours, says when the window closed.
            if error.code != "window_closed":
                raise
            return await self._post(self._template(outgoing))

    def _template(self, outgoing: Outgoing) -> Payload:
        named = self._settings.template(outgoing.category, outgoing.language)
        if named is None:
            raise FinalError("window_closed")
        return template(outgoing, *named)

    async def _post(self, payload: Payload) -> str:
        """One message; its id. Raises SendError."""
        url = f"{self._api}/{self._settings.phone_number_id}/messages"
        try:
            response = await calls.call(
                self._client, "POST", url, json=payload, headers=self._token
            )
        except AmbiguousError as error:
            raise AmbiguousError(error.code, retry_after=STATUS_PAUSE) from error
        if not response.is_success:
            raise _refusal(response)
        sent = webhooks.at(calls.body_of(response), "messages")
        platform_id = webhooks.text_at(sent[0], "id") if isinstance(sent, list) and sent else ""
        if not platform_id:
            raise AmbiguousError("garbled", retry_after=STATUS_PAUSE)
        return platform_id

    async def fetch(self, ref: str) -> bytes:
        """See `Channel`: first the address, good for five minutes, then the file."""
        response = await calls.call(self._client, "GET", f"{self._api}/{ref}", headers=self._token)
        if not response.is_success:
            raise _refusal(response)
        found = calls.body_of(response)
        size = webhooks.whole_at(found, "file_size")
        if size is not None and size > pictures.LIMIT:
            raise FinalError("too_large")
        url = webhooks.text_at(found, "url")
        if not self._trusted(url):
            raise FinalError("media_host")
        return await calls.download(self._client, url, pictures.LIMIT, self._token)

    def _trusted(self, url: str) -> bool:
        """Whether the token may be shown to whoever answers at `url`."""
        try:
            place, own = urlsplit(url), urlsplit(self._api)
            if (place.scheme, place.netloc) == (own.scheme, own.netloc):
                return True
            host = place.hostname or ""
            return place.scheme == "https" and host.endswith(MEDIA_HOSTS)
        except ValueError:
            return False

    async def close(self) -> None:
        await self._client.aclose()


def _refusal(response: httpx.Response) -> SendError:
    code = webhooks.whole_at(calls.body_of(response), "error", "code")
    return error_of(response.status_code, code, calls.seconds(response.headers.get("Retry-After")))
