"""A person in the conversation: from the form in the console to the customer's chat, and back."""

import asyncio
import re
from collections.abc import AsyncIterator
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.clock import FixedClock
from backend.conversations.tasks import open_task
from backend.database import Database
from backend.models import ROLES, Audit, Message, Task
from tests.conftest import NOW
from tests.integration.chat.conftest import Site, serving
from tests.integration.chat.talk import LIMIT, Talk
from tests.integration.console.browser import Browser, open_browser, staff
from tests.integration.console.office import HOSTILE

NAMES = {"admin": 1, "li": 2}


@pytest.fixture
async def site(database: Database, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Site]:
    """Chat and console in one running backend, as they are served."""
    await staff(database, "admin", "admin")
    await staff(database, "li", "consultant", "en")
    async with serving(database, clock, tmp_path / "var") as running:
        yield running


@pytest.fixture
async def talk(site: Site) -> Talk:
    """A customer who has had one answer of the assistant."""
    opened = await site.talk()
    assert [one["text"] for one in await opened.ask("你好")] == ["≈你好"]
    return opened


class Desk:
    """A member of staff before one conversation."""

    def __init__(self, browser: Browser, conversation_id: str) -> None:
        self.browser = browser
        self.path = f"/console/conversations/{conversation_id}"

    @classmethod
    async def of(cls, site: Site, talk: Talk, username: str = "admin") -> "Desk":
        browser = open_browser(site.app, address=f"203.0.113.{len(username)}")
        assert (await browser.sign_in(username)).status_code == 303
        return cls(browser, talk.id)

    async def page(self) -> str:
        response = await self.browser.get(self.path)
        assert response.status_code == 200
        return response.text

    async def form(self, action: str, page: str | None = None) -> dict[str, str]:
        """The hidden fields of a form of the page."""
        found = re.search(
            rf'<form[^>]* action="{self.path}/{action}".*?</form>', page or await self.page(), re.S
        )
        assert found, f"no form for {action}"
        fields = re.findall(r'<input type="hidden" name="(\w+)"[^>]* value="([^"]*)"', found[0])
        return {name: unescape(value) for name, value in fields}

    async def send(self, action: str, fields: dict[str, str]) -> httpx.Response:
        return await self.browser.client.post(f"{self.path}/{action}", data=fields)

    async def does(self, action: str, **fields: str) -> httpx.Response:
        return await self.send(action, {**await self.form(action), **fields})

    async def replies(self, text: str) -> None:
        response = await self.does("reply", text=text)
        assert response.status_code == 303, response.text


async def audit(site: Site) -> list[tuple[str, str, str, dict[str, Any]]]:
    query = select(Audit).where(~Audit.action.startswith("staff.")).order_by(Audit.id)
    async with site.database.reading() as session:
        rows = await session.scalars(query)
        return [(row.actor, row.action, row.subject, row.data) for row in rows]


async def test_a_reply_reaches_the_waiting_customer_and_silences_the_assistant(
    site: Site, talk: Talk
) -> None:
    desk = await Desk.of(site, talk)
    assert "助手正在接待" in await desk.page()
    waiting = asyncio.create_task(talk.read(after=2, wait=2 * LIMIT))
    with site.app.state.services.signals.subscribed(talk.id) as woken:
        sent = await desk.does("reply", text=" 您好，我是陈静。\r\n稍后给您电话。\x00 ")
        assert woken.is_set()
    assert sent.status_code == 303
    assert sent.headers["location"] == f"{desk.path}#m3"
    heard = (await asyncio.wait_for(waiting, LIMIT))["messages"]
    assert [(one["sender"], one["text"]) for one in heard] == [
        ("staff", "您好，我是陈静。\n稍后给您电话。")
    ]
    stored = (await site.messages(talk))[-1]
    assert (stored.staff_id, stored.delivery) == (NAMES["admin"], "sent")
    found = await site.conversation(talk)
    assert (found.owner, found.assignee_id) == ("staff", NAMES["admin"])
    assert found.last_text.startswith("您好，我是陈静。")

    calls = len(site.assistant.calls)
    assert await talk.ask("好的，谢谢") == []
    assert len(site.assistant.calls) == calls
    page = await desk.page()
    assert "陈静 接待" in page and "由您接待" in page and "好的，谢谢" in page


async def test_handed_back_the_assistant_answers_again(site: Site, talk: Talk) -> None:
    desk = await Desk.of(site, talk)
    await desk.replies("请稍等")
    await talk.ask("我等着")
    assert (await desk.does("hand-back")).status_code == 303
    found = await site.conversation(talk)
    assert (found.owner, found.assignee_id) == ("assistant", None)
    # What was said to the person stays with the person.
    assert [one["text"] for one in await talk.ask("山屿多少钱")] == ["≈山屿多少钱"]
    assert [call.text for call in site.assistant.calls] == ["你好", "山屿多少钱"]
    assert "助手正在接待" in await desk.page()


@pytest.mark.parametrize("back", [False, True])
async def test_an_answer_in_flight_is_not_sent_once_a_person_has_replied(
    site: Site, talk: Talk, back: bool
) -> None:
    desk = await Desk.of(site, talk)
    site.assistant.gate.clear()
    site.assistant.entered.clear()
    await talk.say("有人吗")
    await talk.say("在不在")
    await asyncio.wait_for(site.assistant.entered.wait(), LIMIT)
    assert (await talk.read())["typing"] is True
    await desk.replies("在的")
    assert (await talk.read())["typing"] is False
    if back:
        assert (await desk.does("hand-back")).status_code == 303
    with site.app.state.services.signals.subscribed(talk.id) as ended:
        site.assistant.gate.set()
        await asyncio.wait_for(ended.wait(), LIMIT)
    assert [one["text"] for one in await talk.ask("好")] == (["≈好"] if back else [])
    texts = [row.text for row in await site.messages(talk)]
    assert "≈有人吗" not in texts and "≈在不在" not in texts
    assert {row.turn for row in await site.messages(talk)} <= {"none", "done"}


async def test_closed_it_opens_with_the_assistant_when_the_customer_writes(
    site: Site, talk: Talk
) -> None:
    desk = await Desk.of(site, talk)
    await desk.replies("问题已处理")
    assert (await desk.does("close")).status_code == 303
    found = await site.conversation(talk)
    assert (found.state, found.owner, found.assignee_id) == ("closed", "assistant", None)
    page = await desk.page()
    assert "已关闭" in page and f"{desk.path}/close" not in page
    again = await desk.send("close", {**await desk.form("reply"), "seen": "99"})
    assert again.status_code == 303

    assert [one["text"] for one in await talk.ask("还有一件事")] == ["≈还有一件事"]
    assert (await site.conversation(talk)).state == "open"
    assert (await desk.does("close")).status_code == 303
    await desk.replies("补充一句")
    found = await site.conversation(talk)
    assert (found.state, found.owner) == ("open", "staff")


@pytest.mark.parametrize("action", ["hand-back", "close"])
async def test_nobody_leaves_a_message_that_nobody_has_read(
    site: Site, talk: Talk, action: str
) -> None:
    desk = await Desk.of(site, talk)
    await desk.replies("您请说")
    before = await desk.form(action)
    await talk.ask("刹车有异响")
    refused = await desk.send(action, before)
    assert refused.status_code == 409
    assert "客户刚发来新消息" in refused.text and "刹车有异响" in refused.text
    found = await site.conversation(talk)
    assert (found.owner, found.state) == ("staff", "open")
    for seen in ("", "x", "-1", "²", "9" * 5000):
        answer = await desk.send(action, {**before, "seen": seen})
        assert answer.status_code == (303 if seen.startswith("9") else 409), seen
    assert (await site.conversation(talk)).owner == "assistant"


@pytest.mark.parametrize("action", ["reply", "hand-back", "close"])
async def test_a_form_of_another_site_changes_nothing(site: Site, talk: Talk, action: str) -> None:
    desk = await Desk.of(site, talk)
    for token in ("", "0" * 64, "é"):
        refused = await desk.send(action, {"csrf": token, "text": "hello", "seen": "9"})
        assert refused.status_code == 403
    assert len(await site.messages(talk)) == 2
    assert (await site.conversation(talk)).state == "open"
    again = await desk.browser.get(f"{desk.path}/{action}")
    assert (again.status_code, again.headers["location"]) == (303, desk.path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "还没有写内容"),
        (" \r\n\u200b", "还没有写内容"),
        ("长" * 2001, "最多 2000 个字，现在有 2001 个"),
        (HOSTILE * 50, "最多 2000 个字"),
    ],
)
async def test_what_cannot_be_sent_stays_in_the_field_with_the_reason(
    site: Site, talk: Talk, text: str, words: str
) -> None:
    desk = await Desk.of(site, talk)
    refused = await desk.does("reply", text=text)
    assert refused.status_code == 422 and words in refused.text
    field = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", refused.text, re.S)
    assert field and unescape(field[1]) == text
    assert HOSTILE not in refused.text
    assert (await site.conversation(talk)).owner == "assistant"
    assert len(await site.messages(talk)) == 2
    # The longest that may be sent is sent, line ends counted as the customer reads them.
    await desk.replies("长" * 1998 + "\r\n" + "完" if text.startswith("长") else "长")


async def test_hostile_words_stay_words(site: Site, talk: Talk) -> None:
    desk = await Desk.of(site, talk)
    await desk.replies(HOSTILE)
    assert (await talk.read(2))["messages"][0]["text"] == HOSTILE
    page = await desk.page()
    assert HOSTILE not in page and "&lt;script&gt;alert(&#34;x&#34;)" in page


async def test_two_of_the_staff_at_once(site: Site, talk: Talk) -> None:
    first, second = await Desk.of(site, talk), await Desk.of(site, talk, "li")
    forms = [await desk.form("reply") for desk in (first, second)]
    answers = await asyncio.gather(
        first.send("reply", {**forms[0], "text": "我来处理"}),
        second.send("reply", {**forms[1], "text": "I am on it"}),
    )
    assert [answer.status_code for answer in answers] == [303, 303]
    said = (await site.messages(talk))[2:]
    assert {row.text: row.staff_id for row in said} == {"我来处理": 1, "I am on it": 2}
    found = await site.conversation(talk)
    assert found.owner == "staff" and found.assignee_id == said[-1].staff_id
    late = first if found.assignee_id == NAMES["li"] else second
    page = await late.page()
    assert "正在接待。您一回复" in page or "handles this chat. If you reply" in page


async def test_the_same_reply_twice_is_one_and_a_changed_one_is_another(
    site: Site, talk: Talk
) -> None:
    desk = await Desk.of(site, talk)
    form = await desk.form("reply")
    pressed = await asyncio.gather(
        *(desk.send("reply", {**form, "text": "马上为您查"}) for _ in range(3))
    )
    assert {answer.headers["location"] for answer in pressed} == {f"{desk.path}#m3"}
    assert (await desk.send("reply", {**form, "text": "查到了"})).status_code == 303
    assert (await desk.send("reply", {**form, "key": "", "text": "查到了"})).status_code == 303
    assert [row.text for row in await site.messages(talk)][2:] == ["马上为您查", "查到了", "查到了"]


def moved(before: str, after: str, assignee: int | None) -> dict[str, Any]:
    return {"from": before, "to": after, "assignee": assignee}


async def test_the_audit_tells_who_did_what_and_holds_no_words(site: Site, talk: Talk) -> None:
    first, second = await Desk.of(site, talk), await Desk.of(site, talk, "li")
    start = len(await audit(site))
    await first.replies("13800000009")
    await second.replies("hello")
    await second.does("hand-back")
    await first.does("close")
    subject = f"conversation:{talk.id}"
    assert (await audit(site))[start:] == [
        (
            "staff:1",
            "conversation.owner",
            subject,
            moved("assistant", "staff", 1),
        ),
        ("staff:1", "conversation.replied", subject, {"seq": 3}),
        ("staff:2", "conversation.owner", subject, moved("staff", "staff", 2)),
        ("staff:2", "conversation.replied", subject, {"seq": 4}),
        (
            "staff:2",
            "conversation.owner",
            subject,
            moved("staff", "assistant", None),
        ),
        ("staff:1", "conversation.closed", subject, {}),
    ]


@pytest.mark.parametrize("key", ["1", "%00", "%ED%A0%80", "é", "a" * 32])
async def test_there_is_no_such_conversation(site: Site, talk: Talk, key: str) -> None:
    desk = await Desk.of(site, talk)
    fields = {**await desk.form("reply"), "text": "x", "seen": "9"}
    for action in ("reply", "hand-back", "close"):
        path = f"/console/conversations/{key}/{action}"
        assert (await desk.browser.client.post(path, data=fields)).status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
async def test_every_role_may_reply(site: Site, talk: Talk, role: str) -> None:
    await staff(site.database, "someone", role)
    desk = await Desk.of(site, talk, "someone")
    await desk.replies("您好")
    assert (await site.conversation(talk)).owner == "staff"


async def test_those_who_wait_are_counted_and_found(site: Site, talk: Talk) -> None:
    desk = await Desk.of(site, talk, "li")
    waiting = "/console/conversations?view=waiting"
    page = (await desk.browser.get(waiting)).text
    assert re.search(r'id="waiting"[^>]* hidden', page) and "Nobody is waiting" in page
    await site.give_to(talk, "waiting")
    page = (await desk.browser.get("/console/tasks")).text
    assert re.search(r'id="waiting"[^>]*><span aria-hidden="true">1</span>', page)
    assert not re.search(r'id="waiting"[^>]* hidden', page)
    assert "1 waiting for a person" in page
    assert "waits for a person" in await desk.page()
    listed = (await desk.browser.get(waiting)).text
    assert f'c-item unread" href="{desk.path}?view=waiting"' in listed
    assert "No. 1 in line" in listed and '<strong data-count="waiting">1</strong>' in listed
    await desk.replies("Hello")
    listed = (await desk.browser.get("/console/conversations")).text
    assert re.search(r'id="waiting"[^>]* hidden', listed) and "陈静" in listed
    assert f'c-item" href="{desk.path}"' in listed, re.findall(r"<a class=.c-item[^>]*>", listed)


async def test_tasks_are_marked_as_done(site: Site, talk: Talk) -> None:
    desk = await Desk.of(site, talk)
    numbers = count(1)
    async with site.database.transaction() as session:
        for kind in ("handover", "question"):
            await open_task(
                session, NOW, kind=kind, conversation_id=talk.id, note="请回电",
                message_id=f"t{next(numbers)}", action=kind,
            )  # fmt: skip
    start = len(await audit(site))
    listing = "/console/tasks?state=open"
    done = await desk.browser.post("/console/tasks/1/done", listing, next=listing)
    assert (done.status_code, done.headers["location"]) == (303, listing)
    assert "/console/tasks/1/done" not in (await desk.browser.get("/console/tasks")).text
    assert "/console/tasks/2/done" in await desk.page()
    again = await desk.browser.post("/console/tasks/1/done", listing, next="https://x.example/")
    assert (again.status_code, again.headers["location"]) == (303, "/console/conversations")
    for missing in ("9", "0", "99999999999"):
        path = f"/console/tasks/{missing}/done"
        assert (await desk.browser.post(path, listing)).status_code == 404
    stranger = await desk.browser.client.post("/console/tasks/2/done", data={"csrf": "x"})
    assert stranger.status_code == 403
    async with site.database.reading() as session:
        tasks = await session.scalars(select(Task).order_by(Task.id))
        assert [task.state for task in tasks] == ["done", "open"]
    assert (await audit(site))[start:] == [
        ("staff:1", "task.done", "task:1", {"conversation": talk.id})
    ]


async def test_a_customer_cannot_take_the_key_of_a_reply(site: Site, talk: Talk) -> None:
    desk = await Desk.of(site, talk)
    form = await desk.form("reply")
    response = await talk.post(client_message_id=f"staff:{form['key']}", text="您好")
    assert response.status_code == 202
    await talk.settles()
    assert (await desk.send("reply", {**form, "text": "您好"})).status_code == 303
    rows: list[Message] = await site.messages(talk)
    assert (rows[-1].sender, rows[-1].text) == ("staff", "您好")
