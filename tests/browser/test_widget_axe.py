"""WCAG 2.1 AA as axe-core finds it, in every state of the widget, in both languages and sizes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import axe
from tests.browser.fake_chat import FakeChat
from tests.browser.test_widget_pictures import picture
from tests.browser.widget import (
    DESKTOP,
    PHONE,
    OpenPage,
    asks_for_time,
    bubbles,
    heard,
    launcher,
    message_input,
    panel,
    reconnecting,
    replies,
    say,
    states,
    times,
)

# The host page's headings and landmarks are its own matter.
WITHOUT = ("region", "page-has-heading-one")

State = Callable[[Page, FakeChat], None]


def closed(page: Page, chat: FakeChat) -> None:
    """The launcher alone."""


def opened(page: Page, chat: FakeChat) -> None:
    launcher(page).click()
    expect(replies(page)).to_have_count(4)


def counted(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    message_input(page).press("Escape")
    chat.say("您好，我是小陈")
    expect(launcher(page).locator(".count")).to_have_text("1")


def with_buttons(page: Page, chat: FakeChat) -> None:
    buttons = [{"choice": "c-1", "title": "青岚"}, {"choice": "c-2", "title": "山屿"}]
    chat.replies["推荐"] = [{"text": "看看这两款？", "buttons": buttons}]
    say(page, "推荐")
    expect(replies(page)).to_have_count(2)


def with_cards(page: Page, chat: FakeChat) -> None:
    card = {
        "title": "山屿",
        "subtitle": "紧凑型 SUV",
        "image": "/car.svg",
        "facts": [{"label": "能源", "value": "汽油"}],
        "buttons": [{"choice": "c-1", "title": "预约试驾"}],
    }
    chat.replies["看看"] = [{"text": "为您找到：", "cards": [card, {**card, "title": "云驰"}]}]
    say(page, "看看")
    expect(panel(page).get_by_role("article")).to_have_count(2)


def with_times(page: Page, chat: FakeChat) -> None:
    chat.replies["预约试驾"] = [asks_for_time()]
    say(page, "预约试驾")
    expect(times(page).first).to_be_visible()


def with_errors(page: Page, chat: FakeChat) -> None:
    chat.fail("POST messages", 422)
    say(page, "这一条不行")
    expect(states(page)).to_have_count(1)
    message_input(page).fill("车" * 2001)
    expect(panel(page).locator(".limit.over")).to_be_visible()


def cut_off(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    chat.cut()
    expect(reconnecting(page)).to_be_visible()
    say(page, "还在吗")
    expect(states(page)).to_have_count(1)


def with_pictures(page: Page, chat: FakeChat) -> None:
    for _ in range(2):
        panel_file = panel(page).locator("input[type=file]")
        if launcher(page).is_visible():
            launcher(page).click()
        panel_file.set_input_files(
            {"name": "scratch.png", "mimeType": "image/png", "buffer": picture()}
        )
        expect(panel(page).locator(".chip")).to_be_visible()
        if panel(page).locator(".picture").count() == 0:
            message_input(page).press("Enter")
            expect(bubbles(page, "assistant")).to_have_count(2)


def with_staff(page: Page, chat: FakeChat) -> None:
    say(page, "转人工")
    heard(page, "收到：转人工")
    chat.say("客服小陈已接入", sender="system")
    chat.say("您好，看看 https://example.test/")
    chat.change(typing=True)
    expect(panel(page).locator(".typing")).to_be_visible()


def with_menu(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    panel(page).locator(".menu-place > button").click()
    expect(panel(page).get_by_role("menu")).to_be_visible()


def with_rating(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    chat.change(state="closed")
    expect(panel(page).locator(".rating")).to_be_visible()
    panel(page).locator(".rating .solid").click()
    expect(panel(page).get_by_role("alert")).not_to_be_empty()
    panel(page).get_by_role("radio").nth(3).check()


def with_thanks(page: Page, chat: FakeChat) -> None:
    with_rating(page, chat)
    panel(page).locator(".rating .solid").click()
    expect(panel(page).locator(".thanks")).to_be_visible()


STATES: list[State] = [
    closed, opened, counted, with_buttons, with_cards, with_times, with_errors, cut_off,
    with_pictures, with_staff, with_menu, with_rating, with_thanks,
]  # fmt: skip


def findings(page: Page) -> tuple[list[tuple[str, str, str]], int]:
    """Of the widget alone."""
    return axe.findings(page, "chefu-chat", WITHOUT)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize(
    ("locale", "size"), [("zh-CN", "desktop"), ("en-GB", "phone")], ids=["zh-desktop", "en-phone"]
)
def test_no_violations(
    open_page: OpenPage, chat: FakeChat, state: State, locale: str, size: str
) -> None:
    on_phone = size == "phone"
    page = open_page(
        locale=locale,
        viewport=PHONE if on_phone else DESKTOP,
        has_touch=on_phone,
        is_mobile=on_phone,
        reduced_motion="reduce",
    )
    state(page, chat)
    violations, passed = findings(page)
    assert violations == []
    assert passed > 3


def test_a_violation_would_be_found(page: Page, chat: FakeChat) -> None:
    opened(page, chat)
    panel(page).locator(".send").evaluate(
        "(send) => { send.removeAttribute('aria-label'); send.disabled = false;"
        " send.parentNode.append(Object.assign(document.createElement('p'),"
        "   { textContent: 'pale', style: 'color: #ccc; background: #fff' })) }"
    )
    violations, _ = findings(page)
    assert {rule for rule, _, _ in violations} == {"button-name", "color-contrast"}
