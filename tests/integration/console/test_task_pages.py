"""Working on tasks: taking, giving, another time, a result; all of it audited."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations.tasks import open_task
from backend.database import Database
from backend.errors import ChefuError, ConflictError, InvalidError, NotFoundError
from backend.models import Audit, Task, TaskResult
from backend.staff import task_desk
from tests.conftest import NOW
from tests.integration.console.browser import Browser, open_browser, staff
from tests.integration.console.office import HOSTILE
from tests.integration.world import CONVERSATION, build

Work = Callable[[AsyncSession], Awaitable[object]]
LATER = NOW + timedelta(hours=5)


async def task(database: Database, kind: str = "follow_up", due: bool = False) -> int:
    async with database.transaction() as session:
        row = await open_task(
            session, NOW, kind=kind, conversation_id=CONVERSATION, note="回访", message_id="m1",
            action=kind, due_at=NOW + timedelta(minutes=15) if due else None,
        )  # fmt: skip
        return row.id


async def test_the_life_of_a_task(database: Database) -> None:
    async with database.transaction() as session:
        await build(session)
    one = await staff(database, "a", "consultant")
    two = await staff(database, "b", "consultant")
    number = await task(database)
    async with database.transaction() as session:
        await task_desk.take(session, NOW, number, staff_id=one.id)
        await task_desk.take(session, NOW, number, staff_id=one.id)
    with pytest.raises(ConflictError):
        async with database.transaction() as session:
            await task_desk.take(session, NOW, number, staff_id=two.id)
    async with database.transaction() as session:
        await task_desk.assign(session, NOW, number, to=two.id, staff_id=one.id)
        await task_desk.reschedule(session, NOW, number, due_at=LATER, staff_id=two.id)
        await task_desk.finish(session, NOW, number, result=" 已答复\r\n周六到店 ", staff_id=two.id)
    async with database.reading() as session:
        opened = await task_desk.find(session, number)
        row = opened.record.task
        assert (row.state, row.assignee_id, row.due_at) == ("done", two.id, LATER)
        assert opened.result is not None and opened.result.text == "已答复\n周六到店"
        assert [(s.action, s.staff.id if s.staff else 0) for s in opened.steps] == [
            ("task.done", two.id), ("task.rescheduled", two.id), ("task.assigned", one.id),
            ("task.assigned", one.id),
        ]  # fmt: skip
        lines = await session.scalars(select(Audit).where(Audit.subject == f"task:{number}"))
        assert "已答复" not in str([line.data for line in lines])
    works: list[Work] = [
        lambda session: task_desk.finish(session, NOW, number, result="x", staff_id=one.id),
        lambda session: task_desk.take(session, NOW, number, staff_id=one.id),
    ]
    for work in works:
        with pytest.raises(ConflictError):
            async with database.transaction() as session:
                await work(session)


async def test_what_is_refused(database: Database) -> None:
    async with database.transaction() as session:
        await build(session)
    one = await staff(database, "a", "consultant")
    number = await task(database)
    promised = await task(database, "handover", due=True)
    refusals: list[tuple[type[ChefuError], str, Work]] = [
        (InvalidError, "bad_time", lambda s: task_desk.reschedule(
            s, NOW, number, due_at=NOW, staff_id=one.id)),
        (InvalidError, "bad_time", lambda s: task_desk.reschedule(
            s, NOW, number, due_at=NOW + timedelta(days=400), staff_id=one.id)),
        (InvalidError, "promised", lambda s: task_desk.reschedule(
            s, NOW, promised, due_at=LATER, staff_id=one.id)),
        (InvalidError, "bad_result", lambda s: task_desk.finish(
            s, NOW, number, result=" \x00 ", staff_id=one.id)),
        (InvalidError, "bad_result", lambda s: task_desk.finish(
            s, NOW, number, result="x" * 1001, staff_id=one.id)),
        (InvalidError, "bad_colleague", lambda s: task_desk.assign(
            s, NOW, number, to=99, staff_id=one.id)),
        (NotFoundError, "not_found", lambda s: task_desk.take(s, NOW, 99, staff_id=one.id)),
    ]  # fmt: skip
    for error, code, work in refusals:
        with pytest.raises(error) as told:
            async with database.transaction() as session:
                await work(session)
        assert told.value.code == code
    async with database.reading() as session:
        rows = list(await session.scalars(select(Task)))
        assert {row.state for row in rows} == {"open"} and not any(r.assignee_id for r in rows)
        assert (await session.scalars(select(TaskResult))).all() == []


page_tests = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@page_tests
async def test_the_page(office: Browser, database: Database) -> None:
    await staff(database, "li", "consultant")
    listing = (await office.get("/console/tasks?state=open")).text
    assert 'href="/console/tasks/1"' in listing
    page = (await office.get("/console/tasks/1")).text
    assert HOSTILE not in page and "&lt;script&gt;" in page and "我来处理" in page
    taken = await office.post("/console/tasks/1/take", "/console/tasks/1")
    assert taken.headers["location"] == "/console/tasks/1?said=task_taken"
    page = (await office.get(taken.headers["location"])).text
    assert "任务由您处理" in page
    # Once: who changes the language comes back to the page without it.
    assert 'name="next" value="/console/tasks/1"' in page
    assert "c-said" not in (await office.get("/console/tasks/1?said=nothing")).text
    page = (await office.get("/console/tasks/1")).text
    assert "我来处理" not in page and "转交" in page
    assert 'href="/console/tasks/1"' in (await office.get("/console/tasks?owner=mine")).text
    given = await office.post("/console/tasks/1/assign", "/console/tasks/1", staff="2")
    assert given.status_code == 303
    moved = await office.post(
        "/console/tasks/1/reschedule", "/console/tasks/1", day="2026-11-25", time="12:00"
    )
    assert moved.status_code == 303
    assert "/console/tasks/1" in (await office.get("/console/tasks?state=due")).text
    assert "/console/tasks/1" not in (await office.get("/console/tasks?state=overdue")).text
    empty = await office.post("/console/tasks/1/finish", "/console/tasks/1", result=" ")
    assert empty.status_code == 422 and "请写一句结果" in empty.text
    done = await office.post("/console/tasks/1/finish", "/console/tasks/1", result=HOSTILE)
    assert done.status_code == 303
    page = (await office.get("/console/tasks/1")).text
    assert HOSTILE not in page and page.count("&lt;script&gt;") == 2 and "标为完成" in page


@page_tests
async def test_refusals_on_the_page(office: Browser, database: Database) -> None:
    for day, time in (("2026-11-24", "10:00"), ("", ""), ("2028-01-01", "10:00")):
        response = await office.post(
            "/console/tasks/1/reschedule", "/console/tasks/1", day=day, time=time
        )
        assert response.status_code == 422 and "还没过去的时间" in response.text
    wrong = await office.post("/console/tasks/1/assign", "/console/tasks/1", staff="x")
    assert wrong.status_code == 422
    for path in ("/console/tasks/99", "/console/tasks/99999999999"):
        assert (await office.get(path)).status_code == 404
    back = await office.get("/console/tasks/1/finish")
    assert back.headers["location"] == "/console/tasks/1"
    promised = await task(database, "handover", due=True)
    page = (await office.get(f"/console/tasks/{promised}")).text
    assert "已答应客户" in page and f"tasks/{promised}/reschedule" not in page


@page_tests
async def test_an_overdue_task_is_found(office: Browser, database: Database) -> None:
    number = await task(database, due=True)
    async with database.transaction() as session:
        (await session.get_one(Task, number)).due_at = NOW - timedelta(minutes=1)
    page = (await office.get("/console/tasks?state=overdue")).text
    assert page.count('href="/console/tasks/') == 1 and f"/console/tasks/{number}" in page


@page_tests
async def test_strangers(office: Browser, database: Database) -> None:
    stranger = open_browser(office.client._transport.app)  # type: ignore[attr-defined]
    async with stranger.client:
        for path in ("/console/day", "/console/tasks/1", "/console/test-drives/1/move"):
            assert (await stranger.get(path)).status_code == 303
