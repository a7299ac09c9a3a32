"""What Rasa makes of endpoints.yml: the store, the locks, the address of the actions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.core.lock_store import InMemoryLockStore, LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain

from bot.engine.lock_store import LeaseLockStore
from bot.engine.tracker_store import TurnTrackerStore
from scripts.ground import ROOT
from scripts.processes import Addresses, environment
from tests.redis_server import RedisServer


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


def endpoints(
    monkeypatch: pytest.MonkeyPatch, folder: Path, redis_url: str = ""
) -> AvailableEndpoints:
    variables = environment({"CHEFU_REDIS_URL": redis_url}, Addresses(), folder, 0.0)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))


def test_without_redis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = endpoints(monkeypatch, tmp_path)
    assert isinstance(LockStore.create(found.lock_store), InMemoryLockStore)
    assert found.action.url == "http://127.0.0.1:5055/webhook"
    store = TrackerStore.create(found.tracker_store, Domain.empty())
    assert isinstance(store, TurnTrackerStore)
    assert store.engine.url.database == str(tmp_path / "tracker.db")
    store.engine.dispose()


async def test_processes_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, redis_server: RedisServer
) -> None:
    config = endpoints(monkeypatch, tmp_path, redis_server.url).lock_store
    here, there = LockStore.create(config), LockStore.create(config)
    assert isinstance(here, LeaseLockStore)
    order: list[str] = []

    async def second() -> None:
        async with there.lock("a"):
            order.append("second")

    async with here.lock("a"):
        waiting = asyncio.create_task(second())
        async with there.lock("b"):
            order.append("another conversation")
        order.append("first")
    await waiting
    assert order == ["another conversation", "first", "second"]
