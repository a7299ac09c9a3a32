"""Moving and cancelling over the staff API."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.database import Database
from backend.models import Audit, Outbox, StaffToken
from tests.integration.staff_api.test_staff_api import stranger, tool

__all__ = ["stranger", "tool"]

MOVE = "/api/staff/test-drives/TD261125-0001/move"


@pytest.fixture
async def writer(tool: httpx.AsyncClient, database: Database) -> httpx.AsyncClient:
    async with database.transaction() as session:
        (await session.scalars(select(StaffToken))).one().may_write = True
    return tool


def body(to: str, **more: Any) -> dict[str, Any]:
    return {"starts_at": to, "reason": "customer", **more}


async def test_a_token_that_only_reads(tool: httpx.AsyncClient) -> None:
    for path, sent in (
        (MOVE, body("2026-11-27T10:00")),
        ("/api/staff/service-bookings/1/cancel", {"reason": "other"}),
    ):
        response = await tool.post(path, json=sent)
        assert response.status_code == 403
        assert response.json()["error"]["code"] == "read_only"


async def test_moving(writer: httpx.AsyncClient, database: Database) -> None:
    response = await writer.post(MOVE, json=body("2026-11-27T10:00:00"))
    assert response.status_code == 200
    assert response.json()["starts_at"] == "2026-11-27T10:00:00+08:00"
    # By its id, with another offset: the same moment, so nothing is told again.
    again = await writer.post("/api/staff/test-drives/1/move", json=body("2026-11-27T02:00:00Z"))
    assert again.status_code == 200
    plate = response.json()["car"]["plate"]
    other = "浙A00001" if plate == "浙A00002" else "浙A00002"
    swapped = await writer.post(MOVE, json=body("2026-11-27T10:00:00", car=other))
    assert swapped.json()["car"]["plate"] == other
    visit = await writer.post(
        "/api/staff/service-bookings/SV261125-0001/move", json=body("2026-11-26T14:00:00")
    )
    assert visit.json()["starts_at"] == "2026-11-26T14:00:00+08:00"
    async with database.reading() as session:
        lines = await session.scalars(select(Audit).where(Audit.action.like("%.moved")))
        assert {(line.actor, line.data["reason"]) for line in lines} == {("token:1", "customer")}
        keys = await session.scalars(select(Outbox.key).where(Outbox.key.like("changed:TD%")))
        assert len(list(keys)) >= 1


async def test_refusals(writer: httpx.AsyncClient) -> None:
    response = await writer.post(MOVE, json=body("2026-11-28T10:00:00"))
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (409, "closed")
    assert len(error["alternatives"]) == 3 and error["alternatives"][0].endswith("+08:00")
    for sent in (
        {}, body("soon"), body("2026-11-27T10:00", reason="because"), body("2026-11-27T10:00", x=1),
        body("0001-01-01T00:00:00"), body("2026-11-27T10:00", car="浙A99999"),
    ):  # fmt: skip
        assert (await writer.post(MOVE, json=sent)).status_code == 422, sent
    missing = await writer.post("/api/staff/test-drives/TD1/move", json=body("2026-11-27T10:00"))
    assert missing.status_code == 404


async def test_cancelling(writer: httpx.AsyncClient) -> None:
    path = "/api/staff/service-bookings/SV261125-0001/cancel"
    for _ in range(2):
        response = await writer.post(path, json={"reason": "capacity"})
        assert (response.status_code, response.json()["state"]) == (200, "cancelled")
    done = await writer.post("/api/staff/test-drives/2/cancel", json={"reason": "capacity"})
    assert (done.status_code, done.json()["error"]["code"]) == (409, "not_active")
