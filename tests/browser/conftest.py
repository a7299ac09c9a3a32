"""A headless Chromium for the tests in this folder, and the widget on a page of its own.

The browser lives as long as one test module: playwright's synchronous API keeps an event loop
running in the main thread, in which asynchronous tests of other modules could not start theirs.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.fake_chat import FakeChat
from tests.browser.widget import DESKTOP, OpenPage, launcher

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 15_000
"""Milliseconds within which everything on a page has to happen."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """CHEFU_CHROMIUM, or the chromium on the path."""
    executable = os.environ.get("CHEFU_CHROMIUM") or shutil.which("chromium")
    assert executable, "no chromium on the path and CHEFU_CHROMIUM is not set"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def server() -> Iterator[FakeChat]:
    fake = FakeChat()
    fake.start()
    yield fake
    fake.close()


@pytest.fixture
def chat(server: FakeChat) -> FakeChat:
    server.reset()
    return server


@pytest.fixture
def open_page(browser: Browser, chat: FakeChat) -> Iterator[OpenPage]:
    """Opens the host page in a browser of its own; keyword arguments go to the context.

    `direct=True` loads it past the relay, so that it can be loaded while the chat is cut off.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(direct: bool = False, **options: Any) -> Page:
        context = browser.new_context(**{"locale": "zh-CN", "viewport": DESKTOP, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        page = context.new_page()
        page.goto(chat.direct_url if direct else chat.url)
        expect(launcher(page)).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
