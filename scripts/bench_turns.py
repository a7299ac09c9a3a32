"""`make bench PART=turns`: whole turns over the chat API, Rasa as it comes beside ours.

Both systems run at the same time, with the same backend, actions, rules and domain, each on a store
of its own, and are measured in turn: what else the machine does meets both. Stock is the pipeline
and the policies of `rasa init`, Rasa's own tracker store and none of our extensions. Prints a
Markdown table and keeps it in `results`.
"""

import argparse
import asyncio
import hashlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from scripts import bench_understanding, dotenv, processes, training
from scripts.bench_client import Customer, Turn
from scripts.bench_understanding import percentile, positive
from scripts.ground import MODELS, REQUIREMENTS, ROOT, Failure, fail, say
from scripts.run import prepare_store, var_folder
from tests.system import RunningSystem

SENTENCES, EPOCHS = 760, 20
"""What stock is trained with: enough to work. How long it was trained costs no turn anything."""
CUSTOMERS = (1, 10, 100)
TURNS = 300
MARKS = (2, 200, 800)
"""Turns of one conversation that are looked at."""
SLICES = 3
"""How often the two take turns in each measurement."""
PAGE = ROOT / "results/bench-turns.md"

VISIT = (
    "你好", "山屿多少钱", "有天窗吗", "落地价多少", "周日开门吗", "我想试驾云驰", "下周五下午四点",
    "我叫王伟", "13800000001", "算了",
)  # fmt: skip
"""A conversation of usual length. The booking is called off before it takes a car from another."""
TALK = ("你好", "山屿多少钱", "hello", "有天窗吗", "周日开门吗", "how long is the warranty")
"""A conversation that goes on, with no form left open."""
STOCK = "scripts/stock"


@dataclass
class Measured:
    """What one of the two systems did."""

    name: str
    started: float = 0.0
    """Seconds until all processes answered."""
    memory: dict[str, int] = field(default_factory=dict)
    """Bytes by process, at the end."""
    processor: dict[str, float] = field(default_factory=dict)
    """Seconds of a processor by process, for all of `turns`."""
    turns: dict[int, list[Turn]] = field(default_factory=dict)
    """By the number of customers at once."""
    seconds: dict[int, float] = field(default_factory=dict)
    """That all of them took."""
    long: dict[int, list[Turn]] = field(default_factory=dict)
    """By the turn of one conversation from which they were taken."""

    def median(self, mark: int) -> float:
        return statistics.median(turn.seconds for turn in self.long[mark])

    def per_turn(self, process: str) -> float:
        """Seconds of a processor that a turn takes in a process."""
        return self.processor[process] / sum(map(len, self.turns.values()))

    def rate(self, customers: int) -> float:
        """Turns per second."""
        return len(self.turns[customers]) / self.seconds[customers]


@dataclass(frozen=True)
class Options:
    customers: Sequence[int]
    turns: int
    marks: Sequence[int]
    sentences: int
    epochs: int


class Ours(RunningSystem):
    """As it is run, but for the limits of each customer."""

    def programs(self) -> tuple[processes.Process, ...]:
        return tuple(map(self.changed, super().programs()))

    def changed(self, program: processes.Process) -> processes.Process:
        if program.name == "backend":
            command = (program.command[0], "-m", "scripts.stock.backend")
            return replace(program, command=command)
        return program


class Stock(Ours):
    """With Rasa as it comes, and a model of it."""

    # Its three networks take half a minute on a machine with nothing else to do.
    ready_limit = 600.0

    def __init__(self, folder: Path, model: Path) -> None:
        super().__init__(folder)
        self._model = model

    def changed(self, program: processes.Process) -> processes.Process:
        if program.name != "rasa":
            return super().changed(program)
        command = list(program.command)
        for option, value in (
            ("--model", str(self._model)),
            ("--endpoints", f"{STOCK}/endpoints.yml"),
            ("--credentials", f"{STOCK}/credentials.yml"),
        ):
            command[command.index(option) + 1] = value
        return replace(program, command=tuple(command), environment={})


def stock_model(environment: Mapping[str, str], sentences: int, epochs: int) -> Path:
    """Trained now, unless it was trained from the same things before. Raises Failure."""
    with tempfile.TemporaryDirectory(prefix="chefu-bench-") as name:
        folder = Path(name)
        bench_understanding.prepare(folder, epochs, sentences)
        (folder / "ours.yml").unlink()
        model = MODELS / f"stock-{_fingerprint(folder)}.tar.gz"
        if not model.exists():
            say(f"Training stock on {sentences} sentences with {epochs} epochs.")
            training.train(
                folder, "stock", environment,
                config=folder / "stock.yml", domain=folder / "domain", data=folder / "data",
            )  # fmt: skip
            MODELS.mkdir(exist_ok=True)
            for old in MODELS.glob("stock-*.tar.gz"):
                old.unlink()
            (folder / "stock.tar.gz").rename(model)
    return model


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256((REQUIREMENTS / "assistant.txt").read_bytes())
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(f"{file.relative_to(folder)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Running:
    """A system that is up."""

    measured: Measured
    url: str
    pids: Mapping[str, int]
    """Its processes."""


@contextmanager
def running(system: RunningSystem, measured: Measured) -> Iterator[Running]:
    """Notes what starting took and what memory it has at the end."""
    began = time.perf_counter()
    with system as up:
        measured.started = time.perf_counter() - began
        pids = {name: up.pid(name) for name in ("rasa", "actions", "backend")}
        yield Running(measured, up.base_url, pids)
        measured.memory = {name: memory(pid) for name, pid in pids.items()}


def processor_time(pid: int) -> float:
    """Seconds that a process has had a processor, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Bytes that would be free without the process and its children (proportional set size)."""
    total = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            total += int(line.split()[1]) * 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return total + sum(memory(int(child)) for child in children)


async def visits(base_url: str, customers: int, turns: int) -> list[Turn]:
    """So many customers at once, each in one short conversation after the other, until there are
    `turns` turns."""
    left = turns
    done: list[Turn] = []

    async def visit() -> None:
        nonlocal left
        customer = Customer(base_url)
        while left > 0:
            await customer.arrive()
            for text in VISIT:
                if left <= 0:
                    break
                left -= 1
                done.append(await customer.say(text))
        await customer.leave()

    await asyncio.gather(*(visit() for _ in range(customers)))
    return done


async def talk(customer: Customer, first: int, last: int) -> list[Turn]:
    """The turns from `first` to `last` of a conversation that has come so far."""
    return [await customer.say(TALK[number % len(TALK)]) for number in range(first, last + 1)]


async def measure(systems: Sequence[Running], options: Options) -> None:
    for system in systems:
        # Connections and caches of a system that has been used.
        await visits(system.url, 2, 4 * len(VISIT))
    for customers in options.customers:
        # Each customer has more than one turn.
        turns = max(options.turns, SLICES * 2 * customers) // SLICES
        for _ in range(SLICES):
            for system in systems:
                await measure_slice(system, customers, turns)
        for measured in (system.measured for system in systems):
            say(f"  {measured.name:<6} {customers:4d} at once: {_line(measured, customers)}")
    await measure_long(systems, options.marks)


async def measure_slice(system: Running, customers: int, turns: int) -> None:
    measured = system.measured
    before = {name: processor_time(pid) for name, pid in system.pids.items()}
    began = time.perf_counter()
    measured.turns.setdefault(customers, []).extend(await visits(system.url, customers, turns))
    took = time.perf_counter() - began
    measured.seconds[customers] = measured.seconds.get(customers, 0.0) + took
    for name, pid in system.pids.items():
        used = processor_time(pid) - before[name]
        measured.processor[name] = measured.processor.get(name, 0.0) + used


async def measure_long(systems: Sequence[Running], marks: Sequence[int]) -> None:
    """The same sentences at each of the marks, so that only the turns before them differ."""
    cycle = len(TALK)
    for _ in range(SLICES):
        for system in systems:
            customer = Customer(system.url)
            await customer.arrive()
            await talk(customer, 1, marks[0] - 1)
            found = await talk(customer, marks[0], marks[0] + cycle - 1)
            system.measured.long.setdefault(marks[0], []).extend(found)
            await customer.leave()
    customers = [(system.measured, Customer(system.url)) for system in systems]
    for _, customer in customers:
        await customer.arrive()
    reached = 0
    for mark in marks[1:]:
        for measured, customer in customers:
            await talk(customer, reached + 1, mark - 1)
            measured.long[mark] = await talk(customer, mark, mark + 2 * cycle - 1)
            say(f"  {measured.name:<6} turn {mark}: {_ms(measured.median(mark))}")
        reached = mark + 2 * cycle - 1
    for _, customer in customers:
        await customer.leave()


def _line(measured: Measured, customers: int) -> str:
    turns = [turn.seconds for turn in measured.turns[customers]]
    return f"{_ms(statistics.median(turns))} median, {measured.rate(customers):.1f} turns a second"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.1 else f"{seconds * 1000:.1f} ms"


def table(stock: Measured, ours: Measured) -> str:
    """The measures as Markdown, with how many times as good ours is."""
    pair = (stock, ours)
    rows: list[tuple[str, list[float], Callable[[float], str], bool]] = []
    for customers in ours.turns:
        at_once = "1 customer" if customers == 1 else f"{customers} customers at once"
        for name, share in (("median", 0.5), ("p95", 0.95), ("p99", 0.99)):
            values = [
                percentile([turn.seconds for turn in one.turns[customers]], share) for one in pair
            ]
            rows.append((f"a turn, {at_once}, {name}", values, _ms, False))
        rates = [one.rate(customers) for one in pair]
        rows.append((f"turns per second, {at_once}", rates, "{:.1f}".format, True))
    for mark in ours.long:
        rows.append(
            (f"turn {mark} of one conversation, median", [one.median(mark) for one in pair], _ms,
             False)
        )  # fmt: skip
    for name in ours.processor:
        rows.append(
            (f"processor time of a turn, {name}", [one.per_turn(name) for one in pair], _ms, False)
        )
    rows.append(
        ("memory of all processes", [float(sum(one.memory.values())) for one in pair],
         lambda size: f"{size / 1e6:,.0f} MB", False)
    )  # fmt: skip
    rows.append(("start, store included", [one.started for one in pair], "{:.1f} s".format, False))
    lines = ["| | Rasa, `rasa init` | ours | times as good |", "|---|---:|---:|---:|"]
    for name, (there, here), shown, more_is_better in rows:
        times = here / there if more_is_better else there / max(here, 1e-9)
        lines.append(f"| {name} | {shown(there)} | {shown(here)} | {times:.1f} |")
    return "\n".join(lines)


def note(pair: Sequence[Measured], options: Options) -> str:
    """What the table was made with, and what must be known to read it."""
    first, last = options.marks[0], options.marks[-1]
    growth = ", ".join(
        f"{one.name} {one.median(last) / one.median(first):.1f} times" for one in pair
    )
    lost = ", ".join(
        f"{one.name} {sum(not turn.answered for turn in _all(one)):d} of {len(_all(one)):,}"
        for one in pair
    )
    cores = len(os.sched_getaffinity(0))
    lines = [
        f"Over the chat API, from posting a message until its answer can be read. {cores} cores, "
        "which the customers share with what is measured; one process each of rasa, actions and "
        "backend, SQLite. Both systems ran at once and were measured alternately.",
        f"Stock was trained on {options.sentences} sentences with {options.epochs} epochs; it "
        "often understands something else, but how it was trained makes no turn longer or shorter.",
        f"From turn {first} to turn {last} of one conversation a turn grew: {growth}.",
        f"Turns that went to a person because they failed or took too long: {lost}.",
    ]
    if tuple(options.customers) != CUSTOMERS or options.turns < TURNS or last < MARKS[-1]:
        lines.insert(0, "**A shortened run.**")
    return "\n\n".join(lines)


def _all(measured: Measured) -> list[Turn]:
    parts = (*measured.turns.values(), *measured.long.values())
    return [turn for part in parts for turn in part]


def bench(options: Options) -> str:
    """The table and its note. Raises Failure."""
    base = dotenv.load()
    environment = processes.environment(
        base, processes.Addresses.of(base), var_folder(base), 0.0
    )  # fmt: skip
    prepare_store(environment)
    training.ensure_model(var_folder(base) / "catalogue.json", environment)
    model = stock_model(environment, options.sentences, options.epochs)
    stock, ours = Measured("stock"), Measured("ours")
    with tempfile.TemporaryDirectory(prefix="chefu-bench-") as folder:
        theirs, own = Path(folder) / "stock", Path(folder) / "ours"
        with (
            running(Stock(theirs, model), stock) as stock_running,
            running(Ours(own), ours) as our_running,
        ):
            asyncio.run(measure([stock_running, our_running], options))
    return f"{table(stock, ours)}\n\n{note((stock, ours), options)}"


def customers(text: str) -> list[int]:
    return [positive(part) for part in text.split(",")]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench PART=turns")
    parser.add_argument(
        "--customers", type=customers, default=list(CUSTOMERS), metavar="N,N",
        help="how many at once, one measurement for each",
    )  # fmt: skip
    parser.add_argument(
        "--turns", type=positive, default=TURNS, metavar="N", help="in each measurement"
    )
    parser.add_argument(
        "--long", type=positive, default=MARKS[-1], metavar="N",
        help="turns of the one long conversation",
    )  # fmt: skip
    parser.add_argument("--epochs", type=positive, default=EPOCHS, metavar="N", help="of stock")
    parser.add_argument(
        "--sentences", type=positive, default=SENTENCES, metavar="N",
        help="that stock is trained on",
    )  # fmt: skip
    given = parser.parse_args()
    marks = [mark for mark in MARKS if mark < given.long] + [given.long]
    options = Options(given.customers, given.turns, marks, given.sentences, given.epochs)
    try:
        text = bench(options)
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
