"""Quick replies, cards and free times: pressed once, gone afterwards."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_chat import FakeChat
from tests.browser.widget import (
    PHONE,
    TIMES_IN_WORDS,
    OpenPage,
    asks_for_time,
    bubbles,
    focused,
    heard,
    launcher,
    own_words,
    panel,
    replies,
    say,
    states,
    time_cards,
    times,
)


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


# Buttons belong to the moment


def offers_everything() -> list[dict[str, Any]]:
    """A card, quick replies and times, all with buttons."""
    card = {
        "title": "山屿",
        "facts": [{"label": "能源", "value": "汽油"}],
        "buttons": [{"choice": "c-card", "title": "预约试驾"}],
    }
    buttons = [{"choice": "c-reply", "title": "看看优惠"}]
    return [{"text": "为您找到：", "cards": [card], "buttons": buttons}, asks_for_time()]


def offered(page: Page) -> Locator:
    """Every button that the server offered and that can be pressed."""
    return panel(page).locator(".log button:visible")


def test_old_buttons_cannot_be_pressed(page: Page, chat: FakeChat) -> None:
    chat.replies["看看"] = offers_everything()
    say(page, "看看")
    count = 2 + sum(len(card["buttons"]) for card in time_cards())
    expect(offered(page)).to_have_count(count)
    say(page, "有没有混动")
    heard(page, "收到：有没有混动")

    expect(offered(page)).to_have_count(0)
    page.reload()
    heard(page, "收到：有没有混动")
    expect(offered(page)).to_have_count(0)


def test_buttons_are_gone_before_the_words_have_arrived(page: Page, chat: FakeChat) -> None:
    chat.replies["看看"] = offers_everything()
    say(page, "看看")
    expect(times(page).first).to_be_visible()
    chat.cut()
    say(page, "有没有混动")

    expect(offered(page)).to_have_count(0)
    chat.restore()
    heard(page, "收到：有没有混动")


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("zh-CN", "这个选项已失效，直接写下您的需求就可以"),
        ("en-GB", "This choice is no longer valid. Just write what you would like"),
    ],
)
def test_a_choice_that_has_expired_says_so(
    open_page: OpenPage, chat: FakeChat, locale: str, words: str
) -> None:
    page = open_page(locale=locale)
    buttons = [{"choice": "c-1", "title": "青岚"}]
    chat.replies["推荐"] = [{"text": "看看这款？", "buttons": buttons}]
    say(page, "推荐")
    expect(replies(page)).to_have_text(["青岚"])
    chat.fail("POST messages", 409, code="expired_choice")
    replies(page).click()
    expect(states(page)).to_have_text(words)
    assert chat.only.chosen == []

    # It holds nothing up, stays where it was, and is not tried again.
    say(page, "换一个")
    heard(page, "收到：换一个")
    expect(own_words(page)).to_have_text(["推荐", "青岚", "换一个"])
    expect(states(page)).to_have_text(words)
    assert chat.only.of_customer() == ["推荐", "换一个"]
    assert len(chat.client_ids) == 3


# Times


def test_times_are_offered_by_day_and_chosen_with_it(page: Page, chat: FakeChat) -> None:
    chat.replies["预约试驾"] = [asks_for_time()]
    say(page, "预约试驾")
    days = panel(page).locator(".day-times")
    expect(days.locator("h3")).to_have_text([str(card["title"]) for card in time_cards()])
    for day, card in zip(days.all(), time_cards(), strict=True):
        titles = [button["title"] for button in card["buttons"]]
        assert day.get_by_role("button").all_inner_texts() == titles
        assert day.get_attribute("aria-label") == card["title"]
    # What the cards show is not said a second time beside them.
    asked = bubbles(page, "assistant").last
    assert asked.inner_text() == TIMES_IN_WORDS
    panel(page).get_by_role("button", name="明天 10:00").click()

    heard(page, "收到：明天 10:00")
    expect(own_words(page)).to_have_text(["预约试驾", "明天 10:00"])
    expect(panel(page).locator(".times:visible")).to_have_count(0)
    assert chat.only.chosen == ["c-明天-10"]
    # Without its cards the message holds the times in words.
    asked = bubbles(page, "assistant").nth(1)
    assert asked.inner_text() == str(chat.only.messages[1]["text"])


def test_times_that_nobody_asked_for_can_be_chosen_too(page: Page, chat: FakeChat) -> None:
    """The system offers others when a car is not to be had."""
    say(page, "你好")
    heard(page, "收到：你好")
    question = asks_for_time()
    chat.say(question["text"], sender="system", cards=question["cards"])
    panel(page).get_by_role("button", name="明天 10:00").click()
    heard(page, "收到：明天 10:00")
    assert chat.only.chosen == ["c-明天-10"]


def test_a_time_is_shown_as_chosen_before_the_server_knows(page: Page, chat: FakeChat) -> None:
    chat.replies["预约试驾"] = [asks_for_time()]
    say(page, "预约试驾")
    expect(times(page).first).to_be_visible()
    chat.cut()
    panel(page).get_by_role("button", name="明天 10:00").click()
    expect(own_words(page)).to_have_text(["预约试驾", "明天 10:00"])
    chat.restore()

    heard(page, "收到：明天 10:00")
    expect(own_words(page)).to_have_text(["预约试驾", "明天 10:00"])
    assert chat.only.chosen == ["c-明天-10"]


def test_times_by_the_keyboard_alone(page: Page, chat: FakeChat) -> None:
    chat.replies["预约试驾"] = [asks_for_time()]
    say(page, "预约试驾")
    expect(times(page).first).to_be_visible()

    def at() -> str:
        label: str = page.evaluate(
            "document.querySelector('chefu-chat').shadowRoot.activeElement.ariaLabel"
        )
        return label

    page.keyboard.press("Shift+Tab")
    assert at() == "11月28日周六 15:00"
    path = {
        "ArrowUp": "11月28日周六 13:00",
        "ArrowLeft": "明天 11:00",
        "ArrowDown": "明天 14:00",
        "ArrowRight": "11月28日周六 15:00",
    }
    for key, label in path.items():
        page.keyboard.press(key)
        assert at() == label
    # At the edges it stays, and a short day is entered at its end.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert at() == "11月28日周六 15:00"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert at() == "今天 16:00"
    page.keyboard.press("Enter")
    heard(page, "收到：今天 16:00")
    assert focused(page) == "textarea."


@pytest.mark.parametrize("width", [PHONE["width"], 320])
def test_times_fit_a_phone(open_page: OpenPage, chat: FakeChat, width: int) -> None:
    page = open_page(
        viewport={"width": width, "height": PHONE["height"]}, has_touch=True, is_mobile=True
    )
    chat.replies["预约试驾"] = [asks_for_time()]
    say(page, "预约试驾")
    expect(times(page).first).to_be_visible()

    boxes = times(page).evaluate_all(
        "(all) => all.map((each) => [each.offsetWidth, each.offsetHeight])"
    )
    assert all(wide >= 44 and high >= 44 for wide, high in boxes)
    scroller = panel(page).locator(".scroller")
    assert scroller.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    # All days can be reached, if need be by scrolling, which the keyboard does by itself.
    last = times(page).last
    last.focus()
    box = last.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width + 1
    last.tap()
    heard(page, "收到：11月28日周六 15:00")


def test_three_days_need_no_scrolling_on_a_desktop(page: Page, chat: FakeChat) -> None:
    chat.replies["预约试驾"] = [asks_for_time()]
    say(page, "预约试驾")
    expect(times(page).first).to_be_visible()
    for each in times(page).all():
        expect(each).to_be_in_viewport(ratio=1)
