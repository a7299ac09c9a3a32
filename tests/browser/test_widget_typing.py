"""Keyboard, composition, length, and the panel on a phone."""

from playwright.sync_api import Page, expect

from tests.browser.fake_chat import FakeChat
from tests.browser.widget import (
    PHONE,
    OpenPage,
    bubbles,
    focused,
    heard,
    launcher,
    message_input,
    own_words,
    panel,
    replies,
    say,
)


def test_enter_that_ends_a_composition_does_not_send(page: Page, chat: FakeChat) -> None:
    launcher(page).click()
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6}
    )
    expect(message_input(page)).to_have_value("ni hao")
    page.evaluate(
        "() => { const root = document.querySelector('chefu-chat').shadowRoot;"
        " root.addEventListener('keydown', (event) => {"
        "   window.composing = event.isComposing; }, { capture: true }) }"
    )
    page.keyboard.press("Enter")
    assert page.evaluate("window.composing") is True
    message_input(page).fill("你好")
    # Safari reports that Enter after the end of the composition, with the key code of an IME.
    message_input(page).evaluate(
        "(input) => input.dispatchEvent(new KeyboardEvent('keydown',"
        " { key: 'Enter', keyCode: 229, bubbles: true, composed: true }))"
    )
    expect(own_words(page)).to_have_count(0)
    page.keyboard.press("Enter")

    heard(page, "收到：你好")
    assert chat.only.of_customer() == ["你好"]


def test_shift_enter_makes_a_line_and_blanks_are_not_sent(page: Page, chat: FakeChat) -> None:
    launcher(page).click()
    message_input(page).press_sequentially("   ")
    expect(panel(page).get_by_role("button", name="发送")).to_be_disabled()
    message_input(page).press("Enter")
    message_input(page).fill("第一行")
    message_input(page).press("Shift+Enter")
    message_input(page).press_sequentially("第二行")
    panel(page).get_by_role("button", name="发送").click()

    expect(own_words(page)).to_have_text("第一行\n第二行")
    expect(bubbles(page, "assistant")).to_have_count(2)
    assert chat.only.of_customer() == ["第一行\n第二行"]


def test_a_text_that_is_too_long_is_counted_and_not_sent(page: Page, chat: FakeChat) -> None:
    launcher(page).click()
    message_input(page).fill("车" * 1990)
    expect(panel(page).locator("#limit")).to_have_text("1990 / 2000")
    message_input(page).fill("🚗" * 2003)
    expect(panel(page).locator("#limit")).to_contain_text("超出 3 字")
    message_input(page).press("Enter")
    expect(panel(page).get_by_role("button", name="发送")).to_be_disabled()
    expect(own_words(page)).to_have_count(0)
    message_input(page).fill("🚗" * 2000)
    message_input(page).press("Enter")

    expect(bubbles(page, "assistant")).to_have_count(2)
    assert chat.only.of_customer() == ["🚗" * 2000]


def test_the_keyboard_alone_is_enough(page: Page, chat: FakeChat) -> None:
    buttons = [{"choice": "c-1", "title": "周六"}, {"choice": "c-2", "title": "周日"}]
    chat.replies["预约试驾"] = [{"text": "哪一天？", "buttons": buttons}]
    page.locator("#ask").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "button.launcher"
    page.keyboard.press("Enter")
    assert focused(page) == "textarea."
    page.keyboard.type("预约试驾")
    page.keyboard.press("Enter")
    expect(replies(page)).to_have_text(["周六", "周日"])
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "button.reply"
    page.keyboard.press("Enter")

    heard(page, "收到：周日")
    assert focused(page) == "textarea."
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    assert focused(page) == "button.launcher"
    assert chat.only.chosen == ["c-2"]


def test_on_a_phone_the_panel_fills_the_screen(open_page: OpenPage, chat: FakeChat) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    say(page, "你好")
    heard(page, "收到：你好")

    assert panel(page).bounding_box() == {"x": 0, "y": 0, **PHONE}
    size = message_input(page).evaluate("(input) => getComputedStyle(input).fontSize")
    assert size == "16px"
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    panel(page).get_by_role("button", name="关闭对话窗口").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert focused(page) != "ask"
        assert focused(page) != "before"
    panel(page).get_by_role("button", name="关闭对话窗口").click()
    expect(panel(page)).to_be_hidden()
    assert page.evaluate("document.documentElement.style.overflow") == ""
