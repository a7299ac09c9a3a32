"""Slows down guessing: failed sign-ins are counted by user and by address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import TooManyRequestsError
from backend.models import SignInAttempt

WINDOW = timedelta(minutes=15)
PER_USER = 5
PER_ADDRESS = 20


@dataclass(frozen=True)
class Attempt:
    """A counted try; `forgive` takes it back after the right password."""

    user: str
    address_row: int


async def count(session: AsyncSession, now: datetime, username: str, address: str) -> Attempt:
    """Counts this try as failed before the password is looked at.

    Counting first, under a lock, leaves no gap for many tries at once. Raises
    TooManyRequestsError after 5 failures of a user or 20 of an address within 15 minutes;
    a refused try is not counted, so that waiting helps.
    """
    user = f"user:{username}"
    place = f"address:{address}"
    await session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - WINDOW))
    # Always in the same order, or two sign-ins could wait for each other.
    for subject, limit in ((user, PER_USER), (place, PER_ADDRESS)):
        await _lock(session, subject)
        failures, oldest = (
            await session.execute(
                select(func.count(SignInAttempt.id), func.min(SignInAttempt.at)).where(
                    SignInAttempt.subject == subject
                )
            )
        ).one()
        if failures >= limit:
            wait = (oldest + WINDOW - now).total_seconds()
            raise TooManyRequestsError(
                "too many failed sign-ins; try again later", retry_after=max(1, int(wait))
            )
    session.add(SignInAttempt(subject=user, at=now))
    row = SignInAttempt(subject=place, at=now)
    session.add(row)
    await session.flush()
    return Attempt(user, row.id)


async def forgive(session: AsyncSession, attempt: Attempt) -> None:
    """After the right password: the user starts afresh; other tries of the address stay."""
    await session.execute(delete(SignInAttempt).where(SignInAttempt.subject == attempt.user))
    await session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt.address_row))


async def _lock(session: AsyncSession, subject: str) -> None:
    """Until the transaction's end. On SQLite the write transaction itself is the lock."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:subject))"), {"subject": subject}
        )
