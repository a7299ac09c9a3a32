"""What customers write, against values worked out by hand: the shares that must be right."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.values.notation import read_sentences, written
from values import find_all

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FILES = ("sentences_zh.txt", "sentences_en.txt")
LEAST_SENTENCES = 150
LEAST_SHARE = 0.97
KINDS = (
    "time", "money", "phone", "plate", "mileage", "ratio", "months", "person", "vin", "number",
)  # fmt: skip


def _read(text: str) -> list[str]:
    return [written(mention) for mention in find_all(text, now=NOW)]


def _of(kind: str, values: list[str]) -> list[str]:
    return [value for value in values if value.split(" ", 1)[0] == kind]


@pytest.mark.parametrize("kind", KINDS)
def test_the_share_of_sentences_read_exactly(kind: str) -> None:
    """A sentence counts where a value of the kind is expected or found."""
    counted, wrong = 0, []
    for file in FILES:
        for text, expected in read_sentences(file):
            want, got = _of(kind, expected), _of(kind, _read(text))
            counted += bool(want or got)
            if want != got:
                wrong.append(f"{text}: {want}, not {got}")
    assert counted
    assert 1 - len(wrong) / counted >= LEAST_SHARE, "\n".join(wrong)


@pytest.mark.parametrize("file", FILES)
def test_no_value_where_there_is_none(file: str) -> None:
    without = [text for text, expected in read_sentences(file) if not expected]
    assert len(without) >= 30
    found = {text: _read(text) for text in without}
    assert {text: values for text, values in found.items() if values} == {}


@pytest.mark.parametrize("file", FILES)
def test_there_are_enough_sentences_and_none_twice(file: str) -> None:
    sentences = read_sentences(file)
    counts: dict[str, int] = defaultdict(int)
    for text, _ in sentences:
        counts[text] += 1
    assert len(sentences) >= LEAST_SENTENCES
    assert [text for text, count in counts.items() if count > 1] == []
