"""Changing certified facts by hand: drafts, the checks, asking for approval (`approval`).

A change is kept as it was written and becomes a fact only by approval, through the checks and
the writing of the importer. Until then nothing of it can be stated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.catalogue import editing
from backend.catalogue.dumping import read_facts
from backend.catalogue.editing import SHEETS
from backend.catalogue.rows import CatalogueError, RawTables
from backend.catalogue.validate import Catalogue, validate
from backend.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from backend.models import FactChange, Staff

EDITORS = ("manager", "admin")
"""Roles that may edit, approve and withdraw; nobody approves what they have written in."""
OPEN = ("draft", "submitted")
LONGEST_VALUE = 2000
LONGEST_REASON = 200


@dataclass(frozen=True)
class Checked:
    """What the importer's checks say of a change: `problems` by field, "" for those of no field;
    the catalogue with the change in it when there are none."""

    problems: Mapping[str, list[str]]
    catalogue: Catalogue | None
    raw: RawTables


def may_edit(person: Staff) -> bool:
    return person.active and person.role in EDITORS


def subject(sheet: str, ref: str) -> str:
    """Of the audit."""
    return f"fact:{sheet}:{ref}"


async def tables(session: AsyncSession, sheet: str, ref: str) -> RawTables:
    """All that the checks of one fact need. Raises NotFoundError for what names nothing."""
    keys = keys_or_missing(sheet, ref)
    if sheet == "feature_values":
        return await read_facts(session, trim=keys["scope"], feature=keys["feature"])
    return await read_facts(session)


async def check(
    session: AsyncSession,
    change: FactChange,
    approval: tuple[str, datetime] | None = None,
) -> Checked:
    """The importer's checks on the store with the change put in."""
    raw = await tables(session, change.sheet, change.ref)
    if not SHEETS[change.sheet].fact and not editing.periods(raw, change.sheet, change.ref):
        raise NotFoundError("no such thing in the catalogue")
    editing.put(raw, change.sheet, change.ref, change.values, change.base_from, approval=approval)
    try:
        return Checked({}, validate(raw), raw)
    except CatalogueError as error:
        return Checked(editing.own_problems(raw, error.problems), None, raw)


async def find(session: AsyncSession, change_id: int, *, lock: bool = False) -> FactChange:
    """Raises NotFoundError."""
    query = select(FactChange).where(FactChange.id == change_id)
    found: FactChange | None = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFoundError("no such change")
    return found


async def open_change(session: AsyncSession, sheet: str, ref: str) -> FactChange | None:
    """The draft of a fact, or what waits for approval."""
    found: FactChange | None = await session.scalar(
        select(FactChange).where(
            FactChange.sheet == sheet, FactChange.ref == ref, FactChange.state.in_(OPEN)
        )
    )
    return found


async def begin(
    session: AsyncSession,
    now: datetime,
    sheet: str,
    ref: str,
    *,
    base_from: date | None,
    values: Mapping[str, str] | None = None,
    person: Staff,
) -> FactChange:
    """A draft of the period that begins on `base_from`, or of a new fact; the open one of this
    fact if there is one, whosever it is.

    Raises ForbiddenError, NotFoundError.
    """
    allow(person)
    found = await open_change(session, sheet, ref)
    if found is not None:
        return found
    raw = await tables(session, sheet, ref)
    rows = editing.periods(raw, sheet, ref)
    base = next((row for row in rows if editing.first_day(row) == base_from), None)
    if (base_from is not None or not SHEETS[sheet].fact) and base is None:
        raise NotFoundError("no such fact")
    before = editing.written(sheet, base) if base is not None else {}
    change = FactChange(
        sheet=sheet,
        ref=ref,
        base_from=base_from,
        values=_own(sheet, values) if values is not None else dict(before),
        before=dict(before),
        state="draft",
        version=1,
        reason="",
        editors=[person.id],
        edited_by=person.id,
        edited_at=now,
        created_at=now,
    )
    try:
        async with session.begin_nested():
            session.add(change)
            await session.flush()
    except IntegrityError:
        # Somebody began at the same moment: that draft is the one.
        found = await open_change(session, sheet, ref)
        if found is None:
            raise
        return found
    note(session, now, change, person, "drafted")
    return change


async def save(
    session: AsyncSession,
    now: datetime,
    change_id: int,
    version: int,
    values: Mapping[str, str],
    *,
    person: Staff,
) -> FactChange:
    """Writes into a draft; whatever it says may stand there, the checks come with submitting.

    Raises ForbiddenError, NotFoundError, ConflictError when it is another version or no draft,
    InvalidError for a value that is too long.
    """
    allow(person)
    change = await step(session, change_id, version, "draft")
    own = _own(change.sheet, values)
    if own == change.values:
        return change
    change.values = own
    change.version += 1
    change.editors = sorted({*change.editors, person.id})
    change.edited_by, change.edited_at = person.id, now
    note(session, now, change, person, "edited")
    return change


async def submit(
    session: AsyncSession, now: datetime, change_id: int, version: int, *, person: Staff
) -> Checked:
    """Asks for approval, if the checks find nothing; else nothing is changed and the problems are
    returned. Raises as `save`, and InvalidError when it would change nothing."""
    allow(person)
    change = await step(session, change_id, version, "draft")
    if change.before and change.values == change.before and not await _revives(session, change):
        raise InvalidError("nothing has been changed", code="unchanged")
    checked = await check(session, change)
    if not checked.problems:
        change.state, change.reason = "submitted", ""
        change.version += 1
        note(session, now, change, person, "submitted")
    return checked


async def send_back(
    session: AsyncSession,
    now: datetime,
    change_id: int,
    version: int,
    reason: str,
    *,
    person: Staff,
) -> FactChange:
    """Makes a draft of what waits for approval. Raises as `save`; InvalidError without a reason."""
    allow(person)
    change = await step(session, change_id, version, "submitted")
    change.state, change.reason = "draft", told_reason(reason)
    change.version += 1
    note(session, now, change, person, "sent_back")
    return change


async def discard(
    session: AsyncSession, now: datetime, change_id: int, version: int, *, person: Staff
) -> FactChange:
    """Gives a change up. Raises as `save`."""
    allow(person)
    change = await step(session, change_id, version, *OPEN)
    change.state = "discarded"
    change.version += 1
    change.decided_by, change.decided_at = person.id, now
    note(session, now, change, person, "discarded")
    return change


async def step(session: AsyncSession, change_id: int, version: int, *states: str) -> FactChange:
    """The change, held, in the version that was decided on."""
    change = await find(session, change_id, lock=True)
    await session.refresh(change)
    if change.version != version or change.state not in states:
        raise ConflictError("it has been changed meanwhile", code="stale")
    return change


async def _revives(session: AsyncSession, change: FactChange) -> bool:
    """Whether it is the wish to approve again what is not approved now."""
    raw = await tables(session, change.sheet, change.ref)
    return any(
        editing.first_day(row) == change.base_from and not editing.approved(row)
        for row in editing.periods(raw, change.sheet, change.ref)
    )


def keys_or_missing(sheet: str, ref: str) -> dict[str, str]:
    """Raises NotFoundError for what names nothing."""
    try:
        return editing.keys_of(sheet, ref)
    except ValueError as error:
        raise NotFoundError("no such fact") from error


def _own(sheet: str, values: Mapping[str, str]) -> dict[str, str]:
    """The fields of this sheet, and nothing that no field can hold."""
    own = {}
    for name in SHEETS[sheet].editable:
        text = values.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
        if len(text) > LONGEST_VALUE:
            raise InvalidError(f"{name} is longer than {LONGEST_VALUE} characters", code="too_long")
        own[name] = text
    return own


def told_reason(text: str) -> str:
    """In one line. Raises InvalidError without one, or for one that is too long."""
    told = " ".join(text.replace("\x00", "").split())
    if not 0 < len(told) <= LONGEST_REASON:
        raise InvalidError("a reason is needed", code="bad_reason")
    return told


def allow(person: Staff) -> None:
    """Raises ForbiddenError for whoever may not change facts."""
    if not may_edit(person):
        raise ForbiddenError("managers and administrators only", code="managers_only")


def note(
    session: AsyncSession,
    now: datetime,
    change: FactChange,
    person: Staff,
    event: str,
    data: Mapping[str, Any] | None = None,
) -> None:
    """One line of the audit about a change."""
    audit.record(
        session,
        now,
        actor=f"staff:{person.id}",
        action=f"fact.{event}",
        subject=subject(change.sheet, change.ref),
        data={"change": change.id, **(data or {})},
    )
