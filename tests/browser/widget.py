"""The widget on a page, as the tests in this folder handle it."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]
"""What the fixture `open_page` gives: keyword arguments go to the browser context."""


def launcher(page: Page) -> Locator:
    return page.locator("chefu-chat .launcher")


def panel(page: Page) -> Locator:
    return page.locator("chefu-chat").get_by_role("dialog")


def message_input(page: Page) -> Locator:
    return panel(page).locator(".composer textarea")


def bubbles(page: Page, sender: str) -> Locator:
    return panel(page).locator(f".message.{sender} .bubble")


def own_words(page: Page) -> Locator:
    return bubbles(page, "customer")


def replies(page: Page) -> Locator:
    return panel(page).locator(".replies button")


def times(page: Page) -> Locator:
    """The times that can be pressed."""
    return panel(page).locator(".times button:visible")


def states(page: Page) -> Locator:
    """How far unsent messages have got, in words."""
    return panel(page).locator(".state > span")


def reconnecting(page: Page) -> Locator:
    return panel(page).locator(".connection:not(:empty)")


def say(page: Page, text: str) -> None:
    if launcher(page).is_visible():
        launcher(page).click()
    message_input(page).fill(text)
    message_input(page).press("Enter")


def heard(page: Page, text: str) -> None:
    expect(bubbles(page, "assistant").last).to_have_text(text)


def focused(page: Page) -> str:
    """What has the focus: tag and class inside the widget, or the id in the host page."""
    found: str = page.evaluate(
        "() => { const inner = document.querySelector('chefu-chat').shadowRoot.activeElement;"
        " return inner ? `${inner.localName}.${inner.className}` : document.activeElement.id }"
    )
    return found


def hurry(page: Page) -> None:
    """Pauses between tries pass twenty times as fast; time limits of calls stay as they are."""
    page.evaluate(
        "() => { const real = window.setTimeout; window.setTimeout ="
        " (act, ms) => real(act, ms < 8000 || (ms > 10000 && ms <= 16000) ? ms / 20 : ms) }"
    )


def time_cards() -> list[dict[str, Any]]:
    """Free times of three days, as the assistant offers them."""
    days = {"今天": (14, 16), "明天": (9, 10, 11, 14, 15, 16), "11月28日周六": (9, 11, 13, 15)}
    return [
        {
            "title": day,
            "buttons": [{"choice": f"c-{day}-{hour}", "title": f"{hour:02d}:00"} for hour in hours],
        }
        for day, hours in days.items()
    ]


TIMES_IN_WORDS = "您哪天、几点方便？最近可约的时间："


def asks_for_time() -> dict[str, Any]:
    """The question with its cards; the text alone holds all of it."""
    cards = time_cards()
    lines = [f"{card['title']} {'、'.join(b['title'] for b in card['buttons'])}" for card in cards]
    return {"text": "\n".join([TIMES_IN_WORDS, *lines]), "cards": cards}
