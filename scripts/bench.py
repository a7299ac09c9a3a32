"""`make bench PART=turns`: measures the running system over its chat API, on a store of its own.

A turn is timed as a customer has it: from posting the message until the answer can be read,
each in a new conversation.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx

from scripts import dotenv, processes, training
from scripts.ground import Failure, fail, say
from scripts.run import prepare_store, var_folder
from tests.system import RunningSystem

TURNS = 60
WARM_UP = 5
"""Turns before the measurement: connections and caches of a system that has been used."""
SENTENCES = {
    "greeting": ("你好", "hello"),
    "price": ("山屿多少钱", "how much is the Shanyu"),
    "test drive": ("我想试驾云驰", "I'd like to test drive the Yunchi"),
}


def turn(client: httpx.Client, text: str) -> float:
    """Seconds from posting `text` in a new conversation until an answer can be read."""
    opened = client.post("/api/chat/conversations", json={}).raise_for_status().json()
    headers = {"Authorization": f"Bearer {opened['token']}"}
    started = time.perf_counter()
    posted = client.post(
        "/api/chat/messages",
        json={"client_message_id": uuid4().hex, "text": text},
        headers=headers,
    ).raise_for_status()
    after = posted.json()["seq"]
    while True:
        read = client.get(
            "/api/chat/messages", params={"after": after, "wait": 20}, headers=headers
        ).raise_for_status()
        messages = read.json()["messages"]
        if any(message["sender"] in ("assistant", "system") for message in messages):
            return time.perf_counter() - started
        if time.perf_counter() - started > 60:
            raise Failure(f"no answer to “{text}” within a minute")


def memory(pid: int) -> int:
    """Bytes that would be free without the process and its children (proportional set size)."""
    total = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            total += int(line.split()[1]) * 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return total + sum(memory(int(child)) for child in children)


@contextmanager
def system() -> Iterator[tuple[RunningSystem, float]]:
    """A system of the bench's own and the seconds it took to start."""
    base = dotenv.load()
    var = var_folder(base)
    environment = processes.environment(base, processes.Addresses.of(base), var, 0.0)
    prepare_store(environment)
    training.ensure_model(var / "catalogue.json", environment)
    with tempfile.TemporaryDirectory(prefix="chefu-bench-") as folder:
        started = time.perf_counter()
        with RunningSystem(Path(folder)) as running:
            yield running, time.perf_counter() - started


def bench() -> None:
    with system() as (running, seconds), httpx.Client(base_url=running.base_url) as client:
        client.timeout = httpx.Timeout(30)
        say(f"start, store included  {seconds:7.1f} s")
        everything: list[float] = []
        for name, sentences in SENTENCES.items():
            for count in range(WARM_UP):
                turn(client, sentences[count % 2])
            times = [turn(client, sentences[count % 2]) for count in range(TURNS)]
            everything += times
            say(f"turn, {name:<15}  {_line(times)}")
        say(f"turn, all              {_line(everything)}")
        sizes = {name: memory(running.pid(name)) for name in ("rasa", "actions", "backend")}
        parts = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in sizes.items())
        say(f"memory                 {sum(sizes.values()) / 1e6:7.0f} MB ({parts})")


def _line(times: list[float]) -> str:
    ordered = sorted(times)
    slow = ordered[int(len(ordered) * 0.95)]
    return (
        f"{statistics.median(times) * 1000:7.1f} ms median, {slow * 1000:.1f} ms for 19 of 20, "
        f"{ordered[-1] * 1000:.1f} ms at most ({len(times)} turns)"
    )


def main() -> int:
    try:
        bench()
    except Failure as error:
        return fail(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
