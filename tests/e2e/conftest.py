"""One running system for the tests of this folder, its customers and its staff."""

from collections.abc import Callable, Iterator
from datetime import datetime

import httpx
import pytest

from tests.e2e.customer import Customer, Office
from tests.system import RunningSystem

NOW = datetime.fromisoformat("2026-11-25T10:00:00+08:00")
"""A Wednesday morning, on which the dealership is open."""


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    with RunningSystem(tmp_path_factory.mktemp("system"), clock=NOW) as running:
        yield running


@pytest.fixture(scope="session")
def client(system: RunningSystem) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=system.base_url, timeout=40, trust_env=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def office(system: RunningSystem, client: httpx.Client) -> Office:
    return Office(client, system.staff_token())


@pytest.fixture
def arrives(client: httpx.Client) -> Callable[..., Customer]:
    """Opens a conversation: `arrives()`, or with the language of the customer's page."""

    def customer(locale: str | None = None) -> Customer:
        return Customer.arrives(client, locale)

    return customer
