"""Everyone can use it: contrast, targets, motion, what is read out."""

from playwright.sync_api import Page, expect

from tests.browser.fake_chat import FakeChat
from tests.browser.widget import OpenPage, heard, own_words, panel, replies, say

CONTRAST = """() => {
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) =>
      v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  // The paler end of a gradient is the harder one for white text.
  const grounds = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at);
      const stops = backgroundImage.match(/rgba?\\([^)]*\\)/g);
      if (stops) return stops.map((stop) => parse(stop).rgb);
      const { rgb, a } = parse(backgroundColor);
      if (a === 1) return [rgb];
    }
    return [[255, 255, 255]];
  };
  const root = document.querySelector('chefu-chat').shadowRoot;
  const found = [];
  for (const element of root.querySelectorAll('*')) {
    const words = [...element.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
    const isIcon = element.localName === 'svg';
    if ((!words.length && !isIcon) || !element.checkVisibility()) continue;
    if (element.closest(':disabled, style')) continue;
    const { rgb } = parse(getComputedStyle(element).color);
    for (const ground of grounds(element)) {
      found.push([element.className.baseVal ?? element.className, words[0]?.data ?? 'icon',
                  ratio(rgb, ground)]);
    }
  }
  return found;
}"""


def test_contrast_and_target_sizes(page: Page, chat: FakeChat) -> None:
    facts = [{"label": "指导价", "value": "12.98 万元"}]
    buttons = [{"choice": "c-1", "title": "好"}]
    card = {"title": "山屿", "subtitle": "SUV", "facts": facts, "buttons": buttons}
    chat.replies["看看"] = [{"text": "为您找到 https://example.test/", "cards": [card]}]
    say(page, "看看")
    expect(panel(page).get_by_role("article")).to_be_visible()
    chat.say("小陈已接入", sender="system")
    chat.say("您好", buttons=buttons)
    expect(replies(page)).to_have_count(1)
    chat.fail("POST messages", 422)
    say(page, "这一条不行")
    expect(panel(page).locator(".failed")).to_be_visible()

    ratios = page.evaluate(CONTRAST)
    assert len(ratios) > 15
    assert [each for each in ratios if each[2] < 4.5] == []
    sizes = (
        panel(page)
        .locator("button:visible, textarea:visible")
        .evaluate_all(
            "(all) => all.map((each) => [each.textContent, each.offsetWidth, each.offsetHeight])"
        )
    )
    assert len(sizes) > 5
    assert [each for each in sizes if each[1] < 44 or each[2] < 44] == []


def test_reduced_motion_is_respected(open_page: OpenPage, chat: FakeChat) -> None:
    page = open_page(reduced_motion="reduce")
    chat.hold_answers()
    say(page, "你好")
    dot = panel(page).locator(".typing i").first
    expect(dot).to_be_visible()
    style = dot.evaluate("(node) => getComputedStyle(node).animationIterationCount")
    assert style == "1"
    chat.release_answers()


def test_the_log_is_announced_and_the_host_page_has_no_say(page: Page, chat: FakeChat) -> None:
    say(page, "你好")
    heard(page, "收到：你好")
    log = panel(page).get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    style = own_words(page).evaluate(
        "(node) => { const { color, letterSpacing, textTransform } = getComputedStyle(node);"
        " return { color, letterSpacing, textTransform } }"
    )
    assert style == {
        "color": "rgb(255, 255, 255)",
        "letterSpacing": "normal",
        "textTransform": "none",
    }
