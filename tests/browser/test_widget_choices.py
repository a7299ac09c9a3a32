"""Quick replies, cards and free times: pressed once, gone afterwards."""

from playwright.sync_api import Page, expect

from tests.browser.fake_chat import FakeChat
from tests.browser.widget import heard, launcher, own_words, panel, replies, say


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
