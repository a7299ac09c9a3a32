"""Deciding on certified facts: approving by a second person, withdrawing by one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.catalogue import editing
from backend.catalogue.importing import locked_version
from backend.catalogue.storing import store_sheet
from backend.catalogue.upkeep import (
    Checked,
    allow,
    check,
    keys_or_missing,
    note,
    step,
    subject,
    tables,
    told_reason,
)
from backend.catalogue.validate import Catalogue, validate
from backend.errors import ConflictError, ForbiddenError
from backend.models import FactWithdrawal, Staff


async def approve(
    session: AsyncSession, now: datetime, change_id: int, version: int, *, person: Staff
) -> Checked:
    """Makes the change a fact, with the approver's name and the time; the catalogue's version
    rises. The caller writes the export once it is committed.

    Problems that have come up since it was submitted are returned, and nothing is changed.
    Raises ForbiddenError, `own_edit` for whoever has written in it; NotFoundError; ConflictError.
    """
    allow(person)
    current = await locked_version(session)
    change = await step(session, change_id, version, "submitted")
    if person.id in change.editors:
        raise ForbiddenError("nobody approves their own edit", code="own_edit")
    checked = await check(session, change, (person.name, now))
    if checked.catalogue is None:
        return checked
    change.state = "approved"
    change.version += 1
    change.decided_by, change.decided_at = person.id, now
    changes = await _write(session, checked.catalogue, change.sheet, change.ref)
    if changes:
        current.version += 1
    note(session, now, change, person, "approved", {"version": current.version})
    await session.flush()
    return checked


async def withdraw(
    session: AsyncSession,
    now: datetime,
    sheet: str,
    ref: str,
    valid_from: date,
    reason: str,
    *,
    person: Staff,
) -> None:
    """From now on not stated any more; one person may, since silence is the safe side.

    Raises ForbiddenError, NotFoundError, InvalidError without a reason, ConflictError when it is
    not approved (any more).
    """
    allow(person)
    told = told_reason(reason)
    current = await locked_version(session)
    raw = await tables(session, sheet, ref)
    if editing.withdraw(raw, sheet, ref, valid_from) is None:
        raise ConflictError("there is no such approved fact", code="not_approved")
    await _write(session, validate(raw), sheet, ref)
    current.version += 1
    session.add(
        FactWithdrawal(
            sheet=sheet, ref=ref, valid_from=valid_from, reason=told, staff_id=person.id, at=now
        )
    )
    audit.record(
        session,
        now,
        actor=f"staff:{person.id}",
        action="fact.withdrawn",
        subject=subject(sheet, ref),
        data={"valid_from": valid_from.isoformat(), "version": current.version},
    )
    await session.flush()


async def _write(session: AsyncSession, catalogue: Catalogue, sheet: str, ref: str) -> Any:
    keys = keys_or_missing(sheet, ref)
    scope = (keys["scope"], keys["feature"]) if sheet == "feature_values" else None
    return await store_sheet(session, catalogue, sheet, scope)
