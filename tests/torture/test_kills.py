"""Processes are killed at random moments while customers book.

Nothing that was acknowledged is lost, nobody is booked twice, everybody gets an answer or a
person within a minute after the restart, and what was told stands in the records.
"""

import os
import random
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.customer import NUMBER, Customer, Office
from tests.system import RunningSystem
from tests.torture.stubborn import PATIENCE, Stubborn

RUNS = int(os.environ.get("CHEFU_TORTURE_RUNS", "3"))
FIRST = int(os.environ.get("CHEFU_TORTURE_SEED", "1"))
CUSTOMERS = 3
LATEST = 2.5
"""Seconds after the first word at which the kill comes at the latest."""


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
def test_a_process_is_killed_while_customers_book(
    system: RunningSystem, office: Office, seed: int
) -> None:
    draw = random.Random(seed)
    _clear(system)
    customers = [
        Stubborn(
            system.base_url,
            phone=f"138{seed % 10_000:04d}{number:04d}",
            day=1 + draw.randrange(5),
            hour=10 + number * 2,
            draw=random.Random(f"{seed}-{number}"),
        )
        for number in range(CUSTOMERS)
    ]
    victims = draw.sample(["backend", "rasa", "actions"], draw.choice([1, 1, 2]))
    moment = draw.uniform(0.0, LATEST)
    with ThreadPoolExecutor(CUSTOMERS) as pool:
        booking = [pool.submit(customer.books) for customer in customers]
        # Chaos, not synchronisation: the moment is part of what is drawn.
        time.sleep(moment)
        for victim in victims:
            system.kill(victim)
        for victim in victims:
            system.start(victim)
        up = time.monotonic()
        for one in booking:
            one.result(4 * PATIENCE)
    waited = time.monotonic() - up
    assert waited < PATIENCE, f"{waited:.0f} s until everybody was answered; killed {victims}"
    for customer in customers:
        _check(office, customer)


def _check(office: Office, customer: Stubborn) -> None:
    who = Customer(office.client, customer.id, customer.token)
    shown = office.conversation(who)
    said = [one for one in shown["messages"] if one["sender"] == "customer"]
    assert len(said) == len(customer.acknowledged)
    assert {one["turn"] for one in said} <= {"done", "failed", "none"}
    if any(one["turn"] == "failed" for one in said):
        assert shown["owner"] == "waiting"
    booked = [one for one in office.of("test-drives", who) if one["state"] == "booked"]
    assert len(booked) <= 1
    if customer.confirmed and {one["turn"] for one in said} == {"done"}:
        assert len(booked) == 1
    told = {found for one in shown["messages"] for found in NUMBER.findall(one["text"])}
    assert told <= {one["number"] for one in booked}


def _clear(system: RunningSystem) -> None:
    """Earlier runs leave the times free again."""
    store = sqlite3.connect(system.var / "chefu.db", timeout=30)
    with store:
        store.execute("DELETE FROM occupancy")
        store.execute("UPDATE test_drive_bookings SET state = 'cancelled'")
    store.close()
