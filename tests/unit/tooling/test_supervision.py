"""The supervisor with small programs: up, restarted, failing, stopped without a trace."""

import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.ground import Failure
from scripts.processes import Process
from scripts.supervision import Supervisor, configuration
from tests.postgres import free_port
from tests.unit.tooling.stand_ins import answering

LIMIT = 30.0


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def pid_of(program: Process) -> int:
    with urllib.request.urlopen(program.probe, timeout=5) as response:
        return int(response.read().split()[0])


def alive(pid: int) -> bool:
    """A process that nobody has waited for yet counts as ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@contextmanager
def supervised(programs: list[Process], var: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(programs, var)
    try:
        supervisor.start(os.environ)
        yield supervisor
    finally:
        supervisor.stop()


def test_programs_come_up_are_restarted_and_all_stop(tmp_path: Path) -> None:
    programs = [answering(name, free_port()) for name in ("one", "two")]
    with supervised(programs, tmp_path) as supervisor:
        supervisor.wait_ready(LIMIT)
        before = [pid_of(program) for program in programs]
        os.kill(before[0], signal.SIGKILL)
        until(lambda: programs[0].answers() and pid_of(programs[0]) != before[0])
        assert pid_of(programs[1]) == before[1]
        running = [pid_of(program) for program in programs]
        started = time.monotonic()
    assert not any(alive(pid) for pid in running)
    assert time.monotonic() - started < 10
    assert not (tmp_path / "supervisor.sock").exists()
    assert "hello from one ünïcode" in (tmp_path / "log" / "one.log").read_text()


def test_a_program_has_what_is_its_own(tmp_path: Path) -> None:
    common, own = answering("common", free_port()), answering("own", free_port())
    own = replace(own, environment={"CHEFU_CLOCK_OFFSET": "5 %, x"})
    with supervised([common, own], tmp_path) as supervisor:
        supervisor.wait_ready(LIMIT)
        answers = []
        for program in (common, own):
            with urllib.request.urlopen(program.probe, timeout=5) as response:
                answers.append(response.read().decode().partition(" ")[2])
    assert answers == [str(os.environ.get("CHEFU_CLOCK_OFFSET")), "5 %, x"]


def test_a_program_that_ends_is_reported_with_its_last_words(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    good = answering("good", free_port())
    command = (sys.executable, "-c", "print('what went wrong'); raise SystemExit(3)")
    broken = Process("broken", command, f"http://127.0.0.1:{free_port()}/")
    with supervised([good, broken], tmp_path) as supervisor:
        started = time.monotonic()
        with pytest.raises(Failure, match="broken"):
            supervisor.wait_ready(LIMIT)
        assert time.monotonic() - started < LIMIT
    assert "what went wrong" in capfd.readouterr().out
    assert not good.answers()


def test_a_program_that_never_answers_is_given_up_after_the_limit(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import signal; signal.pause()")
    silent = Process("silent", command, f"http://127.0.0.1:{free_port()}/")
    with (
        supervised([silent], tmp_path) as supervisor,
        pytest.raises(Failure, match="does not answer after 1 s"),
    ):
        supervisor.wait_ready(1)


def test_a_folder_too_deep_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    program = answering("one", free_port())
    with supervised([program], deep) as supervisor:
        supervisor.wait_ready(LIMIT)


def test_the_configuration_survives_spaces_and_percent_signs(tmp_path: Path) -> None:
    folder = tmp_path / "50 % of it"
    folder.mkdir()
    program = answering("one", free_port())
    assert "50 %% of it" in configuration([program], folder, folder / "s.sock")
    with supervised([program], folder) as supervisor:
        supervisor.wait_ready(LIMIT)
    assert (folder / "log" / "one.log").exists()
