"""The host page and the widget: neither changes the other."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_chat import ONE_TAG, FakeChat
from tests.browser.widget import (
    PHONE,
    OpenPage,
    asks_for_time,
    bubbles,
    heard,
    launcher,
    message_input,
    panel,
    say,
)

PLAIN = f"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Plain page</title><style>body {{ margin: 0; height: 400px }}</style>{ONE_TAG}"""

HOSTILE = {
    "universal": "* { color: red; font: italic 40px serif; letter-spacing: 4px; text-align: right;"
    " text-transform: uppercase; line-height: 3; box-sizing: content-box; border: 5px solid;"
    " margin: 9px; padding: 9px; background: yellow; float: left; opacity: .5 }",
    "universal and important": "* { color: red !important; font-size: 40px !important;"
    " display: block !important; position: relative !important; visibility: hidden !important;"
    " overflow: hidden !important; width: 10px !important; height: 10px !important;"
    " pointer-events: none !important }"
    # On <body> these move whatever is fixed in the page; nothing inside can help it.
    " body * { transform: rotate(3deg) !important; filter: invert(1) !important;"
    " contain: strict !important; will-change: transform !important }",
    "tags": "button { background: yellow !important; font-size: 40px !important; all: unset }"
    " div { all: unset } section, form, textarea, p, svg, h2 { all: initial; display: none }"
    " img { width: 1px } a { color: red } input { display: none }",
    "inherited": "html { font-size: 8px; direction: rtl; writing-mode: vertical-rl;"
    " word-break: break-all; cursor: none; user-select: none; hyphens: auto }"
    " body { visibility: hidden; color: red; text-align: right; white-space: nowrap;"
    " pointer-events: none; font-variant: small-caps; text-shadow: 1px 1px red }",
    "the element itself": "chefu-chat { color: red; zoom: 3; opacity: .2; transform: scale(2);"
    " position: absolute; clip-path: inset(50%); will-change: transform; perspective: 10px }"
    " chefu-chat * { display: none !important } body > :last-child { display: none }",
    "names": "* { --accent: red; --ink: red; --chefu-height: 9px; --chefu-top: 300px }"
    " .launcher, .panel, .root, .bubble, .message, .send, .log { display: none !important }"
    " #heading, #limit { display: none } @keyframes rise { from { opacity: 0 } to { opacity: 0 } }"
    " @font-face { font-family: system-ui; src: local('Courier') }",
}

# As one text: so many values take long to hand over one by one.
STYLES = """() => {
  const root = document.querySelector("chefu-chat").shadowRoot;
  const found = [];
  for (const element of root.querySelectorAll(".root, .root *")) {
    for (const pseudo of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, pseudo);
      if (pseudo && style.content === "none") continue;
      const values = {};
      for (const name of style) if (!name.startsWith("--")) values[name] = style[name];
      const box = element.getBoundingClientRect();
      found.push({ element: `${element.localName}.${element.getAttribute("class")}`, pseudo, values,
                   box: [box.x, box.y, box.width, box.height] });
    }
  }
  return JSON.stringify(found);
}"""


def looks(page: Page, chat: FakeChat) -> list[dict[str, Any]]:
    """Every computed value of launcher and panel, in a conversation with all kinds of parts."""
    found: list[dict[str, Any]] = json.loads(page.evaluate(STYLES))
    card = {
        "title": "山屿",
        "facts": [{"label": "能源", "value": "汽油"}],
        "buttons": [{"choice": "c-1", "title": "预约试驾"}],
    }
    chat.replies["看看"] = [{"text": "https://example.test/", "cards": [card]}, asks_for_time()]
    # By the keyboard: on some of these pages nothing reacts to a pointer.
    launcher(page).press("Enter")
    message_input(page).press_sequentially("看看")
    message_input(page).press("Enter")
    expect(panel(page).locator(".times button")).not_to_have_count(0)
    chat.say("小陈已接入", sender="system")
    chat.say("您好", buttons=[{"choice": "c-2", "title": "好"}])
    expect(panel(page).locator(".replies button")).to_have_count(1)
    found += json.loads(page.evaluate(STYLES))
    return found


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_style_of_the_page_reaches_the_widget(
    open_page: OpenPage, chat: FakeChat, kind: str
) -> None:
    chat.page = PLAIN
    options = {"reduced_motion": "reduce", "timezone_id": "Asia/Shanghai"}
    expected = looks(open_page(**options), chat)
    chat.reset()
    chat.page = PLAIN + f"<style>{HOSTILE[kind]}</style>"
    page = open_page(**options)
    # The page really is what it claims to be.
    assert page.evaluate("getComputedStyle(document.body).cssText") is not None
    found = looks(page, chat)

    assert len(found) == len(expected) > 100
    for one, other in zip(found, expected, strict=True):
        assert one["element"] == other["element"]
        changed = {
            name: (value, other["values"][name])
            for name, value in one["values"].items()
            if value != other["values"][name]
        }
        assert changed == {}, one["element"]
        assert one["box"] == pytest.approx(other["box"], abs=0.1), one["element"]


HOST = """<!doctype html><html lang="en" class="site"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Host page</title>
<style>
  html { font-size: 18px; scrollbar-gutter: stable } body { margin: 20px; display: grid; gap: 12px }
  p:last-of-type { color: navy } .panel { border: 1px solid } .launcher { color: green }
  .message { font-weight: bold } button { border-radius: 4px }
</style>
<header><h1>Linlan Motors</h1><nav><a href="#a">Models</a> <a href="#b">Service</a></nav></header>
<main class="panel"><p>Text</p><p class="message">More</p><div class="log">Log</div>
<form><label>Name <input name="name"></label><textarea>words</textarea>
<select><option>One</option></select><button class="launcher send">Send</button></form>
<table><tr><th>A</th><td>B</td></tr></table><svg width="20" height="20"><path d="M0 0h9"/></svg>
<dialog open>Dialog</dialog><div id="heading" style="height:600px">Tall</div></main>"""

HOST_LOOKS = """() => JSON.stringify(
  [...document.querySelectorAll("html, body, body *:not(chefu-chat, script)")].map((element) => {
    const style = getComputedStyle(element);
    const values = {};
    for (const name of style) values[name] = style[name];
    const { x, y, width, height } = element.getBoundingClientRect();
    return { element: element.localName, values, box: [x, y, width, height],
             markup: element.cloneNode(false).outerHTML };
  }))"""

SURROUNDINGS = """() => ({
  globals: Object.getOwnPropertyNames(window).filter((name) => isNaN(name)).sort(),
  sheets: document.styleSheets.length, adopted: document.adoptedStyleSheets.length,
  scroll: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
})"""


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_page_looks_the_same_with_the_widget(
    open_page: OpenPage, chat: FakeChat, size: str
) -> None:
    options: dict[str, Any] = (
        {"viewport": PHONE, "has_touch": True, "is_mobile": True} if size == "phone" else {}
    )
    chat.page = HOST + ONE_TAG
    page = open_page(**options)
    bare = page.context.new_page()
    bare.route("**/chefu-chat.js", lambda route: route.fulfill(body=""))
    bare.goto(chat.url)
    expected, around = json.loads(bare.evaluate(HOST_LOOKS)), bare.evaluate(SURROUNDINGS)
    bare.close()
    assert len(expected) > 20

    def check() -> None:
        assert json.loads(page.evaluate(HOST_LOOKS)) == expected
        assert page.evaluate(SURROUNDINGS) == around

    check()
    launcher(page).click()
    say(page, "你好")
    heard(page, "收到：你好")
    if size == "desktop":
        check()
    message_input(page).press("Escape")
    expect(panel(page)).to_be_hidden()
    check()


def test_what_is_typed_is_no_shortcut_of_the_page(page: Page, chat: FakeChat) -> None:
    page.evaluate(
        "() => { window.heard = [];"
        " for (const type of ['keydown', 'keypress', 'keyup'])"
        "   window.addEventListener(type, (event) => window.heard.push(event.key)) }"
    )
    page.keyboard.press("x")
    assert page.evaluate("window.heard.length") == 3
    launcher(page).click()
    page.keyboard.type("s/?")
    page.keyboard.press("Enter")
    heard(page, "收到：s/?")
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()

    # Escape was let go over the launcher, outside the panel.
    assert set(page.evaluate("window.heard.slice(3)")) <= {"Escape"}


def test_only_keys_of_its_own_are_kept_in_the_browser(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    keys = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert keys
    assert all(key.startswith("chefu:") for key in keys)
    assert page.evaluate("document.cookie") == ""


def test_the_page_can_hide_it(page: Page) -> None:
    page.evaluate("document.querySelector('chefu-chat').hidden = true")
    expect(launcher(page)).to_be_hidden()
    page.evaluate("document.querySelector('chefu-chat').hidden = false")
    expect(launcher(page)).to_be_visible()
    expect(bubbles(page, "assistant")).to_be_hidden()
