"""Customers book at once while processes are killed at moments that are drawn."""

import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import httpx

from tests.system import RunningSystem
from tests.torture.stubborn import PATIENCE, Said, Stubborn


@dataclass(frozen=True)
class Kills:
    """`rounds` times one or two processes, each `latest` seconds at most after the round before is
    up again."""

    rounds: int
    latest: float


def endure(
    system: RunningSystem, customers: Sequence[Stubborn], kills: Kills, draw: random.Random
) -> list[str]:
    """Returns once everybody is through; the processes that were killed. Fails when somebody had to
    wait longer than promised."""
    starts = threading.Event()
    killed: list[str] = []
    ups: list[float] = []
    limits = httpx.Limits(max_connections=None)
    with (
        httpx.Client(timeout=40, trust_env=False, limits=limits) as client,
        ThreadPoolExecutor(len(customers)) as pool,
    ):
        booking = [pool.submit(customer.books, client, starts) for customer in customers]
        starts.set()
        for _ in range(kills.rounds):
            if _all_done(booking, draw.uniform(0.0, kills.latest)):
                break
            victims = draw.sample(sorted(system.names), draw.choice([1, 1, 2]))
            for victim in victims:
                system.kill(victim)
            killed += victims
            system.start(*victims)
            ups.append(time.monotonic())
        for one in booking:
            one.result(4 * PATIENCE)
    waited = max(_waited(one, ups) for customer in customers for one in customer.said)
    assert waited < PATIENCE, f"{waited:.0f} s until an answer; killed {killed}"
    return killed


def _all_done(booking: Sequence[Future[None]], seconds: float) -> bool:
    """Chaos, not synchronisation: the moment is part of what is drawn."""
    return not wait(booking, seconds).not_done


def _waited(said: Said, ups: Sequence[float]) -> float:
    """Seconds from the acknowledgement, or from the last restart before the answer."""
    return said.answered - max([said.acknowledged, *(up for up in ups if up <= said.answered)])
