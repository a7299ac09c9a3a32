"""The pages of the console in a real browser: filters and replies with and without a script,
nothing hostile runs, everything fits and can be read."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.integration.console.in_browser import DESK, PATIENCE, PHONE, House, Staffroom
from tests.integration.console.office import THIRD_CONVERSATION
from tests.integration.world import CONVERSATION, OTHER_CONVERSATION

expect.set_options(timeout=PATIENCE)

PAGES = (
    "conversations", f"conversations/{THIRD_CONVERSATION}", f"conversations/{CONVERSATION}",
    "complaints", "tasks", "canned-replies", "test-drives", "service-bookings",
    "complaints/CP261125-0002", "complaints/CP261125-0003", "new/test-drive",
    "new/service-booking", "new/complaint", "new/inquiry",
    "day?date=2026-11-26", "day?date=2026-11-28", "tasks/1", "test-drives/TD261125-0001",
    "service-bookings/SV261125-0001",
)  # fmt: skip


def test_typing_filters_in_place_and_keeps_the_focus(house: House, room: Staffroom) -> None:
    page = room.page(size=PHONE)
    page.goto(f"{house.address}/console/conversations")
    page.evaluate("window.sameDocument = true")
    assert page.locator(".c-item").count() == 3
    page.locator("#q").press_sequentially("落地")
    expect(page.locator(".c-item")).to_have_count(1)
    page.wait_for_url("**/console/conversations?q=*")
    assert page.url.endswith("/console/conversations?q=%E8%90%BD%E5%9C%B0")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.evaluate("window.sameDocument") is True
    # No copy of a page may stay behind in the browser; the address alone is harmless.
    kept = page.evaluate("[...Object.values(localStorage), ...Object.values(sessionStorage)]")
    assert all(value.startswith("/console/conversations") for value in kept), kept


def test_filters_work_without_scripts(house: House, room: Staffroom) -> None:
    page = room.page(size=PHONE, scripts=False)
    page.goto(f"{house.address}/console/test-drives")
    page.fill("#q", "王伟")
    page.press("#q", "Enter")
    assert page.locator("tbody tr").count() == 1
    page.goto(f"{house.address}/console/conversations")
    page.fill("#q", "落地")
    page.press("#q", "Enter")
    assert page.locator(".c-item").count() == 1
    page.click(".c-item")
    assert page.input_value("#reply-text") == ""
    page.click(".c-jump")
    expect(page.locator("#customer-pane")).to_contain_text("浙A12345")
    page.click(".c-aside-back")
    page.click("#back")
    assert page.input_value("#q") == "落地"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", PAGES)
def test_it_fits_it_can_be_read_and_nothing_hostile_runs(
    house: House, room: Staffroom, path: str, size: dict[str, int]
) -> None:
    page = room.page(size=size)
    page.goto(f"{house.address}/console/{path}")
    page.locator("body[data-staff]").wait_for()
    if path in (PAGES[1], "complaints", "tasks"):
        assert page.get_by_text('<script>alert("x")</script>').count() > 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert pale(page) == []
    if page.locator("#as-note").count():
        page.locator(".c-mode").nth(1).click()
        assert pale(page) == []


def pale(page: Page) -> list[str]:
    """Texts with less contrast to what is behind them than WCAG 2 AA asks for: 4.5, large 3."""
    found: list[str] = page.evaluate(
        """() => {
          const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
          const colour = (text) => {
            const [r, g, b, a = 1] = numbers(text.replace("color(srgb", ""));
            const scale = text.startsWith("color(srgb") ? 255 : 1;
            return [r * scale, g * scale, b * scale, a];
          };
          const over = (top, below) =>
            [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
          const light = (rgb) => {
            const [r, g, b] = rgb.map((value) => {
              const share = value / 255;
              return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = (element) => {
            const layers = [];
            for (let at = element; at; at = at.parentElement) {
              layers.push(colour(getComputedStyle(at).backgroundColor));
            }
            return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
          };
          const found = [];
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const text = texts.currentNode.data.trim();
            const element = texts.currentNode.parentElement;
            const hidden = element.closest(".visually-hidden, noscript, select");
            if (!text || hidden || !element.checkVisibility({ visibilityProperty: true })) continue;
            const style = getComputedStyle(element);
            const behind = ground(element);
            const [dark, bright] = [over(colour(style.color), behind), behind]
              .map(light)
              .sort((a, b) => a - b);
            const size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            const contrast = (bright + 0.05) / (dark + 0.05);
            if (contrast < (large ? 3 : 4.5)) found.push(`${contrast.toFixed(2)} ${text}`);
          }
          return found;
        }"""
    )
    return found


def test_a_reply_joins_the_talk_and_a_draft_outlives_all_news(
    house: House, room: Staffroom
) -> None:
    talk = f"{house.address}/console/conversations/{OTHER_CONVERSATION}"
    page, other = room.page(size=PHONE), room.page(size=PHONE)
    page.goto(talk)
    page.evaluate("window.sameDocument = true")
    page.fill("#reply-text", "This is Chen Jing.")
    page.press("#reply-text", "Control+Enter")
    expect(page.locator(".c-message.staff")).to_have_text(re.compile("This is Chen Jing"))
    expect(page.locator("#reply-text")).to_have_value("")
    expect(page.locator("#status")).to_contain_text("陈静 接待")
    expect(page).not_to_have_title(re.compile(r"^\("))
    assert page.evaluate("document.activeElement.id") == "reply-text"

    page.locator("#reply-text").press_sequentially("I will")
    other.goto(talk)
    other.fill("#reply-text", "y" * 2001)
    other.click("#send")
    expect(other.locator("#notice")).to_contain_text("2001")
    assert other.input_value("#reply-text") == "y" * 2001
    other.fill("#reply-text", "One more thing.")
    other.click("#send")
    expect(other.locator(".c-message.staff")).to_have_count(2)
    expect(other.locator("#notice")).to_be_empty()
    expect(page.locator(".c-message.staff")).to_have_count(2)
    assert page.input_value("#reply-text") == "I will"
    assert page.evaluate("document.activeElement.id") == "reply-text"

    other.route("**/close", lambda route: route.abort())
    other.fill("#reply-text", "kept")
    other.click("#close")
    expect(other.locator("[data-failed]")).to_be_visible()
    other.unroute("**/close")
    other.click("#close")
    expect(other.locator("#status")).to_contain_text("已关闭")
    assert other.locator("[data-failed]").is_hidden()
    assert other.input_value("#reply-text") == "kept"
    assert page.evaluate("window.sameDocument") is True


def test_working_without_scripts(house: House, room: Staffroom) -> None:
    reader = room.page(size=PHONE, scripts=False)
    talk = f"{house.address}/console/conversations/{THIRD_CONVERSATION}"
    reader.goto(talk)
    reader.click("#send")
    assert "还没有写内容" in reader.inner_text("#notice")
    reader.fill("#reply-text", "您好\n请稍等")
    reader.click("#send")
    last = reader.locator(".c-message").last
    assert reader.url == f"{talk}#{last.get_attribute('id')}"
    assert last.locator("p").inner_text() == "您好\n请稍等"
    expect(last).to_be_in_viewport()
    reader.locator(".c-mode").nth(1).click()
    assert reader.locator("#send").inner_text() == "保存备注"
    reader.fill("#reply-text", "给同事")
    reader.click("#send")
    expect(reader.locator(".c-note")).to_be_in_viewport()
    reader.click("#hand-back")
    assert "助手" in reader.inner_text("#status")
    reader.click("#assign summary")
    reader.select_option("#colleague", label="Lena Hart · 销售顾问")
    reader.click("#assign form button")
    assert "Lena Hart" in reader.inner_text("#status")
    reader.get_by_role("button", name="标为已读").click()
    assert reader.url == f"{talk}#status"
    reader.goto(f"{house.address}/console/tasks?state=open")
    open_tasks = reader.locator(".c-task").count()
    reader.locator(".c-task button").first.click()
    expect(reader.locator(".c-task")).to_have_count(open_tasks - 1)
    assert reader.url == f"{house.address}/console/tasks?state=open"
