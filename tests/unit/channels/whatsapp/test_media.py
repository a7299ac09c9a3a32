"""Fetching what customers send: bounded, and the token shown to Meta alone."""

from collections.abc import AsyncIterator

import pytest

from backend.channels import calls, pictures
from backend.channels.base import FinalError, RetryableError
from backend.channels.telegram import Telegram
from backend.channels.whatsapp import WhatsApp
from tests.fakes.site import Door
from tests.fakes.telegram import FakeTelegram
from tests.fakes.whatsapp import FakeWhatsApp
from tests.integration.channels.telegram.conftest import settings as telegram_settings
from tests.integration.channels.whatsapp.conftest import settings


@pytest.fixture
async def fake() -> AsyncIterator[FakeWhatsApp]:
    async with Door().client() as client:
        platform = FakeWhatsApp(client)
        async with platform.serving():
            yield platform


@pytest.fixture
async def channel(fake: FakeWhatsApp) -> AsyncIterator[WhatsApp]:
    made = WhatsApp(settings(fake.url))
    yield made
    await made.close()


async def test_a_file_comes_as_it_was_sent(fake: FakeWhatsApp, channel: WhatsApp) -> None:
    assert await channel.fetch(fake.keep(b"\x00\xff")["id"]) == b"\x00\xff"


async def test_a_file_that_is_gone(channel: WhatsApp) -> None:
    with pytest.raises(FinalError, match="100"):
        await channel.fetch("1")


async def test_a_file_that_is_too_large(fake: FakeWhatsApp, channel: WhatsApp) -> None:
    kept = fake.keep(b"x" * (pictures.LIMIT + 1))
    with pytest.raises(FinalError, match="too_large"):
        await channel.fetch(kept["id"])
    async with Door().client() as client, FakeTelegram(client).serving() as other:
        assert isinstance(other, FakeTelegram)
        bot = Telegram(telegram_settings(other.url))
        with pytest.raises(FinalError, match="too_large"):
            await bot.fetch(other.keep(b"x" * (pictures.LIMIT + 1))["file_id"])
        assert await bot.fetch(other.keep(b"x")["file_id"]) == b"x"
        await bot.close()


async def test_a_download_ends_at_its_limit(fake: FakeWhatsApp, channel: WhatsApp) -> None:
    """Whatever size was announced."""
    url = f"{fake.url}/download/{fake.keep(b'x' * 100)['id']}"
    token = {"Authorization": f"Bearer {fake.access_token}"}
    async with calls.client() as client:
        assert await calls.download(client, url, 100, token) == b"x" * 100
        with pytest.raises(FinalError, match="too_large"):
            await calls.download(client, url, 99, token)
        with pytest.raises(FinalError, match="404"):
            await calls.download(client, url, 100)


async def test_while_the_platform_is_away(fake: FakeWhatsApp, channel: WhatsApp) -> None:
    fake.access_token = "another"
    with pytest.raises(RetryableError, match="190"):
        await channel.fetch(fake.keep(b"x")["id"])


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest", "https://evil.test/x", "https://fbsbx.com.evil.test/x",
     "http://lookaside.fbsbx.com/x", "https://evilfbsbx.com/x", "https://[::1", "", "file:///etc"],
)  # fmt: skip
async def test_nobody_else_gets_the_token(fake: FakeWhatsApp, channel: WhatsApp, url: str) -> None:
    assert not channel._trusted(url)


async def test_where_meta_keeps_files(fake: FakeWhatsApp, channel: WhatsApp) -> None:
    assert channel._trusted("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1")
    assert channel._trusted(f"{fake.url}/download/1")
