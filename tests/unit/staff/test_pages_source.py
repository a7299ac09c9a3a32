"""Rules that hold for every template and text of the console."""

import re
import string
from pathlib import Path

import pytest

from backend.console.assets import OWN
from backend.console.texts import TEXTS
from backend.settings import ROOT

TEMPLATES = sorted((ROOT / "backend" / "console" / "templates").glob("*.html"))
STATIC = ROOT / "backend" / "console" / "static"
KEY = re.compile(r"""\bt\(\s*'([a-z0-9_.]+)'\s*[,)]""")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 10


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_both_languages_say_the_same_thing(key: str) -> None:
    chinese, english = TEXTS[key]
    assert chinese.strip() and english.strip()
    assert fields(chinese) == fields(english)
    assert "!" not in english and "！" not in chinese
    if key != "language.switch":
        assert not re.search(r"[\u4e00-\u9fff]", english)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_escapes_everything_and_holds_no_code(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|Markup|autoescape", source)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", source)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_uses_known_texts_and_no_words_of_its_own(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    used = set(KEY.findall(source))
    assert used <= set(TEXTS), sorted(used - set(TEXTS))
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"\{[#%].*?[#%]\}", "", source))


@pytest.mark.parametrize("name", OWN)
def test_browser_files_load_nothing_from_elsewhere(name: str) -> None:
    source = (STATIC / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert "//" not in re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)
    assert "eval(" not in source and "innerHTML" not in source
    assert "insertAdjacentHTML" not in source and "outerHTML" not in source


def test_every_file_is_served_and_no_other() -> None:
    assert {file.name for file in STATIC.iterdir()} == set(OWN)


def test_the_npm_lock_names_no_registry_and_pins_what_we_ask_for() -> None:
    lock = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    asked = re.findall(
        r'"((?:@tabler/core|htmx\.org))": "([^"]+)"',
        (ROOT / "web" / "package.json").read_text(encoding="utf-8"),
    )
    assert len(asked) == 2
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for _, version in asked)
    assert dict(asked)["htmx.org"].startswith("2.")
