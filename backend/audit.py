"""Writing the audit: who did what, in the transaction that did it."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Audit


def record(
    session: AsyncSession,
    now: datetime,
    *,
    actor: str,
    action: str,
    subject: str,
    data: dict[str, Any] | None = None,
) -> None:
    """Adds one line to the audit.

    `actor` and `subject` are `kind:id`; `data` holds codes, ids and times, never names,
    phones or customers' words, so that erasing a person leaves the audit whole.
    """
    session.add(Audit(at=now, actor=actor, action=action, subject=subject, data=data or {}))
