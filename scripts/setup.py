"""`make setup`: environments, browser files and `.env`. Quick when nothing has changed.

Standard library only: this runs before any environment exists.
"""

import argparse
import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from scripts import dotenv, environments, system_packages, web_packages
from scripts.ground import VENVS, Failure, fail, say


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two set-ups in the same folder would install over each other."""
    VENVS.mkdir(exist_ok=True)
    with (VENVS / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up in this folder …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def setup(*, tests: bool) -> None:
    """Everything `make run` needs; `tests` adds what `make test` and `make check` need.

    Raises Failure with one line that says what to do.
    """
    with one_at_a_time():
        changed = False
        if tests:
            system_packages.ensure()
        for side in environments.SIDES:
            changed |= environments.ensure(side, tests=tests)
        changed |= web_packages.ensure(tests=tests)
        if dotenv.ensure():
            say("  wrote .env with new secrets")
    say("Set-up complete." if changed else "Set-up: nothing to do.")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make setup")
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    try:
        setup(tests=parser.parse_args().tests)
    except Failure as error:
        return fail(error)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
