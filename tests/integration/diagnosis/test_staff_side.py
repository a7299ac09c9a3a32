"""What staff see of remote diagnosis: on the booking, in the list of requests, over the API."""

import html

import httpx
import pytest
from sqlalchemy import select

from backend.database import Database
from backend.models import (
    Audit,
    Conversation,
    Dealership,
    Message,
    Outbox,
    RoadsideRequest,
)
from backend.staff import thread_queries
from tests.conftest import NOW
from tests.integration.console.browser import Browser
from tests.integration.console.office import HOSTILE
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION

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


async def said(database: Database, conversation_id: str = CONVERSATION) -> list[str]:
    """What the system has said in a conversation, oldest first."""
    async with database.reading() as session:
        found = await session.scalars(
            select(Message.text)
            .where(Message.conversation_id == conversation_id, Message.sender == "system")
            .order_by(Message.seq)
        )
        return list(found)


async def test_the_customer_is_told_of_each_new_state_once(
    browser: Browser, database: Database
) -> None:
    before = await said(database)
    page = (await browser.get(PAGE)).text
    assert "客户会在对话里收到消息" in page
    for state in ("in_progress", "in_progress", "done", "cancelled"):
        response = await browser.post(f"{PAGE}/{state}", PAGE)
        assert response.status_code == 303
    place = response.headers["location"]
    assert place == f"{PAGE}?said=roadside_told"
    assert "已告知客户" in (await browser.get(place)).text
    hotline = await hotline_of(database)
    assert (await said(database))[len(before):] == [
        "RS261125-0001 的救援已经出发。请在安全的地方等候，留意来电。",
        "RS261125-0001 的道路救援已经完成。还有什么需要，直接在这里说。",
        f"RS261125-0001 的道路救援已经取消。如果还需要帮助，请打救援电话 {hotline}。",
    ]  # fmt: skip


async def hotline_of(database: Database) -> str:
    async with database.reading() as session:
        return (await session.scalars(select(Dealership.hotline))).one()


async def test_on_his_channel_and_in_his_language(browser: Browser, database: Database) -> None:
    async with database.transaction() as session:
        conversation = await session.get_one(Conversation, CONVERSATION)
        conversation.channel, conversation.address = "telegram", "77"
        conversation.language = "en"
    await browser.post(f"{PAGE}/in_progress", PAGE)
    async with database.reading() as session:
        (row,) = await session.scalars(
            select(Outbox).where(Outbox.conversation_id == CONVERSATION, Outbox.state == "pending")
        )
        message = await session.get_one(Message, row.message_id)
    assert row.category == "notice"
    assert message.text.startswith("Help for RS261125-0001 is on the way.")


async def test_whom_nothing_reaches_is_to_be_called(browser: Browser, database: Database) -> None:
    before = await said(database)
    async with database.transaction() as session:
        conversation = await session.get_one(Conversation, CONVERSATION)
        conversation.channel, conversation.reachable = "phone", False
    assert "请打电话告知" in (await browser.get(PAGE)).text
    response = await browser.post(f"{PAGE}/in_progress", PAGE)
    assert response.headers["location"] == f"{PAGE}?said=roadside_call"
    assert "客户没有收到消息" in (await browser.get(f"{PAGE}?said=roadside_call")).text
    assert await said(database) == before
    # Who has the number on a channel that proves it reads it there.
    async with database.transaction() as session:
        other = await session.get_one(Conversation, OTHER_CONVERSATION)
        other.channel, other.address, other.reachable = "whatsapp", "8613800000009", True
    response = await browser.post(f"{PAGE}/done", PAGE)
    assert response.headers["location"] == f"{PAGE}?said=roadside_told"
    assert (await said(database, OTHER_CONVERSATION))[-1].startswith(
        "The roadside help RS261125-0001 is done."
    )


async def test_it_is_not_opened_beside_a_newer_one(browser: Browser, database: Database) -> None:
    await browser.post(f"{PAGE}/done", PAGE)
    async with database.transaction() as session:
        session.add(
            RoadsideRequest(
                number="RS261125-0002", state="open", text="又坏了",
                conversation_id=CONVERSATION, created_at=NOW, source_message_id="r2",
                source_action="roadside",
            )
        )  # fmt: skip
    response = await browser.post(f"{PAGE}/open", PAGE)
    assert response.headers["location"] == f"{PAGE}?said=roadside_stands"
    assert "又请求了救援" in (await browser.get(response.headers["location"])).text
    async with database.reading() as session:
        states = await session.scalars(select(RoadsideRequest.state).order_by(RoadsideRequest.id))
        assert list(states) == ["done", "open"]


async def test_the_conversation_shows_it_at_its_side(browser: Browser) -> None:
    page = (await browser.get(f"/console/conversations/{CONVERSATION}")).text
    assert 'href="/console/roadside-requests/RS261125-0001"' in page
    assert "待派车" in page and HOSTILE not in page
    await browser.post(f"{PAGE}/in_progress", PAGE)
    assert "救援中" in (await browser.get(f"/console/conversations/{CONVERSATION}")).text


async def test_who_reads_the_conversation_sees_it_change(
    browser: Browser, database: Database
) -> None:
    async with database.transaction() as session:
        # Nothing is said in it that would change it otherwise.
        (await session.get_one(Conversation, CONVERSATION)).reachable = False
    async with database.reading() as session:
        before = await thread_queries.version(session, CONVERSATION)
    await browser.post(f"{PAGE}/in_progress", PAGE)
    async with database.reading() as session:
        assert await thread_queries.version(session, CONVERSATION) != before


async def test_entered_and_moved_by_a_tool(
    tool: httpx.AsyncClient, writer: httpx.AsyncClient, database: Database
) -> None:
    body = {"key": "k1", "phone": "13800000011", "place": "临澜大桥", "text": "爆胎"}
    path = "/api/staff/roadside-requests"
    assert (await tool.post(path, json=body)).status_code == 403
    made = await writer.post(path, json=body)
    assert made.status_code == 201
    number = made.json()["number"]
    assert (made.json()["place"], made.json()["state"]) == ("临澜大桥", "open")
    assert (await writer.post(path, json=body)).json()["number"] == number
    wrong = await writer.post(path, json={"key": "k2", "phone": "1380000000"})
    assert wrong.status_code == 422
    assert set(wrong.json()["error"]["fields"]) == {"phone", "place", "text"}
    moved = await writer.post(f"{path}/RS261125-0001/in_progress")
    assert (moved.status_code, moved.json()["state"]) == (200, "in_progress")
    assert (await said(database))[-1].startswith("RS261125-0001 的救援已经出发")
    assert (await writer.post(f"{path}/{number}/sold")).status_code == 422
    assert (await writer.post(f"{path}/RS000000-0000/done")).status_code == 404


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
