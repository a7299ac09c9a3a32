"""Chatting as a customer with a running backend, through a fake platform, in the terminal."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.fakes.messenger import Button, Fault, Platform, Sent
from tests.fakes.telegram import SECRET, TOKEN, FakeTelegram
from tests.fakes.whatsapp import (
    ACCESS_TOKEN,
    APP_SECRET,
    NUMBER_ID,
    VERIFY_TOKEN,
    FakeWhatsApp,
)

Command = Callable[[str], Awaitable[Any]]

HELP = """\
Type to write; 1, 2 … alone on a line press a button of the last message that has some.
:photo FILE   :voice FILE   :place   :fault STATUS (for the backend's next message)   :quit"""


class Chat:
    """One customer at the keyboard. `press` and the commands speak the platform's protocol."""

    def __init__(
        self,
        platform: Platform,
        says: Command,
        press: Callable[[Sent, Button], Awaitable[Any]],
        commands: Mapping[str, Command],
    ) -> None:
        self._platform = platform
        self._says = says
        self._press = press
        self._commands = {**commands, "fault": self._fault}
        self._offered: Sent | None = None
        platform.on_sent = self._show

    def _show(self, sent: Sent) -> None:
        print(f"\n{sent.text}")
        for index, button in enumerate(sent.buttons, 1):
            print(f"  [{index}] {f'{button.group}: ' if button.group else ''}{button.title}")
        if sent.buttons:
            self._offered = sent

    async def _fault(self, status: str) -> None:
        self._platform.faults.append(Fault(status=int(status)))

    async def run(self) -> None:
        print(HELP)
        while True:
            try:
                line = (await asyncio.to_thread(input)).strip()
            except EOFError:
                # What is under way is still shown when the words come from a file.
                await asyncio.sleep(3)
                return
            if line == ":quit":
                return
            if line:
                await self._do(line)

    async def _do(self, line: str) -> None:
        name, _, rest = line.removeprefix(":").partition(" ")
        buttons = self._offered.buttons if self._offered else ()
        try:
            if line.startswith(":"):
                await self._commands[name](rest)
            elif self._offered and line.isdecimal() and 0 < int(line) <= len(buttons):
                await self._press(self._offered, buttons[int(line) - 1])
            else:
                await self._says(line)
        except (KeyError, ValueError, OSError) as error:
            print(f"not done: {error!r}\n{HELP}")


def _arguments(name: str, port: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m tests.fakes.{name}")
    parser.add_argument("--backend", default="http://127.0.0.1:8000", help="its address")
    parser.add_argument("--port", type=int, default=port, help="where the fake platform listens")
    return parser.parse_args()


def _run(chat: Callable[[httpx.AsyncClient], Awaitable[None]], backend: str) -> int:
    async def running() -> None:
        async with httpx.AsyncClient(base_url=backend, timeout=30, trust_env=False) as client:
            await chat(client)

    try:
        asyncio.run(running())
    except KeyboardInterrupt:
        print()
    return 0


def _settings(**values: str) -> None:
    print("Start the backend with these in its environment:")
    for name, value in values.items():
        print(f"  {name}={value}")


def telegram() -> int:
    given = _arguments("telegram", 8481)

    async def chat(client: httpx.AsyncClient) -> None:
        platform = FakeTelegram(client, pauses=(1, 2, 4, 8, 16))
        async with platform.serving(given.port):
            _settings(CHEFU_TELEGRAM_API_URL=platform.url, CHEFU_TELEGRAM_BOT_TOKEN=TOKEN,
                      CHEFU_TELEGRAM_SECRET_TOKEN=SECRET)  # fmt: skip
            customer = platform.customer()
            place = {"latitude": 30.27, "longitude": 120.15}
            commands: dict[str, Command] = {
                "photo": lambda path: customer.photographs(Path(path).read_bytes()),
                "voice": lambda path: customer.records(Path(path).read_bytes()),
                "place": lambda _: customer.sends(location=place),
                "block": lambda _: customer.blocks(),
            }
            await Chat(platform, customer.says, customer.presses, commands).run()

    return _run(chat, given.backend)


def whatsapp() -> int:
    given = _arguments("whatsapp", 8482)

    async def chat(client: httpx.AsyncClient) -> None:
        platform = FakeWhatsApp(client, pauses=(1, 2, 4, 8, 16))
        async with platform.serving(given.port):
            _settings(CHEFU_WHATSAPP_API_URL=f"{platform.url}/v21.0",
                      CHEFU_WHATSAPP_PHONE_NUMBER_ID=NUMBER_ID,
                      CHEFU_WHATSAPP_ACCESS_TOKEN=ACCESS_TOKEN,
                      CHEFU_WHATSAPP_APP_SECRET=APP_SECRET,
                      CHEFU_WHATSAPP_VERIFY_TOKEN=VERIFY_TOKEN)  # fmt: skip
            customer = platform.customer()
            place = {"latitude": 30.27, "longitude": 120.15}
            commands: dict[str, Command] = {
                "photo": lambda path: customer.photographs(Path(path).read_bytes()),
                "voice": lambda path: customer.records(Path(path).read_bytes()),
                "place": lambda _: customer.sends(customer.message("location", place)),
            }
            await Chat(platform, customer.says, customer.presses, commands).run()

    return _run(chat, given.backend)
