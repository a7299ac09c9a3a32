"""Everything a form of the console says of itself afterwards has words."""

import re
from pathlib import Path

from backend.complaints.acts import ACTS
from backend.console import pages
from backend.console.texts import TEXTS

CODE = re.compile(r'"((?:task|drive|visit)_(?:\w+))"\)|\?said=(\w+)"|(visit_completed)')


def test_every_code_has_words_and_every_word_a_code() -> None:
    sources = [file.read_text("utf-8") for file in Path(pages.__path__[0]).glob("*.py")]
    used = {next(filter(None, found)) for text in sources for found in CODE.findall(text)}
    used |= {f"complaint_{act}" for act in ACTS}
    known = {key.removeprefix("said.") for key in TEXTS if key.startswith("said.")}
    assert used == known
