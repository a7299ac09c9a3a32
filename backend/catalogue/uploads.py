"""Workbooks that staff upload: compared with the store first, applied by a second person."""

from asyncio import to_thread
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend import audit
from backend.catalogue.dumping import read_store
from backend.catalogue.editing import text_of
from backend.catalogue.importing import locked_version
from backend.catalogue.schema import Fact
from backend.catalogue.storing import store_catalogue
from backend.catalogue.upkeep import may_edit
from backend.catalogue.validate import Catalogue, validate
from backend.catalogue.workbook import read_workbook
from backend.errors import ConflictError, ForbiddenError, NotFoundError
from backend.models import CatalogueUpload, CatalogueVersion, Staff

SHOWN = 300
"""Rows of the report that are kept; the counts are of all."""
LONGEST_NAME = 120
LONGEST_TEXT = 300

KEYS: Mapping[str, Callable[[Any], Hashable]] = {
    "dealership": lambda row: row.code,
    "opening_hours": lambda row: (row.department, tuple(row.weekdays), row.opens),
    "special_days": lambda row: row.day,
    "features": lambda row: row.code,
    "models": lambda row: row.code,
    "trims": lambda row: row.code,
    "trim_features": lambda row: (row.trim, row.feature, row.fact.valid_from),
    "prices": lambda row: (row.trim, row.valid_from),
    "promotions": lambda row: (row.code, row.valid_from),
    "finance_plans": lambda row: (row.code, row.valid_from),
    "fees": lambda row: (row.code, row.valid_from),
    "service_items": lambda row: row.code,
    "service_prices": lambda row: (row.item, row.models[0] if row.models else "", row.valid_from),
    "demo_cars": lambda row: row.vin,
    "statements": lambda row: (row.code, row.valid_from),
}
NOT_COMPARED = {"like", "weekdays"}
"""Ways of writing: what they come to is compared."""


@dataclass(frozen=True)
class Difference:
    """`kind`: added, removed or changed; `fields`: name, before, after."""

    table: str
    ref: str
    kind: str
    fields: list[tuple[str, str, str]]

    def told(self) -> dict[str, Any]:
        return {"table": self.table, "ref": self.ref, "kind": self.kind, "fields": self.fields}


@dataclass(frozen=True)
class Compared:
    """What a workbook would change in the catalogue of that version."""

    version: int
    report: dict[str, Any]


async def read(content: bytes) -> Catalogue:
    """The workbook's catalogue. Raises CatalogueError with everything that is wrong in it."""
    return await to_thread(_read, content)


async def compare(session: AsyncSession, content: bytes) -> Compared:
    """Takes seconds, so it is not for a session that writes: SQLite has one writer.

    Raises CatalogueError, NoResultFound on an empty store.
    """
    catalogue = await read(content)
    version = await _version(session)
    return Compared(version, await _report(session, catalogue))


async def upload(
    session: AsyncSession,
    now: datetime,
    filename: str,
    content: bytes,
    compared: Compared,
    *,
    person: Staff,
) -> CatalogueUpload:
    """Keeps a workbook with the report on it; nothing is applied. Raises ForbiddenError."""
    _allow(person)
    row = CatalogueUpload(
        filename=" ".join(filename.replace("\x00", "").split())[:LONGEST_NAME] or "catalogue.xlsx",
        content=content,
        base_version=compared.version,
        report=compared.report,
        state="waiting",
        uploaded_by=person.id,
        uploaded_at=now,
    )
    session.add(row)
    await session.flush()
    _note(session, now, row, person, "uploaded")
    return row


async def renew(
    session: AsyncSession, upload_id: int, compared: Compared, *, person: Staff
) -> CatalogueUpload:
    """A new report, on the store as it has become. Raises ForbiddenError, NotFoundError,
    ConflictError when it is decided."""
    _allow(person)
    row = await _waiting(session, upload_id)
    row.base_version, row.report = compared.version, compared.report
    return row


async def apply(
    session: AsyncSession, now: datetime, upload_id: int, catalogue: Catalogue, *, person: Staff
) -> CatalogueUpload:
    """Makes the store say what the workbook says (`read` of its bytes), as the report has told.

    Raises ForbiddenError, `own_edit` for whoever uploaded it; NotFoundError; ConflictError when
    it is decided, `stale` when the catalogue has changed since the report.
    """
    _allow(person)
    current = await locked_version(session)
    row = await _waiting(session, upload_id)
    if row.uploaded_by == person.id:
        raise ForbiddenError("nobody approves their own upload", code="own_edit")
    if row.base_version != current.version:
        raise ConflictError("the catalogue has changed since", code="stale")
    changes = await store_catalogue(session, catalogue)
    if changes:
        current.version += 1
    _decide(row, now, person, "applied")
    _note(session, now, row, person, "applied", {"changes": changes, "version": current.version})
    await session.flush()
    return row


async def discard(
    session: AsyncSession, now: datetime, upload_id: int, *, person: Staff
) -> CatalogueUpload:
    """Raises ForbiddenError, NotFoundError, ConflictError when it is decided."""
    _allow(person)
    row = await _waiting(session, upload_id)
    _decide(row, now, person, "discarded")
    _note(session, now, row, person, "discarded")
    return row


async def find(session: AsyncSession, upload_id: int) -> CatalogueUpload:
    """Raises NotFoundError."""
    found = await session.get(CatalogueUpload, upload_id)
    if found is None:
        raise NotFoundError("no such upload")
    return found


async def waiting(session: AsyncSession) -> list[CatalogueUpload]:
    query = select(CatalogueUpload).where(CatalogueUpload.state == "waiting")
    return list(await session.scalars(query.order_by(CatalogueUpload.id.desc())))


def differences(before: Catalogue, after: Catalogue) -> list[Difference]:
    """What the second says differently, table by table."""
    zone = ZoneInfo(after.dealership.zone)
    found = []
    for table, key in KEYS.items():
        old, new = (_rows(one, table, key, zone) for one in (before, after))
        for ref in dict.fromkeys((*old, *new)):
            if ref not in new:
                found.append(Difference(table, ref, "removed", []))
                continue
            if ref not in old:
                shown = [(name, "", text) for name, text in new[ref].items() if text]
                found.append(Difference(table, ref, "added", shown))
                continue
            changed = [
                (name, old[ref][name], text)
                for name, text in new[ref].items()
                if old[ref][name] != text
            ]
            if changed:
                found.append(Difference(table, ref, "changed", changed))
    return found


def _rows(
    catalogue: Catalogue, table: str, key: Callable[[Any], Hashable], zone: ZoneInfo
) -> dict[str, dict[str, str]]:
    listed = getattr(catalogue, table)
    rows: Iterable[Any] = [listed] if isinstance(listed, BaseModel) else listed
    if table == "opening_hours":
        # `mon-sun` and seven rows say the same.
        return {
            f"{row.department} {day} {row.opens}": {"closes": row.closes}
            for row in rows
            for day in row.weekdays
        }
    if table == "service_prices":
        rows = [
            row.model_copy(update={"models": [model] if model else []})
            for row in rows
            for model in (row.models or [""])
        ]
    if table == "promotions":
        # An offer for a trim is one of its model, whether it says so or not.
        model_of = {trim.code: trim.model for trim in catalogue.trims}
        rows = [
            row.model_copy(update={"model": row.model or model_of.get(row.trim)}) for row in rows
        ]
    return {_ref(key(row)): _fields(row, zone) for row in rows}


def _ref(key: Hashable) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return " ".join(text_of(part) for part in parts if part not in ("", None))


def _fields(row: Any, zone: ZoneInfo) -> dict[str, str]:
    if isinstance(row, BaseModel):
        values = row.model_dump()
    else:
        provenance = row.fact.model_dump(include=set(Fact.model_fields))
        values = {"value": row.value, "value_en": row.value_en, **provenance}
    at = values.get("approved_at")
    if isinstance(at, datetime):
        at = at.replace(tzinfo=zone) if at.tzinfo is None else at
        values["approved_at"] = at.astimezone(zone).isoformat()
    if values.get("approved") is False:
        # Without approval nobody has approved it, whatever the defaults say.
        values["approved_by"] = values["approved_at"] = None
    return {name: _text(value) for name, value in values.items() if name not in NOT_COMPARED}


def _text(value: object) -> str:
    if isinstance(value, list):
        return " | ".join(
            ": ".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in value
        )
    return text_of(value)


def _read(content: bytes) -> Catalogue:
    with TemporaryDirectory(prefix="chefu-upload-") as folder:
        path = Path(folder) / "catalogue.xlsx"
        path.write_bytes(content)
        return validate(read_workbook(path))


async def _report(session: AsyncSession, catalogue: Catalogue) -> dict[str, Any]:
    raw = await read_store(session)
    found = await to_thread(lambda: differences(validate(raw), catalogue))
    counts: dict[str, dict[str, int]] = {}
    for one in found:
        kinds = counts.setdefault(one.table, {})
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
    shown = [
        Difference(
            one.table,
            one.ref,
            one.kind,
            [(name, old[:LONGEST_TEXT], new[:LONGEST_TEXT]) for name, old, new in one.fields],
        ).told()
        for one in found[:SHOWN]
    ]
    return {"counts": counts, "rows": shown, "total": len(found)}


async def _version(session: AsyncSession) -> int:
    return int(await session.scalar(select(func.max(CatalogueVersion.version))) or 0)


async def _waiting(session: AsyncSession, upload_id: int) -> CatalogueUpload:
    row: CatalogueUpload | None = await session.scalar(
        select(CatalogueUpload).where(CatalogueUpload.id == upload_id).with_for_update()
    )
    if row is None:
        raise NotFoundError("no such upload")
    if row.state != "waiting":
        raise ConflictError("it has been decided", code="decided")
    return row


def _decide(row: CatalogueUpload, now: datetime, person: Staff, state: str) -> None:
    row.state, row.decided_by, row.decided_at = state, person.id, now
    row.content = b""


def _allow(person: Staff) -> None:
    if not may_edit(person):
        raise ForbiddenError("managers and administrators only", code="managers_only")


def _note(
    session: AsyncSession,
    now: datetime,
    row: CatalogueUpload,
    person: Staff,
    event: str,
    data: dict[str, Any] | None = None,
) -> None:
    audit.record(
        session,
        now,
        actor=f"staff:{person.id}",
        action=f"catalogue.{event}",
        subject=f"upload:{row.id}",
        data=data,
    )
