"""`make run`: brings the store and the model up to date and runs the processes.

Runs in the app environment, after `make setup`.
"""

import fcntl
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from scripts import dotenv, processes, timing, training
from scripts.ground import APP, ROOT, Failure, fail, python_of, say
from scripts.supervision import Supervisor

SIGN_IN = "demo-sign-in.txt"


class Stopped(BaseException):
    """Ctrl-C, or the request to end. Not an Exception: nothing may swallow it."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # Once is enough: a second Ctrl-C must not interrupt the orderly end.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def var_folder(environment: Mapping[str, str]) -> Path:
    """Where this installation keeps its state; created, readable by its owner alone."""
    var = Path(environment.get("CHEFU_VAR") or ROOT / "var").absolute()
    var.mkdir(parents=True, exist_ok=True, mode=0o700)
    return var


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Raises Failure when another run uses the same folder."""
    with (var / "run.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Failure(
                f"another `make run` uses {var}; stop it, or give this one a folder of its own "
                "with CHEFU_VAR=… and other ports"
            ) from error
        yield


def prepare_store(environment: Mapping[str, str], *, at: str = "") -> None:
    """Migrations, demo data, staff, exported catalogue. Raises Failure.

    `at`: the moment, ISO 8601, at which all this happens.
    """
    command = [str(python_of(APP)), "-m", "scripts.store", *(["--at", at] if at else [])]
    answer = subprocess.run(command, cwd=ROOT, env=dict(environment), check=False)
    if answer.returncode:
        raise Failure("the store could not be prepared, see above")


def announce(at: processes.Addresses, var: Path, seconds: float) -> None:
    say(f"\nReady after {seconds:.0f} s. Ctrl-C stops everything.\n")
    say(f"  Website       {at.site}/")
    say(f"  Staff console {at.site}/console/")
    say(f"  API           {at.site}/api/openapi.json")
    file = var / SIGN_IN
    if file.exists():
        found = dict(line.split(": ", 1) for line in file.read_text().splitlines() if ": " in line)
        say(f"  Demo sign-in  {found['username']} / {found['password']}")
    say("")


def run() -> None:
    """Runs until stopped. Raises Failure, or Stopped on SIGINT, SIGTERM and SIGHUP."""
    started = time.monotonic()
    base = dotenv.load()
    at = processes.Addresses.of(base)
    moment = timing.moment(base)
    var = var_folder(base)
    with only_one(var):
        at.check_free()
        environment = processes.environment(base, at, var, timing.offset(moment))
        prepare_store(environment, at=moment.isoformat() if moment else "")
        model = training.ensure_model(var / "catalogue.json", environment)
        # Again: training may have taken minutes, and the clock starts with the processes.
        environment = processes.environment(base, at, var, timing.offset(moment))
        programs = processes.processes(model, at)
        supervisor = Supervisor(programs, var)
        names = ", ".join(program.name for program in programs)
        say(f"Starting {names}; their logs are in {var / 'log'} …")
        try:
            supervisor.start(environment)
            supervisor.wait_ready()
            supervisor.show_logs()
            announce(at, var, time.monotonic() - started)
            supervisor.wait()
        finally:
            supervisor.stop()


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        run()
    except Failure as error:
        return fail(error)
    except Stopped:
        say("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
