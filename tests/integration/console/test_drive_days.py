"""The day of a test drive on its page in the console."""

import pytest
from sqlalchemy import select

from backend.appointments import service as drives
from backend.appointments.outcomes import Booked
from backend.clock import FixedClock
from backend.database import Database
from backend.models import Audit, DemoCar, DemoCarCheck, DriveFeedback, TestDriveBooking
from tests.integration.console.browser import Browser
from tests.integration.console.office import HOSTILE
from tests.integration.world import CONVERSATION, at, drive

WELL = dict.fromkeys(("condition", "cleanliness", "energy", "tyres", "papers"), "yes")


async def booked(database: Database, clock: FixedClock) -> str:
    clock.advance(at("26 10:00") - clock.now())
    async with database.transaction() as session:
        made = await drives.book_test_drive(
            session, clock.now(), drive(at("27 15:00"), "day", phone="+8613800000077")
        )
    assert isinstance(made, Booked)
    clock.advance(at("27 14:45") - clock.now())
    return made.booking.number


async def row(database: Database, number: str) -> TestDriveBooking:
    async with database.reading() as session:
        return (
            await session.scalars(select(TestDriveBooking).where(TestDriveBooking.number == number))
        ).one()


async def test_the_day_by_buttons(office: Browser, database: Database, clock: FixedClock) -> None:
    number = await booked(database, clock)
    path = f"/console/test-drives/{number}"
    await office.sign_in()
    page = (await office.get(path)).text
    for words in ("客户已到店", "试驾完成", "客户未到", "出车检查"):
        assert words in page
    assert (await office.post(f"{path}/checklist", path, **WELL, note=HOSTILE)).status_code == 303
    page = (await office.get(path)).text
    assert "通过" in page and HOSTILE not in page
    early = await office.post(f"{path}/no-show", path)
    assert (early.status_code, "还没到预约时间" in early.text) == (409, True)
    assert (await office.post(f"{path}/arrive", path)).status_code == 303
    page = (await office.get(path)).text
    assert "客户已到店" not in page and "到店" in page
    assert (await office.post(f"{path}/complete", path)).status_code == 303
    assert (await row(database, number)).state == "done"
    async with database.reading() as session:
        lines = await session.scalars(
            select(Audit.action).where(Audit.actor == "staff:1").order_by(Audit.id)
        )
        told = [line for line in lines if line.startswith(("test_drive.", "demo_car."))]
        assert told == ["demo_car.checked", "test_drive.arrived", "test_drive.done"]


async def test_a_car_that_fails_goes_out(
    office: Browser, database: Database, clock: FixedClock
) -> None:
    number = await booked(database, clock)
    path = f"/console/test-drives/{number}"
    await office.sign_in()
    before = (await row(database, number)).demo_car_id
    ticked = {item: "yes" for item in WELL if item != "tyres"}
    assert (await office.post(f"{path}/checklist", path, **ticked)).status_code == 303
    async with database.reading() as session:
        car = await session.get_one(DemoCar, before)
        [check] = list(await session.scalars(select(DemoCarCheck)))
    assert (car.state, check.passed, check.tyres, check.papers) == (
        "out_of_service", False, False, True,
    )  # fmt: skip
    assert (await row(database, number)).demo_car_id != before
    assert "未通过：轮胎正常" in (await office.get(path)).text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_feedback_is_shown_as_words(
    office: Browser, database: Database, clock: FixedClock
) -> None:
    number = await booked(database, clock)
    async with database.transaction() as session:
        session.add(
            DriveFeedback(
                test_drive_booking_id=(await row(database, number)).id, score=2, step="done",
                conversation_id=CONVERSATION, comment=HOSTILE, next_step="price",
            )
        )  # fmt: skip
    await office.sign_in()
    page = (await office.get(f"/console/test-drives/{number}")).text
    assert "2 / 5" in page and "想谈价格" in page
    assert HOSTILE not in page


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_foreign_page_changes_nothing(
    office: Browser, database: Database, clock: FixedClock
) -> None:
    number = await booked(database, clock)
    await office.sign_in()
    for call in ("checklist", "arrive", "complete", "no-show"):
        path = f"/console/test-drives/{number}/{call}"
        answer = await office.client.post(path, data={"csrf": "x"})
        assert answer.status_code == 403
        missing = await office.post(
            f"/console/test-drives/TD000000-0000/{call}", f"/console/test-drives/{number}"
        )
        assert missing.status_code == 404
    assert (await row(database, number)).arrived_at is None
