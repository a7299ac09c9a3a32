"""What stands in a conversation: messages, notes and events in their places, a part at a time."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations import takeover
from backend.conversations.ownership import place_in_line, set_owner
from backend.conversations.service import lock, start
from backend.conversations.tasks import open_task
from backend.conversations.transcript import append
from backend.database import Database
from backend.models import Conversation, Staff, Task
from backend.staff import inbox_queries, thread_queries
from backend.staff.conversation_queries import MessageRecord
from backend.staff.filters import Filters
from tests.conftest import NOW
from tests.integration.console.browser import Browser, staff
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION

MINUTE = timedelta(minutes=1)


def shown(entry: thread_queries.Entry) -> str:
    """An entry in a word."""
    if isinstance(entry, MessageRecord):
        return entry.message.text
    if isinstance(entry, thread_queries.NoteRecord):
        return f"note {entry.note.text}"
    return " ".join(dict.fromkeys(filter(None, (entry.change, entry.actor, entry.assignee))))


async def test_everything_has_its_place(database: Database) -> None:
    chen, li = await staff(database), await staff(database, "li", "consultant")
    async with database.transaction() as session:
        (await session.get_one(Staff, li.id)).name = "Li"
        talk, _ = await start(session, NOW, channel="web", locale="zh")
        at = NOW

        def say(sender: str, text: str) -> None:
            session.add(append(talk, at, sender=sender, text=text))

        say("customer", "一")
        at += MINUTE
        say("assistant", "二")
        set_owner(session, at, talk, "waiting", actor=f"conversation:{talk.id}")
        await session.flush()
        await takeover.note(session, at + MINUTE, talk.id, staff_id=li.id, text="A", limit=9)
        at += 2 * MINUTE
        await takeover.reply(session, at, talk.id, staff_id=chen.id, text="三", limit=9)
        at += MINUTE
        await takeover.assign(session, at, talk.id, staff_id=li.id, by=chen.id)
        at += MINUTE
        say("customer", "四")
        await session.flush()
        await takeover.note(session, at + MINUTE, talk.id, staff_id=chen.id, text="B", limit=9)
        at += 2 * MINUTE
        set_owner(session, at, talk, "staff", actor="clock", assignee_id=chen.id)
        at += MINUTE
        await takeover.close(session, at, talk.id, staff_id=li.id, seen=9)
        await session.flush()
        found = await thread_queries.thread(session, talk)
    assert found.earlier is None
    assert [shown(entry) for entry in found.entries] == [
        "一", "二", "waiting", "note A", "taken 陈静", "三", "assigned 陈静 Li", "四", "note B",
        "assigned 陈静", "closed Li",
    ]  # fmt: skip


async def test_a_long_talk_comes_in_parts_and_nothing_twice(database: Database) -> None:
    person = await staff(database)
    number = 2 * thread_queries.WINDOW + 30
    async with database.transaction() as session:
        talk, _ = await start(session, NOW, channel="web", locale="zh")
        for count in range(1, number + 1):
            at = NOW + count * MINUTE
            session.add(append(talk, at, sender="customer", text=f"{count}"))
            await session.flush()
            if count % 25 == 0:
                await takeover.note(
                    session, at, talk.id, staff_id=person.id, text=f"{count}", limit=9
                )
                set_owner(session, at, talk, "waiting", actor="clock")
                set_owner(session, at, talk, "assistant", actor="clock")
        parts = [await thread_queries.thread(session, talk)]
        while parts[0].earlier is not None:
            parts.insert(0, await thread_queries.thread(session, talk, parts[0].earlier))
    texts = [shown(entry) for part in parts for entry in part.entries]
    assert [text for text in texts if text.isdigit()] == [f"{n}" for n in range(1, number + 1)]
    assert [text for text in texts if text.startswith("note")] == [
        f"note {n}" for n in range(25, number + 1, 25)
    ]
    assert texts.count("waiting") == texts.count("handed_back") == number // 25
    for count in (25, 125):
        before, note, behind = (
            texts.index(t) for t in (f"{count}", f"note {count}", f"{count + 1}")
        )
        assert before < note < behind
    assert [len([e for e in part.entries if shown(e).isdigit()]) for part in parts] == [
        30, thread_queries.WINDOW, thread_queries.WINDOW,
    ]  # fmt: skip


async def test_the_version_tells_each_change(database: Database) -> None:
    person = await staff(database)
    async with database.transaction() as session:
        talk, _ = await start(session, NOW, channel="telegram", locale="zh")
        message = append(talk, NOW, sender="assistant", text="x")
        session.add(message)
        await session.flush()
        seen = [await thread_queries.version(session, talk.id)]

        async def changed() -> None:
            await session.flush()
            version = await thread_queries.version(session, talk.id)
            assert version not in seen
            assert version == await thread_queries.version(session, talk.id)
            seen.append(version)

        message.delivery = "sent"
        await changed()
        message.turn = "done"
        await changed()
        await takeover.note(session, NOW, talk.id, staff_id=person.id, text="x", limit=9)
        await changed()
        await takeover.take_over(session, NOW, talk.id, staff_id=person.id)
        await changed()
        task = await open_task(
            session, NOW, kind="question", conversation_id=talk.id, note="", message_id="1",
            action="x",
        )  # fmt: skip
        await changed()
        task.state = "done"
        await changed()
        talk.reachable = False
        await changed()


async def test_earlier_parts_have_pages(admin: Browser, database: Database) -> None:
    async with database.transaction() as session:
        talk, _ = await start(session, NOW, channel="web", locale="zh")
        for count in range(1, 151):
            session.add(append(talk, NOW, sender="customer", text=f"第{count}句"))
    path = f"/console/conversations/{talk.id}"
    page = (await admin.get(path)).text
    assert "第51句" in page and "第50句" not in page
    assert f'href="{path}?before=51"' in page
    earlier = (await admin.get(f"{path}?before=51")).text
    assert "第50句" in earlier and "第51句" not in earlier and "第1句" in earlier
    assert 'data-before="51"' in earlier and f'href="{path}"' in earlier
    for odd in ("x", "-1", "", "²", "9" * 5000, "1%00"):
        assert "第150句" in (await admin.get(f"{path}?before={odd}")).text, odd
    assert (await admin.get(f"{path}?before=0")).status_code == 200


async def test_views_lines_and_numbers(database: Database) -> None:
    chen, li = await staff(database), await staff(database, "li", "consultant")
    async with database.transaction() as session:
        talks: list[Conversation] = []
        for count in range(6):
            talk, _ = await start(session, NOW, channel="web", locale="zh")
            session.add(append(talk, NOW + count * MINUTE, sender="customer", text="x"))
            talks.append(talk)
        await session.flush()
        # The one that has waited longest comes first, whatever was said since.
        set_owner(session, NOW + 2 * MINUTE, talks[0], "waiting", actor="clock")
        set_owner(session, NOW + 1 * MINUTE, talks[1], "waiting", actor="clock")
        await takeover.take_over(session, NOW, talks[2].id, staff_id=chen.id)
        await takeover.take_over(session, NOW, talks[3].id, staff_id=li.id)
        await takeover.close(session, NOW, talks[4].id, staff_id=li.id, seen=1)
        await takeover.seen(session, talks[3].id, 1)
        await open_task(
            session, NOW, kind="handover", conversation_id=talks[0].id, note="", message_id="1",
            action="x", due_at=NOW + 9 * MINUTE,
        )  # fmt: skip
        await open_task(
            session, NOW, kind="question", conversation_id=talks[0].id, note="", message_id="2",
            action="x", due_at=NOW + 5 * MINUTE,
        )  # fmt: skip
        await session.flush()

        async def ids(view: str, staff_id: int = chen.id) -> list[int]:
            statement = inbox_queries.in_view(Filters(), view, staff_id)
            rows = await inbox_queries.rows(session, statement, await inbox_queries.line(session))
            return [talks.index(row.record.conversation) for row in rows]

        assert await ids("waiting") == [1, 0]
        assert await ids("mine") == [2] and await ids("mine", li.id) == [3]
        assert await ids("assistant") == [5] and await ids("closed") == [4]
        assert set(await ids("all")) == set(range(6))

        line = await inbox_queries.line(session)
        assert [line.place(talk.id) for talk in talks[:3]] == [2, 1, 0]
        assert line.newest == (NOW + 2 * MINUTE, talks[0].id)
        own = await inbox_queries.own(session)
        assert (own[chen.id].open, own[chen.id].unread) == (1, 1)
        assert own[chen.id].newest == (talks[2].last_customer_at, talks[2].id)
        assert (own[li.id].open, own[li.id].unread, own[li.id].newest) == (1, 0, None)
        assert await inbox_queries.totals(session) == inbox_queries.Totals(1, 1, 6)
        assert await inbox_queries.waiting(session) == 2
        due = await inbox_queries.promises(session, [talk.id for talk in talks])
        assert due == {talks[0].id: NOW + 5 * MINUTE}


async def test_the_place_in_line_is_that_which_the_customer_is_told(database: Database) -> None:
    async with database.transaction() as session:
        talks = []
        for count in (3, 1, 1, 2):
            talk, _ = await start(session, NOW, channel="web", locale="zh")
            set_owner(session, NOW + count * MINUTE, talk, "waiting", actor="clock")
            talks.append(talk)
        await session.flush()
        line = await inbox_queries.line(session)
        for talk in talks:
            assert line.place(talk.id) == await place_in_line(session, talk)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_other_conversations_of_the_same_customer(
    office: Browser, database: Database
) -> None:
    async with database.transaction() as session:
        other = await session.get_one(Conversation, OTHER_CONVERSATION)
        mine = await lock(session, CONVERSATION)
        more, _ = await start(session, NOW, channel="wechat", locale="zh")
        more.customer_id, more.profile_name, more.last_text = mine.customer_id, "老王", "在吗"
    page = (await office.get(f"/console/conversations/{CONVERSATION}")).text
    others = page[page.index('id="others"') :]
    others = others[: others.index("</section>")]
    assert "微信 · 老王" in others and "在吗" in others
    assert re.findall(r'href="/console/conversations/(\w+)"', others) == [more.id]
    assert other.id not in others
    assert 'id="others"' not in (await office.get(f"/console/conversations/{other.id}")).text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_tasks_come_by_urgency_and_those_of_a_person_alone(
    office: Browser, database: Database
) -> None:
    async with database.transaction() as session:
        mine = await lock(session, CONVERSATION)
        set_owner(session, NOW, mine, "staff", actor="staff:1", assignee_id=1)
        other = await promise(session, "迟", CONVERSATION, NOW - MINUTE)
        await promise(session, "早", OTHER_CONVERSATION, NOW + MINUTE)
        await promise(session, "最迟", OTHER_CONVERSATION, NOW - 5 * MINUTE)
        other.assignee_id = None
    page = (await office.get("/console/tasks")).text
    notes = re.findall(r'c-two-lines">([^<]*)<', page)
    assert notes[:3] == ["最迟", "迟", "早"] and notes[-1].startswith("Call back")
    assert page.count("已超时") == 2 and "负责人：陈静" in page
    mine_only = (await office.get("/console/tasks?owner=mine")).text
    assert re.findall(r'c-two-lines">([^<]*)<', mine_only) == ["迟"]
    assert '<option value="mine" selected>' in mine_only


async def promise(session: AsyncSession, note: str, conversation_id: str, due_at: datetime) -> Task:
    return await open_task(
        session, NOW, kind="handover", conversation_id=conversation_id, note=note,
        message_id=note, action="x", due_at=due_at,
    )  # fmt: skip
