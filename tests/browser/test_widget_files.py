"""The files of the widget: small, and on their own."""

import gzip
import re

from tests.browser.fake_chat import WIDGET


def test_the_widget_is_small_and_on_its_own() -> None:
    scripts = sorted(WIDGET.glob("*.js"))
    compressed = sum(len(gzip.compress(each.read_bytes())) for each in scripts)
    assert 0 < compressed < 40 * 1024
    for script in scripts:
        source = script.read_text(encoding="utf-8")
        imports = re.findall(r'(?:from|import)\s*\(?\s*"([^"]+)"', source)
        assert all(each.startswith("./") for each in imports), script.name
        assert "innerHTML" not in source
        assert "insertAdjacentHTML" not in source
