"""Settings of the WeChat Official Account, from the environment or `.env`."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode

from backend.channels import configuring

LONGEST_PASSIVE = 4.5
"""WeChat hangs up after 5 s; the rest is for the way back."""
COMMANDS = {
    "book_test_drive": "/book_test_drive",
    "ask_price": "/ask_price",
    "book_maintenance": "/book_maintenance",
    "human_handoff": "/human_handoff",
}
"""Keys of the account's menu that mean something without being configured."""

_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_COMMAND = re.compile(r"/[a-z_]{1,64}")


class WechatSettings(BaseSettings):
    """Every setting has an environment variable `CHEFU_WECHAT_<NAME>`; see
    docs/channels/wechat.md. Without `APP_ID` the channel is off; with it, a setting that is
    missing stops the start."""

    model_config = configuring.config("CHEFU_WECHAT_")

    app_id: str = ""
    app_secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    """Chosen by the dealership; WeChat signs with it."""
    aes_key: SecretStr = SecretStr("")
    """EncodingAESKey: 43 letters and digits."""
    previous_aes_key: SecretStr = SecretStr("")
    """The one before, as long as messages encrypted with it may arrive."""
    mode: Literal["plain", "secure", "both"] = "secure"
    """Which deliveries are accepted; `both` for WeChat's compatible mode and for a change."""
    original_id: str = ""
    """`gh_…`; what is addressed to another account is then refused."""
    api_url: str = "https://api.weixin.qq.com"
    passive_seconds: float = Field(default=0, ge=0, le=LONGEST_PASSIVE)
    """So long the answer to WeChat's call may wait for the assistant's; 0: never."""
    menu: dict[str, str] = {}
    """Further keys of the account's menu, JSON: `{"V1_DRIVE": "/book_test_drive"}`."""
    template_reminder: str = ""
    template_survey: str = ""
    template_follow_up: str = ""
    """Ids of template messages for what is to be said outside the 48 hours."""
    template_fields: Annotated[list[str], NoDecode] = ["thing1"]
    """The fields of these templates that the text runs through, separated by commas."""

    @field_validator("template_fields", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("menu")
    @classmethod
    def _commands(cls, value: dict[str, str]) -> dict[str, str]:
        if wrong := [key for key, command in value.items() if not _COMMAND.fullmatch(command)]:
            raise ValueError(f"a menu key means a command such as /ask_price: {', '.join(wrong)}")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.app_id:
            return self
        keys = [] if self.mode == "plain" else ["aes_key"]
        configuring.needed(self, "app_id", "app_secret", "token", *keys)
        if not _TOKEN.fullmatch(self.token.get_secret_value()):
            raise ValueError("CHEFU_WECHAT_TOKEN has 3 to 32 letters and digits")
        for name in ("aes_key", "previous_aes_key"):
            key = getattr(self, name).get_secret_value()
            if key and not _AES_KEY.fullmatch(key):
                raise ValueError(f"CHEFU_WECHAT_{name.upper()} has 43 letters and digits")
        if not self.api_url.startswith(("https://", "http://")):
            raise ValueError("CHEFU_WECHAT_API_URL begins with https://")
        return self

    @property
    def commands(self) -> dict[str, str]:
        """What every known key of the account's menu means."""
        return {**COMMANDS, **self.menu}

    def template(self, category: str) -> str:
        """The template for a category of the outbox; empty if there is none."""
        return {
            "reminder": self.template_reminder,
            "survey": self.template_survey,
            "follow_up": self.template_follow_up,
        }.get(category, "")
