"""WeChat's calls to us: verified, stored, acknowledged; answered at once where that is wanted."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels import webhooks
from backend.channels.base import Outgoing
from backend.channels.wechat import choices, rendering
from backend.channels.wechat.envelope import Gate, Refused
from backend.channels.wechat.reading import NAME, Finished, Left, Said, read
from backend.channels.wechat.settings import WechatSettings
from backend.conversations import inbox, outbox
from backend.conversations.inbox import Received
from backend.runtime import Runtime, runtime

log = logging.getLogger(__name__)

PATH = "/api/channels/wechat"
LONGEST_BODY = 64 * 1024
"""Bytes; a delivery has a few thousand."""
LONGEST_ECHO = 256
SHORTEST_WAIT = 0.1
"""Seconds; with less left nobody can answer in time."""

Served = Annotated[Runtime, Depends(runtime)]


def router(settings: WechatSettings, gate: Gate) -> APIRouter:
    """The two routes that are entered as the server address of the account."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PATH)
    async def check(request: Request) -> Response:
        """WeChat asks, when the address is entered, whether we know the token."""
        try:
            gate.check(request.query_params)
        except Refused as refused:
            return _refusal(refused)
        return PlainTextResponse(request.query_params.get("echostr", "")[:LONGEST_ECHO])

    @routes.post(PATH)
    async def receive(request: Request, served: Served) -> Response:
        arrived = monotonic()
        try:
            # Strangers are sent away before their body is read.
            gate.check(request.query_params)
            body = await request.body()
            if len(body) > LONGEST_BODY:
                raise Refused(413, "too large")
            delivery = gate.open(request.query_params, body)
            event = read(delivery.fields, account=settings.original_id, commands=settings.commands)
        except Refused as refused:
            return _refusal(refused)
        received = await _store(served, event)
        if received is None or not received.fresh:
            return _acknowledged()
        said = event.inbound if isinstance(event, Said) else None
        answered = received.awaits_turn or (said is not None and said.notice is not None)
        waiting = None
        left = settings.passive_seconds - (monotonic() - arrived)
        if answered and left > SHORTEST_WAIT:
            waiting = asyncio.create_task(
                served.sender.answer_to(received.message_id, left, _fits_into_a_reply)
            )
        if received.awaits_turn:
            served.turns.wake(received.conversation_id)
        if said is not None and said.media is not None:
            served.media.wake()
        answer = await waiting if waiting is not None else None
        if answer is None:
            return _acknowledged()
        now = int(served.clock.now().timestamp())
        text = rendering.plain(answer.parts, answer.language)
        return Response(gate.answer(delivery, text, now), media_type="text/xml")

    return routes


async def _store(served: Runtime, event: Said | Left | Finished | None) -> Received | None:
    """What a delivery changes, in one transaction; the message that it brought, if any.

    Raises UnavailableError, 503: WeChat delivers it again.
    """
    if event is None:
        return None
    now = served.clock.now()
    async with webhooks.storing(served) as session:
        match event:
            case Said():
                said = await _with_choice(session, now, event)
                return await inbox.take_in(session, now, said, limit=served.settings.message_limit)
            case Left(address):
                await inbox.unreachable(session, now, channel=NAME, address=address)
            case Finished(platform_id, state):
                await outbox.delivered(session, NAME, platform_id, state)
    return None


async def _with_choice(session: AsyncSession, now: datetime, said: Said) -> inbox.Inbound:
    """A number that was typed, or a press on a menu, as the button that it stands for."""
    inbound = said.inbound
    plain = inbound.payload is None and inbound.notice is None and inbound.media is None
    conversation = await inbox.find(session, NAME, inbound.address, hold=True) if plain else None
    if conversation is None:
        return inbound
    meant = await choices.meant(session, now, conversation, inbound.text, said.menu_id)
    if meant is None:
        return inbound
    choice, title = meant
    return replace(inbound, choice=choice, text=title)


def _fits_into_a_reply(outgoing: Outgoing) -> bool:
    """A reply is one text; what is longer goes as customer-service messages."""
    return rendering.size(rendering.plain(outgoing.parts, outgoing.language)) <= (
        rendering.TEXT_BYTES
    )


def _acknowledged() -> Response:
    return PlainTextResponse("success")


def _refusal(refused: Refused) -> Response:
    log.warning("a call in WeChat's name was refused: %s", refused)
    return Response(status_code=refused.status)
