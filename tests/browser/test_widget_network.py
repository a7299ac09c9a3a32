"""The widget while the network or the server fails: nothing is lost, nothing is said twice."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_chat import FakeChat
from tests.browser.widget import bubbles, heard, launcher, own_words, panel, say


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
