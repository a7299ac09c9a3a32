"""One running system that is ill-treated; `CHEFU_TORTURE_RUNS` says how often."""

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.conftest import NOW
from tests.e2e.customer import Office
from tests.system import RunningSystem


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    with RunningSystem(tmp_path_factory.mktemp("torture"), clock=NOW) as running:
        yield running


@pytest.fixture(scope="session")
def office(system: RunningSystem) -> Iterator[Office]:
    with httpx.Client(base_url=system.base_url, timeout=40, trust_env=False) as client:
        yield Office(client, system.staff_token())
