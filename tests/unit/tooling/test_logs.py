"""Following log files across what happens to them."""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.logs import LogFollower, last_lines


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def follower(tmp_path: Path, out: io.StringIO) -> Iterator[LogFollower]:
    (tmp_path / "a.log").write_text("from before\n")
    following = LogFollower({"a": tmp_path / "a.log", "long": tmp_path / "b.log"}, out)
    following.start()
    yield following


def append(file: Path, text: str) -> None:
    with file.open("a") as handle:
        handle.write(text)


def wait_for(out: io.StringIO, text: str) -> None:
    end = time.monotonic() + 10
    while text not in out.getvalue():
        assert time.monotonic() < end, out.getvalue()
        time.sleep(0.02)


def test_new_lines_appear_whole_and_named(
    follower: LogFollower, tmp_path: Path, out: io.StringIO
) -> None:
    append(tmp_path / "a.log", "first\nhalf")
    append(tmp_path / "b.log", "other 中文\n")
    wait_for(out, "long | other 中文\n")
    wait_for(out, "a    | first\n")
    assert "half" not in out.getvalue()
    append(tmp_path / "a.log", " whole\n")
    follower.close()
    assert "a    | half whole\n" in out.getvalue()
    assert "from before" not in out.getvalue()


def test_nothing_is_lost_when_a_file_is_rotated(
    follower: LogFollower, tmp_path: Path, out: io.StringIO
) -> None:
    log = tmp_path / "a.log"
    append(log, "one\n")
    wait_for(out, "one")
    append(log, "two\n")
    log.rename(tmp_path / "a.log.1")
    log.write_text("three\n")
    wait_for(out, "three")
    follower.close()
    shown = [line.partition("| ")[2] for line in out.getvalue().splitlines()]
    assert shown == ["one", "two", "three"]


def test_the_last_lines_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    assert last_lines(file) == []
    file.write_text("".join(f"line {number}\n" for number in range(20_000)))
    assert last_lines(file, 2) == ["line 19998", "line 19999"]
