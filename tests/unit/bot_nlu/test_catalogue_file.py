import logging
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.nlu.catalogue_file import CatalogueFile
from tests.unit.bot_nlu.dealership import NAMES, export

NEW_MODEL = {"kind": "model", "ref": "langya", "text": "琅崖"}


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.json"
    path.write_bytes(export(NAMES))
    return path


def replace(path: Path, content: bytes) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.replace(path)


def found(file: CatalogueFile, text: str) -> list[str]:
    return [str(span.value) for span in file.current().index.find(text)]


def test_a_new_model_is_known_a_second_later(path: Path, seconds: Seconds) -> None:
    file = CatalogueFile(path, seconds)
    assert found(file, "琅崖多少钱") == []
    replace(path, export([*NAMES, NEW_MODEL], version=2))
    seconds.now = 1.0
    assert found(file, "琅崖多少钱") == ["langya"]
    assert file.current().version == 2


def test_the_file_is_looked_at_once_a_second_at_most(path: Path, seconds: Seconds) -> None:
    file = CatalogueFile(path, seconds)
    file.current()
    replace(path, export([*NAMES, NEW_MODEL], version=2))
    seconds.now = 0.9
    assert file.current().version == 1


def test_an_unchanged_file_is_not_read_again(path: Path, seconds: Seconds) -> None:
    file = CatalogueFile(path, seconds)
    before = file.current()
    seconds.now = 5.0
    assert file.current() is before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        export(NAMES, schema=2),
        export([{"kind": "model"}]),
        export([{"kind": "model", "ref": "x", "text": 5}]),  # type: ignore[dict-item]
        export(NAMES, zone="Nowhere/Land"),
        export(NAMES, opens="nine"),
        b'{"schema": 1, "version": 1, "names": null}',
    ],
)
def test_a_broken_file_takes_nothing_away_and_is_logged_once(
    path: Path, seconds: Seconds, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file = CatalogueFile(path, seconds)
    file.current()
    replace(path, content)
    with caplog.at_level(logging.WARNING):
        for second in (1.0, 2.0, 3.0):
            seconds.now = second
            assert found(file, "山屿") == ["shanyu"]
    assert len(caplog.records) == 1


def test_a_file_that_went_away_takes_nothing_away(path: Path, seconds: Seconds) -> None:
    file = CatalogueFile(path, seconds)
    file.current()
    path.unlink()
    seconds.now = 1.0
    assert found(file, "山屿") == ["shanyu"]


def test_a_file_that_comes_later_is_read(tmp_path: Path, seconds: Seconds) -> None:
    path = tmp_path / "catalogue.json"
    file = CatalogueFile(path, seconds)
    assert found(file, "山屿") == []
    path.write_bytes(export(NAMES, zone="Europe/Berlin", opens="08:30"))
    seconds.now = 1.0
    assert found(file, "山屿") == ["shanyu"]
    assert file.current().zone == ZoneInfo("Europe/Berlin")
    assert file.current().opens.isoformat() == "08:30:00"
