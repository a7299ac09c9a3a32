"""`make torture`: the tests of the promises, in their long form, for hours where `make test` takes
minutes.

RUNS is how often processes are killed, EXAMPLES how many orders of events are drawn, SEED the
first of the runs, so that one that failed can be repeated.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts import dotenv, processes, training
from scripts.ground import APP, ROOT, Failure, fail, python_of, say
from scripts.run import prepare_store

DRAWN = ("tests/concurrency/test_any_order.py", "tests/integration/chat/test_schema.py")
KILLED = ("tests/torture",)


def torture(runs: int, examples: int, seed: int) -> int:
    """The status of the worst step. Raises Failure."""
    with tempfile.TemporaryDirectory(prefix="chefu-torture-") as name:
        folder = Path(name)
        # The database server of the tests runs as another user and must be able to enter.
        folder.chmod(0o711)
        var = folder / "var"
        var.mkdir()
        base = {**dotenv.load(), "DATABASE_URL": ""}
        environment = processes.environment(base, processes.Addresses(), var, 0.0)
        prepare_store(environment)
        model = training.ensure_model(var / "catalogue.json", environment)
        environment = {
            **environment,
            "CHEFU_MODEL": str(model),
            "CHEFU_TORTURE_RUNS": str(runs),
            "CHEFU_TORTURE_SEED": str(seed),
            "CHEFU_EXAMPLES": str(examples),
        }
        worst = 0
        for title, paths in ((f"{examples} orders of events", DRAWN), (f"{runs} kills", KILLED)):
            say(f"\n=== {title}")
            command = [
                str(python_of(APP)), "-m", "pytest", "-q", *paths, "-p", "no:cacheprovider",
                f"--basetemp={folder / 'pytest'}",
            ]  # fmt: skip
            status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
            worst = max(worst, status)
        return worst


def main() -> int:
    parser = argparse.ArgumentParser(prog="make torture")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.chdir(ROOT)
    try:
        return torture(options.runs, options.examples, options.seed)
    except Failure as error:
        return fail(error)


if __name__ == "__main__":
    sys.exit(main())
