"""More of the story of a complaint: what its customer adds to it, in words and pictures.

Each once per message.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import service, thread
from backend.complaints.thread import append, by_key, hold, stored
from backend.models import Complaint, ComplaintEvent, Message

PICTURES_WITHIN = timedelta(hours=24)
"""So long after the last word of it a picture is taken to belong to an open complaint."""
PICTURES_BEFORE = timedelta(minutes=30)
"""So long before it was told a picture is taken to be of it."""


async def add(
    session: AsyncSession,
    now: datetime,
    complaint_id: int,
    text: str,
    *,
    message_id: str,
    conversation_id: str,
    unsure: bool = False,
) -> ComplaintEvent:
    """More of the story in the customer's words, once per message.

    `unsure`: he is still to be asked whether it is the same matter. Raises NotFoundError.
    """
    held = await hold(session, complaint_id)
    key = f"added:{message_id}"
    earlier = await by_key(session, key)
    if earlier is not None:
        return earlier
    return await append(
        session, now, held, "added", actor=f"conversation:{conversation_id}", text=text, key=key,
        data={"unsure": True} if unsure else {}, message_id=await stored(session, message_id),
    )  # fmt: skip


async def part(
    session: AsyncSession, now: datetime, event_id: int, *, conversation_id: str, message_id: str
) -> service.Lodged | None:
    """What was added to a complaint is another matter: it becomes a complaint of its own.

    None when there is no such addition.
    """
    event = await session.get(ComplaintEvent, event_id)
    if event is None or event.kind != "added":
        return None
    before = await hold(session, event.complaint_id)
    lodged = await service.lodge(
        session, now, event.text, conversation_id=conversation_id, message_id=message_id,
        action="complaint:parted", phone=before.complaint.contact_phone,
    )  # fmt: skip
    if not lodged.already:
        await append(
            session, now, before, "moved", actor=f"conversation:{conversation_id}",
            data={"event": event_id, "number": lodged.complaint.number},
        )  # fmt: skip
    return lodged


async def add_picture(
    session: AsyncSession, now: datetime, conversation_id: str, message_id: str
) -> Complaint | None:
    """Attaches the picture of a message to the complaint that the conversation is about: the
    newest open one, if its last word lies not far back. None where there is none."""
    message = await session.get(Message, message_id)
    if message is None or message.attachment_id is None:
        return None
    complaint = await service.open_in(session, conversation_id)
    if complaint is None:
        return None
    told = [
        one
        for one in await thread.events(session, complaint.id)
        if one.kind in ("lodged", "added", "picture", "reopened", "told")
    ]
    if not told or now - told[-1].at > PICTURES_WITHIN:
        return None
    held = await hold(session, complaint.id)
    key = f"picture:{message_id}"
    if await by_key(session, key) is None:
        await append(
            session, now, held, "picture", actor=f"conversation:{conversation_id}",
            message_id=message_id, attachment_id=message.attachment_id, key=key,
        )  # fmt: skip
    return held.complaint


async def add_earlier_pictures(session: AsyncSession, now: datetime, complaint_id: int) -> None:
    """Attaches the pictures that came in the conversation just before the complaint was told."""
    complaint = await session.get_one(Complaint, complaint_id)
    if complaint.conversation_id is None:
        return
    sent = await session.scalars(
        select(Message.id)
        .outerjoin(ComplaintEvent, ComplaintEvent.message_id == Message.id)
        .where(
            Message.conversation_id == complaint.conversation_id,
            Message.sender == "customer",
            Message.attachment_id.is_not(None),
            Message.sent_at > now - PICTURES_BEFORE,
            ComplaintEvent.id.is_(None),
        )
        .order_by(Message.seq)
    )
    for message_id in list(sent):
        await add_picture(session, now, complaint.conversation_id, message_id)
