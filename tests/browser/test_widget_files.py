"""The files of the widget: small, and on their own."""

import gzip
import re

from tests.browser.fake_chat import WIDGET, FakeChat
from tests.browser.widget import OpenPage, heard, say

LIMIT = 40 * 1024
LONGEST = 300
"""Lines of one file."""


def test_the_script_is_small() -> None:
    """Each file is compressed by itself, as a server sends it: together they would be smaller."""
    scripts = sorted(WIDGET.glob("*.js"))
    compressed = sum(len(gzip.compress(each.read_bytes())) for each in scripts)
    assert 0 < compressed < LIMIT
    assert all(len(each.read_text("utf-8").splitlines()) < LONGEST for each in scripts)


def test_what_a_page_loads_is_all_there_is(open_page: OpenPage, chat: FakeChat) -> None:
    page = open_page()
    say(page, "你好")
    heard(page, "收到：你好")
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)"
    )
    scripts = {path for path in loaded if path.startswith("/widget/")}
    assert scripts == {f"/widget/{each.name}" for each in WIDGET.glob("*.js")}


def test_nothing_comes_from_elsewhere_and_nothing_is_parsed_as_markup() -> None:
    for script in sorted(WIDGET.glob("*.js")):
        source = script.read_text(encoding="utf-8")
        imports = re.findall(r'(?:from|import)\s*\(?\s*"([^"]+)"', source)
        assert all(each.startswith("./") for each in imports), script.name
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
        ):
            assert forbidden not in source, script.name
