"""Processes are killed at random moments while customers book.

Nothing that was acknowledged is lost, nobody is booked twice, turns run in order and once in
effect, everybody gets an answer or a person within a minute after the restart, and what was told
stands in the records.
"""

import os
import random

import pytest

from tests.system import RunningSystem
from tests.torture.ordeal import Kills, endure
from tests.torture.records import Records
from tests.torture.stubborn import Stubborn

RUNS = int(os.environ.get("CHEFU_TORTURE_RUNS", "3"))
FIRST = int(os.environ.get("CHEFU_TORTURE_SEED", "1"))
CUSTOMERS = 3


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
def test_a_process_is_killed_while_customers_book(
    system: RunningSystem, records: Records, seed: int
) -> None:
    draw = random.Random(seed)
    records.clear()
    customers = [
        Stubborn(
            system.site_urls,
            phone=f"138{seed % 10_000:04d}{number:04d}",
            day=1 + draw.randrange(5),
            hour=10 + number * 2,
            draw=random.Random(f"{seed}-{number}"),
        )
        for number in range(CUSTOMERS)
    ]
    endure(system, customers, Kills(rounds=1, latest=2.5), draw)
    for customer in customers:
        records.check(customer)
    records.check_cars()
