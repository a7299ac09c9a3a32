"""What staff see of remote diagnosis: on the booking, in the list of requests, over the API."""

import html

import httpx
import pytest
from sqlalchemy import select

from backend.database import Database
from backend.models import Audit, RoadsideRequest
from tests.integration.console.browser import Browser
from tests.integration.console.office import HOSTILE

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PAGE = "/console/roadside-requests/RS261125-0001"


async def test_the_booking_shows_what_was_told(browser: Browser) -> None:
    page = (await browser.get("/console/service-bookings/SV261125-0001")).text
    for words in ("远程诊断", "只能低速短距离", "P0300", "无释义", "点火线圈", "什么时候开始的"):
        assert words in page
    assert HOSTILE not in page
    assert html.escape(HOSTILE, quote=False)[:10] in html.unescape(page) or HOSTILE[:5] in page
    assert "远程诊断" not in (await browser.get("/console/service-bookings/SV261125-0002")).text


async def test_the_list_and_a_request(browser: Browser) -> None:
    page = (await browser.get("/console/roadside-requests")).text
    assert "RS261125-0001" in page
    assert "滨江路 12 号" in page
    assert HOSTILE not in page
    page = (await browser.get(PAGE)).text
    assert "P0300" in page
    assert HOSTILE not in page
    assert (await browser.get("/console/roadside-requests/RS000000-0000")).status_code == 404
    for query, there in (
        ("state=open", True), ("state=done", False), ("q=滨江", True), ("q=13800000009", True),
        ("q=RS261125", True), ("q=nowhere", False),
    ):  # fmt: skip
        page = (await browser.get(f"/console/roadside-requests?{query}")).text
        assert ("RS261125-0001" in page) is there, query


async def test_staff_move_it_on_and_it_is_audited(browser: Browser, database: Database) -> None:
    response = await browser.post(f"{PAGE}/in_progress", PAGE)
    assert response.status_code == 303
    async with database.reading() as session:
        row = await session.scalar(select(RoadsideRequest))
        noted = list(
            await session.scalars(select(Audit).where(Audit.action == "roadside.in_progress"))
        )
    assert row is not None
    assert row.state == "in_progress"
    assert [one.actor.partition(":")[0] for one in noted] == ["staff"]
    assert (await browser.post(f"{PAGE}/sold", PAGE)).status_code == 422


async def test_the_api(tool: httpx.AsyncClient) -> None:
    found = (await tool.get("/api/staff/roadside-requests?phone=13800000009")).json()["items"]
    assert [one["number"] for one in found] == ["RS261125-0001"]
    assert found[0]["diagnosis"]["verdict"] == "short_way"
    assert found[0]["diagnosis"]["codes"][1] == {
        "code": "B1A2B", "name_zh": "", "name_en": "", "known": False
    }  # fmt: skip
    assert (await tool.get("/api/staff/roadside-requests?state=done")).json()["items"] == []
    assert (await tool.get("/api/staff/roadside-requests?state=sold")).status_code == 422
    assert (await tool.get("/api/staff/roadside-requests?limit=1")).json()["next"] is None
    bookings = (await tool.get("/api/staff/service-bookings")).json()["items"]
    assert [bool(one["diagnosis"]) for one in bookings].count(True) == 1
