"""`python -m backend.channels.telegram`: Telegram is told where to send updates."""

import asyncio
from collections.abc import Iterator

import pytest

from backend.channels.telegram import TelegramSettings
from backend.channels.telegram.__main__ import address, main
from tests.fakes.site import Door
from tests.fakes.telegram import SECRET, TOKEN, FakeTelegram

PREFIX = "CHEFU_TELEGRAM_"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(TelegramSettings.model_config, "env_file", None)
    monkeypatch.setenv(PREFIX + "BOT_TOKEN", TOKEN)
    monkeypatch.setenv(PREFIX + "SECRET_TOKEN", SECRET)
    yield


@pytest.mark.parametrize(
    ("given", "full"),
    [
        ("https://chat.example.com", "https://chat.example.com/api/channels/telegram"),
        ("https://chat.example.com/", "https://chat.example.com/api/channels/telegram"),
        ("https://a.test/api/channels/telegram", "https://a.test/api/channels/telegram"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/api/channels/telegram"),
    ],
)
def test_addresses(given: str, full: str) -> None:
    assert address(given) == full


@pytest.mark.parametrize("given", ["http://chat.example.com", "chat.example.com", "https://", ""])
def test_addresses_that_telegram_refuses(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["set-webhook", given]) == 1
    assert "https://" in capsys.readouterr().err


async def test_the_webhook_is_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Door().client() as client, FakeTelegram(client).serving() as fake:
        monkeypatch.setenv(PREFIX + "API_URL", fake.url)
        assert await asyncio.to_thread(main, ["set-webhook", "https://a.test"]) == 0
        assert await asyncio.to_thread(main, ["webhook-info"]) == 0
        monkeypatch.setenv(PREFIX + "BOT_TOKEN", "1:another")
        assert await asyncio.to_thread(main, ["webhook-info"]) == 1
    assert isinstance(fake, FakeTelegram)
    assert fake.webhook == {
        "url": "https://a.test/api/channels/telegram", "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }  # fmt: skip
    shown = capsys.readouterr()
    assert "https://a.test/api/channels/telegram" in shown.out
    assert "not done: 401" in shown.err
    assert TOKEN not in shown.out + shown.err


def test_without_a_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PREFIX + "BOT_TOKEN", "")
    assert main(["webhook-info"]) == 1
    assert "CHEFU_TELEGRAM_BOT_TOKEN is not set" in capsys.readouterr().err
