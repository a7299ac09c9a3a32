"""`make bench PART=understanding`: our pipeline beside the one that comes with `rasa init`.

Both are trained on the same sentences and domain and measured on the sentences of `tests/nlu`, in
the same kind of process. Prints a Markdown table and keeps it in `results`.
"""

import argparse
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scripts import dotenv, processes, training
from scripts.ground import ASSISTANT, ROOT, Failure, fail, python_of, say
from scripts.run import prepare_store, var_folder
from scripts.understanding import loading, measuring
from scripts.understanding.outcomes import FALLBACK, Guess, Language, Outcome, Sentence, Thresholds

DATA = ROOT / "bot/data"
STOCK = ROOT / "scripts/stock/config.yml"
STOCK_EPOCHS = 100
PAGE = ROOT / "results/bench-understanding.md"


@dataclass(frozen=True)
class Parsed:
    """What a model made of the held-back sentences, and what its process took for it."""

    version: str
    """Of Rasa."""
    ready: float
    """Seconds from the start of the process until it could parse."""
    memory: int
    """Resident bytes of the process after parsing."""
    seconds: Sequence[float]
    outcomes: Sequence[Outcome]


@dataclass(frozen=True)
class Measured:
    """One pipeline: one training, and one process with the model of it."""

    training: float
    """Seconds of the whole `rasa train`."""
    size: int
    """Bytes of the model's file."""
    thresholds: Thresholds
    parsed: Parsed


@dataclass(frozen=True)
class Conditions:
    """What a run was done with."""

    epochs: int
    trained_on: int
    sentences: int
    """All that there are to train on."""
    stories: int
    cores: int

    @property
    def full(self) -> bool:
        return self.epochs == STOCK_EPOCHS and self.trained_on == self.sentences


def even_sample(sentences: Sequence[Sentence], count: int) -> list[Sentence]:
    """`count` of the sentences, or all, as evenly over intents and languages as they allow.

    From each group they are taken at even distances, so the same call gives the same sample.
    Raises Failure if `count` leaves a group without a sentence.
    """
    groups: dict[tuple[str | None, Language], list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        groups[sentence.intent, sentence.language].append(sentence)
    if count < len(groups):
        raise Failure(f"{count} sentences are too few: there are {len(groups)} groups to take from")
    taken = shares([len(group) for group in groups.values()], count)
    return [
        group[place * len(group) // number]
        for group, number in zip(groups.values(), taken, strict=True)
        for place in range(number)
    ]


def shares(sizes: Sequence[int], count: int) -> list[int]:
    """`count` dealt out evenly; what a small group cannot take goes to the others."""
    taken = [0] * len(sizes)
    left = min(count, sum(sizes))
    while left:
        for index, size in enumerate(sizes):
            if left and taken[index] < size:
                taken[index] += 1
                left -= 1
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that `share` of them do not exceed. There must be values."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]


def with_epochs(config: str, epochs: int) -> str:
    """The text of a configuration with another number of epochs wherever it has one."""
    return re.sub(r"(?m)^(\s*epochs:) *\d+", rf"\g<1> {epochs}", config)


def write_data(folder: Path, out: Path, sentences: Sequence[Sentence] | None) -> None:
    """Copies the training data; with `sentences`, these instead of all that it has."""
    shutil.copytree(folder, out)
    if sentences is None:
        return
    for path in out.rglob("*.yml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "nlu" in content:
            content["nlu"] = [entry for entry in content["nlu"] or () if "intent" not in entry]
            path.write_text(_yaml(content), encoding="utf-8")
    examples: dict[str, str] = defaultdict(str)
    for sentence in sentences:
        examples[sentence.intent or ""] += f"- {sentence.text}\n"
    entries = [{"intent": intent, "examples": text} for intent, text in examples.items()]
    content = {"version": "3.1", "nlu": entries}
    (out / "sample.yml").write_text(_yaml(content), encoding="utf-8")


def _yaml(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def stories(folder: Path) -> int:
    """How many stories the policies that learn have to learn from; rules are none."""
    contents = (yaml.safe_load(path.read_text()) for path in folder.rglob("*.yml"))
    return sum(len(content.get("stories") or ()) for content in contents)


def measure(
    config: Path, folder: Path, held_back: Sequence[Sentence], environment: Mapping[str, str]
) -> Measured:
    """Trains `config` on the data and the domain in `folder`, parses. Raises Failure."""
    started = time.monotonic()
    training.train(
        folder, config.stem, environment,
        config=config, domain=folder / "domain", data=folder / "data",
    )  # fmt: skip
    seconds = time.monotonic() - started
    model = folder / f"{config.stem}.tar.gz"
    size = model.stat().st_size
    say(f"  {seconds:4.0f} s  trained, {size / 1e6:.1f} MB; parsing {len(held_back)} sentences")
    parsed = parse(model, held_back, environment)
    return Measured(seconds, size, loading.thresholds(config), parsed)


def parse(model: Path, sentences: Sequence[Sentence], environment: Mapping[str, str]) -> Parsed:
    """Has a new process of Rasa's side parse the sentences. Raises Failure when that fails."""
    asked, answered = model.with_suffix(".asked"), model.with_suffix(".answered")
    asked.write_text(json.dumps([sentence.text for sentence in sentences]))
    command = [
        str(python_of(ASSISTANT)), "-m", "scripts.parse_times",
        str(model), str(asked), str(answered),
    ]  # fmt: skip
    started = time.monotonic()
    answer = subprocess.run(
        command, cwd=ROOT, env=dict(environment), capture_output=True, text=True,
        errors="replace", check=False,
    )  # fmt: skip
    if answer.returncode or not answered.exists():
        say((answer.stdout + answer.stderr)[-3000:])
        raise Failure("the model could not be measured, see above")
    return understood(json.loads(answered.read_text()), sentences, started)


def understood(answer: Mapping[str, Any], sentences: Sequence[Sentence], started: float) -> Parsed:
    """From what `scripts.parse_times` writes; `started`: when its process was."""
    outcomes = []
    for sentence, one in zip(sentences, answer["parsed"], strict=True):
        # A sentence without a known feature gets no intent at all from DIET.
        ranking = one["ranking"] or [[FALLBACK, 0.0]]
        outcomes.append(Outcome(sentence, tuple(Guess(*guess) for guess in ranking)))
    return Parsed(
        answer["version"],
        answer["ready"] - started,
        answer["memory"],
        [one["seconds"] for one in answer["parsed"]],
        outcomes,
    )


def table(stock: Measured, ours: Measured) -> str:
    """The measures as Markdown, the pipelines side by side."""
    pair = (stock, ours)
    rows: list[tuple[str, list[str]]] = [
        (
            f"intent right, {name}: {len(part)} sentences",
            [_percent(measuring.accuracy(_groups(one)[name])) for one in pair],
        )
        for name, part in _groups(stock).items()
    ]
    rows += [
        ("unsure by its own thresholds", [_percent(unsure(one)) for one in pair]),
        ("a parse, median", [_ms(statistics.median(one.parsed.seconds)) for one in pair]),
        ("a parse, 95th percentile", [_ms(percentile(one.parsed.seconds, 0.95)) for one in pair]),
        ("training", [_duration(one.training) for one in pair]),
        ("model file", [_mb(one.size) for one in pair]),
        ("process start to ready", [f"{one.parsed.ready:.1f} s" for one in pair]),
        ("memory of the process after parsing", [_mb(one.parsed.memory) for one in pair]),
    ]
    lines = [f"| | Rasa {stock.parsed.version}, `rasa init` | ours |", "|---|---:|---:|"]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    return "\n".join(lines)


def _groups(measured: Measured) -> dict[str, Sequence[Outcome]]:
    return measuring.groups(measured.parsed.outcomes)


def unsure(measured: Measured) -> float | None:
    """Share of sentences that the fallback takes, right or wrong."""
    outcomes = measured.parsed.outcomes
    return measuring.share(sum(map(measured.thresholds.unsure, outcomes)), len(outcomes))


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size < 1e7 else f"{size / 1e6:,.0f} MB"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def note(conditions: Conditions) -> str:
    """What the table was made with, and what must be known to read it."""
    some = conditions.trained_on < conditions.sentences
    trained_on = (
        f"{conditions.trained_on:,} of the {conditions.sentences:,}"
        if some
        else f"all {conditions.sentences:,}"
    )
    few = "" if conditions.epochs == STOCK_EPOCHS else f" instead of its {STOCK_EPOCHS}"
    lines = [
        f"Both trained once on {trained_on} sentences of `bot/data`, the stock pipeline with "
        f"{conditions.epochs} epochs{few}; ours has none. {conditions.cores} cores.",
        "An intent counts as right when it is the best guess, be the assistant sure of it or not. "
        "Every sentence of `tests/nlu` is parsed in a process with the model loaded, one after "
        "the other, after a warm-up.",
        "The stock pipeline finds no values and no cars here: the sentences have no annotations to "
        "learn them from. ResponseSelector has nothing to learn, as there are no retrieval "
        f"intents; TEDPolicy and UnexpecTEDIntentPolicy learn from {conditions.stories} stories, "
        "since rules decide nearly everything.",
    ]
    if not conditions.full:
        lines.insert(0, "**A shortened run, which does not show what the pipelines can do.**")
    return "\n\n".join(lines)


def bench(epochs: int, count: int | None) -> str:
    """The table and its note. Raises Failure."""
    base = dotenv.load()
    environment = processes.environment(
        base, processes.Addresses.of(base), var_folder(base), 0.0
    )  # fmt: skip
    held_back = loading.held_back()
    if not held_back:
        raise Failure("there are no held-back sentences in tests/nlu")
    prepare_store(environment)
    with tempfile.TemporaryDirectory(prefix="chefu-bench-") as name:
        folder = Path(name)
        conditions = prepare(folder, epochs, count)
        measured = []
        for pipeline in ("stock", "ours"):
            say(f"\nTraining {pipeline} on {conditions.trained_on} sentences.")
            measured.append(measure(folder / f"{pipeline}.yml", folder, held_back, environment))
    return f"{table(*measured)}\n\n{note(conditions)}"


def prepare(folder: Path, epochs: int, count: int | None) -> Conditions:
    """Puts copies of all that is trained from into `folder`: both get the same."""
    everything = loading.held_back(DATA)
    sample = None if count is None else even_sample(everything, count)
    write_data(DATA, folder / "data", sample)
    (folder / "domain").mkdir()
    parts = sorted((ROOT / "domain").glob("*.yml")) or [ROOT / "domain.yml"]
    for part in parts:
        shutil.copy(part, folder / "domain")
    shutil.copy(ROOT / "config.yml", folder / "ours.yml")
    (folder / "stock.yml").write_text(with_epochs(STOCK.read_text(), epochs))
    return Conditions(
        epochs,
        len(everything if sample is None else sample),
        len(everything),
        stories(folder / "data"),
        len(os.sched_getaffinity(0)),
    )


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench PART=understanding")
    parser.add_argument(
        "--epochs", type=positive, default=STOCK_EPOCHS, metavar="N",
        help=f"of all that learns by epochs; stock has {STOCK_EPOCHS}, which takes hours",
    )  # fmt: skip
    parser.add_argument(
        "--sentences", type=positive, metavar="N",
        help="trains on so many, evenly of all intents and both languages, and not on all",
    )  # fmt: skip
    options = parser.parse_args()
    try:
        text = bench(options.epochs, options.sentences)
    except Failure as error:
        return fail(error)
    except KeyboardInterrupt:
        return 130
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text + "\n", encoding="utf-8")
    say(f"\n{text}\n\nAlso in {PAGE}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
