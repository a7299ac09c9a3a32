"""Running systems that are ill-treated: one of each process on SQLite, and several that share
PostgreSQL and Redis."""

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.conftest import NOW
from tests.e2e.customer import Office
from tests.postgres import PostgresServer
from tests.redis_server import RedisServer
from tests.system import RunningSystem
from tests.torture.records import Records, records_of

SEVERAL = {
    "CHEFU_BACKEND_PROCESSES": "3",
    "CHEFU_RASA_PROCESSES": "2",
    "CHEFU_ACTIONS_PROCESSES": "2",
}


class Several(RunningSystem):
    """Seven processes, which all load at the same time."""

    ready_limit = 300.0


def _records(system: RunningSystem) -> Iterator[Records]:
    with (
        httpx.Client(base_url=system.base_url, timeout=40, trust_env=False) as client,
        records_of(system, Office(client, system.staff_token())) as records,
    ):
        yield records


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    with RunningSystem(tmp_path_factory.mktemp("torture"), clock=NOW) as running:
        yield running


@pytest.fixture(scope="module")
def records(system: RunningSystem) -> Iterator[Records]:
    yield from _records(system)


@pytest.fixture(scope="module")
def several(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSystem]:
    with RedisServer() as redis:
        settings = {**SEVERAL, "CHEFU_REDIS_URL": redis.url}
        address = postgres_server.new_database()
        folder = tmp_path_factory.mktemp("several")
        with Several(folder, clock=NOW, database_url=address, settings=settings) as running:
            yield running


@pytest.fixture(scope="module")
def several_records(several: RunningSystem) -> Iterator[Records]:
    yield from _records(several)
