"""Reading one complaint for staff: its story, its thread, what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.complaints import telling, thread
from backend.complaints.thread import Held, Standing
from backend.models import (
    Attachment,
    ComplaintCase,
    ComplaintEvent,
    ServiceBooking,
    Staff,
    TestDriveBooking,
    Vehicle,
)
from backend.staff import inbox_queries, queries
from backend.staff.queries import ComplaintRecord

Row = TypeVar("Row")


@dataclass(frozen=True)
class Happened:
    """One event, with who did it or was given it, and the picture that came with it."""

    event: ComplaintEvent
    staff: Staff | None
    by: str
    """The name of the colleague who did it; empty for the customer, the clock and tools."""
    picture: Attachment | None


@dataclass(frozen=True)
class ComplaintDetail:
    """All of one complaint. `channel`: where the customer reads what is written to him, empty
    when he has to be called. `cause` and `remedy` of this round."""

    record: ComplaintRecord
    case: ComplaintCase
    stands: Standing
    happened: Sequence[Happened]
    story: Sequence[Happened]
    cause: str
    remedy: str
    channel: str
    vehicle: Vehicle | None
    visit: ServiceBooking | None
    drive: TestDriveBooking | None
    about: Staff | None
    colleagues: Sequence[Staff]


async def detail(session: AsyncSession, number: str) -> ComplaintDetail:
    """Raises NotFoundError."""
    record = await queries.complaint(session, number)
    complaint = record.complaint
    # A complaint from before there were cases is shown as one that nobody has touched.
    case = record.case or ComplaintCase(
        complaint_id=complaint.id, source="chat", due_told=True, round=0, level=0
    )
    rows = await session.execute(
        select(ComplaintEvent, Staff, Attachment)
        .outerjoin(Staff, Staff.id == ComplaintEvent.staff_id)
        .outerjoin(Attachment, Attachment.id == ComplaintEvent.attachment_id)
        .where(ComplaintEvent.complaint_id == complaint.id)
        .order_by(ComplaintEvent.id)
    )
    everyone = {one.id: one.name for one in await session.scalars(select(Staff))}
    happened = [
        Happened(event, staff, everyone.get(_id_of(event.actor), ""), picture)
        for event, staff, picture in rows
    ]
    moved = {one.event.data.get("event") for one in happened if one.event.kind == "moved"}
    stands = thread.standing(one.event.kind for one in happened)
    found = next((one.event for one in reversed(happened) if one.event.kind == "found"), None)
    current = found if stands.found else None
    place = await telling.place_of(session, Held(complaint, case))
    return ComplaintDetail(
        record=record,
        case=case,
        stands=stands,
        happened=happened,
        story=[
            one
            for one in happened
            if one.event.kind in ("added", "picture") and one.event.id not in moved
        ],
        cause=current.text if current else "",
        remedy=str(current.data.get("remedy") or "") if current else "",
        channel=place.channel if place else "",
        vehicle=await _of(session, Vehicle, case.vehicle_id),
        visit=await _of(session, ServiceBooking, case.service_booking_id),
        drive=await _of(session, TestDriveBooking, case.test_drive_booking_id),
        about=await _of(session, Staff, case.about_staff_id),
        colleagues=await inbox_queries.colleagues(session),
    )


async def _of(session: AsyncSession, kind: type[Row], row_id: int | None) -> Row | None:
    return await session.get(kind, row_id) if row_id is not None else None


def _id_of(actor: str) -> int:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "staff" and number.isdigit() else 0
