"""The live inbox in a real browser: what is new comes by itself and disturbs nobody."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations import takeover
from backend.models import Conversation, Customer
from backend.staff import canned_replies
from tests.conftest import NOW
from tests.integration.console.browser import PASSWORD
from tests.integration.console.in_browser import (
    PATIENCE,
    PHONE,
    House,
    Staffroom,
)
from tests.integration.console.in_browser import Customer as Visitor
from tests.integration.console.office import HOSTILE
from tests.integration.world import CONVERSATION

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def visitor(house: House) -> Visitor:
    """A customer whose first message has been answered."""
    found = house.customer()
    found.says("你好")
    return found


def mark(page: Page) -> None:
    page.evaluate("window.sameDocument = true")


def is_the_same(page: Page) -> bool:
    """Nothing has loaded the page again since `mark`."""
    return bool(page.evaluate("window.sameDocument === true"))


def focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


def row(page: Page, visitor: Visitor) -> str:
    return f"#c-{visitor.id}"


HIDING = "Object.defineProperty(document, 'hidden', { get: () => window.away === true });"


def look(page: Page, here: bool) -> None:
    """The reader turns to the page, or to something else. Of a page opened with `HIDING`."""
    page.evaluate(
        "away => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }",
        not here,
    )


def test_a_new_message_joins_and_leaves_scroll_focus_and_draft_alone(
    house: House, room: Staffroom, visitor: Visitor
) -> None:
    visitor.has_said(*(f"第 {number} 句" for number in range(30)))
    page = room.page()
    page.goto(visitor.path)
    expect(page.locator(".c-message").last).to_be_in_viewport()
    mark(page)
    page.fill("#reply-text", "写到一半")
    page.locator("#scroll").evaluate("element => element.scrollTop = -600")
    reading = page.locator(".c-message").filter(has_text="第 20 句").first
    place = reading.bounding_box()
    visitor.says("刚刚到的消息")
    expect(page.locator("#items")).to_contain_text("≈刚刚到的消息")
    after = reading.bounding_box()
    assert place and after and abs(place["y"] - after["y"]) < 2
    assert page.input_value("#reply-text") == "写到一半" and focus(page) == "reply-text"
    assert is_the_same(page)

    expect(page.locator("#to-the-end")).to_be_visible()
    page.click("#to-the-end")
    expect(page.locator(".c-message").last).to_be_in_viewport()
    expect(page.locator("#to-the-end")).to_be_hidden()
    visitor.says("到底部时")
    expect(page.locator(".c-message").last).to_contain_text("≈到底部时")
    expect(page.locator(".c-message").last).to_be_in_viewport()
    page.reload()
    expect(page.locator("#reply-text")).to_have_value("写到一半")


def test_a_selection_outlives_news_of_its_message(
    house: House, room: Staffroom, visitor: Visitor
) -> None:
    page = room.page()
    page.goto(visitor.path)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#m2 p'))")

    async def fail(session: AsyncSession) -> None:
        conversation = await session.get_one(Conversation, visitor.id)
        message = await takeover.reply(
            session, house.clock.now(), conversation.id, staff_id=2, text="x", limit=9
        )
        first = await session.get_one(type(message), message.id)
        first.delivery = "sent"

    house.does(fail)
    expect(page.locator("#items")).to_contain_text("Lena Hart接手")
    assert page.evaluate("getSelection().toString()") == "≈你好"


def test_drafts_belong_to_their_conversation_and_kind(
    house: House, room: Staffroom, visitor: Visitor
) -> None:
    other = house.customer()
    other.says("另一位")
    page = room.page()
    page.goto(visitor.path)
    page.fill("#reply-text", "给第一位")
    page.click(f"#c-{other.id} a")
    expect(page.locator("#items")).to_contain_text("另一位")
    expect(page.locator("#reply-text")).to_have_value("")
    page.locator(".c-mode").nth(1).click()
    page.fill("#reply-text", "只给同事")
    page.locator(".c-mode").nth(0).click()
    # A note must not turn into a reply.
    expect(page.locator("#reply-text")).to_have_value("")
    page.click(f"#c-{visitor.id} a")
    expect(page.locator("#items")).to_contain_text("你好")
    expect(page.locator("#reply-text")).to_have_value("给第一位")
    page.go_back()
    page.wait_for_url(re.compile(other.id))
    expect(page.locator("#as-note")).to_be_checked()
    expect(page.locator("#reply-text")).to_have_value("只给同事")
    # Whoever signs out leaves nothing behind.
    page.locator(".c-account summary").click()
    page.click("#sign-out button")
    page.wait_for_url("**/console/sign-in")
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft'))") == []
    room.forget("admin")


def test_two_of_the_staff_at_once(house: House, room: Staffroom, visitor: Visitor) -> None:
    visitor.waits()
    first, second = room.page("admin"), room.page("li")
    for page in (first, second):
        page.goto(visitor.path)
        mark(page)
    first.fill("#reply-text", "我来")
    second.click("#take-over")
    expect(second.locator("#status")).to_contain_text("With Lena Hart")
    expect(first.locator("#status")).to_contain_text("Lena Hart 接待")
    expect(first.locator("#hint")).to_contain_text("Lena Hart 正在接待")
    expect(first.locator("#items")).to_contain_text("Lena Hart接手")
    assert first.input_value("#reply-text") == "我来"
    second.fill("#reply-text", "Hello, this is Lena")
    second.press("#reply-text", "Control+Enter")
    expect(first.locator(".c-message.staff")).to_contain_text("Hello, this is Lena")
    first.press("#reply-text", "Meta+Enter")
    expect(second.locator(".c-message.staff").last).to_contain_text("我来")
    expect(second.locator("#status")).to_contain_text("With 陈静")
    expect(first.locator(f"#c-{visitor.id}")).to_contain_text("陈静")
    assert first.input_value("#reply-text") == ""
    assert is_the_same(first) and is_the_same(second)


def test_everything_that_staff_do_by_hand(house: House, room: Staffroom, visitor: Visitor) -> None:
    visitor.waits()
    page = room.page()
    page.goto(f"{house.address}/console/conversations?view=waiting")
    page.click(f"#c-{visitor.id} a")
    page.wait_for_url(f"**/{visitor.id}?view=waiting")
    mark(page)
    page.click("#take-over")
    expect(page.locator("#status")).to_contain_text("陈静 接待")
    expect(page.locator("#take-over")).to_have_count(0)
    # It waits no longer, so its row leaves the view.
    expect(page.locator(f"#c-{visitor.id}")).to_have_count(0)
    expect(page.locator('[data-count="mine"]')).not_to_have_text("0")

    page.locator(".c-mode").nth(1).click()
    assert page.locator("#send").inner_text() == "保存备注"
    yellow = page.locator("#composer").evaluate("e => getComputedStyle(e).backgroundColor")
    assert yellow == "rgb(255, 244, 206)"
    page.fill("#reply-text", "客户很着急 {name}")
    page.click("#send")
    expect(page.locator(".c-note")).to_contain_text("客户很着急 {name}")
    expect(page.locator("#reply-text")).to_have_value("")
    page.locator(".c-mode").nth(0).click()
    page.fill("#reply-text", "您好，我是陈静")
    page.click("#send")
    expect(page.locator(".c-message.staff")).to_have_count(1)
    heard = house.client.get(
        "/api/chat/messages", headers={"Authorization": f"Bearer {visitor.token}"}
    ).json()["messages"]
    assert heard[-1]["text"] == "您好，我是陈静" and "着急" not in str(heard)

    page.click("#assign summary")
    page.select_option("#colleague", label="Lena Hart · 销售顾问")
    page.click("#assign form button")
    expect(page.locator("#status")).to_contain_text("Lena Hart 接待")
    expect(page.locator("#items")).to_contain_text("陈静分配给Lena Hart")
    page.click("#hand-back")
    expect(page.locator("#status .badge")).to_have_text("助手")
    expect(page.locator("#items")).to_contain_text("陈静交回助手")
    page.click("#close")
    expect(page.locator("#status")).to_contain_text("已关闭")
    expect(page.locator("#items")).to_contain_text("陈静关闭会话")
    expect(page.locator("#close")).to_have_count(0)
    assert is_the_same(page)


def test_nobody_leaves_what_has_not_been_before_their_eyes(
    house: House, room: Staffroom, visitor: Visitor
) -> None:
    page = room.page()
    page.goto(visitor.path)
    page.click("#take-over")
    expect(page.locator("#status")).to_contain_text("陈静 接待")
    page.route("**/console/live*", lambda route: route.abort())
    page.reload()
    visitor.says("还有一个问题")
    page.click("#close")
    expect(page.locator("#notice")).to_contain_text("客户刚发来新消息")
    expect(page.locator("#items")).to_contain_text("还有一个问题")
    expect(page.locator("#status")).to_contain_text("陈静 接待")
    page.click("#close")
    expect(page.locator("#status")).to_contain_text("已关闭")
    expect(page.locator("#notice")).to_be_empty()


def test_the_list_moves_but_not_under_the_focus(
    house: House, room: Staffroom, visitor: Visitor
) -> None:
    others = [house.customer() for _ in range(3)]
    for other in others:
        other.says("排队")
    page = room.page()
    page.goto(f"{house.address}/console/conversations")
    mark(page)
    order = page.locator("#rows > li")
    expect(order.first).to_have_id(f"c-{others[2].id}")
    page.locator(f"#c-{others[1].id} a").focus()
    place = page.locator(f"#c-{others[1].id}").bounding_box()
    visitor.says("我排到最前面")
    expect(order.first).to_have_id(f"c-{visitor.id}")
    expect(order.first).to_contain_text("≈我排到最前面")
    assert page.evaluate("document.activeElement.closest('li').id") == f"c-{others[1].id}"
    after = page.locator(f"#c-{others[1].id}").bounding_box()
    assert place and after
    # One row came in above it; where the list can scroll it scrolls along.
    height = order.first.bounding_box()
    assert height and after["y"] - place["y"] <= height["height"] + 1
    # What the focused row itself says is new, and it keeps the focus.
    others[1].says("我也有新消息")
    expect(page.locator(f"#c-{others[1].id}")).to_contain_text("≈我也有新消息")
    expect(order.first).to_have_id(f"c-{others[1].id}")
    assert page.evaluate("document.activeElement.closest('li').id") == f"c-{others[1].id}"
    assert is_the_same(page)


def test_unread_until_somebody_has_seen_it(house: House, room: Staffroom, visitor: Visitor) -> None:
    reader, colleague = room.page("admin", script=HIDING), room.page("li")
    colleague.goto(f"{house.address}/console/conversations")
    unread = colleague.locator(f"#c-{visitor.id} .c-item.unread")
    expect(unread).to_contain_text("Unread")
    weight = unread.locator("strong").evaluate("e => getComputedStyle(e).fontWeight")
    assert int(weight) >= 700
    reader.goto(visitor.path)
    expect(unread).to_have_count(0)
    # A page that nobody sees reads nothing.
    look(reader, False)
    visitor.says("有人吗")
    expect(unread).to_have_count(1)
    expect(reader.locator("#items")).to_contain_text("≈有人吗")
    other = house.customer()
    other.says("别的")
    expect(colleague.locator(f"#c-{other.id}")).to_be_visible()
    expect(unread).to_have_count(1)
    look(reader, True)
    expect(unread).to_have_count(0)


def test_canned_replies_by_keyboard(house: House, room: Staffroom) -> None:
    async def add(session: AsyncSession) -> None:
        for shortcut, text in (
            ("hello", "您好 {name}，我是{dealership}的{staff}。"),
            ("number", "您的单号是 {number}。"),
            ("call", "我们拨打 {phone} 与您联系。"),
        ):
            await canned_replies.create(
                session, NOW, shortcut=shortcut, text_zh=text, text_en=text, limit=2000, staff_id=1
            )

    house.does(add)
    page = room.page()
    page.goto(f"{house.address}/console/conversations/{CONVERSATION}")
    field = page.locator("#reply-text")
    field.press_sequentially("/")
    options = page.locator("#canned [role=option]:visible")
    expect(options).to_have_count(3)
    field.press_sequentially("hel")
    expect(options).to_have_count(1)
    field.press("Enter")
    assert field.input_value() == "您好 王伟，我是曜川汽车临澜店的陈静。"
    expect(page.locator("#canned")).to_be_hidden()
    field.press_sequentially(" /单号")
    expect(options).to_have_count(1)
    field.press("Tab")
    assert field.input_value().endswith("陈静。 您的单号是 TD261125-0001。")
    assert focus(page) == "reply-text"
    field.press_sequentially("/")
    # Not in the middle of a word.
    expect(page.locator("#canned")).to_be_hidden()

    # Nothing is known of this customer: the gap is shown, marked for typing, and not sent.
    other = house.customer()
    other.says("你好")
    page.goto(other.path)
    field.press_sequentially("/")
    expect(options).to_have_count(3)
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Escape"):
        field.press(key)
    expect(page.locator("#canned")).to_be_hidden()
    assert focus(page) == "reply-text"
    field.fill("")
    field.press_sequentially("、call")
    expect(options).to_have_count(1)
    field.press("Enter")
    assert field.input_value() == "我们拨打 {phone} 与您联系。"
    expect(page.locator("#missing")).to_contain_text("{phone}")
    assert page.evaluate("getSelection().toString()") == "{phone}"
    field.press("Control+Enter")
    expect(page.locator("#notice")).to_contain_text("还有未填写的内容：{phone}")
    assert field.input_value() == "我们拨打 {phone} 与您联系。"
    expect(page.locator(".c-message.staff")).to_have_count(0)
    field.fill("我们拨打您的手机与您联系。")
    expect(page.locator("#missing")).to_be_hidden()
    field.press("Control+Enter")
    expect(page.locator(".c-message.staff")).to_have_count(1)


COUNTING = """
window.made = 0;
window.AudioContext = class extends AudioContext { constructor() { super(); window.made += 1; } };
"""


def test_the_title_tells_and_the_sound_waits_for_a_gesture(
    house: House, room: Staffroom, visitor: Visitor
) -> None:
    page = room.page(script=COUNTING)
    page.goto(f"{house.address}/console/tasks")

    def number() -> int:
        found = re.match(r"\((\d+)\) ", page.title())
        return int(found[1]) if found else 0

    before = number()
    visitor.waits()
    expect(page).to_have_title(re.compile(rf"^\({before + 1}\) 任务"))
    expect(page.locator("#waiting")).to_be_visible()
    assert page.evaluate("window.made") == 0
    page.click("#sound")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.made") == 1
    rang = int(page.evaluate("document.body.dataset.rang ?? 0"))
    another = house.customer()
    another.says("转人工")
    another.waits()
    expect(page).to_have_title(re.compile(rf"^\({before + 2}\) "))
    expect(page.locator("body")).to_have_attribute("data-rang", str(rang + 1))
    # Remembered, but silent until the reader does something in the new page.
    page.reload()
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.made") == 0
    page.click("#sound")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")
    # A message in one's own conversation counts until it is seen.
    page.goto(another.path)
    page.click("#take-over")
    expect(page).to_have_title(re.compile(rf"^\({before + 1}\) "))
    page.goto(f"{house.address}/console/tasks")
    another.says("还在吗")
    expect(page).to_have_title(re.compile(rf"^\({before + 2}\) "))


def test_keys(house: House, room: Staffroom, visitor: Visitor) -> None:
    page = room.page()
    page.goto(f"{house.address}/console/conversations")
    links = page.locator("#rows a")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    expect(links.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    href = links.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{href}")
    expect(page.locator("#composer")).to_be_visible()
    expect(links.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Control+k")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("jk")
    assert page.input_value("#q") == "jk", "letters are letters where somebody types"
    expect(links).to_have_count(0)
    page.keyboard.press("Escape")
    assert focus(page) != "q"
    expect(links).not_to_have_count(0)
    page.goto(f"{house.address}/console/tokens")
    page.keyboard.press("Control+k")
    page.wait_for_url("**/console/conversations#q")
    expect(page.locator("#q")).to_be_focused()


def test_on_a_phone_one_pane_at_a_time(house: House, room: Staffroom, visitor: Visitor) -> None:
    page = room.page(size=PHONE)
    page.goto(f"{house.address}/console/conversations")
    mark(page)
    page.click(f"#c-{visitor.id} a")
    expect(page.locator("#reply-text")).to_be_in_viewport()
    expect(page.locator("#list, .c-nav")).to_have_count(2)
    for hidden in ("#list", ".c-nav"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".c-message").last).to_be_in_viewport()
    visitor.says("手机上也是")
    expect(page.locator(".c-message").last).to_contain_text("≈手机上也是")
    expect(page.locator("#customer-pane")).to_be_hidden()
    page.click(".c-jump")
    expect(page.locator("#customer-pane")).to_be_in_viewport()
    page.click(".c-aside-back")
    expect(page.locator("#customer-pane")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert is_the_same(page)
    page.click("#back")
    expect(page.locator("#rows > li").first).to_be_in_viewport()
    expect(page.locator("#composer")).to_have_count(0)


def test_nothing_hostile_runs_wherever_it_comes_from(
    house: House, room: Staffroom, visitor: Visitor
) -> None:
    page = room.page()
    page.goto(visitor.path)

    async def spoil(session: AsyncSession) -> None:
        conversation = await session.get_one(Conversation, visitor.id)
        customer = Customer(name=HOSTILE, phone=None, language="zh", created_at=NOW)
        session.add(customer)
        await session.flush()
        conversation.profile_name, conversation.customer_id = HOSTILE, customer.id
        other = Conversation(
            id="f" * 32, channel=HOSTILE, token_hash="f", profile_name=HOSTILE, last_text=HOSTILE,
            customer_id=customer.id, created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        session.add(other)
        await takeover.note(session, NOW, visitor.id, staff_id=1, text=HOSTILE, limit=2000)

    house.does(spoil)
    visitor.says(HOSTILE)
    for place in (".c-note", "#name", f"#c-{visitor.id} strong", "#aside", "#others"):
        expect(page.locator(place).last).to_contain_text('<script>alert("x")</script>')
    expect(page.locator(".c-message.assistant").last).to_contain_text("≈<script>")
    page.fill("#reply-text", HOSTILE)
    page.click("#send")
    expect(page.locator(".c-message.staff")).to_contain_text("onerror=alert(1)")
    assert page.locator("main script, main img, main [onerror]").count() == 0
    page.reload()
    assert page.locator("main script, main img, main [onerror]").count() == 0


def test_without_a_stream_the_page_asks_now_and_then(
    house: House, room: Staffroom, visitor: Visitor
) -> None:
    page = room.page()
    page.route(re.compile(r"/console/live\?(?!.*once=1)"), lambda route: route.fulfill(status=503))
    page.goto(visitor.path)
    visitor.says("没有流也能看到")
    expect(page.locator("#items")).to_contain_text("≈没有流也能看到")
    expect(page.locator(f"#c-{visitor.id}")).to_contain_text("≈没有流也能看到")
    expect(page.locator("#offline")).to_be_visible()
    page.unroute_all()
    expect(page.locator("#offline")).to_be_hidden()


def test_who_is_signed_out_is_told_and_keeps_the_draft(
    house: House, room: Staffroom, visitor: Visitor
) -> None:
    page = room.page("li")
    page.goto(visitor.path)
    page.fill("#reply-text", "half a sentence")
    other = page.context.new_page()
    other.goto(f"{house.address}/console/tasks")
    other.locator(".c-account summary").click()
    other.click("#sign-out button")
    other.wait_for_url("**/console/sign-in")
    room.forget("li")
    visitor.says("还在吗")
    expect(page.locator("#signed-out")).to_be_visible()
    assert "≈还在吗" not in page.inner_text("#items")
    link = page.locator("#signed-out a")
    assert f"next=%2Fconsole%2Fconversations%2F{visitor.id}" in (link.get_attribute("href") or "")
    link.click()
    page.fill("#username", "li")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(f"**/console/conversations/{visitor.id}")
    expect(page.locator("#items")).to_contain_text("≈还在吗")
    expect(page.locator("#reply-text")).to_have_value("half a sentence")


def test_earlier_messages_come_on_demand(house: House, room: Staffroom) -> None:
    long = house.customer()
    long.has_said(*(f"句子{number}。" for number in range(120)))
    page = room.page()
    page.goto(long.path)
    first = page.locator(".c-message").first
    expect(first).not_to_contain_text("句子0。")
    page.locator(".c-earlier a").click()
    expect(first).to_contain_text("句子0。")
    expect(page.locator(".c-earlier")).to_have_count(0)
    expect(page.locator(".c-day")).to_have_count(1)
    long.says("最后一句")
    expect(page.locator(".c-message").last).to_contain_text("≈最后一句")
    expect(first).to_contain_text("句子0。")


def test_of_pages_that_nobody_looks_at_one_keeps_its_stream(house: House, room: Staffroom) -> None:
    """A browser opens six connections to a server; a seventh page would hang."""
    first = room.page(script=HIDING)
    pages = [first, *(first.context.new_page() for _ in range(3))]
    for page in pages:
        page.goto(f"{house.address}/console/tasks")

    def streams(number: int) -> None:
        house.until(lambda: house.streams() == number)

    streams(4)
    for page in pages[1:]:
        look(page, False)
    streams(2)
    look(first, False)
    streams(1)
    another = house.customer()
    another.says("转人工")
    another.waits()
    house.until(lambda: any(page.title().startswith("(") for page in pages))
    for page in pages:
        look(page, True)
    streams(4)
    for page in pages:
        expect(page).to_have_title(re.compile(r"^\("))
