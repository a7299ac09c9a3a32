"""Starts the supervisor with the programs, watches them come up, stops them all."""

import ctypes
import http.client
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]

from scripts.ground import ROOT, Failure
from scripts.logs import LogFollower, last_lines
from scripts.processes import Process

READY_LIMIT = 120.0
"""Seconds until all must answer."""
STOP_LIMIT = 40.0
"""Seconds; above the supervisor's own limit, after which it kills."""
SOCKET_PATH_LIMIT = 100
"""The kernel takes 107 bytes at most."""
PR_SET_PDEATHSIG = 1

HERE = Path(__file__).parent


def configuration(programs: Sequence[Process], var: Path, socket: Path) -> str:
    """The supervisor's configuration. It holds no secret: those go by the environment."""

    def text(value: object) -> str:
        return str(value).replace("%", "%%")

    head = Template((HERE / "supervisord.conf.template").read_text())
    each = Template((HERE / "supervisord.program.template").read_text())
    names = ",".join(program.name for program in programs)
    parts = [head.substitute(socket=text(socket), var=text(var), root=text(ROOT), names=names)]
    for program in programs:
        command = text(shlex.join(program.command))
        # The supervisor unfolds percent signs twice in the names of log files.
        logs = text(text(var / "log"))
        own = ",".join(f'{name}="{text(value)}"' for name, value in program.environment.items())
        parts.append(
            each.substitute(name=program.name, command=command, environment=own, logs=logs)
        )
    return "".join(parts)


def _socket_in(var: Path) -> Path:
    path = var / "supervisor.sock"
    if len(str(path).encode()) <= SOCKET_PATH_LIMIT:
        return path
    return Path(tempfile.mkdtemp(prefix="chefu-")) / "supervisor.sock"


def _die_with_parent() -> None:
    """In the child, on Linux: if this command is killed outright, the supervisor is asked to
    stop and takes its programs with it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """The programs under `supervisord`, in the foreground of the one who made it."""

    def __init__(self, programs: Sequence[Process], var: Path) -> None:
        self._programs = programs
        self._var = var
        self._logs = {program.name: var / "log" / f"{program.name}.log" for program in programs}
        self._follower: LogFollower | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket = _socket_in(var)

    def start(self, environment: Mapping[str, str]) -> None:
        (self._var / "log").mkdir(parents=True, exist_ok=True)
        file = self._var / "supervisord.conf"
        file.write_text(configuration(self._programs, self._var, self._socket))
        # A session of its own: Ctrl-C reaches this command alone, which then stops in order.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(file)],
            cwd=ROOT, env=dict(environment), start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - no thread has been started yet
        )  # fmt: skip

    def show_logs(self) -> None:
        """From now on what the programs write appears on the terminal too."""
        self._follower = LogFollower(self._logs)
        self._follower.start()

    def wait_ready(self, limit: float = READY_LIMIT) -> None:
        """Returns when every program answers. Raises Failure with the last lines of the log of
        the first one that does not, `limit` seconds after the call or once it keeps ending."""
        end = time.monotonic() + limit
        waiting = list(self._programs)
        while waiting:
            waiting = [program for program in waiting if not program.answers()]
            if not waiting:
                return
            self._check_alive()
            for program in waiting:
                if self._state(program.name) in ("BACKOFF", "FATAL", "EXITED"):
                    raise self._failure(program, "ends again and again")
            if time.monotonic() > end:
                raise self._failure(waiting[0], f"does not answer after {limit:.0f} s")
            time.sleep(0.1)

    def wait(self) -> None:
        """Stays until the supervisor ends, which it does not do by itself: then Failure."""
        assert self._process is not None  # noqa: S101 - started before
        self._process.wait()
        self._check_alive()

    def stop(self) -> None:
        """Stops every program; returns when all have ended. Safe to call at any time."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                self._process.kill()
        if self._follower is not None:
            self._follower.close()
            self._follower = None
        if self._socket.parent != self._var and self._socket.parent.exists():
            self._socket.unlink(missing_ok=True)
            self._socket.parent.rmdir()

    def _check_alive(self) -> None:
        assert self._process is not None  # noqa: S101 - started before
        if self._process.poll() is not None:
            for line in last_lines(self._var / "log" / "supervisord.log", 10):
                print(f"    {line}")
            raise Failure("the supervisor ended, see above")

    def _state(self, name: str) -> str:
        transport = SupervisorTransport(serverurl=f"unix://{self._socket}")
        proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
        call: Callable[[str], Any] = proxy.supervisor.getProcessInfo
        try:
            return str(call(f"chefu:{name}")["statename"])
        except (OSError, http.client.HTTPException, xmlrpc.client.Error):
            # Not listening yet.
            return "UNKNOWN"
        finally:
            transport.close()

    def _failure(self, program: Process, what: str) -> Failure:
        print(f"\nThe last lines of {self._logs[program.name]}:")
        for line in last_lines(self._logs[program.name]):
            print(f"    {line}")
        return Failure(f"`{program.name}` {what}; its log is above")
