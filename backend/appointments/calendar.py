"""A booking as an entry for the customer's own calendar (RFC 5545, RFC 5546).

The entry lies behind an address that cannot be guessed; fetched again it is as the booking is by
then. It is published, not sent as an invitation: nobody has to answer it.
"""

import secrets
from datetime import datetime
from string import ascii_lowercase

from icalendar import Calendar, Event, vCalAddress
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from backend.appointments.reach import AnyBooked, subject
from backend.models import CalendarEntry, Dealership, ServiceBooking, TestDriveBooking

PRODUCT = "-//Chefu//Appointments//EN"
PATH = "/calendar"
TOKEN_LENGTH = 26
"""Of letters only, 122 bits: an address that is read out or typed holds no figure."""


async def changed(session: AsyncSession, now: datetime, booking: AnyBooked) -> CalendarEntry:
    """Makes the entry of a booking that has its id, or notes that the booking has changed."""
    entry = await of(session, booking)
    if entry is None:
        entry = CalendarEntry(token=_token(), sequence=0, changed_at=now)
        if isinstance(booking, TestDriveBooking):
            entry.test_drive_booking_id = booking.id
        else:
            entry.service_booking_id = booking.id
        session.add(entry)
    else:
        entry.sequence += 1
        entry.changed_at = now
    await session.flush()
    return entry


def _token() -> str:
    return "".join(secrets.choice(ascii_lowercase) for _ in range(TOKEN_LENGTH))


async def of(session: AsyncSession, booking: AnyBooked) -> CalendarEntry | None:
    """The entry of a booking; None for one that was made before there were entries."""
    column = (
        CalendarEntry.test_drive_booking_id
        if isinstance(booking, TestDriveBooking)
        else CalendarEntry.service_booking_id
    )
    found: CalendarEntry | None = await session.scalar(
        select(CalendarEntry).where(column == booking.id)
    )
    return found


async def link(session: AsyncSession, booking: AnyBooked, base: str) -> str | None:
    """The address of the entry below `base`, the dealership's own address."""
    entry = await of(session, booking)
    return f"{base.rstrip('/')}{PATH}/{entry.token}.ics" if entry else None


async def find(session: AsyncSession, token: str) -> tuple[CalendarEntry, AnyBooked] | None:
    """The entry behind an address, and its booking with all that is needed to write it."""
    entry = await session.scalar(select(CalendarEntry).where(CalendarEntry.token == token))
    if entry is None:
        return None
    booking: AnyBooked | None
    if entry.test_drive_booking_id is not None:
        booking = await session.scalar(
            select(TestDriveBooking)
            .options(joinedload(TestDriveBooking.model), joinedload(TestDriveBooking.customer))
            .where(TestDriveBooking.id == entry.test_drive_booking_id)
        )
    else:
        booking = await session.scalar(
            select(ServiceBooking)
            .options(joinedload(ServiceBooking.customer))
            .where(ServiceBooking.id == entry.service_booking_id)
        )
    return (entry, booking) if booking is not None else None


def write(
    place: Dealership, entry: CalendarEntry, booking: AnyBooked, language: str, organiser: str
) -> bytes:
    """The file. `organiser` is the dealership's own address, an http(s) URL: an entry that is
    published has to name one. A booking that was called off is written as cancelled."""
    english = language == "en"
    cancelled = booking.state == "cancelled"
    name = place.name_en if english else place.name_zh
    event = Event()
    event.add("uid", f"{booking.number}.{entry.token[:8]}@{place.code}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", booking.starts_at)
    event.add("dtend", booking.ends_at)
    event.add("summary", f"{subject(booking, language)} · {name}")
    event.add("location", place.address_en if english else place.address_zh)
    words = ("Number {}\nPhone {}" if english else "预约号 {}\n电话 {}").format(
        booking.number, place.phone
    )
    event.add("description", words)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    by = vCalAddress(organiser)
    by.params["CN"] = name
    event.add("organizer", by)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
