"""The page of a complaint: what it shows, what is done on it, what is refused and why."""

import pytest
from sqlalchemy import select

from backend.clock import FixedClock
from backend.complaints.escalation import EscalationKeeper
from backend.database import Database
from backend.models import (
    Complaint,
    ComplaintCase,
    ComplaintEvent,
    Conversation,
    Message,
    Staff,
)
from tests.conftest import NOW
from tests.integration.console.browser import Browser
from tests.integration.console.office import ENGLISH_COMPLAINT, HOSTILE
from tests.integration.world import OTHER_CONVERSATION

PATH = "/console/complaints/CP261125-0001"


async def do(office: Browser, act: str, path: str = PATH, **fields: str) -> tuple[int, str]:
    response = await office.post(f"{path}/{act}", path, **fields)
    if response.status_code == 303:
        response = await office.get(response.headers["location"].partition("#")[0])
    return response.status_code, response.text


async def of(database: Database, number: str = "CP261125-0001") -> Complaint:
    async with database.reading() as session:
        return (await session.scalars(select(Complaint).where(Complaint.number == number))).one()


async def test_from_taking_it_to_the_question_whether_it_is_solved(
    office: Browser, database: Database
) -> None:
    status, page = await do(office, "take", key="a")
    assert status == 200 and "陈静" in page and "处理中" in page
    status, page = await do(office, "take", key="a")
    assert status == 200
    status, page = await do(office, "message", key="b", message="This is Chen Jing.\r\nSorry.")
    assert status == 200 and "已告知客户" in page
    status, page = await do(office, "resolve", key="c", result="Repainted")
    assert status == 409 and "先记录原因和处理措施" in page and "Repainted" in page
    status, page = await do(office, "cause", key="d", cause="运输刮伤", remedy="重新喷漆")
    assert status == 200 and "重新喷漆" in page
    status, page = await do(office, "resolve", key="e", result="Repainted at no charge")
    assert status == 200 and "已解决" in page
    async with database.reading() as session:
        said = list(
            await session.scalars(
                select(Message)
                .where(Message.conversation_id == OTHER_CONVERSATION, Message.sender != "customer")
                .order_by(Message.seq)
            )
        )
        conversation = await session.get_one(Conversation, OTHER_CONVERSATION)
    assert [message.sender for message in said[-3:]] == ["system", "staff", "assistant"]
    assert said[-1].text.endswith("Repainted at no charge\nIs it solved for you?")
    assert conversation.owner == "assistant", "the answer to the question is heard"
    status, page = await do(office, "reopen", key="f", reason="客户来电")
    assert status == 200 and "重新处理 1 次" in page
    assert (await of(database)).state == "open"


async def test_what_is_refused_stands_beside_the_form_with_the_draft(office: Browser) -> None:
    status, page = await do(office, "note", key="a", note=" ")
    assert status == 422 and "还没有写内容" in page
    status, page = await do(office, "cause", key="b", cause="原因写好了", remedy="")
    assert status == 422 and "原因写好了" in page
    status, page = await do(office, "note", key="c", note="长" * 2001)
    assert status == 413 and "内容太长" in page
    status, page = await do(office, "assign", key="d", staff="999")
    assert status == 422 and "请选择一位同事" in page
    status, page = await do(office, "grade", key="e", category="x", severity="high")
    assert status == 422
    status, page = await do(office, "reopen", key="f", reason="x")
    assert status == 409 and "还在处理中" in page
    assert (await office.post(f"{PATH}/nonsense", PATH)).status_code == 404
    assert (await office.get(f"{PATH}/note")).headers["location"] == PATH
    assert (await office.get("/console/complaints/CP000000-0000")).status_code == 404


async def test_one_that_is_over_offers_only_to_be_reopened(office: Browser) -> None:
    closed = "/console/complaints/CP261125-0003"
    page = (await office.get(closed)).text
    assert 'action="/console/complaints/CP261125-0003/reopen"' in page
    assert 'action="/console/complaints/CP261125-0003/take"' not in page
    status, page = await do(office, "take", closed)
    assert status == 409


async def test_nobody_changes_one_without_the_token_of_the_form(
    office: Browser, visitor: Browser, database: Database
) -> None:
    response = await office.client.post(f"{PATH}/take", data={"csrf": "x"})
    assert response.status_code == 403
    office.client.cookies.clear()
    response = await office.client.post(f"{PATH}/take", data={})
    assert response.headers["location"].startswith("/console/sign-in")
    assert (await of(database)).state == "open"


async def test_hostile_words_in_the_thread_are_text(office: Browser, database: Database) -> None:
    hostile = "/console/complaints/CP261125-0002"
    await do(office, "note", hostile, key="a", note=HOSTILE)
    page = (await office.get(hostile)).text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") >= 2


async def test_lists_show_who_has_it_and_what_was_escalated(
    office: Browser, database: Database, clock: FixedClock
) -> None:
    async with database.transaction() as session:
        session.add(
            Staff(username="boss", name="周岚", role="manager", password_hash="-", created_at=NOW)
        )
        for complaint in await session.scalars(select(Complaint)):
            session.add(
                ComplaintCase(
                    complaint_id=complaint.id,
                    escalate_at=NOW if complaint.number.endswith("2") else None,
                )
            )
    assert await EscalationKeeper(database, clock).look() == 1
    page = (await office.get("/console/complaints?state=escalated")).text
    assert "CP261125-0002" in page and "CP261125-0001" not in page
    assert "已升级到第 1 级" in page
    page = (await office.get("/console/complaints/CP261125-0002")).text
    assert "升级到第 1 级 · 周岚" in page
    await do(office, "take", key="x")
    page = (await office.get("/console/complaints?owner=mine")).text
    assert "CP261125-0001" in page and "CP261125-0002" not in page
    page = (await office.get("/console/complaints?state=overdue")).text
    assert "CP261125-0001" in page
    async with database.reading() as session:
        kinds = await session.scalars(select(ComplaintEvent.kind).order_by(ComplaintEvent.id))
        assert list(kinds) == ["escalated", "taken"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_in_english(office: Browser) -> None:
    await office.post("/console/language", PATH, language="en", next=PATH)
    page = (await office.get(PATH)).text
    assert ENGLISH_COMPLAINT[:40] in page
    for words in ("Take it", "Cause", "Remedy", "Mark as resolved", "History"):
        assert words in page
