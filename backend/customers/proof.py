"""Who may see what was booked or lodged elsewhere: whoever names its number and its phone together.

Numbers can be guessed by those who know a phone, so failed tries are counted in the store, by
conversation and by phone, whatever was asked for; after a few of them nobody is answered for a day.
A customer of a platform has one conversation there, so he is counted as a person. Whether it was
the number or the phone that did not fit is never told.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.appointments.occupancy import lock_name
from backend.models import BookingClaim, Conversation

WINDOW = timedelta(days=1)
PER_CONVERSATION = 5
PER_PHONE = 10
Found = TypeVar("Found")


@dataclass(frozen=True)
class NotFound:
    """`locked`: too many tries; nothing was looked up."""

    locked: bool = False


async def named(
    session: AsyncSession,
    now: datetime,
    conversation_id: str,
    phone: str,
    look: Callable[[], Awaitable[Found | None]],
) -> Found | NotFound:
    """What `look` finds by a number and this phone (E.164), unless too much has been tried.

    A failed try is counted before the answer is known, under a lock: many at once are no way
    around. Old failures are forgotten here. A conversation that is not on record, in which
    nothing can be counted, finds nothing.
    """
    if await session.get(Conversation, conversation_id) is None:
        return NotFound()
    hashed = hash_of(phone)
    # Always in this order, or two tries could wait for each other.
    await lock_name(session, f"claim:{conversation_id}")
    await lock_name(session, f"claim:{hashed}")
    failed = and_(
        BookingClaim.test_drive_booking_id.is_(None), BookingClaim.service_booking_id.is_(None)
    )
    await session.execute(delete(BookingClaim).where(failed, BookingClaim.at <= now - WINDOW))
    counts = select(
        func.count().filter(BookingClaim.conversation_id == conversation_id),
        func.count().filter(BookingClaim.phone_hash == hashed),
    ).where(failed, BookingClaim.at > now - WINDOW)
    here, of_phone = (await session.execute(counts)).one()
    if here >= PER_CONVERSATION or of_phone >= PER_PHONE:
        return NotFound(locked=True)
    found = await look()
    if found is None:
        session.add(BookingClaim(conversation_id=conversation_id, phone_hash=hashed, at=now))
        await session.flush()
        return NotFound()
    return found


def hash_of(phone: str) -> str:
    """As a claim keeps the phone that was named."""
    return hashlib.sha256(phone.encode()).hexdigest()
