"""Simulated customers against the running system.

`CHEFU_DIALOGUES` is how many, `CHEFU_SIMULATION_SEED` draws others; to repeat a single one, give
its number in `CHEFU_SIMULATION_ONLY`.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import NOW
from tests.e2e.customer import Office
from tests.simulation import report
from tests.simulation.dialogue import Dialogue, drawn, play
from tests.system import RunningSystem

SIDE_BY_SIDE = 6
FAILURES = Path("results/simulation-failures.txt")


@pytest.fixture(scope="session")
def dialogues(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[list[Dialogue]]:
    count = int(os.environ.get("CHEFU_DIALOGUES") or 40)
    seed = int(os.environ.get("CHEFU_SIMULATION_SEED") or 1)
    only = os.environ.get("CHEFU_SIMULATION_ONLY")
    indices = [int(only)] if only else range(count)
    with (
        RunningSystem(tmp_path_factory.mktemp("simulation"), clock=NOW) as system,
        httpx.Client(base_url=system.base_url, timeout=60, trust_env=False) as client,
        ThreadPoolExecutor(SIDE_BY_SIDE) as pool,
    ):
        office = Office(client, system.staff_token())
        played = list(pool.map(lambda i: play(client, office, drawn(seed, i)), indices))
    report.write_failures(played, FAILURES)
    request.config.stash[TABLE] = report.table(played)
    yield played


TABLE = pytest.StashKey[str]()


def test_customers_reach_what_they_want(dialogues: list[Dialogue]) -> None:
    missed = [f"{one.index}: {one.why}" for one in dialogues if one.result != "reached"]
    share = report.reached(dialogues)
    assert share >= report.LEAST_REACHED, f"see {FAILURES}\n" + "\n".join(missed)


def test_no_record_and_no_figure_is_wrong(dialogues: list[Dialogue]) -> None:
    assert [f"{one.index}: {one.why}" for one in report.wrong(dialogues)] == []


def test_a_booking_takes_few_messages_and_replies_are_short(dialogues: list[Dialogue]) -> None:
    assert report.turns_to_book(dialogues) <= report.MOST_TURNS
    assert max(one.longest for one in dialogues) <= report.MOST_SENTENCES
