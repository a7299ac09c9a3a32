"""Moving and cancelling by staff: the rules of the chat, the word to the customer, the audit."""

import asyncio
import re
from datetime import datetime

import pytest
from sqlalchemy import select

from backend.appointments import service as appointments
from backend.appointments.outcomes import Booked, Refused
from backend.clock import FixedClock
from backend.conversations import outbox
from backend.conversations.service import lock
from backend.database import Database
from backend.errors import ConflictError, InvalidError
from backend.models import (
    Audit,
    Conversation,
    Occupancy,
    Outbox,
    ServiceBooking,
    TestDriveBooking,
)
from backend.staff import desk
from backend.workshop import service as workshop
from tests.conftest import NOW
from tests.integration.console.browser import Browser
from tests.integration.console.office import HOSTILE
from tests.integration.world import (
    CONVERSATION,
    OTHER_CONVERSATION,
    OTHER_PHONE,
    at,
    build,
    cars,
    drive,
    visit,
    walls,
)


async def world(database: Database) -> tuple[TestDriveBooking, ServiceBooking]:
    async with database.transaction() as session:
        await build(session)
        one = await appointments.book_test_drive(session, NOW, drive(at("26 15:00")))
        other = await workshop.book_service(session, NOW, visit(at("26 09:00"), "m2"))
    assert isinstance(one, Booked) and isinstance(other, Booked)
    return one.booking, other.booking


async def move(
    database: Database, booking: desk.Booking, to: datetime, car_id: int | None = None
) -> desk.Changed | Refused:
    async with database.transaction() as session:
        return await desk.move(
            session, NOW, booking, to, actor="staff:7", why="customer", car_id=car_id
        )


async def words(database: Database) -> list[tuple[str, str]]:
    async with database.reading() as session:
        rows = await session.scalars(
            # Reminders are planned beside them.
            select(Outbox)
            .where(Outbox.state == "planned", Outbox.category == "notice")
            .order_by(Outbox.id)
        )
        return [(row.text_zh, row.text_en) for row in rows]


async def audited(database: Database, action: str) -> list[tuple[str, str, object]]:
    async with database.reading() as session:
        lines = await session.scalars(select(Audit).where(Audit.action == action))
        return [(line.actor, line.subject, line.data.get("reason")) for line in lines]


async def test_a_move_is_told_and_audited(database: Database) -> None:
    booking, visit_ = await world(database)
    done = await move(database, booking, at("27 10:00"))
    assert isinstance(done, desk.Changed) and done.told and not done.already
    ((zh, en),) = await words(database)
    assert booking.number in zh and "11月27日（周五）10:00" in zh and "山屿" in zh
    assert booking.number in en and "Fri 27 Nov, 10:00" in en and "Shanyu" in en
    assert await audited(database, "test_drive.moved") == [
        ("staff:7", f"test_drive:{booking.id}", "customer")
    ]
    moved = await move(database, visit_, at("27 14:00"))
    assert isinstance(moved, desk.Changed) and moved.told
    assert visit_.number in (await words(database))[1][0]
    async with database.reading() as session:
        quarters = await session.scalars(
            select(Occupancy.quarter).where(Occupancy.test_drive_booking_id == booking.id)
        )
        assert walls(sorted(quarters)) == ["27 10:00", "27 10:15", "27 10:30"]


async def test_only_the_last_word_is_said_in_the_language_of_the_customer(
    database: Database,
) -> None:
    booking, _ = await world(database)
    await move(database, booking, at("27 10:00"))
    async with database.transaction() as session:
        await desk.move(
            session, NOW.replace(minute=1), booking, at("26 15:00"), actor="staff:7", why="mistake"
        )
        (await session.get_one(Conversation, CONVERSATION)).language = "en"
    async with database.transaction() as session:
        conversation = await lock(session, CONVERSATION)
        await outbox.claim(session, NOW.replace(minute=2), conversation, "x", most=5, budget=3)
    async with database.reading() as session:
        conversation = await session.get_one(Conversation, CONVERSATION)
        assert "has been moved to Thu 26 Nov, 15:00" in conversation.last_text
        states = await session.scalars(
            select(Outbox.state).where(Outbox.category == "notice").order_by(Outbox.id)
        )
        assert list(states) == ["withdrawn", "sent"]


async def test_the_same_move_twice_tells_nobody_twice(database: Database) -> None:
    booking, _ = await world(database)
    await move(database, booking, at("27 10:00"))
    again = await move(database, booking, at("27 10:00"))
    assert isinstance(again, desk.Changed) and again.already and not again.told
    assert len(await words(database)) == 1


async def test_another_car_of_the_model_and_no_other(database: Database) -> None:
    booking, _ = await world(database)
    async with database.reading() as session:
        own = [car.id for car in await cars(session, "shanyu")]
        foreign = (await cars(session, "xinghe-e5"))[0].id
    other = next(car for car in own if car != booking.demo_car_id)
    done = await move(database, booking, at("26 15:00"), other)
    assert isinstance(done, desk.Changed) and not done.already
    assert isinstance(done.booking, TestDriveBooking) and done.booking.demo_car_id == other
    refused = await move(database, booking, at("26 16:00"), foreign)
    assert isinstance(refused, Refused) and refused.reason == "no_demo_car"
    async with database.transaction() as session:
        taken = await appointments.book_test_drive(
            session, NOW, drive(at("27 15:00"), "m9", phone=OTHER_PHONE)
        )
    assert isinstance(taken, Booked)
    busy = taken.booking.demo_car_id
    refused = await move(database, booking, at("27 15:00"), busy)
    assert isinstance(refused, Refused) and refused.reason == "taken"
    assert at("27 15:00") not in refused.alternatives and len(refused.alternatives) == 3


@pytest.mark.parametrize(
    ("to", "reason"),
    [("25 11:00", "too_soon"), ("25 09:00", "past"), ("28 10:00", "closed"),
     ("26 12:00", "closed"), ("12-20 10:00", "too_far")],
)  # fmt: skip
async def test_the_rules_of_the_chat(database: Database, to: str, reason: str) -> None:
    booking, _ = await world(database)
    done = await move(database, booking, at(to))
    assert isinstance(done, Refused) and done.reason == reason and done.alternatives
    assert await words(database) == []
    async with database.reading() as session:
        row = await session.get_one(TestDriveBooking, booking.id)
        assert row.starts_at == at("26 15:00")


async def test_cancelling(database: Database) -> None:
    booking, visit_ = await world(database)
    for one in (booking, visit_):
        for already in (False, True):
            async with database.transaction() as session:
                done = await desk.cancel(session, NOW, one, actor="staff:7", why="capacity")
            assert isinstance(done, desk.Changed) and done.already is already
    assert [booking.number in zh or visit_.number in zh for zh, _ in await words(database)] == [
        True, True,
    ]  # fmt: skip
    assert await audited(database, "service_booking.cancelled") == [
        ("staff:7", f"service_booking:{visit_.id}", "capacity")
    ]
    async with database.reading() as session:
        assert (await session.scalars(select(Occupancy))).all() == []
    refused = await move(database, booking, at("27 10:00"))
    assert isinstance(refused, Refused) and refused.reason == "not_active"


async def test_without_a_conversation_somebody_has_to_call(database: Database) -> None:
    booking, _ = await world(database)
    async with database.transaction() as session:
        (await session.get_one(TestDriveBooking, booking.id)).conversation_id = None
    done = await move(database, booking, at("27 10:00"))
    assert isinstance(done, desk.Changed) and not done.told
    async with database.transaction() as session:
        row = await session.get_one(TestDriveBooking, booking.id)
        row.conversation_id = OTHER_CONVERSATION
        (await session.get_one(Conversation, OTHER_CONVERSATION)).reachable = False
    done = await move(database, booking, at("27 11:00"))
    assert isinstance(done, desk.Changed) and not done.told
    assert await words(database) == []


async def test_who_decided_on_an_older_state_is_refused(database: Database) -> None:
    booking, _ = await world(database)
    seen = booking.starts_at
    await move(database, booking, at("27 10:00"))
    for cancels in (False, True):
        with pytest.raises(ConflictError):
            async with database.transaction() as session:
                if cancels:
                    await desk.cancel(
                        session, NOW, booking, actor="staff:8", why="other", seen=seen
                    )
                else:
                    await desk.move(
                        session, NOW, booking, at("27 11:00"), actor="staff:8", why="other",
                        seen=seen,
                    )  # fmt: skip
    with pytest.raises(InvalidError):
        async with database.transaction() as session:
            await desk.cancel(session, NOW, booking, actor="staff:8", why=HOSTILE)


async def test_two_colleagues_at_once(database: Database) -> None:
    """One of them decides, the other one learns that it has been changed."""
    booking, _ = await world(database)
    seen = booking.starts_at

    async def one(to: str) -> str:
        try:
            async with database.transaction() as session:
                row = await desk.drive(session, booking.number)
                await desk.move(session, NOW, row, at(to), actor="staff:7", why="car", seen=seen)
        except ConflictError:
            return "changed"
        return to

    done = await asyncio.gather(one("27 10:00"), one("27 11:00"))
    assert sorted(done)[1] == "changed" or sorted(done).count("changed") == 1
    assert len(await words(database)) == 1


# ---- the pages ----

page_tests = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
DRIVE = "/console/test-drives/TD261125-0001"
VISIT = "/console/service-bookings/SV261125-0001"


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1].replace("&#43;", "+")


async def post(office: Browser, path: str, do: str, **fields: str) -> tuple[int, str]:
    page = (await office.get(path)).text
    response = await office.post(f"{path}/{do}", path, seen=seen_on(page), **fields)
    return response.status_code, response.headers.get("location", "") or response.text


@page_tests
async def test_a_move_from_the_page(office: Browser, database: Database) -> None:
    page = (await office.get(DRIVE)).text
    assert "改期并通知客户" in page and "浙A00001" in page
    offered = re.findall(r"\?to=([^#\"]+)#change", page)
    assert len(offered) == 6
    prefilled = (await office.get(f"{DRIVE}?to={offered[-1]}")).text
    assert 'name="time" value="15:45"' in prefilled
    status, answer = await post(
        office, DRIVE, "move", day="2026-11-27", time="10:00", car="", reason="customer"
    )
    assert (status, answer) == (303, f"{DRIVE}?done=moved")
    done = (await office.get(answer)).text
    assert "已改期，通知已发给客户。" in done and "2026-11-27 周五 10:00–10:30" in done
    status, answer = await post(
        office, DRIVE, "move", day="2026-11-27", time="10:00", car="", reason="customer"
    )
    assert answer.endswith("?done=same")
    assert await audited(database, "test_drive.moved") == [("staff:1", "test_drive:1", "customer")]


@page_tests
async def test_refusals_on_the_page(office: Browser) -> None:
    status, page = await post(
        office, DRIVE, "move", day="2026-11-28", time="10:00", car="", reason="car"
    )
    assert status == 409 and "不在营业时间内" in page and "最近的空闲时间" in page
    assert 'value="2026-11-28"' in page and re.search(r'value="car" selected', page)
    for day, time in (("", "10:00"), ("2026-02-30", "10:00"), (HOSTILE, HOSTILE)):
        status, page = await post(office, DRIVE, "move", day=day, time=time, reason="car")
        assert status == 422 and "请填写日期和时间" in page and HOSTILE not in page
    status, page = await post(office, DRIVE, "move", day="2026-11-27", time="10:00", reason="x")
    assert status == 422 and "请选择原因" in page
    status, page = await post(
        office, DRIVE, "move", day="2026-11-27", time="10:00", car="99", reason="car"
    )
    assert status == 409 and "没有可用的试驾车" in page
    stale = await office.post(
        f"{DRIVE}/move", DRIVE, seen="2026-11-26T14:00:00+08:00", day="2026-11-27", time="10:00",
        reason="car",
    )  # fmt: skip
    assert stale.status_code == 409 and "刚被其他人改过" in stale.text
    again = await office.get(f"{DRIVE}/move")
    assert (again.status_code, again.headers["location"]) == (303, DRIVE)
    for path in ("/console/test-drives/TD999999-0001", "/console/service-bookings/%00"):
        response = await office.post(f"{path}/cancel", DRIVE, reason="car", seen="x")
        assert response.status_code in (404, 409)
    assert (await office.client.post(f"{DRIVE}/cancel", data={"csrf": "x"})).status_code == 403


@page_tests
async def test_cancelling_from_the_page(office: Browser, clock: FixedClock) -> None:
    assert "客户不在聊天里" in (await office.get(VISIT)).text
    status, answer = await post(office, VISIT, "cancel", reason="customer")
    assert (status, answer) == (303, f"{VISIT}?done=cancelled_call")
    page = (await office.get(answer)).text
    assert "已取消。请打电话告知客户。" in page and 'id="change"' not in page
    # What is over or was never to be is not offered for changing.
    for number in ("TD261125-0002", "TD261125-0003"):
        assert 'id="change"' not in (await office.get(f"/console/test-drives/{number}")).text
    clock.advance(at("26 15:10") - NOW)
    await office.sign_in()
    begun = (await office.get(DRIVE)).text
    assert f"{DRIVE}/cancel" in begun and f"{DRIVE}/move" not in begun
