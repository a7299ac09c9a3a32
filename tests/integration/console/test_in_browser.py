"""The console in a real browser: filters without reloading, and nothing hostile runs."""

import asyncio
import os
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
