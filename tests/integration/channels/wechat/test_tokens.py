"""The access token: one for all tasks and all processes, renewed in time, by one of them."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.channels.base import RetryableError
from backend.channels.wechat import tokens
from backend.channels.wechat.api import ANSWER_SECONDS, CONNECT_SECONDS
from backend.channels.wechat.tokens import TokenKeeper
from backend.clock import FixedClock
from backend.conversations.sender import SEND_SECONDS
from backend.database import Database
from backend.models import ChannelValue


class Source:
    """Gives tokens as WeChat's stable token does; counts who asks."""

    def __init__(self, clock: FixedClock, seconds: int = 7200) -> None:
        self.clock, self.seconds = clock, seconds
        self.asked: list[bool] = []
        self.value, self.ends = "", clock.now()
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self, force: bool) -> tuple[str, int]:
        self.asked.append(force)
        self.entered.set()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        now = self.clock.now()
        if force or self.ends - now <= timedelta(minutes=5):
            self.value, self.ends = (
                f"token-{len(self.asked)}",
                now + timedelta(seconds=self.seconds),
            )
        return self.value, int((self.ends - now).total_seconds())


@pytest.fixture
def source(clock: FixedClock) -> Source:
    return Source(clock)


def keeper(database: Database, clock: FixedClock, source: Source, key: str = "s") -> TokenKeeper:
    """That of one process."""
    return TokenKeeper(database, clock, source, secret=key)


async def row(database: Database) -> ChannelValue:
    async with database.reading() as session:
        return (await session.scalars(select(ChannelValue))).one()


async def test_twenty_tasks_of_two_processes_ask_once(
    database: Database, clock: FixedClock, source: Source
) -> None:
    first, second = keeper(database, clock, source), keeper(database, clock, source)
    source.gate.clear()
    tasks = [asyncio.create_task(one.get()) for one in (first, second) for _ in range(10)]
    await asyncio.wait_for(source.entered.wait(), 15)
    source.gate.set()
    assert set(await asyncio.gather(*tasks)) == {"token-1"}
    assert source.asked == [False]
    # And so do twenty whose token was refused at the same moment.
    source.ends = clock.now()
    refused = [one.get(refused="token-1") for one in (first, second) for _ in range(10)]
    assert set(await asyncio.gather(*refused)) == {"token-2"}
    assert source.asked == [False, False]
    assert await first.get() == await second.get() == "token-2"
    assert source.asked == [False, False]


async def test_the_next_process_finds_it_in_the_store_where_nobody_can_read_it(
    database: Database, clock: FixedClock, source: Source
) -> None:
    assert await keeper(database, clock, source).get() == "token-1"
    assert await keeper(database, clock, source).get() == "token-1"
    assert source.asked == [False]
    stored = await row(database)
    assert stored.expires_at == clock.now() + timedelta(seconds=7200)
    assert stored.lease_holder is None
    assert "token-1" not in stored.value
    # After the AppSecret was changed it is worth nothing.
    source.ends = clock.now()
    assert await keeper(database, clock, source, key="other").get() == "token-2"


async def test_it_is_renewed_before_its_end(
    database: Database, clock: FixedClock, source: Source
) -> None:
    ours = keeper(database, clock, source)
    await ours.get()
    clock.advance(timedelta(seconds=7200) - tokens.EARLY - timedelta(seconds=1))
    assert await ours.get() == "token-1"
    assert source.asked == [False]
    clock.advance(timedelta(seconds=2))
    assert await ours.get() == "token-2"
    assert source.asked == [False, False]


async def test_in_its_last_minutes_the_old_one_serves_while_another_process_renews_it(
    database: Database, clock: FixedClock, source: Source
) -> None:
    first, second = keeper(database, clock, source), keeper(database, clock, source)
    await first.get()
    clock.advance(timedelta(seconds=7200) - timedelta(minutes=2))
    source.gate.clear()
    source.entered.clear()
    renewing = asyncio.create_task(first.get())
    await asyncio.wait_for(source.entered.wait(), 15)
    assert await second.get() == "token-1"
    source.gate.set()
    assert await renewing == "token-2"
    # If WeChat cannot be reached then, too.
    clock.advance(timedelta(seconds=7200) - timedelta(minutes=2))
    source.error = RetryableError("unreachable")
    assert await first.get() == "token-2"
    clock.advance(timedelta(minutes=3))
    with pytest.raises(RetryableError):
        await first.get()
    source.error = None
    assert (await first.get()).startswith("token-")


async def test_a_process_that_died_while_renewing_it_holds_nobody_up_for_long(
    database: Database, clock: FixedClock, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as session:
        session.add(
            ChannelValue(
                channel="wechat", name=tokens.VALUE, value="", lease_holder="dead",
                lease_until=clock.now() + tokens.LEASE,
            )
        )  # fmt: skip
    ours = keeper(database, clock, source)
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0)
    with pytest.raises(RetryableError) as busy:
        await ours.get()
    assert (busy.value.code, source.asked) == ("token_busy", [])
    clock.advance(tokens.LEASE)
    assert await ours.get() == "token-1"
    assert (await row(database)).lease_holder is None


async def test_who_is_cut_off_does_not_take_it_from_the_others(
    database: Database, clock: FixedClock, source: Source
) -> None:
    ours = keeper(database, clock, source)
    source.gate.clear()
    cut, other = asyncio.create_task(ours.get()), asyncio.create_task(ours.get())
    await asyncio.wait_for(source.entered.wait(), 15)
    cut.cancel()
    source.gate.set()
    assert await other == "token-1"
    assert source.asked == [False]


async def test_wechat_refuses_its_own_token(
    database: Database, clock: FixedClock, source: Source
) -> None:
    ours = keeper(database, clock, source)
    await ours.get()
    assert await ours.get(refused="token-1") == "token-3"
    assert source.asked == [False, False, True]
    with pytest.raises(RetryableError):
        await ours.get(refused="token-3")
    assert source.asked == [False, False, True, False]


async def test_two_first_processes_at_the_same_time(
    database: Database, clock: FixedClock, source: Source
) -> None:
    found = await asyncio.gather(*(keeper(database, clock, source).get() for _ in range(6)))
    assert set(found) == {"token-1"}
    assert source.asked == [False]


def test_the_lease_outlasts_the_call() -> None:
    call = ANSWER_SECONDS + CONNECT_SECONDS
    assert tokens.LEASE.total_seconds() > call
    # Whoever waits for another process can still send within the sender's time.
    assert tokens.WAIT_SECONDS + call < SEND_SECONDS
