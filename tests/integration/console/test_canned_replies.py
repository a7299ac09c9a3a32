"""Canned replies: who may change them, what they may hold, how they are filled."""

import re
from html import unescape

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from backend.database import Database
from backend.models import ROLES, Audit, CannedReply, Conversation, Customer, Message
from tests.conftest import NOW
from tests.integration.console.browser import Browser, open_browser, staff
from tests.integration.console.office import HOSTILE, THIRD_CONVERSATION
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION

PAGE = "/console/canned-replies"
HELLO = {
    "shortcut": "hello",
    "text_zh": "{name}您好，我是{dealership}的{staff}。",
    "text_en": "Hello {name}, this is {staff} of {dealership}.",
}


async def stored(database: Database) -> list[CannedReply]:
    async with database.reading() as session:
        return list(await session.scalars(select(CannedReply).order_by(CannedReply.id)))


async def choices(browser: Browser, conversation_id: str) -> dict[str, str]:
    answer = await browser.get(f"/console/conversations/{conversation_id}/canned-replies")
    assert answer.status_code == 200
    found = re.findall(r'data-text="([^"]*)" data-search="(\S+) ', answer.text)
    return {shortcut: unescape(text) for text, shortcut in found}


async def test_added_changed_and_deleted_with_an_audit(admin: Browser, database: Database) -> None:
    assert (await admin.post(PAGE, PAGE, **HELLO)).status_code == 303
    [row] = await stored(database)
    assert (row.shortcut, row.text_zh, row.text_en) == tuple(HELLO.values())
    changed = {**HELLO, "shortcut": " ／ＨＩ ", "text_en": "Hi\r\nthere"}
    path = f"{PAGE}/{row.id}"
    assert (await admin.post(path, path, **changed)).status_code == 303
    [row] = await stored(database)
    assert (row.shortcut, row.text_en, row.changed_by) == ("hi", "Hi\nthere", 1)
    page = (await admin.get(PAGE)).text
    assert "/hi" in page and "Hi\nthere" in page
    assert (await admin.post(f"{path}/delete", path)).status_code == 303
    assert await stored(database) == []
    assert (await admin.get(path)).status_code == 404
    assert (await admin.post(f"{path}/delete", PAGE)).status_code == 404
    async with database.reading() as session:
        lines = await session.scalars(select(Audit).where(Audit.action.startswith("canned")))
        told = [(line.actor, line.action, line.subject, line.data) for line in lines]
    assert told == [
        ("staff:1", f"canned_reply.{what}", f"canned_reply:{row.id}", {})
        for what in ("created", "changed", "deleted")
    ]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"shortcut": ""}, "快捷词为"),
        ({"shortcut": "two words"}, "快捷词为"),
        ({"shortcut": "x" * 33}, "快捷词为"),
        ({"shortcut": "<b>"}, "快捷词为"),
        ({"text_zh": " \u200b"}, "两种语言都要填写"),
        ({"text_en": ""}, "两种语言都要填写"),
        ({"text_en": "x" * 2001}, "最多 2000 个字"),
        ({"text_zh": "{naem}您好"}, "没有字段 {naem}"),
        ({"shortcut": "HELLO"}, "已经有了"),
    ],
)
async def test_what_is_refused_stays_in_the_form_with_the_reason(
    admin: Browser, database: Database, change: dict[str, str], words: str
) -> None:
    assert (await admin.post(PAGE, PAGE, **HELLO)).status_code == 303
    given = {**HELLO, "shortcut": "other", **change}
    answer = await admin.post(PAGE, PAGE, **given)
    assert answer.status_code in (409, 422) and words in answer.text
    field = re.search(r'name="text_zh"[^>]*>\n(.*?)</textarea>', answer.text, re.S)
    assert field and unescape(field[1]) == given["text_zh"]
    assert len(await stored(database)) == 1
    other = await admin.post(PAGE, PAGE, **{**HELLO, "shortcut": "second"})
    assert other.status_code == 303
    path = f"{PAGE}/2"
    assert words in (await admin.post(path, path, **{**HELLO, "shortcut": "third", **change})).text
    assert [row.shortcut for row in await stored(database)] == ["hello", "second"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
async def test_all_may_use_them_and_managers_change_them(
    app: FastAPI, admin: Browser, database: Database, role: str
) -> None:
    assert (await admin.post(PAGE, PAGE, **HELLO)).status_code == 303
    await staff(database, "someone", role)
    browser = open_browser(app)
    await browser.sign_in("someone")
    page = await browser.get(PAGE)
    assert page.status_code == 200 and "/hello" in page.text
    may = role in ("manager", "admin")
    assert ("canned-form" in page.text) is may
    answers = [
        await browser.get(f"{PAGE}/1"),
        await browser.post(PAGE, PAGE, **{**HELLO, "shortcut": "new"}),
        await browser.post(f"{PAGE}/1", PAGE, **{**HELLO, "text_zh": "您好"}),
        await browser.post(f"{PAGE}/1/delete", PAGE),
    ]
    assert [answer.status_code for answer in answers] == (
        [200, 303, 303, 303] if may else [403] * 4
    )
    if not may:
        assert "只有经理和管理员可以修改" in answers[1].text
        assert [row.shortcut for row in await stored(database)] == ["hello"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_form_of_another_site_changes_nothing(admin: Browser, database: Database) -> None:
    for path in (PAGE, f"{PAGE}/1", f"{PAGE}/1/delete"):
        assert (await admin.client.post(path, data={"csrf": "x", **HELLO})).status_code == 403
    assert await stored(database) == []


async def test_filled_from_the_record_in_the_customers_language(
    office: Browser, database: Database
) -> None:
    await office.post(PAGE, PAGE, **HELLO)
    await office.post(
        PAGE, PAGE, shortcut="numbers", text_zh="{number} {phone} {phone}", text_en="{number}"
    )
    assert await choices(office, CONVERSATION) == {
        "hello": "王伟您好，我是曜川汽车临澜店的陈静。",
        "numbers": "TD261125-0001 +8613800000001 +8613800000001",
    }
    assert await choices(office, OTHER_CONVERSATION) == {
        "hello": "Hello Alexandra Montgomery-Taylor, this is 陈静 of Yaochuan Linlan.",
        # The latest of two bookings and a complaint.
        "numbers": "TD261125-0002",
    }
    assert (await choices(office, THIRD_CONVERSATION))["hello"].startswith("{name}您好")
    assert (await office.get("/console/conversations/none/canned-replies")).status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_fills_a_field_is_neither_markup_nor_a_field(
    office: Browser, database: Database
) -> None:
    async with database.transaction() as session:
        row = Customer(
            name=f"{{phone}}{HOSTILE}", phone="+8613900000009", language="zh",
            created_at=NOW,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        (await session.get_one(Conversation, THIRD_CONVERSATION)).customer_id = row.id
    await office.post(PAGE, PAGE, **HELLO)
    answer = await office.get(f"/console/conversations/{THIRD_CONVERSATION}/canned-replies")
    assert HOSTILE not in answer.text and "onerror=alert(1)&gt;" in answer.text
    filled = await choices(office, THIRD_CONVERSATION)
    assert filled["hello"].startswith(f"{{phone}}{HOSTILE}您好")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_reply_with_a_gap_is_not_sent_but_a_note_is_kept(
    office: Browser, database: Database
) -> None:
    path = f"/console/conversations/{CONVERSATION}"
    refused = await office.post(
        f"{path}/reply", path, text="{name}您好，{phone}？{name}", kind="reply"
    )
    assert refused.status_code == 422
    assert "还有未填写的内容：{name} {phone}。" in refused.text
    assert "{name}您好" in refused.text
    noted = await office.post(f"{path}/reply", path, text="{name}未知", kind="note")
    assert noted.status_code == 303 and noted.headers["location"] == f"{path}#n1"
    sent = await office.post(f"{path}/reply", path, text="{其他} {x} 可以发", kind="reply")
    assert sent.status_code == 303
    async with database.reading() as session:
        said = await session.scalars(select(Message.text).where(Message.sender == "staff"))
        assert list(said) == ["{其他} {x} 可以发"]
