"""Tokens by which tools read the staff API: shown once, kept as SHA-256."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.errors import InvalidError, NotFoundError, UnauthorizedError
from backend.models import StaffToken
from backend.staff.service import LONGEST_NAME, digest

PREFIX = "chefu_"
"""Lets secret scanners and people recognise a token that lies where it should not."""


async def create(
    session: AsyncSession, now: datetime, name: str, *, actor: str, may_write: bool = False
) -> tuple[StaffToken, str]:
    """A new token and its secret, which nobody can read again later. It only reads unless
    `may_write`. Raises InvalidError."""
    name = name.replace("\x00", "").strip()
    if not name or len(name) > LONGEST_NAME:
        raise InvalidError(f"a token needs a name of at most {LONGEST_NAME} characters")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = StaffToken(name=name, token_hash=digest(secret), created_at=now, revoked_at=None)
    token.may_write = may_write
    session.add(token)
    await session.flush()
    audit.record(
        session,
        now,
        actor=actor,
        action="staff_token.created",
        subject=f"token:{token.id}",
        data={"may_write": True} if may_write else None,
    )
    return token, secret


async def everyone(session: AsyncSession) -> list[StaffToken]:
    """All tokens, revoked ones too, newest first."""
    return list(await session.scalars(select(StaffToken).order_by(StaffToken.id.desc())))


async def revoke(session: AsyncSession, now: datetime, token_id: int, *, actor: str) -> None:
    """From now on refused; revoking twice changes nothing. Raises NotFoundError."""
    token = await session.get(StaffToken, token_id, with_for_update=True)
    if token is None:
        raise NotFoundError("no such token")
    if token.revoked_at is None:
        token.revoked_at = now
        audit.record(
            session, now, actor=actor, action="staff_token.revoked", subject=f"token:{token.id}"
        )


async def check(session: AsyncSession, secret: str) -> StaffToken:
    """The token with this secret. Raises UnauthorizedError when unknown or revoked."""
    token = await session.scalar(select(StaffToken).where(StaffToken.token_hash == digest(secret)))
    if token is None or token.revoked_at is not None:
        raise UnauthorizedError("unknown or revoked token")
    return token
