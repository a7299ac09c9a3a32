"""A customer's chat in the terminal, against a backend that runs."""

import argparse
import asyncio
import contextlib
import time
from pathlib import Path

import httpx

from tests.fakes.wechat import OUT_OF_ORDER, FakeWechat
from tests.fakes.wechat_platform import Fault, Platform
from tests.fakes.wechat_server import SEND, ApiServer

APP_ID, APP_SECRET, TOKEN = "wxfake0123456789ab", "only-for-the-fake", "faketoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
HELP = """\
Whatever you type is said. Beside that:
  /press N          press the Nth entry of the last menu
  /menu KEY         press a key of the account's menu, such as book_test_drive
  /subscribe [CODE] /unsubscribe /scan CODE
  /image FILE       /voice [WHAT WAS RECOGNISED]      /video FILE
  /location PLACE   /link TITLE URL
  /as NAME          be another customer
  /later HOURS      let time pass for WeChat's window
  /fail CODE [N]    the next N sends end with this return code, or hang, drop
  /quit"""


class Console:
    def __init__(self, wechat: FakeWechat) -> None:
        self._wechat = wechat
        self._openid = "oFakeCustomer01"
        self._shown: dict[str, int] = {}
        self.later = 0.0

    async def run(self) -> None:
        print(HELP)
        showing = asyncio.create_task(self._show())
        try:
            while True:
                line = await asyncio.to_thread(input)
                if line.strip() == "/quit":
                    return
                try:
                    await self._act(line)
                except (OSError, ValueError, IndexError, StopIteration) as error:
                    print(f"! {error or type(error).__name__}")
        except EOFError:
            await asyncio.sleep(2)
        finally:
            showing.cancel()

    async def _show(self) -> None:
        """Prints what arrives on the phone."""
        while True:
            screen = self._wechat.customer(self._openid).screen
            for text in screen[self._shown.get(self._openid, 0) :]:
                mark = "!!" if text == OUT_OF_ORDER else "<"
                print("\n".join(f"{mark} {line}" for line in text.splitlines()))
            self._shown[self._openid] = len(screen)
            await asyncio.sleep(0.1)

    async def _act(self, line: str) -> None:
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        wechat, me = self._wechat, self._openid
        match word:
            case "":
                return
            case "/press":
                title = wechat.customer(me).menu[int(rest) - 1]["content"]
                await wechat.presses(me, title)
            case "/menu":
                await wechat.event(me, "CLICK", rest)
            case "/subscribe":
                await wechat.event(me, "subscribe", f"qrscene_{rest}" if rest else "")
            case "/unsubscribe":
                await wechat.event(me, "unsubscribe")
            case "/scan":
                await wechat.event(me, "SCAN", rest)
            case "/image" | "/video":
                kind = "image/jpeg" if word == "/image" else "video/mp4"
                name = self._upload(kind, await asyncio.to_thread(Path(rest).read_bytes))
                await wechat.message(me, word[1:], MediaId=name)
            case "/voice":
                name = self._upload("audio/amr", b"#!AMR\n")
                heard = {"Recognition": rest} if rest else {}
                await wechat.message(me, "voice", MediaId=name, Format="amr", **heard)
            case "/location":
                await wechat.message(
                    me, "location", Location_X="30.27", Location_Y="120.15", Label=rest
                )
            case "/link":
                title, _, url = rest.rpartition(" ")
                await wechat.message(me, "link", Title=title, Description="", Url=url)
            case "/as":
                self._openid = f"oFake{rest}"
            case "/later":
                self.later += float(rest) * 3600
            case "/fail":
                code, _, number = rest.partition(" ")
                fault = Fault(kind=code) if code.isalpha() else Fault(int(code))
                wechat.platform.fails(SEND, *[fault] * int(number or 1))
            case "/help":
                print(HELP)
            case _:
                await wechat.says(me, line)

    def _upload(self, kind: str, data: bytes) -> str:
        name = f"media-{len(self._wechat.platform.media)}"
        self._wechat.platform.media[name] = (kind, data)
        return name


async def _serve(arguments: argparse.Namespace) -> None:
    platform = Platform(app_id=APP_ID, app_secret=APP_SECRET, menus=not arguments.no_menus)
    async with (
        ApiServer(platform, arguments.port) as server,
        httpx.AsyncClient(base_url=arguments.backend, timeout=30, trust_env=False) as client,
    ):
        wechat = FakeWechat(platform, client, TOKEN, AES_KEY, mode=arguments.mode)
        print("Start the backend with these settings:\n")
        print(f"  CHEFU_WECHAT_APP_ID={APP_ID}\n  CHEFU_WECHAT_APP_SECRET={APP_SECRET}")
        print(f"  CHEFU_WECHAT_TOKEN={TOKEN}\n  CHEFU_WECHAT_AES_KEY={AES_KEY}")
        print(f"  CHEFU_WECHAT_MODE={arguments.mode}\n  CHEFU_WECHAT_API_URL={server.url}\n")
        console = Console(wechat)
        platform.now = lambda: time.time() + console.later
        await console.run()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.wechat", description=__doc__)
    parser.add_argument("--backend", default="http://127.0.0.1:8000")
    parser.add_argument("--port", type=int, default=9100, help="of WeChat's API")
    parser.add_argument("--mode", choices=("plain", "secure", "both"), default="secure")
    parser.add_argument(
        "--no-menus", action="store_true", help="an account that may not send menus"
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))
