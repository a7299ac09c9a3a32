"""Each kind of message and event, from the customer's phone to the store and back."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image

from backend.channels.wechat import texts
from backend.models import Attachment, Conversation, Media, Message
from backend.texts import messengers
from tests.integration.channels.wechat.conftest import ANNA, LIMIT, Account


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    return out.getvalue()


async def kept(account: Account) -> tuple[Attachment, bytes]:
    """The one attachment, once it has been fetched, and its bytes."""

    async def fetched() -> bool:
        return await account.count(Attachment) > 0

    await account.until(fetched)
    [message] = await account.messages("customer")
    assert message.attachment_id is not None
    async with account.database.reading() as session:
        found = await session.get_one(Attachment, message.attachment_id)
    file = account.runtime.settings.var / "attachments" / found.id
    return found, await asyncio.to_thread(Path(file).read_bytes)


async def test_a_picture_is_kept_and_answered(account: Account) -> None:
    account.platform.media["m1"] = ("image/jpeg", picture())
    await account.wechat.message(ANNA, "image", MediaId="m1", PicUrl="http://mmbiz.qpic.cn/1")
    found, data = await kept(account)
    assert (found.content_type, data) == ("image/jpeg", picture())
    await account.screen(1)
    assert account.assistant.calls[0].payload == "/send_picture"


async def test_voice_with_its_text_is_answered_and_kept(quick: Account) -> None:
    quick.platform.media["m1"] = ("audio/amr", b"#!AMR\n123")
    await quick.wechat.message(ANNA, "voice", MediaId="m1", Format="amr", Recognition="试驾山屿")
    assert await quick.screen(1) == ["≈试驾山屿"]
    assert (await kept(quick))[1] == b"#!AMR\n123"


async def test_voice_without_text_gets_a_notice(account: Account) -> None:
    account.platform.media["m1"] = ("audio/amr", b"#!AMR\n123")
    await account.wechat.message(ANNA, "voice", MediaId="m1", Format="amr")
    assert await account.screen(1) == [messengers.VOICE["zh"]]
    await account.settled("sent")
    assert not account.assistant.calls
    found, data = await kept(account)
    assert (found.content_type, data) == ("audio/amr", b"#!AMR\n123")


@pytest.mark.parametrize("kind", ["video", "shortvideo"])
async def test_a_video_is_kept_and_handed_to_a_person(quick: Account, kind: str) -> None:
    quick.platform.media["v1"] = ("video/mp4", b"\x00\x00\x00 ftyp")
    await quick.wechat.message(ANNA, kind, MediaId="v1", ThumbMediaId="t1")
    await quick.screen(1)
    [call] = quick.assistant.calls
    assert call.payload == "/human_handoff"
    assert (await kept(quick))[1] == b"\x00\x00\x00 ftyp"


async def test_a_file_is_handed_to_a_person(quick: Account) -> None:
    await quick.wechat.message(ANNA, "file", Title="报价单.pdf", FileKey="k", FileTotalLen="9")
    await quick.screen(1)
    [message] = await quick.messages("customer")
    assert message.text == f"{texts.FILE} 报价单.pdf"
    assert quick.assistant.calls[0].payload == "/human_handoff"
    assert await quick.count(Media) == 0


async def test_location_link_and_what_nobody_can_read(quick: Account) -> None:
    await quick.wechat.message(ANNA, "location", Location_X="30", Location_Y="120", Label="西湖区")
    await quick.wechat.message(ANNA, "link", Title="山屿", Description="", Url="https://e.com/1")
    await quick.wechat.message(ANNA, "music", MediaId="m")
    await quick.wechat.says(ANNA, "  ")
    assert sorted(await quick.screen(3)) == sorted(
        [f"≈{texts.LOCATION} 西湖区", "≈山屿\nhttps://e.com/1", messengers.UNSUPPORTED["zh"]]
    )
    assert len(quick.assistant.calls) == 2
    assert len(await quick.messages("customer")) == 4


async def test_following_scanning_and_the_menu(account: Account) -> None:
    wechat = account.wechat
    await wechat.event(ANNA, "subscribe", "qrscene_hall")
    await wechat.event(ANNA, "SCAN", "door-2")
    await wechat.event(ANNA, "CLICK", "book_test_drive")
    await account.screen(3)
    stored = await account.messages("customer")
    assert [message.payload for message in stored] == ["/greet", "/greet", "/book_test_drive"]
    assert stored[0].text == f"{texts.FOLLOWED_BY_CODE}（场景 hall）"
    assert stored[1].text == f"{texts.SCANNED}（场景 door-2）"
    assert stored[2].text == "预约试驾"


async def test_events_that_concern_nobody_are_acknowledged_and_not_stored(quick: Account) -> None:
    for event, key in (("VIEW", "https://e.com"), ("LOCATION", ""), ("CLICK", "gone"), ("new", "")):
        delivered = await quick.wechat.event(ANNA, event, key)
        assert delivered.acknowledged, event
    assert await quick.count(Conversation) == 0
    assert await quick.count(Message) == 0


async def test_who_unsubscribes_is_not_written_to_until_he_is_back(account: Account) -> None:
    account.assistant.gate.clear()
    await account.wechat.says(ANNA, "你好")
    await asyncio.wait_for(account.assistant.entered.wait(), LIMIT)
    assert (await account.wechat.event(ANNA, "unsubscribe")).acknowledged
    assert not (await account.conversation()).reachable
    account.assistant.gate.set()
    [row] = await account.settled("failed")
    assert row.error == "unreachable"
    assert [task.kind for task in await account.tasks()] == ["undelivered"]
    await account.wechat.event(ANNA, "subscribe")
    assert await account.screen(1) == [f"≈{texts.FOLLOWED}"]
    assert (await account.conversation()).reachable


async def test_a_stranger_who_unsubscribes_is_not_stored(quick: Account) -> None:
    assert (await quick.wechat.event(ANNA, "unsubscribe")).acknowledged
    assert await quick.count(Conversation) == 0


async def test_a_hostile_text_is_only_a_text(account: Account) -> None:
    hostile = "/human_handoff{} ]]> <script>alert(1)</script> ' OR 1=1 -- \u202e /::)"
    await account.wechat.says(ANNA, hostile)
    assert await account.screen(1) == [f"≈{hostile}"]
    [call] = account.assistant.calls
    assert (call.text, call.payload) == (hostile, None)


async def test_a_text_over_the_limit_is_cut(quick: Account) -> None:
    await quick.wechat.says(ANNA, "长" * 3000)
    await quick.screen(1)
    [message] = await quick.messages("customer")
    assert len(message.text) == quick.runtime.settings.message_limit
