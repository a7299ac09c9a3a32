"""The demo's knowledge base: how much of it there is, and what must never be in it."""

import re
from pathlib import Path
from typing import Any

import pytest

from backend.catalogue.rows import CatalogueError
from backend.diagnosis.reading import read_knowledge
from backend.diagnosis.verdicts import BY_LEVEL, RANKS
from backend.diagnosis.words import terms_of
from backend.workshop.safety import assess
from tests.unit.diagnosis.base import FOLDER, demo, phrasings
from values.trouble_code import TroubleCode, read


def test_there_is_enough_of_it() -> None:
    assert len(demo().symptoms) >= 60
    assert sum(row.kind == "lamp" for row in demo().symptoms) >= 20
    assert len(demo().trouble_codes) >= 120
    assert {row.code[0] for row in demo().trouble_codes} == set("PCBU")


def test_every_row_has_both_languages() -> None:
    named: list[Any] = [*demo().symptoms, *demo().trouble_codes, *demo().causes]
    for row in named:
        assert not re.search(r"[\u4e00-\u9fff]", row.name_en), row.code
        assert re.search(r"[\u4e00-\u9fff]", row.name_zh), row.code
        # The source has its English name from the file's defaults, too.
        assert row.source_en, row.code
    for one in demo().advice:
        assert not re.search(r"[\u4e00-\u9fff]", one.text_en), one.code
        assert not re.search(r"\d", one.text_zh + one.text_en), f"{one.code} holds a figure"


def test_only_codes_that_the_standard_defines() -> None:
    assert [r.code for r in demo().trouble_codes if not TroubleCode(r.code).generic] == []


def test_a_code_on_record_is_read_in_a_message() -> None:
    for row in demo().trouble_codes:
        for text in (f"报{row.code}", f"code {row.code.lower()}", row.code):
            assert [one.code for one in read(text)] == [row.code], text


@pytest.mark.parametrize("field", ["name_zh", "name_en"])
def test_no_judgement_is_milder_than_the_safety_rules(field: str) -> None:
    judged: list[Any] = [*demo().symptoms, *demo().trouble_codes]
    for row in judged:
        level = assess(getattr(row, field)).level
        if level:
            assert RANKS.index(row.drive) >= RANKS.index(BY_LEVEL[level]), row.code


def test_an_answer_is_not_milder_either() -> None:
    for row in demo().answers:
        for text in (row.name_zh, row.name_en):
            level = assess(text).level
            if level:
                assert RANKS.index(row.drive) >= RANKS.index(BY_LEVEL[level]), row


def test_words_of_an_emergency_are_on_entries_that_say_stop() -> None:
    """Whoever says what a line needs, without a word more, gets at least that level."""
    by_code = {row.code: row for row in demo().symptoms}
    milder = []
    for code, text in phrasings():
        level = assess(text).level
        if level and RANKS.index(by_code[code].drive) < RANKS.index(BY_LEVEL[level]):
            milder.append(text)
    # The words still decide (see the test of `examine`); this keeps the entries near them.
    assert len(milder) <= 8, milder


def test_no_line_stands_twice() -> None:
    seen: dict[str, str] = {}
    for row in demo().symptoms:
        for line in dict.fromkeys((*row.words_zh, *row.words_en)):
            assert line not in seen, f"{line!r}: {row.code} and {seen[line]}"
            assert all(term for term in terms_of(line))
            seen[line] = row.code


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("causes: [alternator,", "causes: [nothing,", "nothing is not in causes"),
        ("advice: charge_falling", "advice: none_such", "none_such is not in advice"),
        ("questions: [lamp_colour, lamp_state, engine_runs]", "questions: [who]", "who is not in"),
        ("drive: stop", "drive: no_hurry", "is milder than the workshop's safety rules"),
        ("drive: stop", "drive: perhaps", "drive must be one of"),
        ("kind: lamp", "kind: noise", "kind must be one of"),
        ("code: oil_level_low", "code: engine_lamp", "stands here twice"),
        ("words_en: [oil pressure,", "words_en: [o,", "too short to stand alone"),
        ("words_zh: [机油 + 压力,", "words_zh: [機油 + 压力,", "simplified"),
        ("work: brake_pads", "work: polishing", "no line of the service menu"),
        ("approved_by: 技术总监 罗启明", "", "approved_by and approved_at are needed"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text()
        if path.name == "symptoms-lamps.yaml":
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / path.name).write_text(text)
    menu = {row.work for row in (*demo().symptoms, *demo().trouble_codes)}
    with pytest.raises(CatalogueError) as refused:
        read_knowledge(tmp_path, menu)
    assert said in str(refused.value)
    assert "symptoms-lamps.yaml line" in str(refused.value)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        read_knowledge(tmp_path)
