"""Settings: off without an AppID, refused when they are half of what is needed."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from backend.channels import registry
from backend.channels.wechat.settings import COMMANDS, WechatSettings
from backend.clock import FixedClock
from backend.database import Database
from backend.settings import ROOT
from tests.unit.channels.wechat.account import APP_ID, SECRET, settings

ALL = {
    "CHEFU_WECHAT_APP_ID": APP_ID,
    "CHEFU_WECHAT_APP_SECRET": SECRET,
    "CHEFU_WECHAT_TOKEN": "faketoken",
    "CHEFU_WECHAT_AES_KEY": "a" * 43,
}


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("APP_ID", "APP_SECRET", "TOKEN", "AES_KEY", "MODE", "MENU", "TEMPLATE_FIELDS"):
        monkeypatch.delenv(f"CHEFU_WECHAT_{name}", raising=False)
    return monkeypatch


async def test_without_an_app_id_the_channel_is_off(
    variables: pytest.MonkeyPatch, clock: FixedClock, tmp_path: Path
) -> None:
    store = Database(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}")
    variables.setitem(WechatSettings.model_config, "env_file", None)
    assert "wechat" not in registry.configured(store, clock)
    for name, value in ALL.items():
        variables.setenv(name, value)
    found = registry.configured(store, clock)
    assert found["wechat"].name == "wechat"
    for channel in found.values():
        await channel.close()


@pytest.mark.parametrize("missing", [name for name in ALL if name != "CHEFU_WECHAT_APP_ID"])
def test_a_missing_setting_is_named_and_no_secret_shown(
    variables: pytest.MonkeyPatch, missing: str
) -> None:
    for name, value in ALL.items():
        if name != missing:
            variables.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        WechatSettings(_env_file=None)  # type: ignore[call-arg]  # unseen by mypy
    assert missing in str(refused.value)
    assert SECRET not in str(refused.value)


def test_plain_mode_needs_no_key() -> None:
    assert settings(mode="plain", aes_key="").mode == "plain"


@pytest.mark.parametrize(
    "wrong",
    [
        {"aes_key": "a" * 42},
        {"aes_key": "a" * 42 + "-"},
        {"previous_aes_key": "short"},
        {"token": "no"},
        {"token": "with blank"},
        {"mode": "open"},
        {"passive_seconds": 5},
        {"passive_seconds": -1},
        {"menu": {"KEY": "book_test_drive"}},
        {"menu": {"KEY": "/BOOK"}},
        {"api_url": "api.weixin.qq.com"},
    ],
    ids=str,
)
def test_what_cannot_be_right_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(**wrong)
    assert SECRET not in str(refused.value)


def test_menu_keys_and_templates(variables: pytest.MonkeyPatch) -> None:
    for name, value in ALL.items():
        variables.setenv(name, value)
    variables.setenv("CHEFU_WECHAT_MENU", '{"V1_PRICE": "/ask_price"}')
    variables.setenv("CHEFU_WECHAT_TEMPLATE_FIELDS", "thing2, thing5")
    variables.setenv("CHEFU_WECHAT_TEMPLATE_REMINDER", "template-1")
    found = WechatSettings(_env_file=None)  # type: ignore[call-arg]  # unseen by mypy
    assert found.commands["V1_PRICE"] == "/ask_price"
    assert found.commands["book_test_drive"] == "/book_test_drive"
    assert found.template_fields == ["thing2", "thing5"]
    assert (found.template("reminder"), found.template("reply")) == ("template-1", "")


@pytest.mark.parametrize("name", ["wechat.md", "wechat.zh.md"])
def test_the_documentation_names_every_setting_and_key(name: str) -> None:
    text = (ROOT / "docs" / "channels" / name).read_text("utf-8")
    for field in WechatSettings.model_fields:
        variable = f"CHEFU_WECHAT_{field.upper()}"
        assert variable in text or f"…_{field.upper().removeprefix('TEMPLATE_')}" in text, field
    assert all(f"`{key}`" in text for key in COMMANDS)
