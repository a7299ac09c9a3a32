"""A backend with the Telegram channel, a fake Telegram, a customer; on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from backend.channels.telegram import Telegram, TelegramSettings
from backend.clock import FixedClock
from backend.conversations import media, sender, turns
from backend.database import Database
from tests.fakes.site import Door, Site, serving
from tests.fakes.telegram import SECRET, TOKEN, Customer, FakeTelegram


def settings(url: str) -> TelegramSettings:
    return TelegramSettings(  # type: ignore[call-arg]  # `_env_file` is unseen by mypy
        _env_file=None, bot_token=SecretStr(TOKEN), secret_token=SecretStr(SECRET), api_url=url
    )


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The safety nets look often; a call to the platform that hangs is given up soon."""
    for part in (sender, turns, media):
        monkeypatch.setattr(part, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(sender, "SEND_SECONDS", 1.0)


@pytest.fixture
async def door() -> Door:
    return Door()


@pytest.fixture
async def fake(door: Door) -> AsyncIterator[FakeTelegram]:
    async with door.client() as client:
        platform = FakeTelegram(client)
        async with platform.serving():
            yield platform


@pytest.fixture
async def site(
    database: Database, clock: FixedClock, tmp_path: Path, door: Door, fake: FakeTelegram
) -> AsyncIterator[Site]:
    channel = Telegram(settings(fake.url))
    async with serving(database, clock, tmp_path / "var", door, {channel.name: channel}) as site:
        yield site


@pytest.fixture
def customer(site: Site, fake: FakeTelegram) -> Customer:
    return fake.customer()
