"""`make torture`: the tests of the promises, in their long form, for hours where `make test` takes
minutes.

RUNS is how often processes are killed, CROWDS how often while a crowd of CUSTOMERS is at it with
several processes of each kind on PostgreSQL and Redis, EXAMPLES how many orders of events are
drawn, DIALOGUES how many simulated customers come, SEED the first of the runs, so that one that
failed can be repeated; ONLY is one customer of that seed, by his number.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scripts import dotenv, processes, training
from scripts.ground import APP, ROOT, Failure, fail, python_of, say
from scripts.run import prepare_store

DRAWN = ("tests/concurrency/test_any_order.py", "tests/integration/chat/test_schema.py")
KILLED = ("tests/torture/test_kills.py",)
CROWDED = ("tests/torture/test_several_processes.py",)
SIMULATED = ("tests/simulation",)


@dataclass(frozen=True)
class Long:
    """How long the long form is."""

    runs: int = 200
    crowds: int = 20
    customers: int = 100
    examples: int = 1000
    dialogues: int = 500


def torture(long: Long, seed: int, only: str = "") -> int:
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
            "CHEFU_TORTURE_RUNS": str(long.runs),
            "CHEFU_TORTURE_CROWDS": str(long.crowds),
            "CHEFU_TORTURE_CUSTOMERS": str(long.customers),
            "CHEFU_TORTURE_SEED": str(seed),
            "CHEFU_EXAMPLES": str(long.examples),
            "CHEFU_DIALOGUES": str(long.dialogues),
            "CHEFU_SIMULATION_SEED": str(seed),
            "CHEFU_SIMULATION_ONLY": only,
        }
        worst = 0
        steps = (
            (f"{long.dialogues} simulated customers", SIMULATED),
            (f"{long.examples} orders of events", DRAWN),
            (f"{long.runs} kills", KILLED),
            (f"{long.crowds} crowds of {long.customers}", CROWDED),
        )
        for title, paths in steps[:1] if only else steps:
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
    parser.add_argument("--runs", type=int, default=Long.runs)
    parser.add_argument("--crowds", type=int, default=Long.crowds)
    parser.add_argument("--customers", type=int, default=Long.customers)
    parser.add_argument("--examples", type=int, default=Long.examples)
    parser.add_argument("--dialogues", type=int, default=Long.dialogues)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    os.chdir(ROOT)
    try:
        long = Long(
            options.runs, options.crowds, options.customers, options.examples, options.dialogues
        )
        return torture(long, options.seed, options.only)
    except Failure as error:
        return fail(error)


if __name__ == "__main__":
    sys.exit(main())
