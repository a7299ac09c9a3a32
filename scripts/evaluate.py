"""`make evaluate`: how well the model understands sentences that it was not trained on.

Measures intents on `tests/nlu/heldback.yml`, both languages apart. `--least` makes it a test:
the exit status is 1 below that accuracy.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts import dotenv, processes, training
from scripts.ground import ASSISTANT, ROOT, Failure, fail, python_of, say
from scripts.run import prepare_store, var_folder

HELD_BACK = "tests/nlu/heldback.yml"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SHOWN = 15
"""Most frequent confusions that are listed."""


def outcomes(model: Path, environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """For each held-back sentence its text, its intent, and what the model makes of it."""
    with tempfile.TemporaryDirectory(prefix="chefu-evaluate-") as folder:
        out = Path(folder)
        answer = subprocess.run(
            [
                str(python_of(ASSISTANT)), "-m", "rasa", "test", "nlu", "--nlu", HELD_BACK,
                "--model", str(model), "--out", str(out), "--domain", "domain.yml",
                "--no-plot", "--successes",
            ],
            cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if answer.returncode:
            say((answer.stdout + answer.stderr)[-3000:])
            raise Failure("the evaluation failed, see above")
        found: list[dict[str, Any]] = []
        for name in ("intent_successes.json", "intent_errors.json"):
            if (out / name).exists():
                found += json.loads((out / name).read_text())
        return found


def accuracy(found: list[dict[str, Any]]) -> float:
    """Share of sentences whose intent was found."""
    return sum(map(_right, found)) / len(found) if found else 0.0


def _right(outcome: dict[str, Any]) -> bool:
    return bool(outcome["intent"] == outcome["intent_prediction"]["name"])


def report(found: list[dict[str, Any]]) -> str:
    chinese = [outcome for outcome in found if CHINESE.search(outcome["text"])]
    english = [outcome for outcome in found if not CHINESE.search(outcome["text"])]
    lines = [
        f"  {name:<9} {len(part):5d} sentences, {accuracy(part):6.1%} right"
        for name, part in (("Chinese", chinese), ("English", english), ("together", found))
    ]
    wrong = Counter(
        f"{outcome['intent']} taken for {outcome['intent_prediction']['name']}"
        for outcome in found
        if not _right(outcome)
    )
    lines += [f"  {count:3d} x {what}" for what, count in wrong.most_common(SHOWN)]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make evaluate")
    parser.add_argument("--least", type=float, default=0.0, help="accuracy below which it fails")
    least = parser.parse_args().least
    base = dotenv.load()
    try:
        var = var_folder(base)
        environment = processes.environment(base, processes.Addresses.of(base), var, 0.0)
        given = os.environ.get("CHEFU_MODEL")
        if not given:
            prepare_store(environment)
        model = Path(given) if given else training.ensure_model(var / "catalogue.json", environment)
        found = outcomes(model, environment)
    except Failure as error:
        return fail(error)
    say(report(found))
    if not found or accuracy(found) < least:
        say(f"Below {least:.0%}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
