"""The messaging channels that this dealership has set up; the website is always there."""

from backend.channels import telegram, whatsapp
from backend.channels.base import Channel


def configured() -> dict[str, Channel]:
    """Every channel whose settings are given, by name. Raises when they are incomplete."""
    found: list[Channel | None] = [
        whatsapp.configured(),
        telegram.configured(),
    ]
    return {channel.name: channel for channel in found if channel is not None}
