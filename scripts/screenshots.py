"""`make screenshots`: the README's pictures, from real conversations with a real system.

Starts a system of its own with the demo dealership and a fixed clock, talks to it through the
widget, signs in to the console. `--url` and `--var` take the pictures of a running one instead.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
DESKTOP = {"width": 1280, "height": 800}
DESK_TALL = {"width": 1280, "height": 1000}
PHONE = {"width": 390, "height": 844}

ASKING_ZH = ("山屿顶配多少钱", "想周六下午三点试驾", "有全景天窗吗")
BOOKING_ZH = ("王伟，13800000001", "改到四点吧", "确认")
BOOKING_EN = (
    "How much is the Xinghe E5?",
    "I'd like to drive it on Saturday afternoon",
    "at 3",
    "Emma, 13800000002",
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


def website(browser: Browser, url: str) -> str:
    """The website on a desk in Chinese and on a phone in English, each with a conversation.

    Answers the id of the Chinese one.
    """
    page = new_page(browser, url, "zh-CN", DESKTOP)
    page.goto("/models/shanyu")
    page.locator("chefu-chat .launcher").click()
    with page.expect_response("**/api/chat/conversations") as opened:
        talk(page, ASKING_ZH)
    conversation = str(opened.value.json()["conversation_id"])
    keep(page, "website-zh.png")
    # What the console shows afterwards: a correction, and a booking.
    talk(page, BOOKING_ZH)
    page.context.close()
    page = new_page(browser, url, "en-GB", PHONE)
    page.goto("/models/xinghe-e5")
    page.locator("chefu-chat .launcher").click()
    talk(page, BOOKING_EN)
    keep(page, "phone-en.png")
    page.context.close()
    return conversation


def console(browser: Browser, url: str, conversation: str, sign_in: tuple[str, str]) -> None:
    """The conversation as staff read it, in both languages of the console."""
    page = new_page(browser, url, "zh-CN", DESK_TALL)
    page.goto(f"/console/conversations/{conversation}")
    for field, value in zip(("#username", "#password"), sign_in, strict=True):
        page.fill(field, value)
    page.press("#password", "Enter")
    page.locator(".c-thread").wait_for()
    for _ in range(2):
        language = page.locator("html").get_attribute("lang") or ""
        keep(page, f"console-{language[:2]}.png")
        page.locator('form[action="/console/language"] button').click()
        page.locator(f'html:not([lang="{language}"])').wait_for()
    page.context.close()


@contextmanager
def own_system() -> Iterator[tuple[str, tuple[str, str]]]:
    """Address and sign-in of a system with nothing but the demo dealership in it."""
    base = {**dotenv.load(), "DATABASE_URL": ""}
    with tempfile.TemporaryDirectory(prefix="chefu-screenshots-") as folder:
        var = Path(folder) / "var"
        environment = processes.environment(base, processes.Addresses(), var, 0.0)
        prepare_store(environment, at=MOMENT.isoformat())
        training.ensure_model(var / "catalogue.json", environment)
        with RunningSystem(Path(folder), clock=MOMENT) as running:
            yield running.base_url, running.sign_in()


def signed(var: Path) -> tuple[str, str]:
    """Username and password of the demo accounts of the installation in `var`."""
    file = var / SIGN_IN
    if not file.exists():
        raise Failure(f"{file} does not exist: pictures of the console need the demo accounts")
    found = dict(line.split(": ", 1) for line in file.read_text().splitlines() if ": " in line)
    return found["username"], found["password"]


def take(url: str, sign_in: tuple[str, str]) -> None:
    executable = os.environ.get("CHEFU_CHROMIUM") or shutil.which("chromium")
    if not executable:
        raise Failure("there is no chromium on the path; name one in CHEFU_CHROMIUM")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            conversation = website(browser, url)
            console(browser, url, conversation, sign_in)
        finally:
            browser.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="make screenshots")
    parser.add_argument("--url", help="a system that runs already, with the demo dealership")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="its folder of state")
    asked = parser.parse_args()
    try:
        if asked.url:
            take(asked.url, signed(asked.var))
        else:
            with own_system() as (url, sign_in):
                take(url, sign_in)
    except (Failure, RuntimeError) as error:
        return fail(Failure(str(error)))
    except Error as error:
        return fail(Failure(f"the browser: {error.message}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
