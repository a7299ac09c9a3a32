"""The customer chat API, version 1: the website's channel."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Header, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, StreamingResponse
from sqlalchemy import func, select

from backend.channels import pictures, schemas
from backend.channels.limits import Bucket
from backend.clock import local
from backend.conversations import ending, inbox, service, signals, transcript
from backend.conversations.text import clean, readable
from backend.database import UNAVAILABLE
from backend.errors import ConflictError, NotFoundError, UnauthorizedError
from backend.models import Attachment, Message
from backend.runtime import Runtime, runtime

router = APIRouter(prefix="/api/chat", tags=["chat"], responses=schemas.ERRORS)

MAX_WAIT = 30
MOST_PICTURES = 20
"""Of one conversation."""
HEARTBEAT_SECONDS = 15.0

messages_bucket = Bucket(burst=40, per_second=1.0)
conversations_bucket = Bucket(burst=1000, per_second=5.0)
"""Per address, which behind a dealership's proxy may be that of all visitors."""

Served = Annotated[Runtime, Depends(runtime)]


async def bearer(authorization: Annotated[str | None, Header()] = None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise UnauthorizedError("a conversation's token is needed")
    return token.strip()


Token = Annotated[str, Depends(bearer)]


@router.post("/conversations", status_code=201)
async def open_conversation(
    request: Request, served: Served, body: schemas.NewConversation | None = None
) -> schemas.OpenedConversation:
    """Opens a conversation; the token is its only key."""
    conversations_bucket.take(request.client.host if request.client else "")
    async with served.database.transaction(brief=True) as session:
        conversation, token = await service.start(
            session,
            served.clock.now(),
            channel=transcript.WEB,
            locale=body.locale if body else None,
        )
    return schemas.OpenedConversation(conversation_id=conversation.id, token=token)


@router.post("/messages", status_code=202)
async def send_message(
    served: Served, token: Token, body: schemas.NewMessage
) -> schemas.AcceptedMessage:
    """Stores the message, then acknowledges; the same client id again changes nothing."""
    messages_bucket.take(service.token_hash(token))
    text = None if body.text is None else clean(body.text, served.settings.message_limit)
    async with served.database.transaction(brief=True) as session:
        received = await inbox.receive(
            session,
            served.clock.now(),
            token=token,
            client_message_id=body.client_message_id,
            text=text,
            choice=body.choice,
            attachment=body.attachment,
        )
        begun = await served.turns.claim(session, received)
    if received.awaits_turn:
        served.turns.wake(received.conversation_id, begun)
    return schemas.AcceptedMessage(message_id=received.message_id, seq=received.seq)


@router.get("/messages", response_model_exclude_none=True)
async def read_messages(
    served: Served,
    token: Token,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    wait: Annotated[float, Query(ge=0)] = 0,
) -> schemas.Messages:
    """What came after `after`; waits up to `wait` seconds (at most 30) for something new."""
    conversation_id = await served.tokens.conversation(served.database, token)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + min(wait, MAX_WAIT)
    state: str | None = None
    with served.signals.subscribed(conversation_id) as event:
        while True:
            event.clear()
            shown = await _read(served, token, conversation_id, after)
            left = deadline - loop.time()
            state = state or shown.state
            is_news = shown.messages or shown.state != state
            if is_news or left <= 0 or served.stopping.is_set():
                return shown
            await signals.wait(event, left)


@router.get("/stream")
async def stream(
    served: Served,
    token: Token,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> StreamingResponse:
    """The same as server-sent events: `data` as the body of GET /messages, `id` the last seq."""
    conversation_id = await served.tokens.conversation(served.database, token)
    # Without the store the status says so: a stream that ends at once would be asked for again.
    await _read(served, token, conversation_id, after)

    async def events(after: int) -> AsyncIterator[str]:
        told: tuple[bool, str] | None = None
        with served.signals.subscribed(conversation_id) as event:
            while not served.stopping.is_set():
                event.clear()
                try:
                    shown = await _read(served, token, conversation_id, after)
                except UNAVAILABLE:
                    # Whoever reads connects again, and is told by then.
                    return
                if shown.messages or (shown.typing, shown.state) != told:
                    told = (shown.typing, shown.state)
                    after = shown.messages[-1].seq if shown.messages else after
                    data = shown.model_dump(mode="json", exclude_none=True)
                    yield f"id: {after}\nevent: messages\ndata: {json.dumps(data)}\n\n"
                elif not await signals.wait(event, HEARTBEAT_SECONDS):
                    yield ": still here\n\n"

    return StreamingResponse(
        events(after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/attachments", status_code=201)
async def send_attachment(
    served: Served, token: Token, file: UploadFile
) -> schemas.OpenedAttachment:
    """Keeps a picture up to 8 MB, to be named as `attachment` in a message."""
    messages_bucket.take(service.token_hash(token))
    conversation_id = await served.tokens.conversation(served.database, token)
    async with served.database.reading(brief=True) as session:
        kept = await session.scalar(
            select(func.count())
            .select_from(Attachment)
            .where(Attachment.conversation_id == conversation_id)
        )
    if (kept or 0) >= MOST_PICTURES:
        # Not 429: waiting would not help.
        raise ConflictError(
            "this conversation holds as many pictures as it may", code="too_many_pictures"
        )
    data = await file.read(pictures.LIMIT + 1)
    kind = await asyncio.to_thread(pictures.inspect, data)
    attachment_id = uuid4().hex
    # The file first: a row never points at a picture that is not there.
    await pictures.keep(served.settings.var / "attachments", attachment_id, data)
    async with served.database.transaction(brief=True) as session:
        session.add(
            Attachment(
                id=attachment_id,
                conversation_id=conversation_id,
                content_type=kind,
                size=len(data),
                created_at=served.clock.now(),
            )
        )
    return schemas.OpenedAttachment(attachment_id=attachment_id)


@router.get("/attachments/{attachment_id}")
async def read_attachment(served: Served, token: Token, attachment_id: str) -> FileResponse:
    """A picture of this conversation."""
    conversation_id = await served.tokens.conversation(served.database, token)
    async with served.database.reading(brief=True) as session:
        # PostgreSQL refuses to compare with what it could not store, such as a NUL.
        known = attachment_id.isalnum()
        found = await session.get(Attachment, attachment_id) if known else None
    if found is None or found.conversation_id != conversation_id:
        raise NotFoundError("no such picture in this conversation", code="unknown_attachment")
    return FileResponse(
        served.settings.var / "attachments" / found.id,
        media_type=found.content_type,
        headers={"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"},
    )


@router.post("/rating", status_code=204)
async def rate(served: Served, token: Token, body: schemas.NewRating) -> Response:
    """Keeps the customer's rating; a later one replaces it."""
    async with served.database.transaction(brief=True) as session:
        comment = clean(body.comment, 2000) if readable(body.comment) else ""
        conversation = await service.authenticate(session, token)
        await service.rate(session, served.clock.now(), conversation, body.score, comment)
    return Response(status_code=204)


@router.post("/end", status_code=204)
async def end(served: Served, token: Token) -> Response:
    """The customer has nothing more to say: the conversation is closed until he writes again. One
    who waits for a person keeps his place, and the conversation stays open."""
    async with served.database.transaction(brief=True) as session:
        conversation = await service.authenticate(session, token)
        await ending.end(session, served.clock.now(), conversation.id)
    return Response(status_code=204)


async def _read(served: Runtime, token: str, conversation_id: str, after: int) -> schemas.Messages:
    async with served.database.reading(brief=True) as session:
        news = await transcript.messages_after(session, conversation_id, after)
    if news.state is None:
        served.tokens.forget(token)
    return schemas.Messages(
        messages=[_shown(row, news.zone) for row in news.messages],
        typing=news.typing,
        # Erased meanwhile: nobody will write in it any more.
        state="open" if news.state == "open" else "closed",
    )


def _shown(row: Message, zone: str) -> schemas.ShownMessage:
    sent_at: datetime = local(row.sent_at, zone)
    return schemas.ShownMessage(
        seq=row.seq,
        sender=row.sender,
        text=row.text,
        buttons=[schemas.Button(**button) for button in row.buttons] if row.buttons else None,
        cards=[schemas.Card(**card) for card in row.cards] if row.cards else None,
        attachment=row.attachment_id,
        sent_at=sent_at,
    )
