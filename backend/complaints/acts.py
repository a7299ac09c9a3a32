"""The acts of `handling` by name, with their values as a form or a tool sends them."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import handling
from backend.complaints.handling import By
from backend.complaints.words import Category, Severity
from backend.models import ComplaintEvent

ACTS = ("take", "assign", "note", "called", "message", "cause", "resolve", "reopen", "grade")
LARGEST_ID = 2**31 - 1


async def perform(
    session: AsyncSession,
    now: datetime,
    complaint_id: int,
    by: By,
    act: str,
    given: Mapping[str, str],
) -> ComplaintEvent:
    """Does one of `ACTS`; what is not given is empty. Raises as `handling` does."""

    def value(name: str) -> str:
        return given.get(name) or ""

    match act:
        case "take":
            return await handling.take(session, now, complaint_id, by)
        case "assign":
            to = _number(value("staff"))
            return await handling.assign(session, now, complaint_id, by, to=to)
        case "note":
            return await handling.note(session, now, complaint_id, by, value("note"))
        case "called":
            return await handling.called(session, now, complaint_id, by, value("called"))
        case "message":
            return await handling.message(session, now, complaint_id, by, value("message"))
        case "cause":
            return await handling.find_cause(
                session, now, complaint_id, by, cause=value("cause"), remedy=value("remedy")
            )
        case "resolve":
            return await handling.resolve(session, now, complaint_id, by, result=value("result"))
        case "reopen":
            return await handling.reopen(session, now, complaint_id, by, reason=value("reason"))
        case _:
            # Both are checked there.
            category, severity = (
                cast(Category, value("category")),
                cast(Severity, value("severity")),
            )
            return await handling.grade(
                session, now, complaint_id, by, category=category, severity=severity
            )


def _number(text: str) -> int:
    text = text[:10]
    return min(int(text), LARGEST_ID) if text.isascii() and text.isdigit() else 0
