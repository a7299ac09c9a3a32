"""The inbox: a customer's message is stored, once, before anybody is told that it arrived.

Everything here runs in the caller's transaction and holds the conversation until its end.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations import outbox
from backend.conversations.service import token_hash
from backend.conversations.text import readable, stored
from backend.conversations.transcript import append
from backend.errors import ConflictError, InvalidError, NotFoundError, UnauthorizedError
from backend.models import Attachment, Choice, Conversation, Media, Message

CHOICE_LIFE = timedelta(hours=24)
"""So long a button may be pressed."""
ONCE = ("/affirm", "/deny")
"""A yes or no is to the question above it: it ends with the customer's next message."""
PICTURE = "/send_picture"
"""The payload of a message that is nothing but a picture."""


# Made once: making a statement takes longer than running it.
_OPENED_HELD = (
    select(Conversation).where(Conversation.token_hash == bindparam("hash")).with_for_update()
)
_EARLIER = select(Message).where(
    Message.conversation_id == bindparam("conversation"),
    Message.client_message_id == bindparam("client_id"),
)


@dataclass(frozen=True)
class Received:
    """`fresh` is false when this message had been stored before; `message` and `conversation` are
    then left out."""

    conversation_id: str
    message_id: str
    seq: int
    fresh: bool
    awaits_turn: bool
    message: Message | None = None
    conversation: Conversation | None = None


@dataclass(frozen=True)
class Attached:
    """A picture or recording that still lies with the platform: `kind` as in `Media`."""

    ref: str
    kind: str


@dataclass(frozen=True)
class Inbound:
    """One message or event of a messaging platform, in the same form for all of them.

    `text` is what the customer wrote or what staff are shown for it; `payload` a command of ours
    for an event, never anything that the customer typed; `choice` the id of a button. `notice`
    answers at once, in both languages, instead of the assistant.
    """

    channel: str
    address: str
    platform_id: str
    text: str = ""
    payload: str | None = None
    choice: str | None = None
    media: Attached | None = None
    notice: dict[str, str] | None = None
    name: str = ""
    locale: str | None = None


async def receive(
    session: AsyncSession,
    now: datetime,
    *,
    token: str,
    client_message_id: str,
    text: str | None = None,
    choice: str | None = None,
    attachment: str | None = None,
) -> Received:
    """Stores one message of a customer of the website, once per `client_message_id`.

    `text` is expected clean. Raises UnauthorizedError, InvalidError when nothing is said,
    NotFoundError for a choice or an attachment of another conversation, ConflictError for a
    choice that is no longer open.
    """
    conversation = await session.scalar(_OPENED_HELD, {"hash": token_hash(token)})
    if conversation is None:
        raise UnauthorizedError("this conversation is not known")
    earlier = await _earlier(session, conversation, client_message_id)
    if earlier is not None:
        return earlier
    payload = None
    if choice is not None:
        text, payload = await _chosen(session, now, conversation, choice)
    if attachment is not None:
        sent = await session.get(Attachment, attachment)
        if sent is None or sent.conversation_id != conversation.id:
            raise NotFoundError(
                "this attachment is not of this conversation", code="unknown_attachment"
            )
        if not text:
            text, payload = "", PICTURE
    if text is None:
        raise InvalidError("a message has a text, a choice or an attachment")
    message = _store(session, now, conversation, client_message_id, text, payload)
    message.attachment_id = attachment
    return _received(conversation, message)


async def take_in(
    session: AsyncSession, now: datetime, inbound: Inbound, *, limit: int
) -> Received:
    """Stores one message of a platform, once per address and platform id.

    A platform cannot be refused: what is too long is cut to `limit` characters, a choice that is
    no longer open counts as its title typed. The first message opens the conversation.
    """
    conversation = await _of_address(session, now, inbound)
    earlier = await _earlier(session, conversation, inbound.platform_id)
    if earlier is not None:
        return earlier
    if inbound.name:
        conversation.profile_name = stored(inbound.name, 80)
    conversation.reachable = True
    text, payload = stored(inbound.text, limit), inbound.payload
    if inbound.choice is not None:
        try:
            text, payload = await _chosen(session, now, conversation, inbound.choice)
        except (NotFoundError, ConflictError):
            payload = None
    if payload is None and inbound.media is not None and inbound.media.kind == "image":
        payload = PICTURE if not text else None
    message = _store(session, now, conversation, inbound.platform_id, text, payload)
    silent = payload is None and not readable(text)
    if inbound.notice is not None or silent:
        message.turn = "none"
    if inbound.media is not None:
        await session.flush()
        session.add(
            Media(
                message_id=message.id, ref=inbound.media.ref, kind=inbound.media.kind, next_at=now
            )
        )
    if inbound.notice is not None and conversation.owner != "staff":
        said = append(
            conversation, now, sender="system", text=inbound.notice[conversation.language]
        )
        said.reply_to = message.id
        await session.flush()
        session.add(said)
        await session.flush()
        outbox.enqueue(session, now, said, "notice")
    return _received(conversation, message)


async def unreachable(
    session: AsyncSession, now: datetime, *, channel: str, address: str
) -> str | None:
    """The customer left the channel. The conversation's id, if there is one."""
    conversation = await find(session, channel, address, hold=True)
    if conversation is None:
        return None
    conversation.reachable = False
    conversation.updated_at = now
    return conversation.id


async def find(
    session: AsyncSession, channel: str, address: str, *, hold: bool = False
) -> Conversation | None:
    """The conversation with a customer of a platform, if he has ever written."""
    wanted = select(Conversation).where(
        Conversation.channel == channel, Conversation.address == address
    )
    return await session.scalar(wanted.with_for_update() if hold else wanted)


async def _of_address(session: AsyncSession, now: datetime, inbound: Inbound) -> Conversation:
    """The customer's conversation, held; opened if he writes for the first time."""
    found = await find(session, inbound.channel, inbound.address, hold=True)
    if found is not None:
        return found
    english = (inbound.locale or "").lower().startswith("en")
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    # Two first messages at the same time: the second one waits here and finds the first's.
    await session.execute(
        insert(Conversation)
        .values(
            id=uuid4().hex,
            channel=inbound.channel,
            address=inbound.address,
            # Nobody ever gets this token: there is no way in through the chat API.
            token_hash=token_hash(secrets.token_urlsafe(32)),
            locale=inbound.locale,
            language="en" if english else "zh",
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=["channel", "address"])
    )
    opened = await find(session, inbound.channel, inbound.address, hold=True)
    if opened is None:
        raise RuntimeError("a conversation that was just opened is gone")
    return opened


async def _earlier(
    session: AsyncSession, conversation: Conversation, client_message_id: str
) -> Received | None:
    found = await session.scalar(
        _EARLIER, {"conversation": conversation.id, "client_id": client_message_id}
    )
    if found is None:
        return None
    return Received(conversation.id, found.id, found.seq, fresh=False, awaits_turn=False)


async def _chosen(
    session: AsyncSession, now: datetime, conversation: Conversation, choice: str
) -> tuple[str, str]:
    """Title and payload of a button. Raises NotFoundError, ConflictError."""
    chosen = await session.get(Choice, choice)
    if chosen is None or chosen.conversation_id != conversation.id:
        raise NotFoundError("this choice is not of this conversation", code="unknown_choice")
    offered = await session.get_one(Message, chosen.message_id)
    superseded = conversation.last_customer_seq > offered.seq and chosen.payload.startswith(ONCE)
    if superseded or now - offered.sent_at > CHOICE_LIFE:
        raise ConflictError("this choice is no longer open", code="expired_choice")
    return chosen.title, chosen.payload


def _store(
    session: AsyncSession,
    now: datetime,
    conversation: Conversation,
    client_message_id: str,
    text: str,
    payload: str | None,
) -> Message:
    message = append(conversation, now, sender="customer", text=text)
    message.payload = payload
    message.client_message_id = client_message_id
    # While a person owns the conversation the assistant is silent: nothing awaits a turn.
    message.turn = "none" if conversation.owner == "staff" else "pending"
    session.add(message)
    conversation.state = "open"
    return message


def _received(conversation: Conversation, message: Message) -> Received:
    return Received(
        conversation.id,
        message.id,
        message.seq,
        fresh=True,
        awaits_turn=message.turn == "pending",
        message=message,
        conversation=conversation,
    )
