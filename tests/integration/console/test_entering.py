"""Entering what came by phone or in person, on the pages of the console."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from backend.database import Database
from backend.models import (
    Audit,
    Complaint,
    Conversation,
    Counter,
    RoadsideRequest,
    ServiceBooking,
    Task,
    TestDriveBooking,
)
from tests.integration.console.browser import Browser
from tests.integration.world import at


@pytest.fixture
async def office(office: Browser, database: Database) -> Browser:
    """The records of the day were written without running the counters of their numbers."""
    async with database.transaction() as session:
        session.add_all(Counter(name=f"{kind}261125", value=9) for kind in ("TD", "SV", "CP", "RS"))
    return office


CALLER = {"name": "李雷", "phone": "138 0000 0009", "source": "phone", "language": ""}


async def enter(office: Browser, kind: str, **fields: str) -> tuple[int, str]:
    path = f"/console/new/{kind}"
    response = await office.post(path, path, **{**CALLER, **fields})
    place = response.headers.get("location", "").removesuffix("?said=entered")
    return response.status_code, place or response.text


async def one(database: Database, kind: Any) -> Any:
    async with database.reading() as session:
        return (await session.scalars(select(kind).order_by(kind.id.desc()).limit(1))).one()


async def test_a_test_drive(office: Browser, database: Database) -> None:
    fields = {"model": "shanyu", "starts_at": "2026-11-26T10:00", "key": "k1"}
    status, place = await enter(office, "test-drive", **fields)
    assert status == 303
    assert re.fullmatch(r"/console/test-drives/TD\d{6}-\d{4}", place)
    assert (await enter(office, "test-drive", **fields)) == (status, place)
    page = (await office.get(place)).text
    assert "李雷" in page and "138 0000 0009" in page
    booking = await one(database, TestDriveBooking)
    assert (booking.starts_at, booking.conversation_id) == (at("26 10:00"), None)
    async with database.reading() as session:
        actions = list(await session.scalars(select(Audit.action).order_by(Audit.id)))
    assert actions[-2:] == ["test_drive.booked", "test_drive.entered"]


async def test_closed_hours_are_refused_with_other_times_to_choose(office: Browser) -> None:
    fields = {"model": "shanyu", "starts_at": "2026-11-28T10:00", "key": "k1"}
    status, page = await enter(office, "test-drive", **fields)
    assert status == 409
    assert "11月28日（周六）10:00开始的话，营业时间内安排不下。最近可约的时间：" in page
    assert 'value="李雷"' in page
    others = re.findall(r'name="other_time" value="([^"]+)"', page)
    assert len(others) == 3
    assert (await enter(office, "test-drive", **fields, other_time=others[0]))[0] == 303


async def test_mistakes_stand_beside_their_fields(office: Browser, database: Database) -> None:
    wrong = {"phone": "1380000000", "name": "", "model": "", "starts_at": "2026-02-30T10:00"}
    status, page = await enter(office, "test-drive", **wrong)
    assert status == 422
    for name in ("phone", "model", "starts_at"):
        assert f'aria-describedby="w-{name}"' in page and f'id="w-{name}"' in page
    assert "请核对位数" in page and 'value="1380000000"' in page
    status, page = await enter(office, "complaint", phone="", name="", text=" ")
    assert status == 422 and 'id="w-text"' in page and 'id="w-phone"' not in page
    status, page = await enter(office, "service-booking", plate="A1", mileage_km="9999999")
    for name in ("items", "plate", "mileage_km", "starts_at"):
        assert f'id="w-{name}"' in page
    assert (await office.get("/console/new/nothing")).status_code == 404


async def test_a_visit_is_told_its_price_before_it_is_entered(
    office: Browser, database: Database
) -> None:
    fields = {"item:oil": "yes", "model": "shanyu", "plate": "浙A99999",
              "starts_at": "2026-11-30T10:00", "key": "v1"}  # fmt: skip
    status, page = await enter(office, "service-booking", **fields)
    assert status == 200 and "请先告知客户价格" in page and "¥480" in page
    hidden = dict(re.findall(r'name="(told_\w+)" value="([^"]*)"', page))
    assert hidden == {"told_total": "48000", "told_for": "oil|shanyu"}
    # Other work than that: its price is told first.
    status, page = await enter(
        office, "service-booking", **fields, **hidden, **{"item:check": "yes"}
    )
    assert status == 200 and "请先告知客户价格" in page
    status, place = await enter(office, "service-booking", **fields, **hidden)
    assert status == 303 and place.startswith("/console/service-bookings/SV")
    booking = await one(database, ServiceBooking)
    assert (booking.price, booking.plate) == (48_000, "浙A99999")


async def test_a_complaint_in_person_without_a_name(office: Browser, database: Database) -> None:
    status, place = await enter(
        office, "complaint", phone="", name="", source="walk_in", text="前台没人接待", key="c1"
    )
    assert status == 303
    complaint = await one(database, Complaint)
    assert place == f"/console/complaints/{complaint.number}"
    page = (await office.get(place)).text
    assert "到店" in page and "请打电话" in page
    assert complaint.conversation_id is not None
    page = (await office.get(f"/console/conversations/{complaint.conversation_id}")).text
    assert "前台没人接待" in page


async def test_a_car_that_needs_help_by_phone(office: Browser, database: Database) -> None:
    kind = "roadside-request"
    status, page = await enter(office, kind, phone="", name="", text=" ", place="")
    assert status == 422
    for name in ("phone", "text", "place"):
        assert f'id="w-{name}"' in page
    # His name can wait.
    fields = {"name": "", "place": "临澜大桥北侧", "text": "爆胎了，没有备胎", "key": "r1"}
    status, place = await enter(office, kind, **fields)
    assert status == 303
    request = await one(database, RoadsideRequest)
    assert place == f"/console/roadside-requests/{request.number}"
    assert (await enter(office, kind, **fields)) == (status, place)
    assert (request.place, request.text, request.phone) == (
        "临澜大桥北侧", "爆胎了，没有备胎", "+8613800000009",
    )  # fmt: skip
    page = (await office.get(place)).text
    assert "临澜大桥北侧" in page and "138 0000 0009" in page and "请打电话告知" in page
    async with database.reading() as session:
        tasks = list(
            await session.scalars(
                select(Task).where(Task.conversation_id == request.conversation_id)
            )
        )
        talk = await session.get_one(Conversation, request.conversation_id)
        rows = list(await session.scalars(select(RoadsideRequest)))
        lines = await session.scalars(
            select(Audit.action).where(Audit.subject == f"roadside_request:{request.id}")
        )
        assert list(lines) == ["roadside.requested", "roadside_request.entered"]
    assert [(task.kind, task.note.partition(" ")[0]) for task in tasks] == [
        ("danger", request.number)
    ]
    assert (talk.channel, talk.owner, len(rows)) == ("phone", "staff", 1)
    page = (await office.get(f"/console/conversations/{talk.id}")).text
    assert request.number in page


async def test_an_inquiry_is_found_again_in_the_inbox(office: Browser, database: Database) -> None:
    status, place = await enter(
        office, "inquiry", text="山屿混动有没有蓝色现车", model="shanyu", key="i1",
        follow_up_at="2026-11-25T16:00",
    )  # fmt: skip
    assert status == 303
    task = await one(database, Task)
    assert place == f"/console/conversations/{task.conversation_id}"
    assert (task.kind, task.due_at) == ("follow_up", at("25 16:00"))
    async with database.reading() as session:
        talk = await session.get_one(Conversation, task.conversation_id)
    assert (talk.channel, talk.owner, talk.assignee_id) == ("phone", "staff", 1)
    assert "山屿混动有没有蓝色现车" in (await office.get("/console/conversations")).text
    # Nothing can be sent to a telephone; colleagues' notes can be written.
    response = await office.post(f"{place}/reply", place, kind="reply", text="您好")
    assert response.status_code == 422 and "发不出消息" in response.text
    response = await office.post(f"{place}/reply", place, kind="note", text="已联系")
    assert response.status_code == 303


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_lists_lead_to_the_forms(office: Browser) -> None:
    for listed, kind in (
        ("test-drives", "test-drive"), ("service-bookings", "service-booking"),
        ("complaints", "complaint"), ("tasks", "inquiry"),
    ):  # fmt: skip
        assert f'href="/console/new/{kind}"' in (await office.get(f"/console/{listed}")).text
