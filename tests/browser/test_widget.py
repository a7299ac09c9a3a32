"""The chat widget in a real browser, against a server of the chat API with scripted faults."""

import gzip
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.fake_chat import HOST_PAGE, ONE_TAG, WIDGET, FakeChat

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeChat]:
    fake = FakeChat()
    fake.start()
    yield fake
    fake.close()


@pytest.fixture
def chat(server: FakeChat) -> FakeChat:
    server.reset()
    return server


@pytest.fixture
def open_page(browser: Browser, chat: FakeChat) -> Iterator[OpenPage]:
    """Opens the host page in a browser of its own; keyword arguments go to the context."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"locale": "zh-CN", "viewport": DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(chat.url)
        expect(launcher(page)).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


expect.set_options(timeout=15_000)


def launcher(page: Page) -> Locator:
    return page.locator("chefu-chat .launcher")


def panel(page: Page) -> Locator:
    return page.locator("chefu-chat").get_by_role("dialog")


def message_input(page: Page) -> Locator:
    return panel(page).get_by_role("textbox")


def bubbles(page: Page, sender: str) -> Locator:
    return panel(page).locator(f".message.{sender} .bubble")


def own_words(page: Page) -> Locator:
    return bubbles(page, "customer")


def replies(page: Page) -> Locator:
    return panel(page).locator(".replies button")


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


# The conversation


def test_one_tag_places_the_widget_and_creates_nothing_on_the_server(
    page: Page, chat: FakeChat
) -> None:
    launcher(page).click()

    expect(panel(page)).to_be_visible()
    expect(bubbles(page, "assistant")).to_contain_text("门店的智能助手")
    expect(replies(page)).to_have_text(["看看车型价格", "预约试驾", "预约保养", "转人工客服"])
    assert page.locator("chefu-chat").count() == 1
    assert chat.conversations == {}


def test_an_element_of_the_page_is_used_with_its_attributes(
    chat: FakeChat, open_page: OpenPage
) -> None:
    tag = f'<chefu-chat api="{chat.url}/" locale="en" title="Linlan desk"></chefu-chat>{ONE_TAG}'
    chat.page = HOST_PAGE.format(tag=tag, draft="I would like to see the Shanyu")
    page = open_page()
    page.locator("#ask").click()

    expect(panel(page).get_by_role("heading")).to_have_text("Linlan desk")
    expect(message_input(page)).to_have_value("I would like to see the Shanyu")
    assert page.locator("chefu-chat").count() == 1
    message_input(page).press("Enter")
    expect(own_words(page)).to_have_text("I would like to see the Shanyu")
    expect(bubbles(page, "assistant")).to_have_count(2)
    assert chat.only.locale == "en"


def test_a_message_is_sent_and_the_answer_shown(page: Page, chat: FakeChat) -> None:
    chat.hold_answers()
    say(page, "山屿多少钱")

    expect(own_words(page)).to_have_text("山屿多少钱")
    expect(panel(page).get_by_role("img", name="对方正在输入")).to_be_visible()
    expect(replies(page)).to_have_count(0)
    chat.release_answers()
    heard(page, "收到：山屿多少钱")
    expect(panel(page).locator(".typing")).to_be_hidden()
    expect(message_input(page)).to_have_value("")
    expect(panel(page).locator(".state")).to_have_count(0)
    assert chat.only.of_customer() == ["山屿多少钱"]
    assert chat.only.locale == "zh"


def test_a_starter_is_ordinary_text(page: Page, chat: FakeChat) -> None:
    launcher(page).click()
    panel(page).get_by_role("button", name="预约试驾").click()

    heard(page, "收到：预约试驾")
    assert chat.only.of_customer() == ["预约试驾"]
    assert chat.only.chosen == []
    expect(replies(page)).to_have_count(0)


def test_quick_replies_send_their_id_and_vanish(page: Page, chat: FakeChat) -> None:
    buttons = [{"choice": "c-am", "title": "上午 10:00"}, {"choice": "c-pm", "title": "下午 3:00"}]
    chat.replies["预约试驾"] = [{"text": "您想什么时候来？", "buttons": buttons}]
    say(page, "预约试驾")
    expect(replies(page)).to_have_text(["上午 10:00", "下午 3:00"])
    panel(page).get_by_role("button", name="下午 3:00").click()

    heard(page, "收到：下午 3:00")
    expect(replies(page)).to_have_count(0)
    assert chat.only.chosen == ["c-pm"]
    page.reload()
    heard(page, "收到：下午 3:00")
    expect(replies(page)).to_have_count(0)


def test_quick_replies_vanish_when_something_else_is_said(page: Page, chat: FakeChat) -> None:
    buttons = [{"choice": "c-1", "title": "青岚"}]
    chat.replies["推荐"] = [{"text": "看看这款？", "buttons": buttons}]
    say(page, "推荐")
    expect(replies(page)).to_have_text(["青岚"])
    say(page, "有没有 SUV")

    heard(page, "收到：有没有 SUV")
    expect(replies(page)).to_have_count(0)


def test_cards_show_facts_image_and_buttons(page: Page, chat: FakeChat) -> None:
    facts = [{"label": "指导价", "value": "12.98 万元"}, {"label": "能源", "value": "汽油"}]
    card = {
        "title": "山屿 1.5T 两驱舒适版",
        "subtitle": "紧凑型 SUV",
        "image": "/car.svg",
        "facts": facts,
        "buttons": [{"choice": "c-drive", "title": "预约试驾"}],
    }
    chat.replies["山屿"] = [{"text": "为您找到：", "cards": [card, {"title": "云驰", "facts": []}]}]
    say(page, "山屿")

    first = panel(page).get_by_role("article").first
    expect(first.get_by_role("heading")).to_have_text("山屿 1.5T 两驱舒适版")
    expect(first.get_by_role("row")).to_have_text(["指导价12.98 万元", "能源汽油"])
    image = first.locator("img")
    expect(image).to_have_js_property("naturalWidth", 320)
    first.get_by_role("button", name="预约试驾").click()
    heard(page, "收到：预约试驾")
    assert chat.only.chosen == ["c-drive"]
    expect(first.get_by_role("button")).to_have_count(0)


def test_staff_and_system_are_told_apart(page: Page, chat: FakeChat) -> None:
    say(page, "转人工客服")
    heard(page, "收到：转人工客服")
    chat.say("客服小陈已接入对话", sender="system")
    chat.say("您好，我是小陈")

    staff = panel(page).locator(".message.staff")
    expect(staff.locator(".sender")).to_contain_text("客服")
    expect(staff.locator(".bubble")).to_have_text("您好，我是小陈")
    expect(panel(page).locator(".note")).to_have_text("客服小陈已接入对话")
    expect(panel(page).locator(".message.assistant .sender").first).to_contain_text("智能助手")


def test_an_answer_that_comes_while_closed_is_counted(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    message_input(page).press("Escape")
    chat.say("方便的话留个电话", sender="staff")

    expect(launcher(page)).to_have_accessible_name("打开在线客服，1 条新消息")
    expect(launcher(page).locator(".count")).to_have_text("1")
    launcher(page).click()
    expect(bubbles(page, "staff")).to_have_text("方便的话留个电话")
    message_input(page).press("Escape")
    expect(launcher(page)).to_have_accessible_name("打开在线客服")


# Coming back


def test_a_reload_resumes_the_conversation(page: Page, chat: FakeChat) -> None:
    say(page, "云驰混动油耗")
    heard(page, "收到：云驰混动油耗")
    message_input(page).fill("还没写完")
    page.reload()

    expect(panel(page)).to_be_visible()
    expect(own_words(page)).to_have_text("云驰混动油耗")
    expect(message_input(page)).to_have_value("还没写完")
    say(page, "好的")
    heard(page, "收到：好的")
    assert chat.only.of_customer() == ["云驰混动油耗", "好的"]


def test_two_tabs_show_one_conversation(page: Page, chat: FakeChat) -> None:
    other = page.context.new_page()
    other.goto(chat.url)
    launcher(other).click()
    say(page, "你好")

    expect(own_words(other)).to_have_text("你好")
    say(other, "再见")
    expect(own_words(page)).to_have_text(["你好", "再见"])
    expect(own_words(other)).to_have_text(["你好", "再见"])
    assert chat.only.of_customer() == ["你好", "再见"]


def test_an_unknown_token_starts_anew_and_says_so(page: Page, chat: FakeChat) -> None:
    say(page, "第一次")
    heard(page, "收到：第一次")
    chat.forget_conversations()

    expect(panel(page).locator(".note")).to_have_text("之前的会话已失效，我们从这里重新开始。")
    expect(own_words(page)).to_have_count(0)
    assert chat.conversations == {}
    say(page, "第二次")
    heard(page, "收到：第二次")
    assert chat.only.of_customer() == ["第二次"]


def test_what_meets_an_unknown_token_goes_into_the_new_conversation(
    page: Page, chat: FakeChat
) -> None:
    buttons = [{"choice": "c-1", "title": "青岚"}]
    chat.replies["推荐"] = [{"text": "看看这款？", "buttons": buttons}]
    say(page, "推荐")
    expect(replies(page)).to_have_text(["青岚"])
    chat.fail("POST messages", 401)
    replies(page).click()

    heard(page, "收到：青岚")
    expect(panel(page).locator(".note")).to_be_visible()
    expect(own_words(page)).to_have_text("青岚")
    assert [each.of_customer() for each in chat.conversations.values()] == [["推荐"], ["青岚"]]


# Faults


@pytest.mark.parametrize("after_storing", [False, True])
def test_a_server_error_leads_to_one_message(
    page: Page, chat: FakeChat, after_storing: bool
) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    chat.fail("POST messages", 500, times=2, after_storing=after_storing)
    say(page, "想预约保养")

    heard(page, "收到：想预约保养")
    # At this very moment, not some time later: the acknowledgement may still be missing.
    assert own_words(page).all_inner_texts() == ["你好", "想预约保养"]
    chat.wait_for_posts(4)
    expect(own_words(page)).to_have_text(["你好", "想预约保养"])
    expect(panel(page).locator(".sending, .failed")).to_have_count(0)
    assert chat.only.of_customer() == ["你好", "想预约保养"]
    assert len(chat.client_ids) == 4
    assert len(set(chat.client_ids)) == 2


def test_a_conversation_that_cannot_be_created_yet_is_created_once(
    page: Page, chat: FakeChat
) -> None:
    chat.fail("POST conversations", 503)
    say(page, "你好")

    heard(page, "收到：你好")
    assert chat.only.of_customer() == ["你好"]


def test_a_lost_network_is_shown_and_nothing_is_lost(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    chat.cut()
    notice = panel(page).get_by_role("status").filter(has_text="连接中断，正在重新连接")
    expect(notice).to_be_visible()
    say(page, "试驾要带什么")
    say(page, "驾照可以吗")
    expect(own_words(page)).to_have_text(["你好", "试驾要带什么", "驾照可以吗"])
    chat.restore()

    heard(page, "收到：驾照可以吗")
    expect(notice).to_be_hidden()
    expect(own_words(page)).to_have_text(["你好", "试驾要带什么", "驾照可以吗"])
    assert chat.only.of_customer() == ["你好", "试驾要带什么", "驾照可以吗"]


def test_an_answer_given_during_an_outage_arrives(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    chat.cut()
    chat.say("给您报个价")
    expect(panel(page).locator(".connection")).to_be_visible()
    chat.restore()

    expect(bubbles(page, "staff")).to_have_text("给您报个价")


def test_an_unsent_message_outlives_the_page(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    chat.fail("POST messages", 503, times=100)
    say(page, "别丢了")
    expect(panel(page).locator(".message.sending")).to_have_count(1)
    page.close()
    attempted = chat.client_ids[-1]
    chat.faults.clear()

    again = page.context.new_page()
    again.goto(chat.url)
    launcher(again).click()
    heard(again, "收到：别丢了")
    expect(own_words(again)).to_have_text(["你好", "别丢了"])
    assert chat.client_ids[-1] == attempted
    assert chat.only.of_customer() == ["你好", "别丢了"]


def test_a_message_that_fails_for_good_can_be_sent_again(page: Page, chat: FakeChat) -> None:
    # Pauses between tries pass twenty times as fast; time limits of calls stay as they are.
    page.evaluate(
        "() => { const real = window.setTimeout; window.setTimeout ="
        " (act, ms) => real(act, ms < 15000 ? ms / 20 : ms) }"
    )
    say(page, "你好")
    heard(page, "收到：你好")
    chat.fail("POST messages", 500, times=5)
    say(page, "还有现车吗")
    chat.wait_for_posts(6)
    retry = panel(page).get_by_role("button", name="重新发送")
    expect(panel(page).locator(".failed .state")).to_contain_text("未发送")
    say(page, "这一条能发")
    heard(page, "收到：这一条能发")
    retry.click()

    heard(page, "收到：还有现车吗")
    expect(panel(page).locator(".failed")).to_have_count(0)
    assert chat.only.of_customer() == ["你好", "这一条能发", "还有现车吗"]
    assert chat.client_ids[1] == chat.client_ids[-1]


def test_too_fast_means_waiting_as_long_as_asked(page: Page, chat: FakeChat) -> None:
    page.clock.install()
    say(page, "你好")
    heard(page, "收到：你好")
    chat.fail("POST messages", 429, headers={"Retry-After": "7"})
    say(page, "太快了吗")
    expect(panel(page).locator(".state")).to_have_text("发送较快，稍后自动发出")
    page.clock.run_for(6_000)
    assert len(chat.client_ids) == 2
    page.clock.run_for(2_000)

    heard(page, "收到：太快了吗")
    expect(panel(page).locator(".state")).to_have_count(0)
    assert chat.only.of_customer() == ["你好", "太快了吗"]


def test_a_refused_message_says_why_and_holds_nothing_up(page: Page, chat: FakeChat) -> None:
    buttons = [{"choice": "c-1", "title": "青岚"}]
    chat.replies["推荐"] = [{"text": "看看这款？", "buttons": buttons}]
    say(page, "推荐")
    expect(replies(page)).to_have_text(["青岚"])
    chat.only.choices.clear()
    replies(page).click()
    failed = panel(page).locator(".failed")
    expect(failed.locator(".state")).to_contain_text("这个选项已失效")
    say(page, "换一个")
    heard(page, "收到：换一个")

    failed.get_by_role("button", name="删除").click()
    expect(own_words(page)).to_have_text(["推荐", "换一个"])


# Typing


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


# What is shown


def test_markup_stays_text_and_only_safe_links_are_made(page: Page, chat: FakeChat) -> None:
    evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script><b>粗</b>'
    links = (
        "详情 https://example.test/a?b=1。门店 400-000-1234，或 tel:+8613800000001；"
        f"javascript:alert(1) {evil}"
    )
    card = {
        "title": evil,
        "subtitle": evil,
        "image": "javascript:window.hit=1",
        "facts": [{"label": evil, "value": evil}],
        "buttons": [{"choice": "c-1", "title": evil}],
    }
    chat.replies[evil] = [{"text": links, "cards": [card], "buttons": card["buttons"]}]
    say(page, evil)
    heard(page, links.replace("tel:", ""))
    chat.say(evil, sender="system")

    expect(panel(page).locator(".note")).to_have_text(evil)
    expect(own_words(page)).to_have_text(evil)
    expect(panel(page).get_by_role("article").get_by_role("heading")).to_have_text(evil)
    expect(replies(page)).to_have_text(evil)
    assert panel(page).locator(".log img, .log script, .log b").count() == 0
    assert page.evaluate("window.hit") is None
    hrefs = panel(page).locator(".log a").evaluate_all("(all) => all.map((each) => each.href)")
    assert hrefs == ["https://example.test/a?b=1", "tel:4000001234", "tel:+8613800000001"]


def test_the_language_is_the_browsers_until_it_is_switched(
    open_page: OpenPage, chat: FakeChat
) -> None:
    page = open_page(locale="en-GB")
    launcher(page).click()
    expect(replies(page)).to_have_text(
        ["Models and prices", "Book a test drive", "Book a service", "Talk to a person"]
    )
    panel(page).get_by_role("button", name="中文").click()
    expect(message_input(page)).to_have_attribute("placeholder", "请输入您的问题")
    expect(replies(page).first).to_have_text("看看车型价格")
    page.reload()
    expect(panel(page).get_by_role("button", name="中文")).to_have_attribute("aria-pressed", "true")
    say(page, "你好")
    heard(page, "收到：你好")
    assert chat.only.locale == "zh"
    panel(page).get_by_role("button", name="EN", exact=True).click()
    expect(panel(page).locator(".sender").first).to_contain_text("Assistant")
    expect(own_words(page)).to_have_text("你好")


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


def test_the_log_is_announced_and_the_host_page_has_no_say(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    log = panel(page).get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    style = own_words(page).evaluate(
        "(node) => { const { color, letterSpacing, textTransform } = getComputedStyle(node);"
        " return { color, letterSpacing, textTransform } }"
    )
    assert style == {
        "color": "rgb(255, 255, 255)",
        "letterSpacing": "normal",
        "textTransform": "none",
    }


CONTRAST = """() => {
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) =>
      v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  // The paler end of a gradient is the harder one for white text.
  const grounds = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at);
      const stops = backgroundImage.match(/rgba?\\([^)]*\\)/g);
      if (stops) return stops.map((stop) => parse(stop).rgb);
      const { rgb, a } = parse(backgroundColor);
      if (a === 1) return [rgb];
    }
    return [[255, 255, 255]];
  };
  const root = document.querySelector('chefu-chat').shadowRoot;
  const found = [];
  for (const element of root.querySelectorAll('*')) {
    const words = [...element.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
    const isIcon = element.localName === 'svg';
    if ((!words.length && !isIcon) || !element.checkVisibility()) continue;
    if (element.closest(':disabled, style')) continue;
    const { rgb } = parse(getComputedStyle(element).color);
    for (const ground of grounds(element)) {
      found.push([element.className.baseVal ?? element.className, words[0]?.data ?? 'icon',
                  ratio(rgb, ground)]);
    }
  }
  return found;
}"""


def test_contrast_and_target_sizes(page: Page, chat: FakeChat) -> None:
    facts = [{"label": "指导价", "value": "12.98 万元"}]
    buttons = [{"choice": "c-1", "title": "好"}]
    card = {"title": "山屿", "subtitle": "SUV", "facts": facts, "buttons": buttons}
    chat.replies["看看"] = [{"text": "为您找到 https://example.test/", "cards": [card]}]
    say(page, "看看")
    expect(panel(page).get_by_role("article")).to_be_visible()
    chat.say("小陈已接入", sender="system")
    chat.say("您好", buttons=buttons)
    expect(replies(page)).to_have_count(1)
    chat.fail("POST messages", 422)
    say(page, "这一条不行")
    expect(panel(page).locator(".failed")).to_be_visible()

    ratios = page.evaluate(CONTRAST)
    assert len(ratios) > 15
    assert [each for each in ratios if each[2] < 4.5] == []
    sizes = (
        panel(page)
        .locator("button:visible, textarea")
        .evaluate_all(
            "(all) => all.map((each) => [each.textContent, each.offsetWidth, each.offsetHeight])"
        )
    )
    assert len(sizes) > 5
    assert [each for each in sizes if each[1] < 44 or each[2] < 44] == []


def test_reduced_motion_is_respected(open_page: OpenPage, chat: FakeChat) -> None:
    page = open_page(reduced_motion="reduce")
    chat.hold_answers()
    say(page, "你好")
    dot = panel(page).locator(".typing i").first
    expect(dot).to_be_visible()
    style = dot.evaluate("(node) => getComputedStyle(node).animationIterationCount")
    assert style == "1"
    chat.release_answers()


def test_the_widget_is_small_and_on_its_own() -> None:
    scripts = sorted(WIDGET.glob("*.js"))
    compressed = sum(len(gzip.compress(each.read_bytes())) for each in scripts)
    assert 0 < compressed < 40 * 1024
    for script in scripts:
        source = script.read_text(encoding="utf-8")
        imports = re.findall(r'(?:from|import)\s*\(?\s*"([^"]+)"', source)
        assert all(each.startswith("./") for each in imports), script.name
        assert "innerHTML" not in source
        assert "insertAdjacentHTML" not in source
