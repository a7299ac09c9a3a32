"""The question how it was: asked once, by hand or by keyboard, and never in the way."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_chat import FakeChat
from tests.browser.widget import (
    OpenPage,
    focused,
    heard,
    launcher,
    message_input,
    panel,
    say,
)


def rating(page: Page) -> Locator:
    return panel(page).get_by_role("region", name="这次服务怎么样？")


def star(page: Page, words: str) -> Locator:
    return rating(page).get_by_role("radio", name=words)


def end(page: Page) -> None:
    panel(page).get_by_role("button", name="更多操作").click()
    panel(page).get_by_role("menuitem", name="结束并评价").click()


@pytest.fixture
def talking(page: Page) -> Page:
    """A page with an open panel and a conversation."""
    say(page, "你好")
    heard(page, "收到：你好")
    return page


def test_a_conversation_that_staff_closed_is_rated(talking: Page, chat: FakeChat) -> None:
    message_input(talking).fill("草稿")
    chat.change(state="closed")
    expect(rating(talking)).to_be_visible()
    expect(panel(talking).locator(".note")).to_have_text("本次会话已结束，需要时继续输入就可以。")
    # Nobody is torn away from what they write.
    assert focused(talking) == "textarea."
    star(talking, "4 星，满意").check()
    expect(rating(talking).locator(".star-words")).to_have_text("满意")
    rating(talking).get_by_role("textbox").fill("  回复很快  ")
    rating(talking).get_by_role("button", name="提交评价").click()

    expect(panel(talking).locator(".thanks")).to_contain_text("谢谢，您的评价已收到。")
    assert chat.only.ratings == [{"score": 4, "comment": "回复很快"}]
    expect(message_input(talking)).to_have_value("草稿")


def test_it_is_asked_once(talking: Page, chat: FakeChat) -> None:
    chat.change(state="closed")
    rating(talking).get_by_role("button", name="暂不评价").click()
    expect(rating(talking)).to_be_hidden()
    expect(panel(talking)).to_be_visible()
    talking.reload()
    expect(panel(talking).locator(".note")).to_be_visible()
    expect(rating(talking)).to_be_hidden()
    # Opened again by the customer and closed a second time: that is the same conversation.
    say(talking, "还有一件事")
    heard(talking, "收到：还有一件事")
    chat.change(state="closed")
    expect(panel(talking).locator(".note")).to_be_visible()

    expect(rating(talking)).to_be_hidden()
    assert chat.only.ratings == []


def test_a_closed_panel_asks_when_it_is_opened(talking: Page, chat: FakeChat) -> None:
    message_input(talking).press("Escape")
    chat.change(state="closed")
    chat.say("感谢咨询", sender="staff")
    expect(launcher(talking).locator(".count")).to_have_text("1")
    launcher(talking).click()

    expect(rating(talking)).to_be_visible()


def test_writing_on_takes_the_question_away(talking: Page, chat: FakeChat) -> None:
    chat.change(state="closed")
    expect(rating(talking)).to_be_visible()
    say(talking, "还有一件事")

    heard(talking, "收到：还有一件事")
    expect(rating(talking)).to_be_hidden()
    expect(panel(talking).locator(".note")).to_have_count(0)


def test_the_customer_ends_and_rates_by_keyboard(talking: Page, chat: FakeChat) -> None:
    panel(talking).get_by_role("button", name="更多操作").focus()
    talking.keyboard.press("Enter")
    assert focused(talking) == "button."
    talking.keyboard.press("Enter")
    assert focused(talking) == "input."
    talking.keyboard.press("Space")
    expect(star(talking, "1 星，很不满意")).to_be_checked()
    talking.keyboard.press("ArrowRight")
    talking.keyboard.press("ArrowRight")
    expect(star(talking, "3 星，一般")).to_be_checked()
    talking.keyboard.press("Tab")
    talking.keyboard.type("还行")
    talking.keyboard.press("Tab")
    talking.keyboard.press("Enter")

    expect(panel(talking).locator(".thanks")).to_be_visible()
    assert chat.only.ratings == [{"score": 3, "comment": "还行"}]
    talking.keyboard.press("Enter")
    expect(panel(talking)).to_be_hidden()
    assert focused(talking) == "button.launcher"
    expect(talking.locator("chefu-chat textarea")).to_have_count(1)
    # The thanks were for then.
    launcher(talking).click()
    expect(panel(talking).locator(".thanks")).to_be_hidden()


def test_ending_without_rating_closes_the_panel(talking: Page, chat: FakeChat) -> None:
    end(talking)
    rating(talking).get_by_role("button", name="暂不评价").click()

    expect(panel(talking)).to_be_hidden()
    assert chat.only.ratings == []


def test_the_end_is_told_to_the_server_whether_rated_or_not(talking: Page, chat: FakeChat) -> None:
    end(talking)
    expect(panel(talking).locator(".note")).to_have_text("本次会话已结束，需要时继续输入就可以。")
    # The question is the one that was asked already: it is not asked a second time.
    expect(rating(talking)).to_be_visible()
    assert chat.only.state == "closed"
    rating(talking).get_by_role("button", name="暂不评价").click()
    expect(panel(talking)).to_be_hidden()
    launcher(talking).click()
    expect(rating(talking)).to_be_hidden()


def test_an_end_that_does_not_arrive_is_no_matter(talking: Page, chat: FakeChat) -> None:
    chat.fail("POST end", 500)
    end(talking)
    star(talking, "5 星，很满意").check()
    rating(talking).get_by_role("button", name="提交评价").click()
    expect(panel(talking).locator(".thanks")).to_be_visible()
    assert chat.only.ratings == [{"score": 5, "comment": ""}]
    assert chat.only.state == "open"


def test_without_a_star_it_says_what_is_missing(talking: Page, chat: FakeChat) -> None:
    end(talking)
    rating(talking).get_by_role("textbox").fill("很好")
    rating(talking).get_by_role("button", name="提交评价").click()

    expect(rating(talking).get_by_role("alert")).to_have_text("请先选择星级")
    assert focused(talking) == "input."
    star(talking, "5 星，很满意").check()
    expect(rating(talking).locator(".fault")).to_have_text("")
    rating(talking).get_by_role("button", name="提交评价").click()
    expect(panel(talking).locator(".thanks")).to_be_visible()
    assert chat.only.ratings == [{"score": 5, "comment": "很好"}]


def test_a_rating_that_does_not_arrive_is_kept(talking: Page, chat: FakeChat) -> None:
    chat.fail("POST rating", 500)
    end(talking)
    star(talking, "2 星，不太满意").check()
    rating(talking).get_by_role("textbox").fill("等太久")
    rating(talking).get_by_role("button", name="提交评价").click()
    expect(rating(talking).get_by_role("alert")).to_have_text("评价没有提交成功，请再试一次")
    expect(rating(talking).get_by_role("textbox")).to_have_value("等太久")
    rating(talking).get_by_role("button", name="提交评价").click()

    expect(panel(talking).locator(".thanks")).to_be_visible()
    assert chat.only.ratings == [{"score": 2, "comment": "等太久"}]


def test_the_menu_is_left_without_doing_anything(talking: Page, chat: FakeChat) -> None:
    menu = panel(talking).get_by_role("menu")
    opener = panel(talking).get_by_role("button", name="更多操作")
    opener.click()
    expect(menu).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    talking.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(panel(talking)).to_be_visible()
    assert focused(talking) == "button.icon-button"
    opener.click()
    message_input(talking).click()
    expect(menu).to_be_hidden()
    assert focused(talking) == "textarea."
    expect(rating(talking)).to_be_hidden()


def test_there_is_nothing_to_rate_before_anything_was_said(page: Page) -> None:
    launcher(page).click()
    expect(panel(page).get_by_role("button", name="关闭对话窗口")).to_be_visible()
    expect(panel(page).get_by_role("button", name="更多操作")).to_be_hidden()


def test_a_new_conversation_is_asked_about_again(talking: Page, chat: FakeChat) -> None:
    chat.change(state="closed")
    rating(talking).get_by_role("button", name="暂不评价").click()
    chat.forget_conversations()
    expect(panel(talking).locator(".note")).to_have_text("之前的会话已失效，我们从这里重新开始。")
    say(talking, "又来了")
    heard(talking, "收到：又来了")
    chat.change(state="closed")

    expect(rating(talking)).to_be_visible()


def test_the_rating_in_english(open_page: OpenPage, chat: FakeChat) -> None:
    page = open_page(locale="en-GB")
    say(page, "Hello")
    heard(page, "收到：Hello")
    panel(page).get_by_role("button", name="More options").click()
    panel(page).get_by_role("menuitem", name="End and rate").click()
    region = panel(page).get_by_role("region", name="How did we do?")
    region.get_by_role("radio", name="1 star, Very poor").check()
    region.get_by_role("button", name="Submit rating").click()
    expect(panel(page).locator(".thanks")).to_contain_text("Thank you")
    panel(page).get_by_role("button", name="Close the chat").last.click()
    expect(panel(page)).to_be_hidden()
    assert chat.only.ratings == [{"score": 1, "comment": ""}]
