"""The messaging channels that this dealership has set up; the website is always there."""

from backend.channels import telegram, wechat, whatsapp
from backend.channels.base import Channel
from backend.clock import Clock
from backend.database import Database


def configured(database: Database, clock: Clock) -> dict[str, Channel]:
    """Every channel whose settings are given, by name. Raises when they are incomplete."""
    found: list[Channel | None] = [
        wechat.configured(database, clock),
        whatsapp.configured(),
        telegram.configured(),
    ]
    return {channel.name: channel for channel in found if channel is not None}
