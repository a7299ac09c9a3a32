"""Which button a customer means: the one that was pressed, or the number that was typed.

Runs in the caller's transaction.
"""

import re
import unicodedata
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.channels.wechat.rendering import Option, menu_id, options
from backend.conversations.inbox import CHOICE_LIFE
from backend.models import Choice, Conversation, Message

MOST_MERGED = 5
"""Answers to one message that leave in one call, their buttons numbered through."""
SEEN = ("sent", "delivered", "unknown")
_TYPED = re.compile(r"(\d{1,2})\s*[.。、)]?|[选第]\s*(\d{1,2})\s*[个项]?", re.ASCII)
"""After NFKC. Not `2号` or `2个`: these may be a day and a count."""


async def meant(
    session: AsyncSession, now: datetime, conversation: Conversation, text: str, pressed: int
) -> tuple[str, str] | None:
    """Choice and title of the button that `text`, or the press on `pressed` of a menu message,
    stands for."""
    if pressed:
        found = await _pressed(session, now, conversation, pressed)
        if found is not None:
            return found
    typed = unicodedata.normalize("NFKC", text).strip()
    match = _TYPED.fullmatch(typed)
    wanted = int(match[1] or match[2]) if match else 0
    if not wanted and not typed[:1].isdigit():
        return None
    for number, option in enumerate(await _last_offered(session, now, conversation), 1):
        # Presses on a menu have been seen without their id: then their text tells.
        if number == wanted or text.strip() in (option.label, option.full):
            return option.choice, option.title
    return None


async def _pressed(
    session: AsyncSession, now: datetime, conversation: Conversation, pressed: int
) -> tuple[str, str] | None:
    rows = await session.scalars(
        select(Choice)
        .join(Message, Message.id == Choice.message_id)
        .where(Choice.conversation_id == conversation.id, Message.sent_at > now - CHOICE_LIFE)
    )
    for row in rows:
        if menu_id(row.id) == pressed:
            return row.id, row.title
    return None


async def _last_offered(
    session: AsyncSession, now: datetime, conversation: Conversation
) -> list[Option]:
    """The buttons that the last call to the customer showed; none once a person has spoken."""
    last = await session.scalar(
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.sender.in_(("assistant", "staff")),
            # What is still on its way cannot be what the customer answers.
            Message.delivery.in_(SEEN),
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
    if last is None or last.sender == "staff" or now - last.sent_at > CHOICE_LIFE:
        return []
    rows = await session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.reply_to == last.reply_to,
            Message.sender == "assistant",
            Message.delivery.in_(SEEN),
        )
        .order_by(Message.seq)
    )
    answers = list(rows)
    for start in range(0, len(answers), MOST_MERGED)[::-1]:
        together = answers[start : start + MOST_MERGED]
        found = options([(m.cards or (), _own(m)) for m in together])
        if found:
            return found
    return []


def _own(message: Message) -> list[tuple[str, str]]:
    return [(b["choice"], b["title"]) for b in message.buttons or ()]
