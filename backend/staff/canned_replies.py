"""Texts that staff send often: kept for all colleagues, with fields that are filled when used."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.conversations.text import clean
from backend.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from backend.models import CannedReply

FIELDS = ("name", "staff", "dealership", "phone", "number")
"""The customer's name, who writes, the dealership's name, the customer's phone, the number of the
latest booking or complaint."""
SHORTCUT = re.compile(r"[\w-]{1,32}")
_FIELD = re.compile(r"\{(\w{1,20})\}")


async def everyone(session: AsyncSession) -> list[CannedReply]:
    """All of them, by their shortcuts."""
    found = await session.scalars(select(CannedReply).order_by(CannedReply.shortcut))
    return list(found)


async def find(session: AsyncSession, reply_id: int) -> CannedReply:
    """Raises NotFoundError."""
    found = await session.get(CannedReply, reply_id)
    if found is None:
        raise NotFoundError("no such canned reply")
    return found


async def create(
    session: AsyncSession,
    now: datetime,
    *,
    shortcut: str,
    text_zh: str,
    text_en: str,
    limit: int,
    staff_id: int,
) -> CannedReply:
    """Raises InvalidError with the code `bad_shortcut`, `bad_text` or `unknown_field`,
    ConflictError when the shortcut is taken. `limit`: characters of each text."""
    values = _checked(shortcut, text_zh, text_en, limit)
    reply = CannedReply(**values, changed_by=staff_id, changed_at=now)
    session.add(reply)
    await _stored(session)
    _record(session, now, staff_id, "canned_reply.created", reply.id)
    return reply


async def change(
    session: AsyncSession,
    now: datetime,
    reply_id: int,
    *,
    shortcut: str,
    text_zh: str,
    text_en: str,
    limit: int,
    staff_id: int,
) -> None:
    """Raises as `create` does, and NotFoundError."""
    reply = await find(session, reply_id)
    for name, value in _checked(shortcut, text_zh, text_en, limit).items():
        setattr(reply, name, value)
    reply.changed_by, reply.changed_at = staff_id, now
    await _stored(session)
    _record(session, now, staff_id, "canned_reply.changed", reply_id)


async def delete(session: AsyncSession, now: datetime, reply_id: int, *, staff_id: int) -> None:
    """Raises NotFoundError."""
    await session.delete(await find(session, reply_id))
    _record(session, now, staff_id, "canned_reply.deleted", reply_id)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the fields whose values are known; the others stay for the writer to see."""
    return _FIELD.sub(lambda found: values.get(found[1]) or found[0], text)


def unfilled(text: str) -> list[str]:
    """The fields that still stand in a text, each once: it is not ready to be sent."""
    return [name for name in dict.fromkeys(_FIELD.findall(text)) if name in FIELDS]


def unknown(text: str) -> list[str]:
    """What looks like a field but is none, each once: it could never be filled."""
    return [name for name in dict.fromkeys(_FIELD.findall(text)) if name not in FIELDS]


def _checked(shortcut: str, text_zh: str, text_en: str, limit: int) -> dict[str, str]:
    key = unicodedata.normalize("NFKC", shortcut).strip().removeprefix("/").casefold()
    if not SHORTCUT.fullmatch(key):
        raise InvalidError("a shortcut is one word", code="bad_shortcut")
    try:
        texts = [clean(text.replace("\r\n", "\n"), limit) for text in (text_zh, text_en)]
    except (InvalidError, TooLargeError) as error:
        raise InvalidError("both texts are needed", code="bad_text") from error
    if unknown("".join(texts)):
        raise InvalidError("there is no such field", code="unknown_field")
    return {"shortcut": key, "text_zh": texts[0], "text_en": texts[1]}


async def _stored(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise ConflictError("this shortcut is taken", code="shortcut_taken") from error


def _record(session: AsyncSession, now: datetime, staff_id: int, action: str, reply: int) -> None:
    audit.record(
        session, now, actor=f"staff:{staff_id}", action=action, subject=f"canned_reply:{reply}"
    )
