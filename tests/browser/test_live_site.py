"""A customer on the real website, then a member of staff at the console, in one browser."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
)

from tests.e2e import demo
from tests.e2e.customer import NUMBER
from tests.system import RunningSystem

NOW = datetime.fromisoformat("2026-11-25T10:00:00+08:00")
PATIENCE = 20_000
"""Milliseconds within which everything on a page has to happen."""

MARKUP = '<img src="/none.png" onerror="document.title=1"><script>document.title=2</script>'

OpenPage = Callable[[str], Page]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    with RunningSystem(tmp_path_factory.mktemp("system"), clock=NOW) as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, system: RunningSystem) -> Iterator[OpenPage]:
    """Opens an address of the site with cookies and storage of its own.

    No page may report an error or a warning, be refused anything by the content security
    policy, or miss a file.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            complaints.append(f"{response.status} {response.url}")

    def open_page(path: str) -> Page:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", said)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", answered)
        page.goto(system.base_url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


class Chat:
    """The widget on a page, as its user handles it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.widget = page.locator("chefu-chat")
        self.panel = self.widget.get_by_role("dialog")

    def said(self, sender: str) -> Locator:
        return self.panel.locator(f".message.{sender} .bubble")

    def everything(self) -> list[str]:
        return self.panel.locator(".message .bubble").all_inner_texts()

    def button(self, title: str | re.Pattern[str]) -> Locator:
        return self.panel.get_by_role("button", name=title)

    def say(self, text: str) -> None:
        self.panel.get_by_role("textbox").fill(text)
        self.panel.get_by_role("textbox").press("Enter")

    def hears(self, text: str | re.Pattern[str]) -> None:
        expect(self.said("assistant").filter(has_text=text).last).to_be_visible()


def test_from_the_first_question_to_the_record_that_staff_see(
    open_page: OpenPage, system: RunningSystem
) -> None:
    number, transcript = _customer(open_page("/"))
    _staff(open_page("/console"), system.sign_in(), number, transcript)


def _customer(page: Page) -> tuple[str, list[str]]:
    """Asks a price, books a test drive; the number told, and the customer's own words."""
    expect(page.get_by_role("link", name=re.compile("山屿")).first).to_be_visible()
    chat = Chat(page)
    chat.widget.locator(".launcher").click()
    chat.say("山屿多少钱？")
    chat.hears("山屿官方指导价")
    told = chat.said("assistant").last.inner_text()
    assert demo.amounts(told) == set(demo.trim_prices("shanyu").values())

    chat.button("预约试驾").click()
    chat.button(re.compile("^今天 ")).first.wait_for()
    offered = chat.button(re.compile("^今天 ")).last.get_attribute("aria-label") or ""
    chat.button(offered).click()
    chat.hears("怎么称呼您")
    chat.say(MARKUP)
    chat.hears(re.compile("怎么称呼您|名字|姓名"))
    chat.say("我叫王伟")
    chat.hears("手机号")
    chat.say("13800000001")
    chat.hears("请核对试驾信息")
    assert offered.split()[1] in chat.said("assistant").last.inner_text()
    chat.button("确认预约").click()
    chat.hears(NUMBER)
    [number] = set(NUMBER.findall("\n".join(chat.said("assistant").all_inner_texts())))

    before = chat.everything()
    page.reload()
    again = Chat(page)
    expect(again.panel).to_be_visible()
    expect(again.said("assistant").filter(has_text=number).first).to_be_visible()
    assert again.everything() == before
    words = again.said("customer").all_inner_texts()
    assert words == [
        "山屿多少钱？",
        "预约试驾",
        offered,
        MARKUP,
        "我叫王伟",
        "13800000001",
        "确认预约",
    ]
    assert page.title() not in ("1", "2")
    return str(number), words


def _staff(page: Page, account: tuple[str, str], number: str, words: list[str]) -> None:
    """Signs in, finds the booking, and from it the conversation and what was understood."""
    username, password = account
    page.locator("#username").fill(username)
    page.locator("#password").fill(password)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="试驾").first.click()
    page.get_by_role("link", name=number).click()
    facts = page.locator("main")
    for fact in (number, "山屿", "王伟"):
        expect(facts).to_contain_text(fact)
    page.locator("main a[href^='/console/conversations/']").first.click()
    customers = page.locator(".c-message.customer")
    expect(customers).to_have_count(len(words))
    assert [one.locator("p").inner_text() for one in customers.all()] == words
    understood = customers.first.locator(".c-understood")
    expect(understood).to_contain_text(re.compile(r"置信度 \d+%"))
    expect(understood).to_contain_text("车型：")
    expect(page.locator(".c-message.assistant").filter(has_text=number)).to_be_visible()
    assert page.locator(".c-thread img, .c-thread script").count() == 0
    assert page.title() not in ("1", "2")
