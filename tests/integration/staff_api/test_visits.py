"""What became of a visit, recorded by a tool, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from backend.appointments.outcomes import Booked
from backend.clock import FixedClock
from backend.database import Database
from backend.models import Audit, MileageReading
from backend.staff import tokens
from backend.workshop.service import book_service
from tests.conftest import NOW
from tests.integration.console.browser import application, settings
from tests.integration.world import at, build, visit

NUMBER = "SV261125-0001"


@pytest.fixture
async def tool(
    database: Database, clock: FixedClock, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a token, at the hour of a booked visit."""
    async with database.transaction() as session:
        await build(session)
        assert isinstance(await book_service(session, NOW, visit(at("26 15:00"))), Booked)
        _, secret = await tokens.create(session, NOW, "workshop", actor="setup", may_write=True)
    clock.advance(at("26 15:05") - NOW)
    transport = httpx.ASGITransport(application(database, clock, settings(tmp_path)))
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://api.test/api/staff/service-bookings",
        headers={"authorization": f"Bearer {secret}"},
    ) as client:
        yield client


async def test_arrived_and_finished(tool: httpx.AsyncClient, database: Database) -> None:
    came = await tool.post(f"/{NUMBER}/arrive")
    assert came.status_code == 200, came.text
    assert came.json()["arrived_at"] == "2026-11-26T15:05:00+08:00"
    body = {"mileage_km": 20_150, "done": ["check", "oil"]}
    for _ in range(2):
        done = await tool.post("/1/complete", json=body)
        assert done.json() == {
            "id": 1, "number": NUMBER, "state": "done", "technician": None,
            "arrived_at": "2026-11-26T15:05:00+08:00",
            "finished_at": "2026-11-26T15:05:00+08:00",
            "mileage_km": 20_150, "done": ["check", "oil"],
        }  # fmt: skip
    async with database.reading() as session:
        lines = list(await session.scalars(select(Audit).where(Audit.actor == "token:1")))
        readings = list(await session.scalars(select(MileageReading.km)))
    assert [line.action for line in lines] == [
        "service_booking.arrived", "service_booking.completed",
    ]  # fmt: skip
    assert "浙A12345" not in str([line.data for line in lines])
    assert readings == [20_100, 20_150]


async def test_missed(tool: httpx.AsyncClient) -> None:
    missed = await tool.post(f"/{NUMBER.lower()}/no-show")
    assert missed.json()["state"] == "no_show"
    again = await tool.post(f"/{NUMBER}/arrive")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "not_active")


async def test_refused(tool: httpx.AsyncClient, database: Database) -> None:
    early = await tool.post("/1/complete", json={"mileage_km": 20_150})
    assert (early.status_code, early.json()["error"]["code"]) == (409, "not_arrived")
    await tool.post("/1/arrive")
    for body, code in (
        ({"mileage_km": 1_000_000}, "invalid"),
        ({"mileage_km": -1}, "invalid"),
        ({}, "invalid"),
        ({"mileage_km": 1, "note": "x"}, "invalid"),
        ({"mileage_km": 20_150, "done": ["tea"]}, "unknown_item"),
    ):
        answer = await tool.post("/1/complete", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    for ref in ("4711", "SV000000-0000", "x" * 300, "9" * 40):
        assert (await tool.post(f"/{ref}/arrive")).status_code == 404
    tool.headers["authorization"] = "Bearer wrong"
    assert (await tool.post("/1/arrive")).status_code == 401
