"""A booking in the customer's calendar: found behind its address, newer with each change."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from backend.appointments import calendar
from backend.appointments import service as drives
from backend.appointments.outcomes import Booked
from backend.clock import FixedClock
from backend.database import Database
from backend.models import TestDriveBooking
from backend.workshop import service as visits
from tests.conftest import NOW
from tests.integration.console.browser import application, settings
from tests.integration.world import PHONE, at, build, drive, visit

BASE = "https://chat.example.com"


@pytest.fixture
async def browser(
    database: Database, clock: FixedClock, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    async with database.transaction() as session:
        await build(session)
    app = application(
        database, clock, settings(tmp_path).model_copy(update={"public_url": BASE + "/"})
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
        yield client


async def link(database: Database, booking: Any) -> str:
    async with database.reading() as session:
        found = await calendar.link(session, booking, BASE)
    assert found is not None
    assert found.startswith(BASE + "/calendar/")
    return found.removeprefix(BASE)


async def read(browser: httpx.AsyncClient, address: str) -> tuple[str, Any]:
    """The method, and the event; the raw text is checked on the way."""
    answer = await browser.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode("utf-8")  # folded between characters, never within one
    found = Calendar.from_ical(answer.content)
    [event] = found.walk("VEVENT")
    return str(found["method"]), event


@pytest.mark.parametrize("kind", ["drive", "visit"])
async def test_booked_moved_cancelled(
    browser: httpx.AsyncClient, database: Database, kind: str
) -> None:
    service: Any = drives if kind == "drive" else visits
    async with database.transaction() as session:
        made: Any = (
            await drives.book_test_drive(session, NOW, drive(at("26 15:00")))
            if kind == "drive"
            else await visits.book_service(session, NOW, visit(at("26 15:00")))
        )
    assert isinstance(made, Booked)
    address = await link(database, made.booking)
    method, event = await read(browser, address)
    assert (method, event["status"], event["sequence"]) == ("PUBLISH", "CONFIRMED", 0)
    assert event["dtstart"].dt == at("26 15:00")
    assert event["dtend"].dt == made.booking.ends_at
    assert ("试驾山屿" if kind == "drive" else "全车检查") in event["summary"]
    assert event["location"] == "望湖大道 188 号"
    assert str(event["organizer"]) == BASE
    uid = event["uid"]
    move, cancel = (
        (service.move_test_drive, service.cancel_test_drive)
        if kind == "drive"
        else (service.move_service, service.cancel_service)
    )
    async with database.transaction() as session:
        booking = await service.find_booking(session, made.booking.number, PHONE)
        assert isinstance(await move(session, NOW, booking, at("27 10:00"), "staff:1"), Booked)
    method, event = await read(browser, address)
    assert (method, event["uid"], event["sequence"]) == ("PUBLISH", uid, 1)
    assert event["dtstart"].dt == at("27 10:00")
    async with database.transaction() as session:
        booking = await service.find_booking(session, made.booking.number, PHONE)
        await cancel(session, NOW, booking, "staff:1")
    method, event = await read(browser, address + "?lang=en")
    assert (method, event["status"]) == ("CANCEL", "CANCELLED")
    assert (event["uid"], event["sequence"]) == (uid, 2)
    assert ("test drive of the Shanyu" if kind == "drive" else "Inspection") in event["summary"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_an_address_cannot_be_guessed(browser: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        made = [
            await drives.book_test_drive(session, NOW, drive(at(f"26 {hour}:00"), f"m{hour}"))
            for hour in (14, 15, 16)
        ]
    bookings = [one.booking for one in made if isinstance(one, Booked)]
    addresses = {await link(database, booking) for booking in bookings}
    assert len(addresses) == 3
    assert all(len(address.split("/")[-1]) >= 22 + len(".ics") for address in addresses)
    for wrong in ("1", bookings[0].number, "x" * 22, "%00", "..%2f"):
        assert (await browser.get(f"/calendar/{wrong}.ics")).status_code == 404
    text = (await browser.get(next(iter(addresses)))).text
    # Who finds the file learns nothing of the person.
    assert PHONE[3:] not in text
    assert "王伟" not in text


def test_hostile_words_stay_words() -> None:
    """Names with line breaks or markup cannot add a line to the file."""
    from backend.models import CalendarEntry, Dealership, Model

    place = Dealership(
        code="c", name_zh="店\r\nATTENDEE:mailto:x@example.com", name_en="n",
        address_zh="路;1,2\\3",
        address_en="r", phone="400", zone="Asia/Shanghai",
    )  # fmt: skip
    model = Model(name_zh="车\nSTATUS:CANCELLED" + "很长的名字" * 20, name_en="car")
    booking = TestDriveBooking(
        number="TD1", state="booked", starts_at=at("26 15:00"), ends_at=at("26 15:30"), model=model
    )
    entry = CalendarEntry(token="t" * 22, sequence=0, changed_at=NOW)
    written = calendar.write(place, entry, booking, "zh", BASE)
    lines = written.replace(b"\r\n ", b"").split(b"\r\n")
    assert not any(line.startswith((b"ATTENDEE", b"STATUS:CANCELLED")) for line in lines)
    [event] = Calendar.from_ical(written).walk("VEVENT")
    assert event["location"] == "路;1,2\\3"
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
