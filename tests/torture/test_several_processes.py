"""The same for a crowd, with three processes of the backend, two of rasa and two of the actions
that share PostgreSQL and Redis: any of them may be killed while the others go on."""

import os
import random

import pytest

from tests.system import RunningSystem
from tests.torture.ordeal import Kills, endure
from tests.torture.records import Records
from tests.torture.stubborn import Stubborn

RUNS = int(os.environ.get("CHEFU_TORTURE_CROWDS", "1"))
FIRST = int(os.environ.get("CHEFU_TORTURE_SEED", "1"))
CUSTOMERS = int(os.environ.get("CHEFU_TORTURE_CUSTOMERS", "10"))
MODELS = ("青岚", "云驰", "山屿", "远岳", "星禾E3", "星禾E5", "归途M8")
DAYS, HOURS = range(1, 13), range(9, 17)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
def test_processes_are_killed_while_a_crowd_books(
    several: RunningSystem, several_records: Records, seed: int
) -> None:
    draw = random.Random(seed)
    several_records.clear()
    customers = [
        Stubborn(
            several.site_urls,
            phone=f"139{seed % 10_000:04d}{number:04d}",
            # Some want the same car at the same time.
            day=draw.choice(DAYS),
            hour=draw.choice(HOURS),
            model=draw.choice(MODELS),
            draw=random.Random(f"{seed}-{number}"),
            lively=True,
        )
        for number in range(CUSTOMERS)
    ]
    endure(several, customers, Kills(rounds=2 + CUSTOMERS // 50, latest=4.0), draw)
    for customer in customers:
        several_records.check(customer)
    assert several_records.check_cars() > 0
