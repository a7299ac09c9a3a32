"""Switched on by one setting; what is missing or wrong is named, and never shown."""

from collections.abc import Iterator

import pytest

from backend.channels import configuring, telegram
from backend.channels.telegram import TelegramSettings
from tests.fakes.telegram import SECRET, TOKEN

PREFIX = "CHEFU_TELEGRAM_"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(TelegramSettings.model_config, "env_file", None)
    for name in TelegramSettings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    yield


def test_without_a_token_it_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "BOT_TOKEN", "")
    monkeypatch.setenv(PREFIX + "SECRET_TOKEN", SECRET)
    assert telegram.configured() is None


async def test_with_both_tokens_it_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "BOT_TOKEN", TOKEN)
    monkeypatch.setenv(PREFIX + "SECRET_TOKEN", SECRET)
    channel = telegram.configured()
    assert channel is not None
    assert channel.name == "telegram"
    await channel.close()
    assert configuring.read(TelegramSettings).api_url == "https://api.telegram.org"


def test_half_of_it_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "BOT_TOKEN", TOKEN)
    with pytest.raises(ValueError, match="CHEFU_TELEGRAM_SECRET_TOKEN") as caught:
        telegram.configured()
    assert "switches this channel on" in str(caught.value)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "my-hidden-token"), ("BOT_TOKEN", "12:34/../x"), ("BOT_TOKEN", ":x"),
        ("SECRET_TOKEN", "short-hidden"), ("SECRET_TOKEN", "hidden-but-with-a-blank in-it"),
        ("API_URL", "api.telegram.org-hidden"), ("API_URL", "https://hidden.test/path"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(PREFIX + "BOT_TOKEN", TOKEN)
    monkeypatch.setenv(PREFIX + "SECRET_TOKEN", SECRET)
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(ValueError, match=PREFIX + name) as caught:
        telegram.configured()
    assert value not in str(caught.value)
    assert TOKEN not in str(caught.value)
