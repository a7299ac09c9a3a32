"""The widget while the network or the server fails: nothing is lost, nothing is said twice."""

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_chat import HOST_PAGE, FakeChat
from tests.browser.widget import (
    OpenPage,
    bubbles,
    heard,
    hurry,
    launcher,
    own_words,
    panel,
    reconnecting,
    say,
    states,
)


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
    hurry(page)
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


def offline_page(open_page: OpenPage, chat: FakeChat, **options: Any) -> Page:
    """A page that loads past the relay, with a chat that goes through it."""
    tag = f'<script src="/widget/chefu-chat.js" data-api="{chat.url}" defer></script>'
    chat.page = HOST_PAGE.format(tag=tag, draft="")
    return open_page(direct=True, **options)


def test_a_stream_cut_in_the_middle_of_a_message_loses_nothing(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    chat.replies["报价"] = [
        {"text": "第一条"},
        {"text": "山屿官方指导价 11.98 万元至 16.58 万元"},
        {"text": "最后一条"},
    ]
    chat.cut_inside("官方指导价 11.98 万元至")
    say(page, "报价")

    expect(reconnecting(page)).to_have_text("连接中断，正在重新连接…")
    expect(panel(page).get_by_text("官方指导价")).to_have_count(0)
    chat.restore()
    heard(page, "最后一条")
    expect(reconnecting(page)).to_have_count(0)
    answers = [str(reply["text"]) for reply in chat.replies["报价"]]
    # The greeting is the widget's own.
    expect(bubbles(page, "assistant")).to_have_text(
        [re.compile("智能助手"), "收到：你好", *answers]
    )
    assert chat.only.of_customer() == ["你好", "报价"]
    # It goes on where it was, and does not begin again: what came before the cut may be the
    # question and the first answer.
    streams = [call for call in chat.calls if call.startswith("GET stream")]
    assert streams[-1] in [f"GET stream?after={seq}" for seq in (2, 3, 4)]


def test_an_acknowledgement_that_is_cut_off_leads_to_one_message(
    page: Page, chat: FakeChat
) -> None:
    # The answer may overtake this acknowledgement, which must not be the one that is cut off.
    with page.expect_response(lambda response: response.url.endswith("/messages")) as first:
        say(page, "你好")
    first.value.finished()
    heard(page, "收到：你好")
    chat.hold_answers()
    chat.cut_inside("message_id")
    say(page, "想预约保养")
    expect(reconnecting(page)).to_be_visible()
    chat.restore()

    chat.wait_for_posts(3)
    chat.release_answers()
    heard(page, "收到：想预约保养")
    expect(own_words(page)).to_have_text(["你好", "想预约保养"])
    expect(states(page)).to_have_count(0)
    assert chat.only.of_customer() == ["你好", "想预约保养"]
    assert chat.client_ids[1] == chat.client_ids[2]


def test_what_is_typed_offline_outlives_the_page_and_is_sent_once_in_order(
    open_page: OpenPage, chat: FakeChat
) -> None:
    page = offline_page(open_page, chat)
    say(page, "你好")
    heard(page, "收到：你好")
    chat.cut()
    expect(reconnecting(page)).to_be_visible()
    typed = ["第一句", "第二句", "第三句"]
    for text in typed:
        say(page, text)
    waiting = ["未发送，网络恢复后自动发出"] * len(typed)
    expect(states(page)).to_have_text(waiting)
    page.reload()

    expect(own_words(page)).to_have_text(typed)
    expect(states(page)).to_have_text(waiting)
    assert chat.only.of_customer() == ["你好"]
    chat.restore()
    expect(own_words(page)).to_have_text(["你好", *typed])
    expect(states(page)).to_have_count(0)
    heard(page, "收到：第三句")
    assert chat.only.of_customer() == ["你好", *typed]
    assert len(set(chat.client_ids)) == 1 + len(typed)


def test_a_conversation_begun_offline_is_begun_when_the_network_is_back(
    open_page: OpenPage, chat: FakeChat
) -> None:
    page = offline_page(open_page, chat, locale="en-GB")
    chat.cut()
    say(page, "Hello")
    expect(states(page)).to_have_text("Not sent yet. It goes out when you are back online")
    expect(reconnecting(page)).to_have_text("Connection lost. Reconnecting…")
    page.reload()
    expect(own_words(page)).to_have_text("Hello")
    chat.restore()

    heard(page, "收到：Hello")
    assert chat.only.of_customer() == ["Hello"]


def test_a_long_outage_does_not_make_messages_fail(page: Page, chat: FakeChat) -> None:
    hurry(page)
    say(page, "你好")
    heard(page, "收到：你好")
    posts = itertools.count(1)
    # One try more than a failing server gets.
    with page.expect_event(
        "requestfailed", lambda request: request.method == "POST" and next(posts) == 6
    ):
        chat.cut()
        say(page, "还在吗")
    expect(states(page)).to_have_text("未发送，网络恢复后自动发出")
    chat.restore()
    page.evaluate("window.dispatchEvent(new Event('online'))")

    heard(page, "收到：还在吗")
    assert chat.only.of_customer() == ["你好", "还在吗"]


def test_a_network_that_died_without_a_word_is_found_out(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    page.clock.install()
    # Timers of the running stream are real ones; those of the next one are the clock's.
    chat.change(typing=True)
    expect(panel(page).locator(".typing")).to_be_visible()
    chat.swallow()
    chat.say("有现车", sender="assistant")
    page.clock.run_for(41_000)
    expect(reconnecting(page)).to_be_visible()
    chat.swallow(False)
    chat.cut()
    chat.restore()
    page.clock.run_for(30_000)

    heard(page, "有现车")
    expect(reconnecting(page)).to_have_count(0)


def test_where_streams_do_not_get_through_it_polls(page: Page, chat: FakeChat) -> None:
    page.clock.install()
    chat.hold_streams()
    say(page, "你好")
    expect(own_words(page)).to_have_text("你好")
    chat.wait_for_posts(1)
    expect(panel(page).locator(".sending")).to_have_count(0)
    page.clock.run_for(11_000)

    heard(page, "收到：你好")
    expect(reconnecting(page)).to_have_count(0)
    chat.say("您好，我是小陈")
    expect(bubbles(page, "staff")).to_have_text("您好，我是小陈")
    assert any(call.startswith("GET messages") for call in chat.calls)


def test_a_server_without_streams_is_polled(page: Page, chat: FakeChat) -> None:
    chat.fail("GET stream", 404, times=100)
    say(page, "你好")
    heard(page, "收到：你好")
    say(page, "再见")
    heard(page, "收到：再见")
    assert [call for call in chat.calls if "stream" in call] == ["GET stream?after=0"]
    chat.cut()
    expect(reconnecting(page)).to_be_visible()
    chat.say("给您报个价")
    chat.restore()
    expect(bubbles(page, "staff")).to_have_text("给您报个价")


def test_a_server_that_starts_anew_is_found_again(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    chat.fail("GET stream", 503, times=2)
    chat.cut()
    chat.restore()
    expect(reconnecting(page)).to_be_visible()
    chat.say("我回来了")

    expect(bubbles(page, "staff")).to_have_text("我回来了")
    expect(reconnecting(page)).to_have_count(0)


def test_tries_come_at_growing_and_uneven_intervals(page: Page) -> None:
    waits = page.evaluate(
        "async () => { const { backOff } = await import('/widget/http.js');"
        " return [1, 2, 3, 4, 5, 6, 9].map((failures) =>"
        "   Array.from({ length: 200 }, () => backOff(failures))) }"
    )
    most = [min(30_000, 1000 * 2**n) for n in (0, 1, 2, 3, 4, 5, 8)]
    for sample, limit in zip(waits, most, strict=True):
        assert limit / 2 <= min(sample)
        assert max(sample) <= limit
        # Browsers that lost the server together do not come back together.
        assert max(sample) - min(sample) > limit / 4
