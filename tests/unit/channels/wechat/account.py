"""The account of the tests."""

from typing import Any

from backend.channels.wechat.settings import WechatSettings

APP_ID = "wxfake0123456789ab"
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "faketoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OTHER_AES_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
ACCOUNT = "gh_0123456789ab"


def settings(**changes: Any) -> WechatSettings:
    """Complete settings, with what is changed; nothing of the machine's own."""
    given = {
        "app_id": APP_ID, "app_secret": SECRET, "token": TOKEN, "aes_key": AES_KEY,
        "original_id": ACCOUNT, **changes,
    }  # fmt: skip
    return WechatSettings(_env_file=None, **given)  # type: ignore[call-arg]  # unseen by mypy
