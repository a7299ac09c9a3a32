"""`make run` itself, with small programs in the place of the three processes."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.ground import ROOT
from tests.postgres import free_port
from tests.unit.tooling.test_supervision import LIMIT, alive, until


class Run:
    """One `make run`, its output read line by line."""

    def __init__(self, folder: Path, ports: list[int]) -> None:
        self.ports = ports
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.unit.tooling.stand_ins", str(folder), *map(str, ports)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self.output = ""

    def read_until(self, text: str) -> str:
        """What was written up to the line with `text`."""
        assert self.process.stdout is not None
        # Reading blocks: a run that stays silent is ended, and the loop with it.
        limit = threading.Timer(LIMIT, self.process.kill)
        limit.start()
        try:
            for line in self.process.stdout:
                self.output += line
                if text in line:
                    return self.output
        finally:
            limit.cancel()
        raise AssertionError(f"ended without “{text}”:\n{self.output}")

    def answers(self) -> list[list[str]]:
        """Process id and clock offset of each program."""
        found = []
        for port in self.ports:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                found.append(response.read().decode().split())
        return found


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path / "var", [free_port() for _ in range(3)])
    yield run
    run.process.kill()
    run.process.wait()
    assert run.process.stdout is not None
    run.process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_nothing_stays_behind(
    running: Run, number: signal.Signals
) -> None:
    running.read_until("Ready after")
    programs = [int(pid) for pid, _ in running.answers()]
    children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children")
    supervisor = [int(pid) for pid in children.read_text().split()]
    assert supervisor
    running.process.send_signal(number)
    # Impatience must not interrupt the orderly end.
    running.process.send_signal(number)
    assert running.process.wait(LIMIT) == 0
    assert not [pid for pid in programs + supervisor if alive(pid)]


def test_being_killed_outright_leaves_nothing_behind(running: Run) -> None:
    running.read_until("Ready after")
    programs = [int(pid) for pid, _ in running.answers()]
    running.process.kill()
    until(lambda: not any(alive(pid) for pid in programs))


def test_all_programs_share_one_clock_that_survives_a_restart(running: Run) -> None:
    running.read_until("Ready after")
    before = running.answers()
    assert len({offset for _, offset in before}) == 1
    moment = time.time() + float(before[0][1])
    # 2026-11-25T10:00:00+08:00, and the time it took to start.
    assert 0 <= moment - 1795572000 < 60
    os.kill(int(before[1][0]), signal.SIGKILL)

    def restarted() -> bool:
        try:
            return running.answers()[1][0] != before[1][0]
        except OSError:
            return False

    until(restarted)
    assert running.answers()[1][1] == before[1][1]


def test_a_second_run_in_the_same_folder_is_refused(running: Run, tmp_path: Path) -> None:
    running.read_until("Ready after")
    second = Run(tmp_path / "var", [free_port() for _ in range(3)])
    output, _ = second.process.communicate(timeout=LIMIT)
    assert second.process.returncode == 1
    assert "another `make run`" in output
    assert len(running.answers()) == 3


def test_a_busy_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = [free_port(), free_port(), taken.getsockname()[1]]
        run = Run(tmp_path / "var", ports)
        output, _ = run.process.communicate(timeout=LIMIT)
    assert run.process.returncode == 1
    assert f"port {ports[2]}" in output
    assert "CHEFU_PORT" in output
    assert not (tmp_path / "var" / "log").exists()


def test_logs_reach_the_terminal_with_the_name_of_the_program(running: Run, tmp_path: Path) -> None:
    running.read_until("Ready after")
    log = tmp_path / "var" / "log" / "actions.log"
    with log.open("a") as handle:
        handle.write("a new line\n")
    assert "actions | a new line" in running.read_until("a new line")
