"""A backend with the WhatsApp channel, a fake Cloud API, a customer; on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from backend.channels.whatsapp import WhatsApp, WhatsAppSettings
from backend.clock import FixedClock
from backend.conversations import media, sender, turns
from backend.database import Database
from tests.fakes.site import Door, Site, serving
from tests.fakes.whatsapp import (
    ACCESS_TOKEN,
    APP_SECRET,
    NUMBER_ID,
    VERIFY_TOKEN,
    Customer,
    FakeWhatsApp,
)


def settings(url: str, **more: Any) -> WhatsAppSettings:
    return WhatsAppSettings(  # type: ignore[call-arg]  # `_env_file` is unseen by mypy
        _env_file=None,
        phone_number_id=NUMBER_ID,
        access_token=SecretStr(ACCESS_TOKEN),
        app_secret=SecretStr(APP_SECRET),
        verify_token=SecretStr(VERIFY_TOKEN),
        api_url=f"{url}/v21.0",
        **more,
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
async def fake(door: Door, clock: FixedClock) -> AsyncIterator[FakeWhatsApp]:
    async with door.client() as client:
        platform = FakeWhatsApp(client, clock.now)
        async with platform.serving():
            yield platform


TEMPLATES = {"template_reminder_zh": "booking_reminder", "template_reminder_en": "reminder:en_GB"}


@pytest.fixture
async def site(
    database: Database, clock: FixedClock, tmp_path: Path, door: Door, fake: FakeWhatsApp
) -> AsyncIterator[Site]:
    channel = WhatsApp(settings(fake.url, **TEMPLATES))
    fake.templates = {("booking_reminder", "zh_CN"), ("reminder", "en_GB")}
    async with serving(database, clock, tmp_path / "var", door, {channel.name: channel}) as site:
        yield site


@pytest.fixture
def customer(site: Site, fake: FakeWhatsApp) -> Customer:
    return fake.customer()
