"""The day of a visit on its page in the console."""

from sqlalchemy import select

from backend.appointments.outcomes import Booked
from backend.clock import FixedClock
from backend.database import Database
from backend.models import Audit, ServiceBooking, ServiceVisit
from backend.workshop import service as workshop
from tests.integration.console.browser import Browser
from tests.integration.world import at, visit


async def booked(database: Database, clock: FixedClock) -> str:
    clock.advance(at("26 10:00") - clock.now())
    async with database.transaction() as session:
        made = await workshop.book_service(
            session,
            clock.now(),
            visit(
                at("27 15:00"), "day", items=("oil", "check"), told_total=56_000,
                phone="+8613800000077", plate="浙A77777",
            ),
        )  # fmt: skip
    assert isinstance(made, Booked), made
    clock.advance(at("27 14:45") - clock.now())
    return made.booking.number


async def row(database: Database, number: str) -> tuple[str, ServiceVisit]:
    async with database.reading() as session:
        found = await session.execute(
            select(ServiceBooking.state, ServiceVisit)
            .join(ServiceVisit, ServiceVisit.booking_id == ServiceBooking.id)
            .where(ServiceBooking.number == number)
        )
        state, held = found.one()
        return state, held


async def test_the_day_by_buttons(office: Browser, database: Database, clock: FixedClock) -> None:
    number = await booked(database, clock)
    path = f"/console/service-bookings/{number}"
    await office.sign_in()
    page = (await office.get(path)).text
    assert "车已到店" in page and "客户未到" in page and "里程表" not in page
    early = await office.post(f"{path}/no-show", path)
    assert (early.status_code, "还没到预约的日子" in early.text) == (409, True)
    assert (await office.post(f"{path}/arrive", path)).status_code == 303
    wrong = await office.post(f"{path}/complete", path, mileage_km="两万", done_oil="yes")
    assert (wrong.status_code, "整数" in wrong.text) == (409, True)
    assert (await row(database, number))[0] == "booked"
    done = await office.post(f"{path}/complete", path, mileage_km="20,400", done_oil="yes")
    assert done.status_code == 303
    state, held = await row(database, number)
    assert (state, held.mileage_km, held.done) == ("done", 20_400, ["oil"])
    page = (await office.get(path)).text
    assert "20,400" in page and "完工" in page and "车已到店" not in page
    again = await office.client.post(f"{path}/no-show")
    assert again.status_code == 403
    async with database.reading() as session:
        told = await session.scalars(
            select(Audit.action).where(Audit.actor == "staff:1").order_by(Audit.id)
        )
        lines = [line for line in told if line.startswith("service_booking.")]
    assert lines == ["service_booking.arrived", "service_booking.completed"]


async def test_nobody_came(office: Browser, database: Database, clock: FixedClock) -> None:
    number = await booked(database, clock)
    path = f"/console/service-bookings/{number}"
    clock.advance(at("27 15:20") - clock.now())
    await office.sign_in()
    assert (await office.post(f"{path}/no-show", path)).status_code == 303
    assert (await row(database, number))[0] == "no_show"
    assert "车已到店" not in (await office.get(path)).text
