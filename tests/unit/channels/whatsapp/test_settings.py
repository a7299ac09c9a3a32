"""Switched on by one setting; what is missing or wrong is named, and never shown."""

from collections.abc import Iterator

import pytest

from backend.channels import configuring, whatsapp
from backend.channels.whatsapp import WhatsAppSettings

PREFIX = "CHEFU_WHATSAPP_"
COMPLETE = {
    "PHONE_NUMBER_ID": "106540352242922", "ACCESS_TOKEN": "hidden-token",
    "APP_SECRET": "hidden-secret", "VERIFY_TOKEN": "hidden-word",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(WhatsAppSettings.model_config, "env_file", None)
    for name in WhatsAppSettings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    yield


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(PREFIX + name, value)


def test_without_a_number_it_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **(COMPLETE | {"PHONE_NUMBER_ID": ""}))
    assert whatsapp.configured() is None


async def test_complete_it_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, **COMPLETE)
    channel = whatsapp.configured()
    assert channel is not None
    assert channel.name == "whatsapp"
    await channel.close()
    assert configuring.read(WhatsAppSettings).api_url == "https://graph.facebook.com/v21.0"


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, PHONE_NUMBER_ID="106540352242922", APP_SECRET="hidden-secret")
    with pytest.raises(ValueError, match="also needed") as caught:
        whatsapp.configured()
    message = str(caught.value)
    assert PREFIX + "ACCESS_TOKEN" in message
    assert PREFIX + "VERIFY_TOKEN" in message
    assert PREFIX + "APP_SECRET" not in message
    assert "hidden" not in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PHONE_NUMBER_ID", "+86 hidden"), ("API_URL", "graph.facebook.com/hidden"),
        ("TEMPLATE_REMINDER_ZH", "Hidden Name"), ("TEMPLATE_NOTICE_EN", "hidden:not a code"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    given(monkeypatch, **(COMPLETE | {name: value}))
    with pytest.raises(ValueError, match=PREFIX + name) as caught:
        whatsapp.configured()
    assert "idden" not in str(caught.value)


def test_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch, **COMPLETE, TEMPLATE_REMINDER_ZH="remind_zh", TEMPLATE_NOTICE_EN="note:en_GB"
    )
    settings = configuring.read(WhatsAppSettings)
    found = {
        (category, language): settings.template(category, language)
        for category in ("reminder", "notice", "reply", "staff")
        for language in ("zh", "en")
    }
    assert {key: value for key, value in found.items() if value} == {
        ("reminder", "zh"): ("remind_zh", "zh_CN"), ("notice", "en"): ("note", "en_GB"),
    }  # fmt: skip
