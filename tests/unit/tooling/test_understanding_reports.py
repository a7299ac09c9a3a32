"""The reports on understanding, as text and as a page."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scripts.understanding import report_html, report_text
from scripts.understanding.outcomes import Evaluation, Outcome
from tests.unit.tooling.outcomes import USED, outcome

HOSTILE = "<script>alert('1')</script> & 你好"
FOUND = Evaluation(
    "chefu-1.tar.gz",
    USED,
    [
        outcome("你好", "greet", ("greet", 0.9), ("thank", 0.1), kinds=("service_item",)),
        outcome("山屿多少钱", "ask_price", ("greet", 0.7), ("ask_price", 0.2)),
        outcome("ok then", "thank", ("greet", 0.31)),
        outcome("hello", "greet", ("greet", 0.8)),
    ],
    [
        outcome(HOSTILE, None, ("book_test_drive", 0.66), ("chitchat", 0.2)),
        outcome("a table for two", None, ("out_of_scope", 0.9)),
    ],
)


class Page(HTMLParser):
    """The tags of a page, and whether each that was opened is closed."""

    EMPTY = frozenset({"meta", "wbr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_text_has_every_measure() -> None:
    text = report_text.render(FOUND)
    assert re.search(r"Chinese +2 +50\.0%", text)
    assert re.search(r"together +4 +50\.0%", text)
    assert re.search(r"greet +1 +100\.0% +50\.0% +66\.7% \| +1 +100\.0% +50\.0% +66\.7%", text)
    assert "1 x ask_price taken for greet" in text
    assert re.search(r"0\.70  then ask_price 0\.20 +山屿多少钱", text)
    assert re.search(r"0\.31\? +ok then", text)
    assert re.search(r"0\.9 to 1\.0 +1 +90\.0% +100\.0%", text)
    assert re.search(r"0\.4 +0 of +2 +1 of +2 +50\.0%  in use", text)
    assert re.search(r"Chinese +1 of +1 +100\.0%", text)
    assert re.search(r"book_test_drive +0\.66 .*你好", text)
    assert re.search(r"service_item +1 +0 +0", text)


def test_long_lists_end_with_how_much_is_left_out() -> None:
    many = [outcome(f"好{n}", "greet", ("thank", 0.5)) for n in range(report_text.EACH + 3)]
    kinds = [outcome("好", f"kind_{n}", ("thank", 0.5)) for n in range(report_text.CONFUSIONS + 1)]
    text = report_text.render(replace(FOUND, held_back=[*many, *kinds]))
    assert "        and 3 more" in text
    assert "  and 2 pairs more" in text


def test_the_verdict_is_one_line() -> None:
    assert report_text.verdict(FOUND) == (
        "Chinese 50.0% right, 100.0% false business actions; "
        "English 50.0% right, 0.0% false business actions"
    )


@pytest.mark.parametrize("unrelated", [FOUND.unrelated, [], None])
def test_the_page_is_well_formed_and_needs_nothing_else(unrelated: list[Outcome] | None) -> None:
    page = Page(report_html.render(replace(FOUND, unrelated=unrelated)))
    assert page.open == []
    assert not page.seen & {"script", "link", "img", "iframe"}
    assert not page.attributes & {"src", "onclick"}
    assert "url(" not in report_html.render(FOUND)


def test_the_page_has_the_sentences_in_their_language_and_escaped() -> None:
    text = report_html.render(FOUND, "2026-11-25 10:00")
    assert '<q lang="zh">山屿多少钱</q>' in text
    assert '<q lang="en">ok then</q>' in text
    assert "&lt;script&gt;" in text
    assert "alert('1')" not in text
    assert "measured 2026-11-25 10:00" in text


def test_without_sentences_both_reports_say_so() -> None:
    bare = Evaluation("m", USED, [], None)
    assert "no tests/nlu/unrelated.yml" in report_text.render(bare)
    assert "no tests/nlu/unrelated.yml" in report_html.render(bare)


def test_the_page_is_written_where_no_folder_was(tmp_path: Path) -> None:
    path = tmp_path / "results" / "page.html"
    report_html.write(FOUND, path)
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
