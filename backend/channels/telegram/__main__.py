"""`python -m backend.channels.telegram set-webhook URL`: tells Telegram where to send updates."""

import argparse
import asyncio
import sys
from urllib.parse import urlsplit

from backend.channels import configuring
from backend.channels.base import SendError
from backend.channels.telegram.channel import PATH, UPDATES
from backend.channels.telegram.client import Client, Payload
from backend.channels.telegram.settings import TelegramSettings
from backend.channels.webhooks import text_at, whole_at

LOOPBACK = ("127.0.0.1", "localhost")


def address(given: str) -> str:
    """The webhook's address below `given`. Raises ValueError for one that Telegram refuses."""
    place = urlsplit(given)
    is_safe = place.scheme == "https" or (place.scheme == "http" and place.hostname in LOOPBACK)
    if not is_safe or not place.hostname:
        raise ValueError("an address of yours that begins with https://")
    return given if place.path.rstrip("/") else given.rstrip("/") + PATH


async def set_webhook(settings: TelegramSettings, url: str) -> None:
    """Raises SendError, with Telegram's reason in the log when it is the token."""
    payload: Payload = {
        "url": url,
        "secret_token": settings.secret_token.get_secret_value(),
        "allowed_updates": list(UPDATES),
    }
    await _call(settings, "setWebhook", payload)


async def webhook_info(settings: TelegramSettings) -> list[str]:
    """What Telegram knows of the webhook, as lines to read."""
    found = await _call(settings, "getWebhookInfo", {})
    return [
        f"address: {text_at(found, 'url') or 'none'}",
        f"updates that wait: {whole_at(found, 'pending_update_count') or 0}",
        f"last error: {text_at(found, 'last_error_message') or 'none'}",
    ]


async def _call(settings: TelegramSettings, method: str, payload: Payload) -> object:
    client = Client(settings)
    try:
        return await client.call(method, payload)
    finally:
        await client.close()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m backend.channels.telegram")
    commands = parser.add_subparsers(dest="command", required=True)
    setting = commands.add_parser("set-webhook", help="send updates to this address from now on")
    setting.add_argument("url", help="https://chat.example.com")
    commands.add_parser("webhook-info", help="where updates go, and what went wrong last")
    given = parser.parse_args(arguments)
    try:
        settings = configuring.read(TelegramSettings)
        if not settings.bot_token.get_secret_value():
            raise ValueError("CHEFU_TELEGRAM_BOT_TOKEN is not set")
        if given.command == "set-webhook":
            url = address(given.url)
            asyncio.run(set_webhook(settings, url))
            print(f"Telegram sends updates to {url}")
        else:
            print("\n".join(asyncio.run(webhook_info(settings))))
    except (ValueError, SendError) as error:
        print(f"not done: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
