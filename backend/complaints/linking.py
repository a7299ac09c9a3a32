"""What a complaint is about: the car, the booking and the member of staff that it names, or that
are evident from what the same customer did here."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import ServiceBooking, Staff, TestDriveBooking, Vehicle

RECENT = timedelta(days=60)
"""So long a visit or a drive is what somebody means who names none."""
_NUMBER = re.compile(r"\b(TD|SV)\d{6}-\d{4}\b", re.I)
_DRIVE = re.compile(r"试驾|试乘|试车|test.?drive|demo car", re.I)
_VISIT = re.compile(
    r"保养|维修|修车|修了|修过|返修|修好|机油|售后|师傅|技师|车间"
    r"|\b(?:service|servicing|repair\w*|workshop|mechanic|technician|oil change|fixed)\b",
    re.I,
)
_BLANKS = re.compile(r"[\s·.\-]+")


@dataclass(frozen=True)
class Links:
    """Ids; None where nothing was named and nothing is evident."""

    vehicle_id: int | None = None
    test_drive_booking_id: int | None = None
    service_booking_id: int | None = None
    about_staff_id: int | None = None


async def find(
    session: AsyncSession,
    now: datetime,
    text: str,
    *,
    conversation_id: str | None,
    customer_id: int | None,
) -> Links:
    """Only records of the conversation or the customer himself are linked, whatever is named."""
    visit, drive = None, None
    for number in (found.group(0).upper() for found in _NUMBER.finditer(text)):
        own_visit = _own(ServiceBooking, conversation_id, customer_id)
        own_drive = _own(TestDriveBooking, conversation_id, customer_id)
        visit = visit or await session.scalar(
            select(ServiceBooking).where(own_visit, ServiceBooking.number == number)
        )
        drive = drive or await session.scalar(
            select(TestDriveBooking).where(own_drive, TestDriveBooking.number == number)
        )
    if visit is None and drive is None:
        if _DRIVE.search(text):
            drive = await _latest(session, now, TestDriveBooking, conversation_id, customer_id)
        elif _VISIT.search(text):
            visit = await _latest(session, now, ServiceBooking, conversation_id, customer_id)
    car = visit.vehicle_id if visit else None
    return Links(
        vehicle_id=car or await _car(session, text, customer_id),
        test_drive_booking_id=drive.id if drive else None,
        service_booking_id=visit.id if visit else None,
        about_staff_id=await _colleague(session, text),
    )


def _own(
    table: type[ServiceBooking] | type[TestDriveBooking],
    conversation_id: str | None,
    customer_id: int | None,
) -> ColumnElement[bool]:
    by_talk = table.conversation_id == conversation_id if conversation_id else None
    by_person = table.customer_id == customer_id if customer_id else None
    known = [one for one in (by_talk, by_person) if one is not None]
    return or_(*known) if known else table.id.is_(None)


async def _latest(
    session: AsyncSession,
    now: datetime,
    table: type[ServiceBooking] | type[TestDriveBooking],
    conversation_id: str | None,
    customer_id: int | None,
) -> ServiceBooking | TestDriveBooking | None:
    """The last one that has begun; one that was cancelled is none."""
    found: ServiceBooking | TestDriveBooking | None = await session.scalar(
        select(table)
        .where(
            _own(table, conversation_id, customer_id),
            table.starts_at <= now,
            table.starts_at > now - RECENT,
            table.state != "cancelled",
        )
        .order_by(table.starts_at.desc(), table.id.desc())
        .limit(1)
    )
    return found


async def _car(session: AsyncSession, text: str, customer_id: int | None) -> int | None:
    """The customer's own car by its plate, or the only one that he has."""
    if customer_id is None:
        return None
    cars = list(await session.scalars(select(Vehicle).where(Vehicle.customer_id == customer_id)))
    said = _BLANKS.sub("", text).upper()
    named = [car for car in cars if car.plate and car.plate.upper() in said]
    if len(named) == 1:
        return named[0].id
    return cars[0].id if len(cars) == 1 else None


async def _colleague(session: AsyncSession, text: str) -> int | None:
    """The one member of staff whose full name, or English first name, stands in the text."""
    plain = text.lower()
    found = []
    for person in await session.scalars(select(Staff).where(Staff.active.is_(True))):
        name = person.name.strip().lower()
        first = name.split()[0] if name else ""
        if name.isascii():
            named = len(first) > 2 and bool(re.search(rf"\b{re.escape(first)}\b", plain))
        else:
            named = len(name) > 1 and name in plain
        if named:
            found.append(person.id)
    return found[0] if len(found) == 1 else None
