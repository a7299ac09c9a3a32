"""What a tool says of test drives on their day, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from backend.appointments import service as drives
from backend.appointments.outcomes import Booked
from backend.clock import FixedClock
from backend.database import Database
from backend.models import Audit, DemoCarCheck
from backend.staff import tokens
from tests.conftest import NOW
from tests.integration.console.browser import application, settings
from tests.integration.world import at, build, drive

WELL = {"condition": True, "cleanliness": True, "energy": True, "tyres": True, "papers": True}


@pytest.fixture
async def tool(
    database: Database, clock: FixedClock, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    async with database.transaction() as session:
        await build(session)
        made = await drives.book_test_drive(session, NOW, drive(at("26 15:00")))
        assert isinstance(made, Booked)
        _, secret = await tokens.create(session, NOW, "showroom", actor="setup", may_write=True)
    transport = httpx.ASGITransport(application(database, clock, settings(tmp_path)))
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        client.headers["authorization"] = f"Bearer {secret}"
        yield client


async def test_a_day_in_calls(
    tool: httpx.AsyncClient, database: Database, clock: FixedClock
) -> None:
    clock.advance(at("26 14:30") - clock.now())
    body = {**WELL, "note": "胎压已补"}
    checked = await tool.post("/api/staff/test-drives/1/checklist", json=body)
    assert checked.status_code == 200, checked.text
    assert (checked.json()["passed"], checked.json()["car_state"]) == (True, "available")
    failed = await tool.post("/api/staff/test-drives/1/checklist", json={**WELL, "energy": False})
    assert failed.json()["moved"] == ["TD261125-0001"]
    assert failed.json()["car_state"] == "out_of_service"
    back = await tool.post("/api/staff/demo-cars/1/checklist", json=WELL)
    assert back.json()["car_state"] == "available"
    arrived = await tool.post("/api/staff/test-drives/1/arrive")
    assert arrived.json() == {
        "id": 1, "number": "TD261125-0001", "state": "booked",
        "arrived_at": "2026-11-26T14:30:00+08:00", "displaced": False,
    }  # fmt: skip
    done = await tool.post("/api/staff/test-drives/1/complete")
    assert done.json()["state"] == "done"
    refused = await tool.post("/api/staff/test-drives/1/no-show")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_active")
    async with database.reading() as session:
        checks = list(await session.scalars(select(DemoCarCheck).order_by(DemoCarCheck.id)))
        assert [(row.passed, row.note) for row in checks] == [
            (True, "胎压已补"), (False, ""), (True, ""),
        ]  # fmt: skip
        lines = list(await session.scalars(select(Audit).where(Audit.actor == "token:1")))
        assert "胎压" not in str([line.data for line in lines])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "body", [{}, {**WELL, "tyres": "yes"}, {**WELL, "wings": True}, {**WELL, "note": "x" * 501}]
)
async def test_a_malformed_checklist_changes_nothing(
    tool: httpx.AsyncClient, database: Database, body: dict[str, object]
) -> None:
    refused = await tool.post("/api/staff/test-drives/1/checklist", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "invalid")
    async with database.reading() as session:
        assert list(await session.scalars(select(DemoCarCheck))) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_without_a_token_and_without_a_booking(tool: httpx.AsyncClient) -> None:
    for call in ("checklist", "arrive", "complete", "no-show"):
        body = WELL if call == "checklist" else None
        missing = await tool.post(f"/api/staff/test-drives/99/{call}", json=body)
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
        headers = {"authorization": "Bearer wrong"}
        stranger = await tool.post(f"/api/staff/test-drives/1/{call}", json=body, headers=headers)
        assert stranger.status_code == 401
