"""The console in a real browser: filters and replies without reloading, nothing hostile runs."""

import asyncio
import os
import re
import shutil
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Dialog, Page, expect, sync_playwright

from backend.clock import FixedClock
from backend.database import Database
from backend.migrations.migrate import migrate
from tests.conftest import NOW
from tests.integration.console.browser import PASSWORD, application, settings, staff
from tests.integration.console.office import THIRD_CONVERSATION, fill
from tests.integration.world import OTHER_CONVERSATION


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A console with a day's records, served by a thread with a loop of its own."""
    folder = tmp_path_factory.mktemp("console")
    database = Database(f"sqlite+aiosqlite:///{folder / 'store.db'}")
    listener = socket.create_server(("127.0.0.1", 0))
    app = application(database, FixedClock(NOW), settings(folder))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    ready = threading.Event()

    async def prepare() -> None:
        await migrate(database)
        await staff(database)
        async with database.transaction() as session:
            await fill(session)

    async def serve() -> None:
        await prepare()
        ready.set()
        await server.serve(sockets=[listener])
        await database.dispose()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(60)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    """Signed in, on a phone; every complaint of the browser fails the test that caused it."""
    executable = os.environ.get("CHEFU_CHROMIUM") or shutil.which("chromium")
    assert executable, "no chromium on the path and CHEFU_CHROMIUM is not set"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        opened = chromium.new_page(viewport={"width": 390, "height": 844})
        opened.goto(f"{address}/console/")
        opened.fill("#username", "admin")
        opened.fill("#password", PASSWORD)
        opened.click("main form[method=post] button")
        opened.wait_for_url("**/console/conversations")
        yield opened
        chromium.close()


def test_typing_filters_in_place_and_keeps_the_focus(page: Page, address: str) -> None:
    page.goto(f"{address}/console/conversations")
    page.evaluate("window.sameDocument = true")
    assert page.locator(".c-item").count() == 3
    page.locator("#q").press_sequentially("落地")
    expect(page.locator(".c-item")).to_have_count(1)
    page.wait_for_url("**/console/conversations?q=*")
    assert page.url.endswith("/console/conversations?q=%E8%90%BD%E5%9C%B0")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.evaluate("window.sameDocument") is True
    # No copy of a page may stay behind in the browser; the address alone is harmless.
    kept = page.evaluate("[...Object.values(localStorage), ...Object.values(sessionStorage)]")
    assert all(value.startswith("/console/conversations") for value in kept), kept


def test_filters_work_without_scripts(page: Page, address: str) -> None:
    assert page.context.browser is not None
    plain = page.context.browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    reader = plain.new_page()
    reader.goto(f"{address}/console/test-drives")
    reader.fill("#q", "王伟")
    reader.press("#q", "Enter")
    assert reader.locator("tbody tr").count() == 1
    plain.close()


@pytest.mark.parametrize(
    "path", ["conversations", f"conversations/{THIRD_CONVERSATION}", "complaints", "tasks"]
)
def test_nothing_hostile_runs_and_nothing_is_wider_than_the_phone(
    page: Page, address: str, path: str
) -> None:
    said: list[str] = []

    def refuse(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/console/{path}")
    page.wait_for_load_state("networkidle")
    assert page.get_by_text('<script>alert("x")</script>').count() > 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == []


def test_a_reply_joins_the_talk_and_a_draft_outlives_all_news(page: Page, address: str) -> None:
    talk = f"{address}/console/conversations/{OTHER_CONVERSATION}"
    page.goto(talk)
    page.evaluate("window.sameDocument = true")
    page.fill("#reply-text", "This is Chen Jing.")
    page.press("#reply-text", "Control+Enter")
    expect(page.locator(".c-message.staff")).to_have_text(re.compile("This is Chen Jing"))
    expect(page.locator("#reply-text")).to_have_value("")
    expect(page.locator("#status")).to_contain_text("陈静 接待")
    assert page.locator("#waiting").is_hidden()
    assert page.evaluate("document.activeElement.id") == "reply-text"

    page.locator("#reply-text").press_sequentially("I will")
    assert page.context.browser is not None
    desk = page.context.browser.new_context(storage_state=page.context.storage_state())
    other = desk.new_page()
    other.goto(talk)
    other.fill("#reply-text", "y" * 2001)
    other.click("#composer button")
    expect(other.locator("#notice")).to_contain_text("2001")
    assert other.input_value("#reply-text") == "y" * 2001
    other.fill("#reply-text", "One more thing.")
    other.click("#composer button")
    expect(other.locator(".c-message.staff")).to_have_count(2)
    expect(other.locator("#notice")).to_be_empty()
    page.bring_to_front()
    expect(page.locator(".c-message.staff")).to_have_count(2, timeout=20_000)
    assert page.input_value("#reply-text") == "I will"
    assert page.evaluate("document.activeElement.id") == "reply-text"

    other.route("**/close", lambda route: route.abort())
    other.fill("#reply-text", "kept")
    other.click("#close")
    expect(other.locator("[data-failed]")).to_be_visible()
    other.unroute("**/close")
    other.click("#close")
    expect(other.locator("#status")).to_contain_text("已关闭")
    assert other.locator("[data-failed]").is_hidden()
    assert other.input_value("#reply-text") == "kept"
    assert page.evaluate("window.sameDocument") is True
    desk.close()


def test_replying_works_without_scripts(page: Page, address: str) -> None:
    assert page.context.browser is not None
    plain = page.context.browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    reader = plain.new_page()
    talk = f"{address}/console/conversations/{THIRD_CONVERSATION}"
    reader.goto(talk)
    reader.click("#composer button")
    assert "还没有写内容" in reader.inner_text("#notice")
    reader.fill("#reply-text", "您好\n请稍等")
    reader.click("#composer button")
    last = reader.locator(".c-thread > :last-child")
    assert reader.url == f"{talk}#{last.get_attribute('id')}"
    assert last.locator("p").inner_text() == "您好\n请稍等"
    expect(last).to_be_in_viewport()
    reader.click("#hand-back")
    assert "助手" in reader.inner_text("#status")
    reader.goto(f"{address}/console/tasks?state=open")
    open_tasks = reader.locator(".c-task").count()
    reader.locator(".c-task button").first.click()
    expect(reader.locator(".c-task")).to_have_count(open_tasks - 1)
    assert reader.url == f"{address}/console/tasks?state=open"
    plain.close()
