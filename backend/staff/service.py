"""Staff accounts and their sign-ins. Secrets are kept as hashes only.

The functions take a session and never commit; `sign_in` alone takes the database, because
a failed try must stay counted although the sign-in fails.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.database import Database
from backend.errors import ConflictError, InvalidError, NotFoundError, UnauthorizedError
from backend.models import ROLES, Staff, StaffSession
from backend.staff import passwords, throttle

SESSION_LIFE = timedelta(hours=12)
"""Without use."""
SESSION_LIMIT = timedelta(days=7)
"""At most, however much it is used."""
RENEW_AFTER = timedelta(minutes=10)
SHORTEST_PASSWORD = 10
LONGEST_NAME = 80
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class SignedIn:
    """Who is at the console, by which session. `renewed`: the cookie wants a new date."""

    staff: Staff
    session_hash: str
    expires_at: datetime
    renewed: bool = False


def digest(secret: str) -> str:
    """SHA-256, hexadecimal: what is stored of a secret that is random and long."""
    return hashlib.sha256(secret.encode()).hexdigest()


def normal_username(text: str) -> str:
    """Usernames know no difference of case, width or surrounding space."""
    return unicodedata.normalize("NFKC", text).strip().casefold().replace("\x00", "")


async def create(
    session: AsyncSession,
    now: datetime,
    *,
    username: str,
    name: str,
    role: str,
    password: str,
    language: str = "zh",
    actor: str = "setup",
) -> Staff:
    """A new account. Raises InvalidError, or ConflictError when the username is taken."""
    username = normal_username(username)
    if not username or len(username) > LONGEST_NAME or not name.strip():
        raise InvalidError("a username and a name are needed")
    if role not in ROLES:
        raise InvalidError(f"the role must be one of {', '.join(ROLES)}")
    if language not in LANGUAGES:
        raise InvalidError("the language must be zh or en")
    if not SHORTEST_PASSWORD <= len(password) <= passwords.LONGEST:
        raise InvalidError(f"a password has at least {SHORTEST_PASSWORD} characters")
    if await find(session, username):
        raise ConflictError(f"the username {username} is taken")
    staff = Staff(
        username=username,
        name=name.strip()[:LONGEST_NAME],
        role=role,
        language=language,
        password_hash=await passwords.hash_password(password),
        created_at=now,
    )
    session.add(staff)
    await session.flush()
    audit.record(
        session,
        now,
        actor=actor,
        action="staff.created",
        subject=f"staff:{staff.id}",
        data={"role": role},
    )
    return staff


async def find(session: AsyncSession, username: str) -> Staff | None:
    """The account of a username, active or not."""
    return await session.scalar(select(Staff).where(Staff.username == normal_username(username)))


async def sign_in(
    database: Database, now: datetime, *, username: str, password: str, address: str
) -> tuple[Staff, str]:
    """Opens a session. Returns who it is and the secret for the cookie.

    Raises UnauthorizedError, the same for a wrong password, an unknown user and an
    inactive one; TooManyRequestsError when throttled.
    """
    username = normal_username(username)[:LONGEST_NAME]
    async with database.transaction() as session:
        attempt = await throttle.count(session, now, username, address)
    async with database.reading() as session:
        staff = await find(session, username)
    # Outside any transaction: the work takes long and would hold up every other writer.
    known = staff.password_hash if staff is not None and staff.active else None
    if not await passwords.verify(known, password) or staff is None:
        raise UnauthorizedError("the username or the password is wrong", code="sign_in_failed")
    newer = (
        await passwords.hash_password(password) if passwords.outdated(staff.password_hash) else None
    )
    async with database.transaction() as session:
        await throttle.forgive(session, attempt)
        if newer:
            await session.execute(
                update(Staff).where(Staff.id == staff.id).values(password_hash=newer)
            )
        secret = await open_session(session, now, staff)
    return staff, secret


async def open_session(session: AsyncSession, now: datetime, staff: Staff) -> str:
    """A fresh session for `staff`; returns its secret, of which only the hash is kept."""
    await session.execute(delete(StaffSession).where(StaffSession.expires_at <= now))
    secret = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            id_hash=digest(secret),
            staff_id=staff.id,
            created_at=now,
            seen_at=now,
            expires_at=now + SESSION_LIFE,
        )
    )
    audit.record(
        session,
        now,
        actor=f"staff:{staff.id}",
        action="staff.signed_in",
        subject=f"staff:{staff.id}",
    )
    return secret


async def signed_in(
    database: Database, now: datetime, secret: str, *, renew: bool = True
) -> SignedIn:
    """Who holds this cookie. Use prolongs the session, up to a week in all; what a page asks by
    itself is no use (`renew`).

    Raises UnauthorizedError for an unknown or expired session and for staff who have left.
    """
    id_hash = digest(secret)
    async with database.reading() as session:
        row = (
            await session.execute(
                select(StaffSession, Staff)
                .join(Staff, Staff.id == StaffSession.staff_id)
                .where(StaffSession.id_hash == id_hash)
            )
        ).one_or_none()
    if row is None or row.StaffSession.expires_at <= now or not row.Staff.active:
        raise UnauthorizedError("please sign in")
    found = row.StaffSession
    if not renew or now - found.seen_at < RENEW_AFTER:
        return SignedIn(row.Staff, id_hash, found.expires_at)
    expires_at = min(now + SESSION_LIFE, found.created_at + SESSION_LIMIT)
    async with database.transaction() as session:
        await session.execute(
            update(StaffSession)
            .where(StaffSession.id_hash == id_hash)
            .values(seen_at=now, expires_at=expires_at)
        )
    return SignedIn(row.Staff, id_hash, expires_at, renewed=True)


async def sign_out(session: AsyncSession, now: datetime, who: SignedIn) -> None:
    """Ends this session; others of the same person stay."""
    await session.execute(delete(StaffSession).where(StaffSession.id_hash == who.session_hash))
    audit.record(
        session,
        now,
        actor=f"staff:{who.staff.id}",
        action="staff.signed_out",
        subject=f"staff:{who.staff.id}",
    )


async def set_language(session: AsyncSession, staff_id: int, language: str) -> None:
    """Raises InvalidError, or NotFoundError."""
    if language not in LANGUAGES:
        raise InvalidError("the language must be zh or en")
    changed = await session.scalar(
        update(Staff).where(Staff.id == staff_id).values(language=language).returning(Staff.id)
    )
    if changed is None:
        raise NotFoundError("no such member of staff")
