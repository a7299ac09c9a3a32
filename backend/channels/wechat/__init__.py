"""The WeChat Official Account. Set-up: docs/channels/wechat.md."""

from backend.channels import configuring
from backend.channels.wechat.channel import WechatChannel
from backend.channels.wechat.settings import WechatSettings
from backend.clock import Clock
from backend.database import Database

__all__ = ["WechatChannel", "WechatSettings", "configured"]


def configured(database: Database, clock: Clock) -> WechatChannel | None:
    """The channel, if an account is set up. Raises ValueError when half of it is."""
    settings = configuring.read(WechatSettings)
    return WechatChannel(settings, database, clock) if settings.app_id else None
