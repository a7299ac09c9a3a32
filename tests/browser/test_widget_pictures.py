"""Pictures that customers send: chosen, pasted or dropped, checked, sent, shown."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_chat import HOST_PAGE, FakeChat
from tests.browser.widget import (
    OpenPage,
    heard,
    message_input,
    own_words,
    panel,
    reconnecting,
    say,
    states,
)

MEGABYTE = 1024 * 1024


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, kind)
    return made.getvalue()


def choose(page: Page, data: bytes, name: str = "scratch.png") -> None:
    file: Any = {"name": name, "mimeType": "image/png", "buffer": data}
    panel(page).locator("input[type=file]").set_input_files(file)


def add(page: Page, data: bytes) -> None:
    """Chooses a picture that is taken."""
    choose(page, data)
    expect(chip(page)).to_be_visible()


def chip(page: Page) -> Locator:
    """The picture that waits in the composer."""
    return panel(page).locator(".chip")


def notice(page: Page) -> Locator:
    return panel(page).locator("#limit")


def shown(page: Page) -> Locator:
    return panel(page).get_by_role("img", name="您发送的图片")


def sent(chat: FakeChat) -> list[bytes]:
    return [data for _, data in chat.only.attachments.values()]


@pytest.fixture
def talking(page: Page) -> Page:
    """A page with an open panel and a conversation."""
    say(page, "你好")
    heard(page, "收到：你好")
    return page


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_is_sent_and_shown(talking: Page, chat: FakeChat, kind: str) -> None:
    data = picture(kind)
    with talking.expect_file_chooser() as chooser:
        panel(talking).get_by_role("button", name="添加图片").click()
    assert not chooser.value.is_multiple()
    chooser.value.set_files(
        {"name": "scratch.bin", "mimeType": "application/octet-stream", "buffer": data}
    )
    expect(chip(talking)).to_contain_text("scratch.bin")
    expect(chip(talking).locator("img")).to_have_js_property("naturalWidth", 64)
    assert chat.only.attachments == {}
    panel(talking).get_by_role("button", name="发送").click()

    expect(shown(talking)).to_have_js_property("naturalWidth", 64)
    expect(panel(talking).locator(".message.assistant")).to_have_count(3)
    expect(states(talking)).to_have_count(0)
    expect(chip(talking)).to_be_hidden()
    assert sent(chat) == [data]
    (message,) = [each for each in chat.only.messages if "attachment" in each]
    assert message["attachment"] in chat.only.attachments
    assert message["text"] == ""


def test_a_picture_beside_words_is_one_message(talking: Page, chat: FakeChat) -> None:
    add(talking, picture())
    message_input(talking).fill("这里刮了一下")
    message_input(talking).press("Enter")

    heard(talking, "收到：这里刮了一下")
    expect(shown(talking)).to_have_count(1)
    expect(own_words(talking)).to_have_text(["你好", "这里刮了一下"])
    (message,) = [each for each in chat.only.messages if "attachment" in each]
    assert message["text"] == "这里刮了一下"


def test_a_picture_is_there_again_on_the_next_page(talking: Page, chat: FakeChat) -> None:
    add(talking, picture())
    message_input(talking).press("Enter")
    expect(shown(talking)).to_have_js_property("naturalWidth", 64)
    expect(states(talking)).to_have_count(0)
    # What this page has sent itself is not fetched.
    assert "GET attachments" not in chat.calls
    talking.reload()

    expect(shown(talking)).to_have_js_property("naturalWidth", 64)
    assert chat.calls.count("GET attachments") == 1


def test_a_picture_that_cannot_be_fetched_leaves_words(talking: Page, chat: FakeChat) -> None:
    add(talking, picture())
    message_input(talking).press("Enter")
    expect(panel(talking).locator(".message.assistant")).to_have_count(3)
    chat.fail("GET attachments", 404)
    talking.reload()

    expect(panel(talking).locator(".picture")).to_have_text("图片暂时无法显示")


def test_how_far_an_upload_has_got_is_shown(talking: Page, chat: FakeChat) -> None:
    chat.hold_uploads()
    add(talking, picture())
    message_input(talking).press("Enter")
    expect(states(talking)).to_have_text(re.compile(r"^图片上传中 \d+%$"))
    # Shown at once, from this side.
    expect(shown(talking)).to_have_js_property("naturalWidth", 64)
    # What is written meanwhile waits behind it.
    say(talking, "看到了吗")
    chat.release_uploads()

    heard(talking, "收到：看到了吗")
    expect(states(talking)).to_have_count(0)
    assert chat.only.of_customer() == ["你好", "", "看到了吗"]


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 not a picture", b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_picture_says_so(talking: Page, chat: FakeChat, data: bytes) -> None:
    words = "只能发送 JPEG、PNG、WebP 或 GIF 图片"
    choose(talking, data, name="scratch.png")

    expect(notice(talking)).to_have_text(words)
    expect(panel(talking).get_by_role("status").filter(has_text=words)).to_have_count(1)
    expect(chip(talking)).to_be_hidden()
    expect(panel(talking).get_by_role("button", name="发送")).to_be_disabled()
    message_input(talking).fill("那我写吧")
    expect(notice(talking)).to_be_hidden()
    message_input(talking).press("Enter")
    heard(talking, "收到：那我写吧")
    assert "POST attachments" not in chat.calls


@pytest.mark.parametrize("excess", [0, 1])
def test_the_largest_picture_and_one_byte_more(
    talking: Page, chat: FakeChat, tmp_path: Path, excess: int
) -> None:
    # Bytes after the end of a JPEG are ignored by those who read it.
    data = picture("JPEG")
    file = tmp_path / "large.jpg"
    file.write_bytes(data + bytes(8 * MEGABYTE + excess - len(data)))
    panel(talking).locator("input[type=file]").set_input_files(file)
    if excess:
        expect(notice(talking)).to_have_text("图片超过 8 MB，请换一张小一点的")
        expect(chip(talking)).to_be_hidden()
        return
    expect(chip(talking)).to_contain_text("8.0 MB")
    message_input(talking).press("Enter")

    expect(panel(talking).locator(".message.assistant")).to_have_count(3)
    assert [len(each) for each in sent(chat)] == [8 * MEGABYTE]


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (422, "not_an_image", "这张图片无法识别，请换一张"),
        (413, "too_large", "图片超过 8 MB，请换一张小一点的"),
        (409, "too_many_pictures", "图片数量已达上限，请用文字说明"),
    ],
)
def test_what_the_server_refuses_says_why(
    talking: Page, chat: FakeChat, status: int, code: str, words: str
) -> None:
    chat.fail("POST attachments", status, code=code)
    add(talking, picture())
    message_input(talking).press("Enter")
    expect(states(talking)).to_have_text(words)

    panel(talking).get_by_role("button", name="删除").click()
    expect(panel(talking).locator(".picture")).to_have_count(0)
    say(talking, "好的")
    heard(talking, "收到：好的")
    assert chat.calls.count("POST attachments") == 1


def test_an_upload_that_failed_is_tried_again(talking: Page, chat: FakeChat) -> None:
    chat.fail("POST attachments", 500, times=2)
    add(talking, picture())
    message_input(talking).press("Enter")

    expect(panel(talking).locator(".message.assistant")).to_have_count(3)
    assert len(sent(chat)) == 1
    assert chat.only.of_customer() == ["你好", ""]


def test_a_picture_can_be_taken_back_before_it_is_sent(talking: Page, chat: FakeChat) -> None:
    add(talking, picture())
    panel(talking).get_by_role("button", name="移除图片").click()
    expect(chip(talking)).to_be_hidden()
    say(talking, "还是不发了")

    heard(talking, "收到：还是不发了")
    assert "POST attachments" not in chat.calls


HAND_OVER = """(target, { kind, bytes }) => {
  const files = new DataTransfer();
  for (const each of bytes) {
    files.items.add(new File([Uint8Array.from(each)], "pasted.png", { type: "image/png" }));
  }
  const options = { bubbles: true, composed: true, cancelable: true };
  const events = {
    paste: () => [new ClipboardEvent("paste", { ...options, clipboardData: files })],
    drop: () => ["dragover", "drop"].map(
      (name) => new DragEvent(name, { ...options, dataTransfer: files })),
  };
  return events[kind]().map((event) => !target.dispatchEvent(event));
}"""


@pytest.mark.parametrize(("kind", "place"), [("paste", "textarea"), ("drop", ".log")])
def test_pasted_and_dropped(talking: Page, chat: FakeChat, kind: str, place: str) -> None:
    data = picture()
    target = panel(talking).locator(place).first
    if kind == "paste":
        target = message_input(talking)
    prevented = target.evaluate(HAND_OVER, {"kind": kind, "bytes": [list(data)]})
    # The browser must not open the file instead.
    assert all(prevented)
    expect(chip(talking)).to_contain_text("pasted.png")
    expect(panel(talking)).not_to_have_class(re.compile("dropping"))
    message_input(talking).press("Enter")

    expect(shown(talking)).to_have_js_property("naturalWidth", 64)
    expect(states(talking)).to_have_count(0)
    assert sent(chat) == [data]


def test_of_several_the_first_is_taken_and_it_says_so(talking: Page) -> None:
    both = [list(picture()), list(picture("JPEG"))]
    panel(talking).locator(".log").evaluate(HAND_OVER, {"kind": "drop", "bytes": both})

    expect(notice(talking)).to_have_text("一次发送一张图片，已添加第一张")
    expect(chip(talking)).to_be_visible()


def test_a_picture_sent_offline_outlives_the_page(open_page: OpenPage, chat: FakeChat) -> None:
    tag = f'<script src="/widget/chefu-chat.js" data-api="{chat.url}" defer></script>'
    chat.page = HOST_PAGE.format(tag=tag, draft="")
    page = open_page(direct=True)
    say(page, "你好")
    heard(page, "收到：你好")
    chat.cut()
    expect(reconnecting(page)).to_be_visible()
    data = picture()
    add(page, data)
    message_input(page).fill("刮痕")
    message_input(page).press("Enter")
    expect(states(page)).to_have_text("未发送，网络恢复后自动发出")
    page.reload()

    expect(own_words(page)).to_have_text("刮痕")
    expect(shown(page)).to_have_js_property("naturalWidth", 64)
    chat.restore()
    heard(page, "收到：刮痕")
    expect(states(page)).to_have_count(0)
    assert sent(chat) == [data]
    assert chat.only.of_customer() == ["你好", "刮痕"]


def test_a_picture_goes_into_the_new_conversation(talking: Page, chat: FakeChat) -> None:
    chat.hold_uploads()
    add(talking, picture())
    message_input(talking).press("Enter")
    expect(states(talking)).to_have_text(re.compile("图片上传中"))
    chat.forget_conversations()
    chat.release_uploads()

    expect(panel(talking).locator(".note")).to_have_text("之前的会话已失效，我们从这里重新开始。")
    expect(shown(talking)).to_have_js_property("naturalWidth", 64)
    expect(states(talking)).to_have_count(0)
    assert chat.only.of_customer() == [""]
    assert len(sent(chat)) == 1


def test_pictures_in_english(open_page: OpenPage, chat: FakeChat, tmp_path: Path) -> None:
    page = open_page(locale="en-GB")
    say(page, "Hello")
    heard(page, "收到：Hello")
    file = tmp_path / "notes.txt"
    file.write_text("not a picture")
    panel(page).locator("input[type=file]").set_input_files(file)
    expect(notice(page)).to_have_text("Only JPEG, PNG, WebP and GIF pictures can be sent")
    choose(page, picture())
    expect(panel(page).get_by_role("button", name="Remove the picture")).to_be_visible()
    panel(page).get_by_role("button", name="Send").click()
    expect(panel(page).get_by_role("img", name="Picture you sent")).to_have_js_property(
        "naturalWidth", 64
    )
