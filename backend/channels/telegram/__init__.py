"""Telegram, by its Bot API."""

from backend.channels import configuring
from backend.channels.telegram.channel import Telegram
from backend.channels.telegram.settings import TelegramSettings

__all__ = ["Telegram", "TelegramSettings", "configured"]


def configured() -> Telegram | None:
    """The channel as it is set up; None when it is off. Raises ValueError when it is incomplete."""
    settings = configuring.read(TelegramSettings)
    return Telegram(settings) if settings.bot_token.get_secret_value() else None
