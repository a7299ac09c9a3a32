"""`make screenshots`: the README's pictures, from real conversations with a real system.

Starts a system of its own with the demo dealership and a fixed clock, talks to it through the
widget, signs in to the console and replies. `--url` and `--var` take the pictures of a running one
instead.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

from scripts import dotenv, processes, training
from scripts.ground import ROOT, Failure, fail, say
from scripts.run import SIGN_IN, prepare_store
from tests.system import RunningSystem

IMAGES = ROOT / "docs" / "images"
LARGEST = 300_000
"""Bytes of one picture: it is loaded with the README."""
SHARPNESS = 1.5
MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=timezone(timedelta(hours=8)))
"""When the pictures are taken, so that they are the same on any day."""
ANSWER_LIMIT = 60_000
"""Milliseconds for one answer and for one page."""
DESKTOP = {"width": 1440, "height": 860}
DESK_TALL = {"width": 1280, "height": 1320}
PHONE = {"width": 390, "height": 844}

ASKING_ZH = ("山屿顶配多少钱", "想周六下午三点试驾", "有全景天窗吗")
BOOKING_ZH = ("王伟，13800000001", "改到四点吧", "确认", "转人工")
BOOKING_EN = (
    "How much is the Xinghe E5?",
    "I'd like to drive it on Saturday at 3",
    "does it have heated seats?",
    "Emma, 13800000002",
)
AFTERWARDS_EN = ("let's make it 4 pm instead", "yes please", "I'd like to talk to a person")


@dataclass(frozen=True)
class Reply:
    """What a member of staff of the demo dealership answers, in the language of its console."""

    username: str
    locale: str
    text: str
    picture: str


REPLY_ZH = Reply(
    "consultant",
    "zh-CN",
    "您好，我是陈晨，周六由我陪您试驾。想了解什么，在这里问我就行。",
    "console-zh.png",
)
REPLY_EN = Reply(
    "consultant-en",
    "en-GB",
    "Hello Emma, this is Lena. I'll be with you on Saturday; ask me anything here until then.",
    "console-en.png",
)

# The last message is no longer the customer's, and nothing more is on its way.
ANSWERED = """() => {
  const root = document.querySelector("chefu-chat").shadowRoot;
  const last = [...root.querySelectorAll(".message, .note")].at(-1);
  return last && !last.matches(".customer") && root.querySelector(".typing").hidden;
}"""


def talk(page: Page, sentences: Sequence[str]) -> None:
    """Says them one after the other, each after the answer to the one before."""
    field = page.locator("chefu-chat textarea")
    own = page.locator("chefu-chat .message.customer")
    for sentence in sentences:
        said = own.count()
        field.fill(sentence)
        field.press("Enter")
        own.nth(said).wait_for()
        page.wait_for_function(ANSWERED)


def keep(page: Page, name: str) -> None:
    """Writes what the window shows, with 256 colours. Raises Failure if it is still too large."""
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    file = IMAGES / name
    taken.quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    if size > LARGEST:
        raise Failure(f"{name} has {size} bytes, more than {LARGEST}")
    say(f"  docs/images/{name}: {taken.width} x {taken.height}, {size // 1000} KB")


def new_page(browser: Browser, url: str, locale: str, size: dict[str, int]) -> Page:
    """A page of a visitor who has never been there."""
    context = browser.new_context(
        base_url=url,
        locale=locale,
        timezone_id="Asia/Shanghai",
        viewport={"width": size["width"], "height": size["height"]},
        device_scale_factor=SHARPNESS,
        reduced_motion="reduce",
        has_touch=size is PHONE,
        is_mobile=size is PHONE,
    )
    context.set_default_timeout(ANSWER_LIMIT)
    return context.new_page()


def website(browser: Browser, url: str) -> tuple[str, str]:
    """The website on a desk in Chinese and on a phone in English, each with a conversation.

    Answers the ids of both, in this order. After the pictures they go on: with a correction, a
    booking, and the wish for a person.
    """
    page = new_page(browser, url, "zh-CN", DESKTOP)
    page.goto("/models/shanyu")
    chinese = _begin(page, ASKING_ZH)
    keep(page, "website-zh.png")
    talk(page, BOOKING_ZH)
    page.context.close()
    page = new_page(browser, url, "en-GB", PHONE)
    page.goto("/models/xinghe-e5")
    english = _begin(page, BOOKING_EN)
    keep(page, "phone-en.png")
    talk(page, AFTERWARDS_EN)
    page.context.close()
    return chinese, english


def _begin(page: Page, sentences: Sequence[str]) -> str:
    """The id of the conversation that the sentences open."""
    page.locator("chefu-chat .launcher").click()
    with page.expect_response("**/api/chat/conversations") as opened:
        talk(page, sentences)
    return str(opened.value.json()["conversation_id"])


def console(browser: Browser, url: str, conversation: str, password: str, reply: Reply) -> None:
    """The conversation as staff read it, after they have replied in it."""
    page = new_page(browser, url, reply.locale, DESK_TALL)
    page.goto(f"/console/conversations/{conversation}")
    page.fill("#username", reply.username)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.fill("#reply-text", reply.text)
    page.locator("#send").click()
    page.locator(".c-message.staff").wait_for()
    page.locator("#hand-back").wait_for()
    # The list is told by the same news, a moment later.
    page.locator("#rows .open .badge.bg-green-lt").wait_for()
    page.locator("#reply-text").blur()
    page.mouse.move(0, 0)
    keep(page, reply.picture)
    page.context.close()


@contextmanager
def own_system() -> Iterator[tuple[str, str]]:
    """Address of a system with nothing but the demo dealership in it, and its password."""
    base = {**dotenv.load(), "DATABASE_URL": ""}
    with tempfile.TemporaryDirectory(prefix="chefu-screenshots-") as folder:
        var = Path(folder) / "var"
        environment = processes.environment(base, processes.Addresses(), var, 0.0)
        prepare_store(environment, at=MOMENT.isoformat())
        training.ensure_model(var / "catalogue.json", environment)
        with RunningSystem(Path(folder), clock=MOMENT) as running:
            yield running.base_url, running.sign_in()[1]


def demo_password(var: Path) -> str:
    """The one of all demo accounts of the installation in `var`. Raises Failure without them."""
    file = var / SIGN_IN
    if not file.exists():
        raise Failure(f"{file} does not exist: pictures of the console need the demo accounts")
    found = dict(line.split(": ", 1) for line in file.read_text().splitlines() if ": " in line)
    return found["password"]


def take(url: str, password: str) -> None:
    executable = os.environ.get("CHEFU_CHROMIUM") or shutil.which("chromium")
    if not executable:
        raise Failure("there is no chromium on the path; name one in CHEFU_CHROMIUM")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            for conversation, reply in zip(
                website(browser, url), (REPLY_ZH, REPLY_EN), strict=True
            ):
                console(browser, url, conversation, password, reply)
        finally:
            browser.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="make screenshots")
    parser.add_argument("--url", help="a system that runs already, with the demo dealership")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="its folder of state")
    asked = parser.parse_args()
    try:
        if asked.url:
            take(asked.url, demo_password(asked.var))
        else:
            with own_system() as (url, password):
                take(url, password)
    except (Failure, RuntimeError) as error:
        return fail(Failure(str(error)))
    except Error as error:
        return fail(Failure(f"the browser: {error.message}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
