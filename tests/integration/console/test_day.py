"""The calendar of a day, on both databases."""

from datetime import date, timedelta
from typing import get_args

import pytest
from sqlalchemy import select

from backend.appointments import service as appointments
from backend.appointments.outcomes import Booked, Reason
from backend.appointments.slots import QUARTER
from backend.console.texts import TEXTS
from backend.database import Database
from backend.models import Dealership, DemoCar, Occupancy, Technician, TestDriveBooking
from backend.staff import day as calendar
from backend.staff.day import Lane
from backend.workshop import service as workshop
from tests.conftest import NOW
from tests.integration.console.browser import Browser, staff
from tests.integration.console.office import HOSTILE
from tests.integration.world import at, build, drive, visit

THURSDAY = date(2026, 11, 26)


async def booked(database: Database) -> TestDriveBooking:
    async with database.transaction() as session:
        await build(session)
        done = await appointments.book_test_drive(session, NOW, drive(at("26 15:00")))
        assert isinstance(done, Booked)
        taken = await workshop.book_service(session, NOW, visit(at("26 11:30"), "m2"))
        assert isinstance(taken, Booked)
    return done.booking


def pieces(lane: Lane) -> list[tuple[str, str, str]]:
    (row,) = lane.rows
    return [
        (piece.kind, f"{piece.starts_at + timedelta(hours=8):%H:%M}",
         f"{piece.ends_at + timedelta(hours=8):%H:%M}")
        for piece in row
    ]  # fmt: skip


async def test_what_is_free_lies_between_what_is_booked(database: Database) -> None:
    booking = await booked(database)
    async with database.reading() as session:
        found = await calendar.read(session, NOW, THURSDAY)
    lanes = {(lane.kind, lane.id): lane for lane in found.lanes}
    assert list(dict.fromkeys(lane.kind for lane in found.lanes)) == ["demo_car", "bay"]
    assert pieces(lanes["demo_car", str(booking.demo_car_id)]) == [
        ("closed", "08:00", "09:00"), ("free", "09:00", "12:00"), ("closed", "12:00", "13:30"),
        ("free", "13:30", "15:00"), ("busy", "15:00", "15:30"), ("after", "15:30", "15:45"),
        ("free", "15:45", "18:00"),
    ]  # fmt: skip
    # A visit may last over the lunch break.
    assert pieces(lanes["bay", "1"])[:3] == [
        ("closed", "08:00", "08:30"), ("free", "08:30", "11:30"), ("busy", "11:30", "12:00"),
    ]  # fmt: skip
    out = next(lane for lane in found.lanes if lane.out)
    assert {piece.kind for piece in out.rows[0]} == {"closed", "out"}
    assert dict(found.week)[THURSDAY] == 2
    assert sum(piece.quarters for piece in out.rows[0]) == 4 * len(found.hours)


async def test_the_present_day_shows_what_has_passed(database: Database) -> None:
    await booked(database)
    async with database.reading() as session:
        found = await calendar.read(session, NOW, date(2026, 11, 25))
    assert pieces(found.lanes[0])[1:3] == [
        ("past", "09:00", "10:00"), ("free", "10:00", "12:00"),
    ]  # fmt: skip


async def test_who_is_idle_has_an_empty_lane(database: Database) -> None:
    """Cars, consultants, bays and technicians, those who work here."""
    async with database.transaction() as session:
        await build(session)
        (await session.scalars(select(Dealership))).one().test_drive_consultants = 2
        session.add_all(
            Technician(code=code, name=name, skills=["oil"], active=active)
            for code, name, active in (
                ("a", "孙师傅", True),
                ("b", "钱师傅", True),
                ("c", "赵", False),
            )
        )
        place = (await session.scalars(select(Dealership))).one()
        bays = place.service_bays
        fleet = len((await session.scalars(select(DemoCar.id))).all())
    async with database.reading() as session:
        found = await calendar.read(session, NOW, THURSDAY)
    lanes = dict(found.groups)
    assert {kind: len(own) for kind, own in lanes.items()} == {
        "demo_car": fleet, "consultant": 2, "bay": bays, "technician": 2,
    }  # fmt: skip
    assert [lane.name for lane in lanes["technician"]] == ["孙师傅", "钱师傅"]
    for lane in found.lanes:
        assert lane.blocks == []
        assert {kind for kind, _, _ in pieces(lane)} <= {"free", "closed", "out"}
    # They keep the hours of the workshop.
    assert pieces(lanes["technician"][0])[:2] == [
        ("closed", "08:00", "08:30"), ("free", "08:30", "12:00"),
    ]  # fmt: skip


async def test_a_technician_who_left_stands_where_he_worked(database: Database) -> None:
    async with database.transaction() as session:
        await build(session)
        session.add(Technician(code="a", name="孙师傅", skills=[]))
        await session.flush()
        taken = await workshop.book_service(session, NOW, visit(at("26 11:30"), "m2"))
        assert isinstance(taken, Booked)
        (one,) = await session.scalars(select(Technician))
        one.active = False
    async with database.reading() as session:
        found = await calendar.read(session, NOW, THURSDAY)
        other = await calendar.read(session, NOW, date(2026, 11, 27))
    (lane,) = dict(found.groups)["technician"]
    assert (lane.name, [block.booking.id for block in lane.blocks]) == (
        "孙师傅",
        [taken.booking.id],
    )
    assert "technician" not in dict(other.groups)


async def test_people_appear_as_soon_as_they_are_occupied(database: Database) -> None:
    booking = await booked(database)
    person = await staff(database, "chen", "consultant")
    async with database.transaction() as session:
        session.add_all(
            Occupancy(
                resource=resource, quarter=booking.starts_at + n * QUARTER,
                test_drive_booking_id=booking.id,
            )
            for resource in (f"staff:{person.id}", "consultant:1", "lift:a")
            for n in range(2)
        )  # fmt: skip
    async with database.reading() as session:
        found = await calendar.read(session, NOW, THURSDAY)
    assert [kind for kind, _ in found.groups] == [
        "demo_car", "consultant", "staff", "bay", "lift",
    ]  # fmt: skip
    (lane,) = dict(found.groups)["staff"]
    assert lane.name == person.name
    assert dict(found.groups)["consultant"][0].name == ""
    assert [block.booking.number for block in lane.blocks] == [booking.number]


async def test_a_closed_day_with_a_cancelled_booking(database: Database) -> None:
    booking = await booked(database)
    async with database.transaction() as session:
        row = await session.get_one(TestDriveBooking, booking.id)
        row.state = "cancelled"
        row.starts_at, row.ends_at = at("28 10:00"), at("28 10:30")
    async with database.reading() as session:
        found = await calendar.read(session, NOW, date(2026, 11, 28))
    assert not found.hours and [block.booking.id for block in found.cancelled] == [booking.id]
    assert found.special is not None and found.special.name_zh == "盘点"
    assert dict(found.week)[date(2026, 11, 28)] == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_page(office: Browser) -> None:
    page = (await office.get("/console/day?date=2026-11-26")).text
    assert "TD261125-0001" in page and "SV261125-0002" in page and "浙A00002" in page
    assert 'href="?date=2026-11-25"' in page and 'href="?date=2026-11-27"' in page
    assert "停用" in page and "空闲" in page
    cancelled = (await office.get("/console/day?date=2026-11-27")).text
    assert "当天已取消" in cancelled and "TD261125-0003" in cancelled
    for odd in ("2026-13-01", HOSTILE, "1000-01-01", "9999-12-31"):
        response = await office.get("/console/day", params={"date": odd})
        assert response.status_code == 200 and "2026-11-25 周三" in response.text
        assert "日期无法识别" in response.text and HOSTILE not in response.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_before_a_dealership_is_set_up(admin: Browser) -> None:
    assert (await admin.get("/console/day")).status_code == 404


def test_every_reason_of_the_rules_has_words() -> None:
    assert {f"refusal.{reason}" for reason in get_args(Reason)} <= set(TEXTS)
