"""A headless Chromium for the tests in this folder.

The browser lives as long as one test module: playwright's synchronous API keeps an event loop
running in the main thread, in which asynchronous tests of other modules could not start theirs.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """CHEFU_CHROMIUM, or the chromium on the path."""
    executable = os.environ.get("CHEFU_CHROMIUM") or shutil.which("chromium")
    assert executable, "no chromium on the path and CHEFU_CHROMIUM is not set"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield chromium
        chromium.close()
