"""Settings of the Telegram channel, `CHEFU_TELEGRAM_…`."""

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from backend.channels import configuring


class TelegramSettings(BaseSettings):
    """The channel is off while `bot_token` is empty."""

    model_config = configuring.config("CHEFU_TELEGRAM_")

    bot_token: SecretStr = SecretStr("")
    """From @BotFather."""
    secret_token: SecretStr = SecretStr("")
    """Chosen by the dealership; Telegram sends it with every webhook."""
    api_url: str = Field(default="https://api.telegram.org", pattern=r"^https?://[^/?#]+/?$")

    @field_validator("bot_token")
    @classmethod
    def _is_token(cls, value: SecretStr) -> SecretStr:
        bot, colon, key = value.get_secret_value().partition(":")
        if value.get_secret_value() and not (bot.isdecimal() and colon and _is_plain(key)):
            raise ValueError("a bot's token looks like 123456789:AbC…, as @BotFather gives it")
        return value

    @field_validator("secret_token")
    @classmethod
    def _is_secret(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text and not (16 <= len(text) <= 256 and _is_plain(text)):
            raise ValueError("the secret token has 16 to 256 letters, digits, _ and -")
        return value

    @model_validator(mode="after")
    def _complete(self) -> "TelegramSettings":
        configuring.needed(self, "bot_token", "secret_token")
        return self


def _is_plain(text: str) -> bool:
    return text.isascii() and text.replace("_", "").replace("-", "").isalnum()
