"""The whole system, live, for tests: its processes on free ports with a folder of their own."""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType

from scripts import processes, timing, training
from scripts.ground import APP, ROOT, python_of
from scripts.logs import last_lines
from scripts.run import SIGN_IN, prepare_store
from tests.postgres import free_ports

READY_LIMIT = 120.0
STOP_LIMIT = 15.0


class RunningSystem:
    """Started by `with`, stopped at its end; shares nothing with a developer's own `make run`
    but the trained models.

    `clock`: the moment at which the system's time starts, with its zone; None for the machine's.
    `database_url`: a PostgreSQL address, with or without a driver; "" for SQLite in `folder`.
    `settings`: further variables, such as CHEFU_RASA_PROCESSES.
    Raises RuntimeError when the model for the present tree has not been trained, or when a
    process does not come up: then with the end of its log.
    """

    ready_limit = READY_LIMIT
    """Seconds until a process must answer."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: datetime | None = None,
        database_url: str = "",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.var = folder / "var"
        self._clock = clock
        self.channel_secret = secrets.token_urlsafe(32)
        # Neither the shell's settings nor those in `.env` may reach the tests.
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("CHEFU_")
        }
        self._base = {
            **inherited,
            "CHEFU_CHANNEL_SECRET": self.channel_secret,
            "CHEFU_SESSION_SECRET": secrets.token_urlsafe(32),
            "DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgresql://"),
            **(settings or {}),
        }
        for kind in ("", "RASA_", "ACTIONS_"):
            count = int(self._base.get(f"CHEFU_{kind or 'BACKEND_'}PROCESSES", "1"))
            self._base[f"CHEFU_{kind}PORT"] = str(free_ports(count))
        self._addresses = processes.Addresses.of(self._base)
        self.base_url = self._addresses.site
        self.site_urls = [
            f"http://{self._addresses.reachable}:{port}" for port in self._addresses.backend_ports
        ]
        self.rasa_urls = [
            f"http://{processes.LOOPBACK}:{port}" for port in self._addresses.rasa_ports
        ]
        self.rasa_url = self.rasa_urls[0]
        self.environment: dict[str, str] = {}
        self._programs: dict[str, processes.Process] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "RunningSystem":
        (self.var / "log").mkdir(parents=True, exist_ok=True)
        self._set_clock()
        prepare_store(self.environment, at=self._clock.isoformat() if self._clock else "")
        self._programs = {program.name: program for program in self.programs()}
        self._set_clock()
        try:
            self.start(*self._programs)
        except BaseException:
            self.stop(*self._programs)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop(*self._programs)

    def programs(self) -> tuple[processes.Process, ...]:
        """What is started. Raises RuntimeError when the model has not been trained."""
        model = training.model_for(self.var / "catalogue.json")
        if not model.exists():
            raise RuntimeError(f"models/{model.name} does not exist yet: run `make train`")
        return processes.processes(model, self._addresses)

    @property
    def names(self) -> list[str]:
        """Of all processes: `rasa`, `rasa-2`, …"""
        return list(self._programs)

    @property
    def store_url(self) -> str:
        """For a synchronous engine of SQLAlchemy on the app side."""
        given = self._base["DATABASE_URL"]
        if given:
            return given.replace("postgresql://", "postgresql+psycopg://")
        return f"sqlite:///{self.var / 'chefu.db'}"

    @property
    def tracker_url(self) -> str:
        """The same for Rasa's tracker."""
        given = self.environment["CHEFU_TRACKER_URL"]
        return given.replace("postgresql+psycopg2://", "postgresql+psycopg://")

    def _set_clock(self) -> None:
        self.environment = processes.environment(
            self._base, self._addresses, self.var, timing.offset(self._clock)
        )

    def start(self, *names: str) -> None:
        """Starts `rasa`, `actions`, `backend-2`, …; returns when those named answer."""
        for name in names:
            with (self.var / "log" / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    self._programs[name].command,
                    cwd=ROOT, env={**self.environment, **self._programs[name].environment},
                    stdout=log, stderr=subprocess.STDOUT,
                )  # fmt: skip
        for name in names:
            self.wait_for(name)

    def wait_for(self, name: str) -> None:
        """Returns when the process answers; raises RuntimeError when it takes too long."""
        end = time.monotonic() + self.ready_limit
        while not self._programs[name].answers():
            if self._running[name].poll() is not None:
                raise RuntimeError(f"{name} ended:\n{self.log(name)}")
            if time.monotonic() > end:
                raise RuntimeError(f"{name} does not answer:\n{self.log(name)}")
            time.sleep(0.1)

    def stop(self, *names: str) -> None:
        """Asks them to end and waits until they have."""
        running = [self._running.pop(name) for name in names if name in self._running]
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def kill(self, name: str) -> None:
        """As a crash or the kernel would: SIGKILL, at once."""
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def restart(self, name: str) -> None:
        """Stops it if it runs, starts it again; returns when it answers. Time goes on."""
        self.stop(name)
        self.start(name)

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def log(self, name: str, lines: int = 60) -> str:
        """The end of what the process has written."""
        return "\n".join(last_lines(self.var / "log" / f"{name}.log", lines))

    def staff_token(self, name: str = "tests") -> str:
        """A new token for the staff API."""
        answer = subprocess.run(
            [str(python_of(APP)), "-m", "backend.staff", "token", name],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return answer.stdout.strip()

    def sign_in(self) -> tuple[str, str]:
        """Username and password of a demo account of the console."""
        lines = (self.var / SIGN_IN).read_text().splitlines()
        found = dict(line.split(": ", 1) for line in lines if ": " in line)
        return found["username"], found["password"]
