"""The pages: what they show, to whom, and that no customer's text becomes markup."""

import html
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import select

from backend.console import routes as console_routes
from backend.database import Database
from backend.models import Audit, Conversation, Message, StaffToken
from backend.staff.service import digest
from backend.staff_api import routes as staff_routes
from tests.conftest import NOW
from tests.integration.console.browser import Browser, open_browser, staff
from tests.integration.console.office import HOSTILE, THIRD_CONVERSATION
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LISTS = ("conversations", "test-drives", "service-bookings", "complaints", "tasks")
PAGES = (
    *(f"/console/{name}" for name in LISTS),
    f"/console/conversations/{CONVERSATION}",
    f"/console/conversations/{OTHER_CONVERSATION}",
    f"/console/conversations/{THIRD_CONVERSATION}",
    "/console/canned-replies",
    "/console/test-drives/TD261125-0001",
    "/console/service-bookings/SV261125-0001",
    "/console/service-bookings/SV261125-0002",
    "/console/complaints/CP261125-0001",
    "/console/complaints/CP261125-0002",
    "/console/tokens",
    "/console/day?date=2026-11-26",
    "/console/day?date=2026-11-27",
    "/console/tasks/1",
)


class Markup(HTMLParser):
    """Collects elements and attributes as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def walk(router: object) -> set[tuple[str, str]]:
    """Method and path of every route, through the routers that a router includes."""
    found: set[tuple[str, str]] = set()
    for route in router.routes:  # type: ignore[attr-defined]
        if isinstance(route, APIRoute):
            found |= {(method, route.path) for method in route.methods or ()}
        else:
            inner = route.original_router
            prefix = route.include_context.prefix
            found |= {(method, prefix + path) for method, path in walk(inner)}
    return found


async def test_every_route_refuses_strangers(visitor: Browser) -> None:
    console = {place for place in walk(console_routes.router) if place[1] != "/console/sign-in"}
    api = walk(staff_routes.router)
    assert len(console) > 18 and len(api) > 8
    assert all(path.startswith("/console") for _, path in console)
    for method, path in console:
        address = re.sub(r"\{[^}]+\}", "1", path)
        response = await visitor.client.request(method, address)
        assert response.status_code == 303, (method, path)
        assert response.headers["location"].startswith("/console/sign-in"), (method, path)
    for method, path in api:
        response = await visitor.client.request(method, re.sub(r"\{[^}]+\}", "1", path))
        assert response.status_code == 401, (method, path)
        assert response.json()["error"]["code"] == "unauthorized"


@pytest.mark.parametrize("path", PAGES)
async def test_no_text_of_a_customer_becomes_markup(office: Browser, path: str) -> None:
    response = await office.get(path)
    assert response.status_code == 200
    markup = Markup()
    markup.feed(response.text)
    scripts = [attributes for tag, attributes in markup.elements if tag == "script"]
    assert scripts and all((s["src"] or "").startswith("/assets/") for s in scripts)
    assert not [tag for tag, _ in markup.elements if tag in ("img", "iframe", "object", "style")]
    for tag, attributes in markup.elements:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag


async def test_hostile_words_are_shown_as_they_were_written(office: Browser) -> None:
    page = (await office.get(f"/console/conversations/{THIRD_CONVERSATION}")).text
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in page


async def test_headers(office: Browser) -> None:
    for path in ("/console/conversations", "/console/sign-in", "/console/nothing"):
        headers = (await office.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", LISTS)
async def test_empty_lists_say_so(admin: Browser, name: str) -> None:
    page = (await admin.get(f"/console/{name}")).text
    assert ("c-empty" in page and "显示在这里" in page) or "留下任务" in page
    page = (await admin.get(f"/console/{name}?q=山")).text
    assert "没有符合条件的记录" in page


async def test_a_conversation_with_understanding_and_records(office: Browser) -> None:
    page = (await office.get(f"/console/conversations/{CONVERSATION}")).text
    for words in (
        "山屿混动版落地大概多少钱", "问落地价", "置信度 93%", "金额：¥200,000", "车型：shanyu",
        "时间：2026-11-26 15:00", "电话：13800000001", "其他可能", "购置税", "贷款方案",
        "预约试驾", "点了按钮", "已发送", "王伟", "138 0000 0001", "浙A12345", "20,100 公里",
        "TD261125-0001", "明天 15:00", "5 / 5 分", "会话已转给人工",
    ):  # fmt: skip
        assert words in page, words
    english = (await office.get(f"/console/conversations/{OTHER_CONVERSATION}")).text
    assert "等待人工" in english and "发送失败" in english and "处理失败" in english
    assert "已超期" in english


async def test_single_records(office: Browser) -> None:
    drive = (await office.get("/console/test-drives/TD261125-0001")).text
    for words in ("2026-11-26 周四 15:00–15:30", "山屿", "浙A0000", "王伟", "打开会话"):
        assert words in drive, words
    visit = (await office.get("/console/service-bookings/SV261125-0001")).text
    for words in ("机油机滤更换", "¥300", "¥100", "¥420", "20,100 公里", "浙A12345"):
        assert words in visit, words
    assert "检查后报价" in (await office.get("/console/service-bookings/SV261125-0002")).text
    complaint = (await office.get("/console/complaints/CP261125-0001")).text
    assert "已超期" in complaint and "promised to call me back" in complaint
    assert "已超期" not in (await office.get("/console/complaints/CP261125-0002")).text


@pytest.mark.parametrize(
    "path",
    [
        "/console/nothing", "/console/conversations/none", "/console/conversations/%00",
        "/console/test-drives/TD000000-0000", "/console/complaints/%00",
        "/console/conversations/%ED%A0%80",
    ],
)  # fmt: skip
async def test_what_is_not_there(office: Browser, path: str) -> None:
    response = await office.get(path)
    assert response.status_code == 404
    assert "没有这条记录" in response.text


@pytest.mark.parametrize(
    ("address", "found", "missing"),
    [
        ("test-drives?q=0002", ["0002"], []),
        ("test-drives?q=王", ["0001"], ["0002", "0003"]),
        ("test-drives?q=138 0000 0001", ["0001"], ["0002", "0003"]),
        ("test-drives?q=浙a 00001", ["0002"], ["0001", "0003"]),
        ("test-drives?q=shanyu", ["0001", "0002", "0003"], []),
        ("test-drives?state=done", ["0002"], ["0001", "0003"]),
        ("test-drives?from=2026-11-26&to=2026-11-26", ["0001"], ["0002", "0003"]),
        ("test-drives?from=2026-11-27", ["0003"], ["0001", "0002"]),
        ("test-drives?to=2026-11-24", ["0002"], ["0001", "0003"]),
        ("test-drives?state=nonsense&sort=x&page=x", ["0001", "0002", "0003"], []),
        ("test-drives?from=yesterday", ["0001", "0002", "0003"], []),
        ("service-bookings?q=浙A123", ["0001"], ["0002"]),
        ("service-bookings?q=Montgomery", ["0002"], ["0001"]),
        ("complaints?state=overdue", ["0001"], ["0002", "0003"]),
        ("complaints?q=空调", ["0003"], ["0001", "0002"]),
        ("complaints?q=13800000003", ["0002"], ["0001", "0003"]),
        ("complaints?q=%25", [], ["0001", "0002", "0003"]),
        ("complaints?q=---", [], ["0001", "0002", "0003"]),
    ],
)
async def test_filters(office: Browser, address: str, found: list[str], missing: list[str]) -> None:
    response = await office.get(f"/console/{address}")
    assert response.status_code == 200
    shown = set(re.findall(r'/[A-Z]{2}261125-(\d{4})"', response.text))
    assert set(found) <= shown and not shown & set(missing)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=落", [CONVERSATION]),
        ("q=落地", [CONVERSATION]),
        ("q=盘点", [CONVERSATION]),
        ("q=SCRATCHED", [OTHER_CONVERSATION]),
        ("q=０００１", [CONVERSATION]),
        ("q=<script>", [THIRD_CONVERSATION]),
        ("q=_", []),
        ("q=%00", [CONVERSATION, OTHER_CONVERSATION, THIRD_CONVERSATION]),
        ("view=waiting", [OTHER_CONVERSATION]),
        ("view=assistant", [CONVERSATION, THIRD_CONVERSATION]),
        ("view=mine", []),
        ("view=closed", []),
        ("view=nonsense&page=x", [CONVERSATION, OTHER_CONVERSATION, THIRD_CONVERSATION]),
        ("from=2026-11-25", [CONVERSATION, OTHER_CONVERSATION]),
        ("to=2026-11-24", [OTHER_CONVERSATION, THIRD_CONVERSATION]),
        ("sort=oldest", [THIRD_CONVERSATION, OTHER_CONVERSATION, CONVERSATION]),
    ],
)
async def test_finding_conversations(office: Browser, query: str, found: list[str]) -> None:
    page = (await office.get(f"/console/conversations?{query}")).text
    assert rows(page) == found


def rows(page: str) -> list[str]:
    """The conversations of the list, in its order."""
    return re.findall(r'<li id="c-(\w+)"', page)


async def test_filters_stay_in_the_form_and_in_the_links(
    office: Browser, database: Database
) -> None:
    async with database.transaction() as session:
        for count in range(60):
            key = f"{count:032d}"
            session.add(
                Conversation(
                    id=key, channel="web", token_hash=key, last_text="嗯",
                    created_at=NOW, updated_at=NOW - timedelta(days=9, minutes=count),
                )
            )  # fmt: skip
            await session.flush()
            session.add(
                Message(
                    id=key, conversation_id=key, seq=1, sender="customer", text="翼豹",
                    channel="web", sent_at=NOW,
                )
            )  # fmt: skip
    page = (await office.get("/console/conversations?view=assistant&page=2")).text
    assert 'name="view" value="assistant"' in page
    assert "第 26–50 条，共 62 条" in page
    assert "view=assistant&amp;page=3" in page
    beyond = (await office.get("/console/conversations?page=99999999999")).text
    assert "第 51–63 条" in beyond

    address = "/console/conversations?q=翼&view=assistant"
    shown: list[list[str]] = []
    while address:
        page = (await office.get(address)).text
        assert 'value="翼"' in page and 'name="view" value="assistant"' in page
        assert re.search(r'href="[^"]*\?view=assistant" aria-current="page"', page)
        shown.append(rows(page))
        following = re.search(r'href="([^"]+)"[^>]* rel="next"', page)
        address = html.unescape(following[1]) if following else ""
    assert [len(found) for found in shown] == [25, 25, 10]
    assert len({row for found in shown for row in found}) == 60
    # Beside an open conversation stays the same list.
    [link] = set(re.findall(rf'c-item[^"]*" href="([^"]+/{shown[-1][-1]}[^"]*)"', page))
    beside = (await office.get(html.unescape(link))).text
    assert 'value="翼"' in beside and rows(beside) == shown[-1]
    again = (await office.get("/console/conversations?q=翼&cursor=nonsense")).text
    assert rows(again) == rows((await office.get("/console/conversations?q=翼")).text)


async def test_what_was_found_is_marked_and_stays_text(office: Browser) -> None:
    page = (await office.get("/console/conversations?q=script")).text
    assert "&lt;<mark>script</mark>&gt;alert" in page and "<script>alert" not in page
    page = (await office.get("/console/conversations?q=盤點")).text
    assert "周六店里<mark>盘点</mark>，不营业" in page
    assert re.search(rf'href="/console/conversations/{CONVERSATION}[^"]*#m4"', page)


async def test_tokens_are_for_administrators(app: FastAPI, database: Database) -> None:
    await staff(database, "wang", "consultant", "en")
    browser = open_browser(app)
    await browser.sign_in("wang")
    page = await browser.get("/console/tokens")
    assert page.status_code == 403 and "administrators only" in page.text
    assert "/console/tokens" not in (await browser.get("/console/conversations")).text
    response = await browser.post("/console/tokens", "/console/conversations", name="x")
    assert response.status_code == 403
    async with database.reading() as session:
        assert (await session.scalars(select(StaffToken))).all() == []


async def test_a_token_is_shown_once_works_and_is_revoked(
    admin: Browser, database: Database
) -> None:
    created = await admin.post("/console/tokens", "/console/tokens", name=" 报表 <b> ")
    assert created.status_code == 201
    secret = re.search(r'value="(chefu_[\w-]{40,})"', created.text)
    assert secret
    header = {"authorization": f"Bearer {secret[1]}"}
    assert (await admin.get("/api/staff/customers", headers=header)).status_code == 200
    listed = (await admin.get("/console/tokens")).text
    assert secret[1] not in listed and "报表 &lt;b&gt;" in listed

    async with database.reading() as session:
        token = (await session.scalars(select(StaffToken))).one()
    assert token.token_hash == digest(secret[1])
    revoked = await admin.post(f"/console/tokens/{token.id}/revoke", "/console/tokens")
    assert revoked.status_code == 303
    assert (await admin.get("/api/staff/customers", headers=header)).status_code == 401
    assert (await admin.post("/console/tokens/99/revoke", "/console/tokens")).status_code == 404
    assert (await admin.post("/console/tokens", "/console/tokens", name=" ")).status_code == 422

    async with database.reading() as session:
        lines = (await session.scalars(select(Audit).order_by(Audit.id))).all()
    done = [(line.action, line.subject) for line in lines if line.action.startswith("staff_token")]
    assert done == [("staff_token.created", "token:1"), ("staff_token.revoked", "token:1")]
    assert not any("报表" in str(line.data) for line in lines)


async def test_only_the_needed_files_are_served(visitor: Browser) -> None:
    page = (await visitor.get("/console/sign-in")).text
    used = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert len(used) == 5
    for address in used:
        response = await visitor.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-encoding"] == "gzip"
    for address in (
        "/assets/vendor/package.json", "/assets/", "/assets/vendor/../package.json",
        "/assets/vendor/tabler.js", "/assets/console/../routes.py",
    ):  # fmt: skip
        assert (await visitor.get(address)).status_code == 404
