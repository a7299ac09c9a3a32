"""Turns in the store: who may run the next one of a conversation, and how each ends.

A process runs the turns of a conversation while it holds the lease on it, which it renews; a
process that died loses it, and another one, or the next start, takes up the same message with the
same id, so that no record is written twice. Everything here runs in the caller's transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations import outbox, promises, waiting
from backend.conversations.service import LANGUAGES
from backend.conversations.tasks import open_task
from backend.conversations.text import language_of
from backend.conversations.transcript import PREVIEW, Reply, Understanding, append, append_reply
from backend.errors import NotFoundError
from backend.models import Conversation, Message
from backend.models.conversations import AWAITS_TURN
from backend.texts import moments, notices

LEASE = timedelta(seconds=20)
"""Renewed every third of it; so long a dead process keeps others from its conversations."""
_KEPT = "chefu_conversation"


async def claim_turn(
    session: AsyncSession, now: datetime, conversation_id: str, holder: str
) -> Message | None:
    """The oldest message that awaits its turn, marked running, with the lease for `holder`.

    None when nothing awaits or another process holds the lease: whoever has it also runs what
    comes meanwhile. The lease ends with the last message.
    """
    # It waits for who holds the row: a message that is being stored right now must be seen here,
    # or else its own process sees a lease that nobody uses.
    conversation = await session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id, _free(now, holder))
        .with_for_update()
    )
    if conversation is None:
        return None
    message = await session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.turn.in_(AWAITS_TURN))
        .order_by(Message.seq)
        .limit(1)
    )
    if message is None:
        conversation.lease_holder = conversation.lease_until = None
        return None
    conversation.lease_holder, conversation.lease_until = holder, now + LEASE
    message.turn = "running"
    message.turn_tries += 1
    _keep(session, conversation)
    return message


async def claim_new(
    session: AsyncSession, now: datetime, conversation: Conversation, message: Message, holder: str
) -> bool:
    """Claims the turn of a message in the transaction that stores it, which holds the conversation.

    False when others come first: another message awaits its turn or has it. `claim_turn` does it
    then, when they are done.
    """
    if conversation.lease_holder is not None:
        return False
    if await _others_await(session, message):
        return False
    conversation.lease_holder, conversation.lease_until = holder, now + LEASE
    message.turn = "running"
    message.turn_tries += 1
    return True


# Made once: making a statement takes longer than running it.
_OTHERS_AWAIT = select(
    exists().where(
        Message.conversation_id == bindparam("conversation"),
        Message.turn.in_(AWAITS_TURN),
        Message.id != bindparam("message"),
    )
)
_OF_MESSAGE = (
    select(Conversation)
    .join(Message, Message.conversation_id == Conversation.id)
    .where(Message.id == bindparam("message"))
)
_HELD_OF_MESSAGE = _OF_MESSAGE.with_for_update(of=Conversation)


async def _others_await(session: AsyncSession, message: Message) -> bool:
    wanted = {"conversation": message.conversation_id, "message": message.id}
    with session.no_autoflush:
        return bool(await session.scalar(_OTHERS_AWAIT, wanted))


async def rest(session: AsyncSession, ended: Message, holder: str) -> bool:
    """Ends the lease of `holder`, whose turn of `ended` is over, if no other message awaits one.

    True when none does. For the transaction that ended the turn, which holds the conversation: a
    message that is stored after it finds the lease free.
    """
    conversation = await session.get_one(Conversation, ended.conversation_id)
    awaits = await _others_await(session, ended)
    if not awaits and conversation.lease_holder == holder:
        conversation.lease_holder = conversation.lease_until = None
    return not awaits


async def renew(session: AsyncSession, now: datetime, conversation_id: str, holder: str) -> bool:
    """Prolongs the lease; False when it went to somebody else, who runs the turn now."""
    renewed = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.lease_holder == holder)
        .values(lease_until=now + LEASE)
        .returning(Conversation.id)
    )
    return renewed.first() is not None


async def release(session: AsyncSession, holder: str) -> None:
    """Gives back every lease of a process that ends in order."""
    await session.execute(
        update(Conversation)
        .where(Conversation.lease_holder == holder)
        .values(lease_holder=None, lease_until=None)
    )


async def waiting_conversations(
    session: AsyncSession, now: datetime, holder: str, limit: int
) -> list[str]:
    """Ids of conversations in which a message awaits its turn and no other process works."""
    rows = await session.scalars(
        select(Conversation.id)
        .where(
            # From the few messages to their conversations, never through all of those.
            Conversation.id.in_(
                select(Message.conversation_id).where(Message.turn.in_(AWAITS_TURN))
            ),
            _free(now, holder),
        )
        .limit(limit)
    )
    return list(rows)


def _free(now: datetime, holder: str) -> ColumnElement[bool]:
    return or_(
        Conversation.lease_until.is_(None),
        Conversation.lease_until < now,
        Conversation.lease_holder == holder,
    )


async def _running(
    session: AsyncSession, message_id: str, holder: str
) -> tuple[Message, Conversation] | None:
    """A message and its conversation, held; None when its turn is no longer this process's."""
    conversation = await session.scalar(
        _HELD_OF_MESSAGE,
        {"message": message_id},
        # What was read before it was held may have changed since.
        execution_options={"populate_existing": True},
    )
    if conversation is None:
        raise NotFoundError("no such conversation")
    _keep(session, conversation)
    # After it is held: what was read before may have changed since.
    message = await session.get_one(Message, message_id, populate_existing=True)
    ours = conversation.lease_holder == holder
    return (message, conversation) if ours and message.turn == "running" else None


def _keep(session: AsyncSession, conversation: Conversation) -> None:
    """A session forgets at once what nobody else holds; whoever asks for the conversation later in
    the same transaction should not read it again."""
    session.info[_KEPT] = conversation


async def finish_turn(
    session: AsyncSession,
    now: datetime,
    message_id: str,
    holder: str,
    understanding: Understanding,
    replies: Sequence[Reply],
) -> None:
    """Writes what was understood and the answers; no answer when a person took over meanwhile.

    Writes nothing for a turn that has ended already or went to another process.
    """
    held = await _running(session, message_id, holder)
    if held is None:
        return
    message, conversation = held
    message.intent = understanding.intent
    message.confidence = understanding.confidence
    message.entities = understanding.entities
    message.ranking = understanding.ranking
    message.language = understanding.language
    message.turn = "done"
    if understanding.language in LANGUAGES:
        conversation.language = understanding.language
    if conversation.owner == "staff":
        return
    for reply in replies:
        answer = await append_reply(session, now, conversation, reply, message.id)
        outbox.enqueue(session, now, answer, "reply")


async def fail_turn(session: AsyncSession, now: datetime, message_id: str, holder: str) -> None:
    """Gives up on a turn: says so in the customer's language, hands over, tells staff.

    Says nothing when a person took over meanwhile: they have read the message.
    """
    held = await _running(session, message_id, holder)
    if held is None:
        return
    message, conversation = held
    message.turn = "failed"
    if conversation.owner == "staff":
        return
    note = message.text[:PREVIEW]
    called = await waiting.call_person(
        session,
        now,
        conversation,
        kind="fault",
        note=note,
        message_id=message.id,
        actor="system:turns",
    )
    if not called:
        await open_task(
            session,
            now,
            kind="fault",
            conversation_id=conversation.id,
            note=note,
            message_id=message.id,
            action="fault",
        )
    # Nobody has understood this message: what it is written in is all there is to go by.
    typed = language_of(message.text) if message.payload is None else None
    text = await _apology(session, now, conversation, typed or conversation.language)
    notice = append(conversation, now, sender="system", text=text)
    notice.reply_to = message.id
    session.add(notice)
    await session.flush()
    outbox.enqueue(session, now, notice, "notice")


async def _apology(
    session: AsyncSession, now: datetime, conversation: Conversation, language: str
) -> str:
    stands = await waiting.standing(session, now, conversation)
    place = await promises.hours_of(session)
    if place is None or stands is None or stands.due_at is None:
        return notices.TURN_FAILED[language]
    due = moments.soon(stands.due_at, language, place[0].zone, now)
    return notices.TURN_FAILED_BY[language].format(due=due)
