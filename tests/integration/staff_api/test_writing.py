"""What came by phone or in person, entered through the staff API; and complaints worked on."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.clock import FixedClock
from backend.database import Database
from backend.models import Audit, Conversation, Customer, Staff, Task
from backend.staff import tokens
from tests.conftest import NOW
from tests.integration.console.browser import application, settings
from tests.integration.world import OTHER_PHONE, PHONE, build

CALLER = {"name": "王伟", "phone": "138 0000 0001", "source": "phone"}
DRIVE = {**CALLER, "key": "k1", "model": "shanyu", "starts_at": "2026-11-26T15:00"}
VISIT = {
    **CALLER, "key": "v1", "items": ["oil"], "model": "shanyu", "plate": "浙a·12345",
    "mileage_km": 20100, "starts_at": "2026-11-26T15:00",
}  # fmt: skip


@pytest.fixture
async def tool(
    database: Database, clock: FixedClock, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose token may write."""
    async with database.transaction() as session:
        await build(session)
        session.add(
            Staff(username="li", name="李强", role="consultant", password_hash="-", created_at=NOW)
        )
        _, secret = await tokens.create(session, NOW, "desk", actor="setup", may_write=True)
        _, reads = await tokens.create(session, NOW, "report", actor="setup")
    transport = httpx.ASGITransport(application(database, clock, settings(tmp_path)))
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        client.headers["authorization"] = f"Bearer {secret}"
        client.headers["x-reading"] = reads
        yield client


async def post(tool: httpx.AsyncClient, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    response = await tool.post(f"/api/staff/{path}", json=body)
    return response.status_code, response.json()


async def all_of(database: Database, kind: Any) -> list[Any]:
    async with database.reading() as session:
        return list(await session.scalars(select(kind).order_by(kind.id)))


async def test_a_token_that_only_reads_writes_nothing(tool: httpx.AsyncClient) -> None:
    tool.headers["authorization"] = f"Bearer {tool.headers['x-reading']}"
    for path in ("test-drives", "service-bookings", "complaints", "inquiries"):
        status, body = await post(tool, path, DRIVE)
        assert (status, body["error"]["code"]) == (403, "read_only")
    tool.headers.pop("authorization")
    assert (await post(tool, "test-drives", DRIVE))[0] == 401


async def test_a_test_drive_once_per_key(tool: httpx.AsyncClient, database: Database) -> None:
    status, first = await post(tool, "test-drives", DRIVE)
    assert status == 201
    assert (first["number"], first["starts_at"]) == ("TD261125-0001", "2026-11-26T15:00:00+08:00")
    assert first["customer"] == {"id": 1, "name": "王伟", "phone": PHONE}
    assert await post(tool, "test-drives", {**DRIVE, "starts_at": "2026-11-27T15:00"}) == (
        201, first,
    )  # fmt: skip
    lines = [(a.actor, a.action) for a in await all_of(database, Audit)]
    assert lines[-2:] == [("token:1", "test_drive.booked"), ("token:1", "test_drive.entered")]


async def test_it_is_refused_as_in_the_chat(tool: httpx.AsyncClient) -> None:
    for key, phone in (("a", "13800000001"), ("b", "13800000002")):
        assert (await post(tool, "test-drives", {**DRIVE, "key": key, "phone": phone}))[0] == 201
    status, body = await post(tool, "test-drives", {**DRIVE, "key": "c", "phone": "13800000003"})
    error = body["error"]
    assert (status, error["code"]) == (409, "taken")
    assert error["message"].startswith("11月26日（周四）15:00已经约满了。最近的空档：")
    assert error["alternatives"][0].startswith("2026-11-26T")
    retry = {**DRIVE, "key": "c", "phone": "13800000003", "starts_at": error["alternatives"][0]}
    assert (await post(tool, "test-drives", retry))[0] == 201
    night = {**DRIVE, "key": "d", "starts_at": "2026-11-26T22:00", "language": "en"}
    status, body = await post(tool, "test-drives", night)
    assert (status, body["error"]["code"]) == (409, "closed")
    assert "does not fit our opening hours" in body["error"]["message"]


async def test_all_mistakes_are_told_by_field(tool: httpx.AsyncClient, database: Database) -> None:
    status, body = await post(
        tool, "test-drives",
        {"key": "k", "phone": "1380000", "starts_at": "2026-02-31T10:00", "source": "mail"},
    )  # fmt: skip
    assert (status, body["error"]["code"]) == (422, "invalid_fields")
    assert body["error"]["fields"] == {
        "phone": "not_a_phone", "source": "unknown", "model": "missing",
        "starts_at": "not_a_time",
    }  # fmt: skip
    wrong = {"plate": "哈A12345", "mileage_km": 5_000_000, "items": []}
    status, body = await post(tool, "service-bookings", {**VISIT, **wrong})
    assert body["error"]["fields"] == {
        "items": "missing", "plate": "not_a_plate", "mileage_km": "not_a_mileage",
    }  # fmt: skip
    assert (await post(tool, "inquiries", {"key": "k", **CALLER}))[1]["error"]["fields"] == {
        "text": "missing"
    }
    assert await all_of(database, Customer) == []


async def test_a_visit_at_the_price_that_was_told(tool: httpx.AsyncClient) -> None:
    status, body = await post(tool, "service-bookings", VISIT)
    error = body["error"]
    assert (status, error["code"], error["total"]) == (409, "price_not_told", 48_000)
    status, body = await post(tool, "service-bookings", {**VISIT, "told_total": 39_000})
    assert (status, body["error"]["code"]) == (409, "price_changed")
    status, body = await post(tool, "service-bookings", {**VISIT, "told_total": error["total"]})
    assert status == 201
    assert (body["price"], body["plate"], body["mileage_km"]) == (48_000, "浙A12345", 20_100)


async def test_a_complaint_and_what_is_done_with_it(
    tool: httpx.AsyncClient, database: Database
) -> None:
    told = {**CALLER, "key": "c1", "source": "walk_in", "text": "变速箱修了三次还是没修好"}
    status, lodged = await post(tool, "complaints", told)
    assert status == 201
    assert (lodged["number"], lodged["severity"], lodged["source"]) == (
        "CP261125-0001", "high", "walk_in",
    )  # fmt: skip
    assert (await post(tool, "complaints", told))[1] == lodged
    (talk,) = [c for c in await all_of(database, Conversation) if c.channel == "walk_in"]
    assert (talk.id, talk.last_text, talk.reachable) == (
        lodged["conversation_id"], told["text"], False,
    )  # fmt: skip
    path = f"complaints/{lodged['number']}"
    status, body = await post(tool, f"{path}/take", {"key": "1", "staff_id": 1})
    assert (status, body["state"], body["assignee"]["name"]) == (200, "in_progress", "李强")
    again = await post(tool, f"{path}/take", {"key": "1", "staff_id": 1})
    assert again == (status, body)
    status, body = await post(tool, f"{path}/message", {"key": "2", "staff_id": 1, "message": "x"})
    assert (status, body["error"]["code"]) == (409, "unreachable")
    status, body = await post(tool, f"{path}/resolve", {"key": "3", "result": "好了"})
    assert (status, body["error"]["code"]) == (409, "no_cause")
    cause = {"key": "4", "staff_id": 1, "cause": "装配", "remedy": "重修"}
    assert (await post(tool, f"{path}/cause", cause))[0] == 200
    status, body = await post(tool, f"{path}/resolve", {"key": "5", "result": "好了"})
    assert (status, body["state"]) == (200, "resolved")
    status, body = await post(tool, f"{path}/reopen", {"key": "6", "reason": "又坏了"})
    assert (status, body["state"]) == (200, "open")
    assert (await post(tool, f"{path}/explode", {"key": "7"}))[0] == 404
    assert (await post(tool, "complaints/CP000000-0000/note", {"key": "8", "note": "x"}))[0] == 404


async def test_an_inquiry_is_a_talk_with_a_task(
    tool: httpx.AsyncClient, database: Database
) -> None:
    asked = {
        "key": "i1", "name": "Ann Lee", "phone": "13800000002", "language": "en",
        "text": "Is the Shanyu hybrid in stock in blue?", "model": "shanyu",
        "follow_up_at": "2026-11-26T10:00", "assignee": 1,
    }  # fmt: skip
    status, body = await post(tool, "inquiries", asked)
    assert status == 201
    assert (await post(tool, "inquiries", asked))[1] == body
    (task,) = await all_of(database, Task)
    assert (task.id, task.kind, task.assignee_id, task.conversation_id) == (
        body["task_id"], "follow_up", 1, body["conversation_id"],
    )  # fmt: skip
    assert task.note == f"Shanyu: {asked['text']}"
    (customer,) = await all_of(database, Customer)
    assert (customer.name, customer.phone, customer.language) == ("Ann Lee", OTHER_PHONE, "en")
    past = {**asked, "key": "i2", "follow_up_at": "2026-11-24T10:00", "assignee": 99}
    assert (await post(tool, "inquiries", past))[1]["error"]["fields"] == {
        "follow_up_at": "past", "assignee": "unknown",
    }  # fmt: skip


async def test_a_known_customer_keeps_name_and_language(
    tool: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        session.add(Customer(name="Ann Lee", phone=PHONE, language="en", created_at=NOW))
    body = {**DRIVE, "name": ""}
    assert (await post(tool, "test-drives", body))[1]["customer"]["name"] == "Ann Lee"
    (customer,) = await all_of(database, Customer)
    assert customer.language == "en"
