"""`make bench PART=load`: many visitors who have the chat open, some who talk, and Rasa hanging.

First: visitors who read along, half by the stream and half by waiting reads, while others talk at
the pace of people. Then Rasa is stopped as a hang would (SIGSTOP), and messages come in over the
chat API and over WeChat's webhook; when it goes on, all of them are to be answered. Prints a
Markdown table and keeps it in `results`.
"""

import argparse
import asyncio
import hashlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

from scripts import dotenv, processes, training
from scripts.bench_client import PATIENCE, Customer
from scripts.bench_turns import VISIT, processor_time
from scripts.bench_understanding import percentile, positive
from scripts.ground import ROOT, Failure, fail, say
from scripts.run import prepare_store, var_folder
from tests.system import RunningSystem

VISITORS, TALKERS, SECONDS, MESSAGES = 300, 20, 120, 100
ARRIVE_WITHIN = 20.0
"""Seconds in which all come; behind one proxy the backend takes so many at once and no more."""
THINKS = (3.0, 12.0)
"""Seconds from an answer to the customer's next words."""
WAITS = 25
AT_ONCE = 20
"""Messages on their way while Rasa hangs."""
LIMIT = 0.5
LIMIT_HUNG = 1.0
PAGE = ROOT / "results/bench-load.md"

WECHAT_TOKEN = "benchbenchbench"  # noqa: S105 - of a platform that does not exist
WECHAT = {
    "CHEFU_WECHAT_APP_ID": "wx0123456789abcdef",
    "CHEFU_WECHAT_APP_SECRET": "0123456789abcdef",
    "CHEFU_WECHAT_TOKEN": WECHAT_TOKEN,
    "CHEFU_WECHAT_MODE": "plain",
    # Nobody listens there: what is answered after the hang stays in the outbox.
    "CHEFU_WECHAT_API_URL": "http://127.0.0.1:9",
}

OPENING = "opening a conversation"
ACKNOWLEDGED = "acknowledging a message"
ANSWER = "answering a message"
STREAM = "the first event of a stream"
WAITING = "a waiting read, beyond its time"
HUNG_CHAT = "Rasa hangs: acknowledging, chat API"
HUNG_WECHAT = "Rasa hangs: acknowledging, WeChat"


@dataclass(frozen=True)
class Options:
    visitors: int = VISITORS
    talkers: int = TALKERS
    seconds: int = SECONDS
    messages: int = MESSAGES


@dataclass
class Calls:
    """How long they took, in seconds by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    """Messages that went to a person because their turn failed or took too long."""
    came_back: int = 0
    """Of those that came in while Rasa hung: answered by the assistant afterwards."""
    processor: dict[str, float] = field(default_factory=dict)
    """The share of one processor that each process had, while people talked."""

    def took(self, kind: str, seconds: float) -> None:
        self.seconds.setdefault(kind, []).append(seconds)

    async def timed(self, kind: str, call: Awaitable[None]) -> None:
        started = time.perf_counter()
        await call
        self.took(kind, time.perf_counter() - started)

    @contextmanager
    def errors_of(self, kind: str) -> Iterator[None]:
        try:
            yield
        except (Failure, OSError, asyncio.IncompleteReadError, httpx.HTTPError) as error:
            self.errors[kind] += 1
            say(f"  {kind}: {error or type(error).__name__}")


async def crowd(url: str, options: Options, calls: Calls, draw: random.Random) -> None:
    """Everybody comes, stays for `options.seconds` after the last one came, and goes."""
    loop = asyncio.get_running_loop()
    end = loop.time() + ARRIVE_WITHIN + options.seconds

    async def comes() -> Customer:
        await asyncio.sleep(draw.uniform(0, ARRIVE_WITHIN))
        customer = Customer(url)
        await calls.timed(OPENING, customer.arrive())
        return customer

    async def streams() -> None:
        with calls.errors_of(STREAM):
            customer = await comes()
            await customer.leave()
            try:
                async with asyncio.timeout_at(end):
                    await customer.stream(lambda seconds: calls.took(STREAM, seconds))
            except TimeoutError:
                await customer.leave()

    async def polls() -> None:
        with calls.errors_of(WAITING):
            customer = await comes()
            while (left := end - loop.time()) > 1:
                calls.took(WAITING, await customer.wait(min(WAITS, int(left))))
            await customer.leave()

    async def talks() -> None:
        with calls.errors_of(ANSWER):
            customer = await comes()
            while True:
                for text in VISIT:
                    await asyncio.sleep(draw.uniform(*THINKS))
                    if loop.time() > end:
                        await customer.leave()
                        return
                    turn = await customer.say(text)
                    calls.took(ACKNOWLEDGED, turn.acknowledged)
                    calls.took(ANSWER, turn.seconds)
                    calls.unanswered += not turn.answered
                await calls.timed(OPENING, customer.arrive())

    await asyncio.gather(
        *(streams() for _ in range(options.visitors // 2)),
        *(polls() for _ in range(options.visitors - options.visitors // 2)),
        *(talks() for _ in range(options.talkers)),
    )


def wechat_delivery() -> tuple[str, str]:
    """Path and body of a message of a customer of their own, as the platform sends it."""
    stamp, nonce = str(int(time.time())), uuid4().hex[:10]
    # WeChat's own way of signing.
    signed = hashlib.sha1("".join(sorted((WECHAT_TOKEN, stamp, nonce))).encode()).hexdigest()  # noqa: S324
    body = (
        "<xml><ToUserName>gh_bench</ToUserName>"
        f"<FromUserName>openid-{nonce}</FromUserName>"
        f"<CreateTime>{stamp}</CreateTime><MsgType>text</MsgType>"
        f"<Content>山屿多少钱</Content><MsgId>{time.time_ns()}</MsgId></xml>"
    )
    return f"/api/channels/wechat?signature={signed}&timestamp={stamp}&nonce={nonce}", body


async def side_by_side(count: int, one: Callable[[int], Awaitable[None]]) -> None:
    """`one` of each number, `AT_ONCE` at a time."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await one(number)

    await asyncio.gather(*(work() for _ in range(min(AT_ONCE, count))))


async def hang(url: str, rasa: int, messages: int, calls: Calls) -> None:
    """Messages while the process `rasa` stands still; then it goes on."""
    customers = [Customer(url) for _ in range(messages)]
    await side_by_side(messages, lambda number: customers[number].arrive())
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client:

        async def writes(number: int) -> None:
            with calls.errors_of(HUNG_CHAT):
                await calls.timed(HUNG_CHAT, customers[number].post("山屿多少钱"))

        async def delivers(_number: int) -> None:
            with calls.errors_of(HUNG_WECHAT):
                path, body = wechat_delivery()
                started = time.perf_counter()
                answer = await client.post(path, content=body)
                calls.took(HUNG_WECHAT, time.perf_counter() - started)
                if answer.text != "success":
                    raise Failure(f"WeChat was answered {answer.status_code}")

        # The connection is made before, as the platform's is.
        await client.get("/healthz")
        os.kill(rasa, signal.SIGSTOP)
        try:
            await side_by_side(messages, writes)
            await side_by_side(messages, delivers)
        finally:
            os.kill(rasa, signal.SIGCONT)
    answered = await asyncio.gather(*(one.answered(PATIENCE) for one in customers))
    calls.came_back = sum(answered)
    await asyncio.gather(*(one.leave() for one in customers))


def table(calls: Calls) -> str:
    everything = [
        seconds
        for kind in (OPENING, ACKNOWLEDGED, ANSWER, STREAM, WAITING)
        for seconds in calls.seconds.get(kind, [])
    ]
    rows = {**calls.seconds, "all calls but the hang": everything}
    lines = [
        "| | calls | errors | median | p95 | p99 | worst |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for kind, seconds in rows.items():
        if seconds:
            shown = [f"{percentile(seconds, at) * 1000:,.0f} ms" for at in (0.5, 0.95, 0.99, 1.0)]
            lines.append(
                f"| {kind} | {len(seconds):,} | {calls.errors[kind]} | {' | '.join(shown)} |"
            )
    return "\n".join(lines)


def missed(calls: Calls) -> list[str]:
    """Which of the promised figures do not hold."""
    found = [f"{number} errors: {kind}" for kind, number in calls.errors.items()]
    for kind, seconds in calls.seconds.items():
        hung = kind in (HUNG_CHAT, HUNG_WECHAT)
        share, limit = (0.99, LIMIT_HUNG) if hung else (0.95, LIMIT)
        if seconds and percentile(seconds, share) > limit:
            found.append(f"p{share * 100:.0f} of {kind} over {limit * 1000:.0f} ms")
    return found


def note(calls: Calls, options: Options) -> str:
    used = ", ".join(f"{name} {share * 100:.0f} %" for name, share in calls.processor.items())
    cores = len(os.sched_getaffinity(0))
    lines = [
        f"{options.visitors} visitors with the chat open, half of them streaming and half in "
        f"waiting reads of {WAITS} s, and {options.talkers} who write {THINKS[0]:.0f} to "
        f"{THINKS[1]:.0f} s after each answer, for {options.seconds} s. Then {options.messages} "
        f"messages over each of two channels, {AT_ONCE} at once, while Rasa is stopped. {cores} "
        "cores, shared with the visitors; one process each of rasa, actions and backend.",
        f"Turns that went to a person because they failed or took too long: {calls.unanswered}. "
        f"Answered after the hang: {calls.came_back} of {options.messages}.",
        f"Of one processor, while people talked: {used}.",
        "Kept: no error, p95 of every kind of call at most 500 ms, p99 under 1 s while Rasa hangs."
        if not (wrong := missed(calls))
        else f"**Missed:** {'; '.join(wrong)}.",
    ]
    if options != Options():
        lines.insert(0, "**Not the full run.**")
    return "\n\n".join(lines)


async def measure(system: RunningSystem, options: Options, seed: int) -> Calls:
    warm, calls = Calls(), Calls()
    draw = random.Random(seed)
    # Connections and caches of a system that has been used.
    visitor = Customer(system.base_url)
    await visitor.arrive()
    for text in VISIT:
        await visitor.say(text)
    await hang(system.base_url, system.pid("rasa"), 1, warm)
    await visitor.leave()
    pids: Mapping[str, int] = {name: system.pid(name) for name in system.names}
    before = {name: processor_time(pid) for name, pid in pids.items()}
    started = time.perf_counter()
    say(f"  {options.visitors} look on, {options.talkers} talk, for {options.seconds} s")
    await crowd(system.base_url, options, calls, draw)
    took = time.perf_counter() - started
    calls.processor = {
        name: (processor_time(pid) - before[name]) / took for name, pid in pids.items()
    }
    say("  Rasa hangs")
    await hang(system.base_url, system.pid("rasa"), options.messages, calls)
    return calls


def bench(options: Options, seed: int, database_url: str = "") -> str:
    """The table and its note. Raises Failure."""
    base = dotenv.load()
    environment = processes.environment(base, processes.Addresses.of(base), var_folder(base), 0.0)
    prepare_store(environment)
    training.ensure_model(var_folder(base) / "catalogue.json", environment)
    with (
        tempfile.TemporaryDirectory(prefix="chefu-load-") as folder,
        RunningSystem(Path(folder), database_url=database_url, settings=WECHAT) as system,
    ):
        calls = asyncio.run(measure(system, options, seed))
    return f"{table(calls)}\n\n{note(calls, options)}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench PART=load")
    parser.add_argument("--visitors", type=positive, default=VISITORS, metavar="N")
    parser.add_argument("--talkers", type=positive, default=TALKERS, metavar="N")
    parser.add_argument("--seconds", type=positive, default=SECONDS, metavar="N")
    parser.add_argument("--messages", type=positive, default=MESSAGES, metavar="N")
    parser.add_argument("--seed", type=positive, default=1, metavar="N")
    parser.add_argument("--database", default="", metavar="URL", help="an empty PostgreSQL")
    given = parser.parse_args()
    options = Options(given.visitors, given.talkers, given.seconds, given.messages)
    try:
        text = bench(options, given.seed, given.database)
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
