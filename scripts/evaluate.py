"""`make evaluate`: how well the model understands sentences that it was not trained on.

Measures on the sentences of `tests/nlu`, both languages apart: accuracy, intents, confusions,
calibration, thresholds, and how often text that has nothing to do with a dealership starts
business. Prints the report and writes it as a page. `--least` and `--most-false` make it a test:
the exit status is 1 if one of the languages falls short.
"""

import argparse
import os
import sys
import time
from datetime import datetime
from pathlib import Path

from scripts import dotenv, processes, training
from scripts.ground import ROOT, Failure, fail, say
from scripts.run import prepare_store, var_folder
from scripts.understanding import loading, measuring, report_html, report_text
from scripts.understanding.outcomes import Evaluation

PAGE = ROOT / "results/evaluation.html"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make evaluate")
    parser.add_argument(
        "--least", type=float, default=0.0, metavar="SHARE",
        help="share of right answers, in each language, below which it fails",
    )  # fmt: skip
    parser.add_argument(
        "--most-false", type=float, default=1.0, metavar="SHARE",
        help="share of false business actions, in each language, above which it fails",
    )  # fmt: skip
    parser.add_argument("--page", type=Path, default=PAGE, help="where the HTML report goes")
    return parser.parse_args()


def evaluate() -> Evaluation:
    """Trains first if needed, except with CHEFU_MODEL, which names the model. Raises Failure."""
    base = dotenv.load()
    var = var_folder(base)
    environment = processes.environment(base, processes.Addresses.of(base), var, 0.0)
    held_back, unrelated = loading.held_back(), loading.unrelated()
    if not held_back:
        raise Failure("there are no held-back sentences in tests/nlu")
    given = os.environ.get("CHEFU_MODEL")
    if not given:
        prepare_store(environment)
    model = Path(given) if given else training.ensure_model(var / "catalogue.json", environment)
    # All in one go: loading the model takes longer than parsing.
    outcomes = loading.understood(model, [*held_back, *(unrelated or ())], environment)
    count = len(held_back)
    return Evaluation(
        model.name,
        loading.thresholds(),
        outcomes[:count],
        None if unrelated is None else outcomes[count:],
    )


def main() -> int:
    options = arguments()
    started = time.monotonic()
    try:
        evaluation = evaluate()
    except Failure as error:
        return fail(error)
    say(report_text.render(evaluation))
    when = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    report_html.write(evaluation, options.page, when)
    say(f"\nThe page with all sentences: {options.page}, after {time.monotonic() - started:.0f} s")
    say(report_text.verdict(evaluation))
    missing = measuring.shortfalls(evaluation, options.least, options.most_false)
    for line in missing:
        say(f"Not good enough: {line}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
