"""The widget in a real browser: saying, hearing, coming back."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_chat import HOST_PAGE, ONE_TAG, FakeChat
from tests.browser.widget import (
    PHONE,
    OpenPage,
    bubbles,
    heard,
    launcher,
    message_input,
    own_words,
    panel,
    replies,
    say,
)


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

    expect(launcher(page)).to_have_accessible_name("在线咨询 1 条新消息")
    expect(launcher(page).locator(".count")).to_have_text("1")
    launcher(page).click()
    expect(bubbles(page, "staff")).to_have_text("方便的话留个电话")
    message_input(page).press("Escape")
    expect(launcher(page)).to_have_accessible_name("在线咨询")


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


def test_the_badge_counts_what_others_said_and_survives_the_page(
    page: Page, chat: FakeChat
) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    message_input(page).press("Escape")
    expect(launcher(page).locator(".count")).to_have_count(0)
    chat.say("您好，我是小陈")
    chat.say("方便的话留个电话")
    chat.say("客服已离开对话", sender="system")
    chat.say("我自己说的", sender="customer")
    badge = launcher(page).locator(".count")
    expect(badge).to_have_text("3")
    page.reload()

    expect(badge).to_have_text("3")
    expect(launcher(page)).to_have_accessible_name("在线咨询 3 条新消息")
    launcher(page).click()
    expect(bubbles(page, "staff")).to_have_count(2)
    page.reload()
    expect(bubbles(page, "staff")).to_have_count(2)
    message_input(page).press("Escape")
    expect(badge).to_have_count(0)


@pytest.mark.parametrize(
    ("locale", "words", "before"),
    [
        ("zh-CN", "同事正在为您服务", "智能助手，可转人工"),
        ("en-GB", "A colleague is here", "Assistant and team"),
    ],
)
def test_a_person_in_the_conversation_is_seen_at_the_top(
    open_page: OpenPage, chat: FakeChat, locale: str, words: str, before: str
) -> None:
    page = open_page(locale=locale)
    say(page, "转人工")
    heard(page, "收到：转人工")
    subtitle = panel(page).locator(".titles p")
    expect(subtitle).to_have_text(before)
    chat.say("您好，我是小陈")
    expect(subtitle).to_have_text(words)
    page.reload()
    expect(subtitle).to_have_text(words)
    # The assistant speaks again once the conversation was handed back.
    chat.say("还有什么可以帮您？", sender="assistant")
    expect(subtitle).to_have_text(before)
    chat.say("我再补充一句")
    expect(subtitle).to_have_text(words)
    chat.change(state="closed")
    expect(subtitle).to_have_text(before)


def test_days_are_told_apart(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    now = datetime.now().astimezone()
    ages = [400, 40, 1, 0]
    for seq, age in enumerate(ages):
        sent_at = (now - timedelta(days=age)).isoformat()
        chat.say(f"第 {seq} 天", sent_at=sent_at)
    # In the order in which the server keeps them.
    chat.only.messages = [
        {**message, "seq": seq} for seq, message in enumerate(chat.only.messages[2:], 1)
    ]
    page.reload()

    days = panel(page).locator(".day")
    expect(days).to_have_count(len(ages))
    long_ago, before, yesterday, today = days.all_inner_texts()
    assert (yesterday, today) == ("昨天", "今天")
    then = now - timedelta(days=400)
    assert f"{then.year}年{then.month}月{then.day}日" in long_ago
    then = now - timedelta(days=40)
    assert f"{then.month}月{then.day}日" in before


def test_long_words_do_not_widen_anything(open_page: OpenPage, chat: FakeChat) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    word = "W" * 300
    link = f"https://example.test/{'a' * 300}"
    card = {
        "title": word,
        "subtitle": word,
        "facts": [{"label": word, "value": word}],
        "buttons": [{"choice": "c-card", "title": word}],
    }
    chat.replies[word] = [{"text": f"{word} {link}", "cards": [card]}]
    say(page, word)
    expect(panel(page).get_by_role("article")).to_be_visible()
    chat.say(word, sender="system")
    chat.say(link, buttons=[{"choice": "c-reply", "title": word}])
    expect(replies(page)).to_have_count(1)

    too_wide = (
        panel(page)
        .locator(".scroller")
        .evaluate(
            "(node) => [...node.querySelectorAll('*')].filter((each) =>"
            " each.checkVisibility() && !each.matches('.unseen') &&"
            " each.getBoundingClientRect().right > innerWidth).map((each) => each.localName)"
        )
    )
    assert too_wide == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_links_open_beside_the_page_and_do_not_know_it(page: Page, chat: FakeChat) -> None:
    say(page, "ftp://example.test/ https://example.test/own")
    heard(page, "收到：ftp://example.test/ https://example.test/own")
    chat.say(
        "看 https://example.test/a 或 http://example.test/b，不是 ftp://example.test/c、"
        "data:text/html,x、javascript:alert(1)、file:///etc/passwd、www.example.test"
    )
    chat.say(f"本站 {chat.url}/#x")
    links = panel(page).locator(".staff a")
    expect(links).to_have_count(3)
    found = links.evaluate_all("(all) => all.map(({ href, target, rel }) => [href, target, rel])")
    assert [href for href, _, _ in found] == [
        "https://example.test/a",
        "http://example.test/b",
        f"{chat.url}/#x",
    ]
    assert [target for _, target, _ in found] == ["_blank", "_blank", ""]
    assert all("noopener" in rel.split() for _, _, rel in found)
    # The customer's own words are words.
    expect(panel(page).locator(".customer a")).to_have_count(0)


def test_the_typing_dots_end_without_words_too(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    dots = panel(page).get_by_role("img", name="对方正在输入")
    chat.change(typing=True)
    expect(dots).to_be_visible()
    chat.change(typing=False)
    expect(dots).to_be_hidden()


def test_a_page_in_the_background_lets_go_of_the_server(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    page.clock.install()
    hide = (
        "(hidden) => { Object.defineProperty(document, 'hidden', { get: () => hidden,"
        " configurable: true }); document.dispatchEvent(new Event('visibilitychange')) }"
    )
    with page.expect_event("requestfailed", lambda request: "/stream" in request.url):
        page.evaluate(hide, True)
        page.clock.run_for(31_000)
    chat.say("有现车")
    expect(bubbles(page, "staff")).to_have_count(0)
    page.evaluate(hide, False)

    expect(bubbles(page, "staff")).to_have_text("有现车")
