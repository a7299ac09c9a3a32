"""The stream of an open page: who hears what, what a page that was away gets, when it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, event, select, update

from backend.clock import FixedClock
from backend.conversations import takeover
from backend.conversations.ownership import set_owner
from backend.conversations.service import lock
from backend.conversations.tasks import open_task
from backend.database import Database
from backend.models import Conversation, Message, Staff, StaffSession
from tests.conftest import NOW
from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import LIMIT, Talk
from tests.integration.console.browser import Browser, open_browser, staff
from tests.integration.console.live import Event, Page, at_desk, served
from tests.integration.console.office import HOSTILE

LIST = "/console/conversations"


@pytest.fixture
async def site(database: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Site]:
    await staff(database, "admin", "admin")
    await staff(database, "li", "consultant", "en")
    async with served(database, clock, tmp_path / "var") as running:
        yield running


@pytest.fixture
async def desk(site: Site) -> AsyncIterator[Browser]:
    async with at_desk(site) as browser:
        yield browser


async def moved(site: Site, talk: Talk, owner: str, *, staff_id: int | None = None) -> None:
    now = site.app.state.services.clock.now() + timedelta(seconds=1)
    async with site.database.transaction() as session:
        conversation = await lock(session, talk.id)
        set_owner(session, now, conversation, owner, actor="staff:1", assignee_id=staff_id)


async def test_a_list_hears_of_new_rows_counts_and_order(
    site: Site, desk: Browser, clock: FixedClock
) -> None:
    first = await site.talk()
    await first.ask("山屿多少钱")
    clock.advance(timedelta(minutes=1))
    page = await Page.load(desk, LIST)
    async with page.stream() as stream:
        second = await site.talk()
        await second.ask("有现车吗")
        rows = await stream.until("rows", second.id)
        while "≈有现车吗" not in rows.text:
            rows = await stream.until("rows", second.id)
        assert rows.data["order"] == [f"c-{second.id}", f"c-{first.id}"]
        assert [row["id"] for row in rows.data["rows"]] == [f"c-{second.id}"], "only what changed"
        assert "第 1–2 条，共 2 条" in rows.data["pages"]
        await moved(site, first, "waiting")
        counts = await stream.until("counts")
        while counts.data["waiting"] == 0:
            counts = await stream.until("counts")
        assert counts.data["views"] == {
            "waiting": "1", "mine": "0", "assistant": "1", "closed": "0", "all": "2",
        }  # fmt: skip
        assert counts.data["number"] == 1 and counts.data["latest"].endswith(first.id)
        rows = await stream.until("rows", "第 1 位")
        assert rows.data["order"][0] == f"c-{first.id}"


async def test_a_row_leaves_a_view_and_comes_back(site: Site, desk: Browser) -> None:
    talk, other = await site.talk(), await site.talk()
    await moved(site, talk, "waiting")
    await moved(site, other, "waiting")
    page = await Page.load(desk, f"{LIST}?view=waiting")
    async with page.stream() as stream:
        await moved(site, talk, "staff", staff_id=1)
        assert (await stream.until("rows")).data["order"] == [f"c-{other.id}"]
        await moved(site, talk, "waiting")
        assert len((await stream.until("rows")).data["order"]) == 2


async def test_an_open_conversation_hears_everything_that_is_shown_of_it(
    site: Site, desk: Browser
) -> None:
    talk, other = await site.talk(), await site.talk()
    await talk.ask("你好")
    page = await Page.load(desk, f"{LIST}/{talk.id}")
    async with page.stream() as stream:
        await other.ask("别的会话")
        await talk.ask(HOSTILE)
        heard = await stream.until("thread", "≈")
        assert HOSTILE not in heard.text and "别的会话" not in heard.text
        assert "&lt;script&gt;" in heard.text and "问价格" not in heard.data["order"]
        assert "m1" not in {item["id"] for item in heard.data["items"]}
        assert heard.data["order"][-2:] == ["m3", "m4"]

        async with site.database.transaction() as session:
            await takeover.note(session, NOW, talk.id, staff_id=2, text="只给同事看", limit=2000)
        heard = await stream.until("thread", "只给同事看")
        assert [item["id"] for item in heard.data["items"]] == ["n1"]
        assert heard.data["parts"] == []

        await moved(site, talk, "staff", staff_id=2)
        heard = await stream.until("thread", "分配给")
        assert {part["id"] for part in heard.data["parts"]} == {"status", "hint", "aside"}
        assert "正在接待。您一回复" in heard.text

        async with site.database.transaction() as session:
            message = (await session.scalars(select(Message).where(Message.text == "≈你好"))).one()
            message.delivery = "failed"
        heard = await stream.until("thread", "发送失败")
        assert [item["id"] for item in heard.data["items"]] == ["m2"]

        async with site.database.transaction() as session:
            await open_task(
                session, NOW, kind="question", conversation_id=talk.id, note="请回电",
                message_id="t", action="x", due_at=NOW - timedelta(minutes=5),
            )  # fmt: skip
        rows = await stream.until("rows", "已超时")
        assert [row["id"] for row in rows.data["rows"]] == [f"c-{talk.id}"]
        heard = await stream.until("thread", "请回电")
        assert [part["id"] for part in heard.data["parts"]] == ["aside"]


async def test_a_page_that_was_away_gets_what_it_missed_and_nothing_twice(
    site: Site, desk: Browser
) -> None:
    talk = await site.talk()
    await talk.ask("一")
    page = await Page.load(desk, f"{LIST}/{talk.id}")
    async with page.stream() as stream:
        await talk.ask("二")
        await stream.until("thread", "≈二")
        # Whatever else belongs to the same change.
        await talk.ask("三")
        await stream.until("thread", "≈三")
    last = (await page.poll(stream.last))["id"]
    assert (await page.poll(last))["events"] == []

    await talk.ask("四")
    missed = await page.poll(last)
    assert {one["event"] for one in missed["events"]} == {"rows", "thread"}
    assert "≈四" in str(missed["events"])
    async with page.stream(last) as again:
        heard = await again.until("thread", "≈四")
        assert heard.data["order"][-1] == "m8"
    # With the newest version nothing comes but what happens from now on.
    async with page.stream(missed["id"]) as stream:
        assert (await stream.next()).name == "beat"
        await moved(site, talk, "waiting")
        heard = await stream.until("thread")
        assert "≈四" not in heard.text and "转回等待" in heard.text


@pytest.mark.parametrize("after", ["", "x", "...", "a.b.c.d.e", "é\x00", "9" * 5000])
async def test_whatever_version_a_page_names_it_gets_what_is(
    site: Site, desk: Browser, after: str
) -> None:
    talk = await site.talk()
    await talk.ask("你好")
    page = await Page.load(desk, f"{LIST}/{talk.id}")
    told = await page.poll(after)
    assert [one["event"] for one in told["events"]] == ["counts", "rows", "thread"]
    assert (await page.poll(told["id"]))["events"] == []


async def test_found_rows_stay_the_same_and_live(site: Site, desk: Browser) -> None:
    talk, other = await site.talk(), await site.talk()
    await talk.ask("山屿多少钱")
    await other.ask("远岳多少钱")
    page = await Page.load(desk, f"{LIST}?q=山屿")
    async with page.stream() as stream:
        await other.ask("山屿呢")
        await talk.ask("那就周六")
        rows = await stream.until("rows", "≈那就周六")
        assert rows.data["order"] == [f"c-{talk.id}"] and "pages" not in rows.data
        assert "q=%E5%B1%B1%E5%B1%BF" in rows.text


@pytest.mark.parametrize("how", ["expired", "signed out", "left", "gone"])
async def test_a_stream_ends_with_the_session(
    site: Site, desk: Browser, clock: FixedClock, how: str
) -> None:
    talk = await site.talk()
    page = await Page.load(desk, LIST)
    async with page.stream() as stream:
        await talk.ask("还在吗")
        await stream.until("rows", "≈还在吗")
        if how == "expired":
            clock.advance(timedelta(hours=13))
        elif how == "signed out":
            assert (await desk.post("/console/sign-out", LIST)).status_code == 303
        else:
            async with site.database.transaction() as session:
                if how == "left":
                    await session.execute(update(Staff).values(active=False))
                else:
                    await session.execute(delete(StaffSession))
        await talk.ask("不该看到")
        events: list[Event] = []
        while not events or events[-1].name != "end":
            events.append(await stream.next())
        # What was on its way before the end came may still come; nothing of later.
        assert not any("不该看到" in one.text for one in events)
        assert await stream.rest() == []
    answer = await desk.get("/console/live", params=page.address)
    assert answer.status_code == 303 and "sign-in" in answer.headers["location"]


async def test_what_a_page_asks_by_itself_does_not_prolong_the_session(
    site: Site, desk: Browser, clock: FixedClock, database: Database
) -> None:
    talk = await site.talk()
    await talk.ask("你好")
    page = await Page.load(desk, f"{LIST}/{talk.id}")
    csrf = page.html.split('data-csrf="')[1].split('"')[0]

    async def ends() -> object:
        async with database.reading() as session:
            return await session.scalar(select(StaffSession.expires_at))

    before = await ends()
    clock.advance(timedelta(minutes=30))
    await page.poll()
    async with page.stream() as stream:
        await talk.ask("喂")
        await stream.until("thread")
    seen = await desk.client.post(
        f"{LIST}/{talk.id}/seen", data={"csrf": csrf, "seen": "2"}, headers={"hx-request": "true"}
    )
    assert seen.status_code == 204 and "set-cookie" not in seen.headers
    assert await ends() == before
    await desk.get(LIST)
    assert await ends() != before


async def test_strangers_hear_nothing(site: Site) -> None:
    stranger = open_browser(site.app)
    for query in ("", "?once=1", "?conversation=1&after=x"):
        answer = await stranger.client.get(f"/console/live{query}")
        assert answer.status_code == 303 and answer.text == ""


async def test_an_unknown_conversation_tells_nothing(site: Site, desk: Browser) -> None:
    for key in ("nothing", "%", "a" * 3000, "'"):
        answer = await desk.get("/console/live", params={"conversation": key, "once": "1"})
        assert answer.status_code == 200
        assert [one["event"] for one in answer.json()["events"]] == ["counts"]


async def test_a_stop_ends_the_streams_at_once(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await staff(database)
    loop = asyncio.get_running_loop()
    async with served(database, clock, tmp_path / "var") as site, at_desk(site) as desk:
        page = await Page.load(desk, LIST)
        async with page.stream() as stream:
            await (await site.talk()).ask("你好")
            await stream.until("rows")
            begun = loop.time()
            site.app.state.services.stopping.set()
            site.app.state.services.signals.send_all()
            await stream.rest()
            assert loop.time() - begun < LIMIT / 2


async def test_fifty_open_pages_ask_the_store_as_one(site: Site, desk: Browser) -> None:
    talk = await site.talk()
    await talk.ask("你好")
    page = await Page.load(desk, LIST)
    asked: list[str] = []
    listen = (site.database.engine.sync_engine, "before_cursor_execute")

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(page.stream()) for _ in range(50)]
        await talk.ask("第一句")
        await asyncio.gather(*(stream.until("rows", "≈第一句") for stream in streams))
        event.listen(*listen, note)
        for text in ("a", "b", "c", "d", "e"):
            await talk.say(text)
        await talk.settles()
        await asyncio.gather(*(stream.until("rows", "≈e") for stream in streams))
        event.remove(*listen, note)
    # Each stream asks whether its session still holds. The list is read once for all of them.
    lists = [one for one in asked if "FROM conversations" in one and "LIMIT" in one]
    assert 0 < len(lists) < 50 * 2
    rows = [one for one in asked if "JOIN customers" in one]
    assert 0 < len(rows) <= 25, len(rows)


async def test_processes_hear_of_each_other(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    if database.is_sqlite:
        pytest.skip("one process alone works on SQLite")
    await staff(database)
    other = Database(database.url)
    async with (
        served(database, clock, tmp_path / "a") as here,
        served(other, clock, tmp_path / "b") as there,
        at_desk(here) as desk,
    ):
        talk = await there.talk()
        await talk.ask("你好")
        page = await Page.load(desk, f"{LIST}/{talk.id}")
        async with page.stream() as stream:
            await talk.ask("从另一个进程来")
            # In whichever order: the two are looked at one after the other.
            missing = {"rows", "thread"}
            while missing:
                event = await stream.next()
                if "≈从另一个进程来" in event.text:
                    missing.discard(event.name)


async def test_read_up_to_the_last_message_is_read_for_all(site: Site, desk: Browser) -> None:
    talk = await site.talk()
    await talk.ask("你好")
    await talk.ask("在吗")
    page = await Page.load(desk, f"{LIST}/{talk.id}")
    csrf = page.html.split('data-csrf="')[1].split('"')[0]
    listed = await Page.load(desk, LIST)
    assert "未读" in listed.html
    async with listed.stream() as stream:
        for seen, unread in (("1", True), ("4", False), ("2", False), ("x", False), ("99", False)):
            answer = await desk.client.post(
                f"{LIST}/{talk.id}/seen", data={"csrf": csrf, "seen": seen}
            )
            assert answer.status_code == 303
            async with site.database.reading() as session:
                row = await session.get_one(Conversation, talk.id)
            assert (row.last_customer_seq > row.staff_seen_seq) is unread
            assert row.staff_seen_seq <= row.last_seq
        rows = await stream.until("rows")
        assert "未读" not in rows.data["rows"][0]["html"]
    refused = await desk.client.post(f"{LIST}/{talk.id}/seen", data={"csrf": "x", "seen": "1"})
    assert refused.status_code == 403
