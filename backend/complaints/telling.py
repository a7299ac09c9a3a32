"""Telling the customer how his complaint goes on, on the channel on which he made it.

Only where it is certain that he reads it: in the conversation in which the complaint was made, in
one that has given its number and phone, or one whose address on the platform is the customer's own
number. A conversation that merely names his phone may be anybody's. Everything here runs in the
caller's transaction, which holds the complaint.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.hours import dealership
from backend.appointments.reach import proved_by
from backend.complaints.thread import Held, by_key
from backend.complaints.thread import append as add_event
from backend.conversations import outbox
from backend.conversations.service import lock
from backend.conversations.transcript import append, offer
from backend.customers.offline import OFFLINE
from backend.models import ComplaintEvent, Conversation, Customer, Message
from backend.texts import moments


async def place_of(session: AsyncSession, held: Held) -> Conversation | None:
    """Where the customer reads what is written to him; None when he has to be called."""
    own = held.complaint.conversation_id
    if own is not None:
        conversation = await session.get(Conversation, own)
        if conversation is not None and conversation.channel not in OFFLINE:
            return conversation if conversation.reachable else None
    proved = await session.scalar(
        select(ComplaintEvent)
        .where(ComplaintEvent.complaint_id == held.complaint.id, ComplaintEvent.kind == "linked")
        .order_by(ComplaintEvent.id.desc())
        .limit(1)
    )
    if proved is not None and proved.data.get("conversation"):
        conversation = await session.get(Conversation, proved.data["conversation"])
        if conversation is not None and conversation.reachable:
            return conversation
    phone = held.complaint.contact_phone
    if phone is None and held.complaint.customer_id is not None:
        customer = await session.get(Customer, held.complaint.customer_id)
        phone = customer.phone if customer else None
    return await proved_by(session, phone) if phone else None


async def own(session: AsyncSession, now: datetime, held: Held, conversation_id: str) -> None:
    """From now on the complaint is this conversation's too, once."""
    key = f"proved:{held.complaint.id}:{conversation_id}"
    if await by_key(session, key) is None:
        await add_event(
            session, now, held, "linked", actor=f"conversation:{conversation_id}", key=key,
            data={"conversation": conversation_id},
        )  # fmt: skip


async def tell(
    session: AsyncSession,
    now: datetime,
    held: Held,
    texts: Mapping[str, str],
    *,
    buttons: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    **values: str,
) -> Message | None:
    """Says one of `texts` in the customer's language; None when nothing can reach him.

    `buttons`: (title, payload) by language. `{number}` and `{due}` are filled in.
    """
    found = await place_of(session, held)
    if found is None:
        return None
    conversation = await lock(session, found.id)
    if buttons and conversation.id != held.complaint.conversation_id:
        await own(session, now, held, conversation.id)
    language = conversation.language
    zone = (await dealership(session)).zone
    due = moments.soon(held.complaint.due_at, language, zone, now)
    # A question with buttons is the assistant's, so that they stand under a message of its own.
    message = append(
        conversation,
        now,
        sender="assistant" if buttons else "system",
        text=texts[language].format(number=held.complaint.number, due=due, **values),
    )
    session.add(message)
    await session.flush()
    if buttons:
        message.buttons = offer(session, message, buttons[language])
    outbox.enqueue(session, now, message, "notice")
    return message
