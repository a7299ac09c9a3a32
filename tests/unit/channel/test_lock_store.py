"""Locks of conversations that several processes of Rasa share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from rasa.core.lock_store import LockError, RedisLockStore
from rasa.utils.endpoints import EndpointConfig

from bot.engine.lock_store import PREFIX, LeaseLockStore
from tests.postgres import free_port
from tests.redis_server import RedisServer


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


def locks(port: int, held: float = 20.0) -> LeaseLockStore:
    """As one process has them."""
    return LeaseLockStore(EndpointConfig(url="127.0.0.1", port=str(port)), held=held, look=0.01)


async def is_there(store: LeaseLockStore, conversation_id: str) -> int:
    """1 while the lock is there."""
    return int(await store._redis.exists(PREFIX + conversation_id))


async def test_one_turn_at_a_time(redis_server: RedisServer) -> None:
    processes = [locks(redis_server.port) for _ in range(3)]
    inside = most = 0

    async def turn(store: LeaseLockStore) -> None:
        nonlocal inside, most
        async with store.lock("a"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            await is_there(store, "a")
            inside -= 1

    await asyncio.gather(*(turn(store) for store in processes * 10))
    assert most == 1
    assert not await is_there(processes[0], "a")


async def test_a_failed_turn_and_a_cancelled_one_leave_no_lock(redis_server: RedisServer) -> None:
    store = locks(redis_server.port)
    with pytest.raises(ValueError, match="action"):
        async with store.lock("b"):
            raise ValueError("action")
    assert not await is_there(store, "b")
    inside = asyncio.Event()

    async def hangs() -> None:
        async with store.lock("b"):
            inside.set()
            await asyncio.Event().wait()

    running = asyncio.ensure_future(hangs())
    await inside.wait()
    assert await is_there(store, "b")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not await is_there(store, "b")


async def test_what_a_dead_process_held_runs_out(redis_server: RedisServer) -> None:
    dead, alive = locks(redis_server.port, held=0.2), locks(redis_server.port)
    # As a killed process leaves it: taken, and never prolonged.
    assert await dead._take(PREFIX + "c", "dead", 1.0)
    async with alive.lock("c", 20.0):
        assert await is_there(alive, "c")


async def test_a_lock_that_is_held_is_prolonged(redis_server: RedisServer) -> None:
    store, key = locks(redis_server.port, held=24.0), PREFIX + "d"
    async with store.lock("d"):
        # Less than it is held for: what there is more of later was prolonged.
        assert await store._redis.pexpire(key, 20_000)
        while (left := await store._redis.pttl(key)) <= 20_000:
            assert left > 0, "it has run out"
            await asyncio.sleep(0.05)
        with pytest.raises(LockError):
            async with locks(redis_server.port).lock("d", 0.0):
                pass


async def test_what_was_lost_is_not_taken_from_the_next(redis_server: RedisServer) -> None:
    slow, next_one = locks(redis_server.port), locks(redis_server.port)
    async with slow.lock("e"):
        # It did not get to prolong it in time.
        await slow._redis.delete(PREFIX + "e")
        assert await next_one._take(PREFIX + "e", "next", 1.0)
    assert await is_there(next_one, "e")


async def test_without_redis_turns_go_on() -> None:
    async with locks(free_port()).lock("f") as lock:
        assert lock.conversation_id == "f"


async def test_rasas_own_fails_between_its_steps(redis_server: RedisServer) -> None:
    """Why there is this one: fails when Rasa has mended it."""
    one, other = (RedisLockStore("127.0.0.1", redis_server.port) for _ in range(2))
    both = [one.get_or_create_lock("g"), other.get_or_create_lock("g")]
    tickets = [lock.issue_ticket(25) for lock in both]
    for lock in both:
        one.save_lock(lock)
    assert tickets == [0, 0]
    leaving = one.issue_ticket("h")
    one.finish_serving("h", leaving)
    assert not one.is_someone_waiting("h")
    coming = other.issue_ticket("h")
    one.delete_lock("h")
    with pytest.raises(LockError):
        await other._acquire_lock("h", coming, 0.01)
