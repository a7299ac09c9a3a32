"""`make torture`: the tests of the promises, in their long form, for hours where `make test` takes
minutes.

RUNS is how often processes are killed, EXAMPLES how many orders of events are drawn, DIALOGUES how
many simulated customers come, SEED the first of the runs, so that one that failed can be repeated;
ONLY is one customer of that seed, by his number.
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
SIMULATED = ("tests/simulation",)


def torture(runs: int, examples: int, dialogues: int, seed: int, only: str = "") -> int:
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
            "CHEFU_DIALOGUES": str(dialogues),
            "CHEFU_SIMULATION_SEED": str(seed),
            "CHEFU_SIMULATION_ONLY": only,
        }
        worst = 0
        steps = (
            (f"{dialogues} simulated customers", SIMULATED),
            (f"{examples} orders of events", DRAWN),
            (f"{runs} kills", KILLED),
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
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--dialogues", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    os.chdir(ROOT)
    try:
        return torture(
            options.runs, options.examples, options.dialogues, options.seed, options.only
        )
    except Failure as error:
        return fail(error)


if __name__ == "__main__":
    sys.exit(main())
