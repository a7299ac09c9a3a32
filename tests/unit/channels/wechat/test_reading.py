"""What each kind of delivery means."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.channels.wechat import texts
from backend.channels.wechat.envelope import Refused
from backend.channels.wechat.reading import Finished, Left, Said, read
from backend.conversations.inbox import Attached, Inbound
from backend.texts import messengers
from tests.unit.channels.wechat.account import ACCOUNT

BASE = {"ToUserName": ACCOUNT, "FromUserName": "oReader-_1", "CreateTime": "1700000000"}
COMMANDS = {"book_test_drive": "/book_test_drive", "V1": "/ask_warranty"}


def meaning(**fields: str) -> Said | Left | Finished | None:
    return read({**BASE, **fields}, account=ACCOUNT, commands=COMMANDS)


def inbound(**fields: str) -> Inbound:
    found = meaning(**{"MsgId": "77", **fields})
    assert isinstance(found, Said)
    assert (found.inbound.channel, found.inbound.address) == ("wechat", "oReader-_1")
    return found.inbound


def test_text() -> None:
    found = inbound(MsgType="text", Content="山屿多少钱")
    assert (found.platform_id, found.text, found.payload, found.notice) == (
        "77", "山屿多少钱", None, None,
    )  # fmt: skip


def test_a_text_is_never_a_command() -> None:
    found = inbound(MsgType="text", Content="/human_handoff")
    assert (found.text, found.payload) == ("/human_handoff", None)


def test_a_press_on_a_menu_message_names_the_button() -> None:
    for pressed, menu_id in (("1234567", 1234567), ("0", 0), ("abc", 0), ("", 0), ("９", 0)):
        found = meaning(MsgType="text", MsgId="1", Content="1. 好", bizmsgmenuid=pressed)
        assert isinstance(found, Said)
        assert found.menu_id == menu_id


def test_picture() -> None:
    found = inbound(MsgType="image", MediaId="m-1_2", PicUrl="http://mmbiz.qpic.cn/x")
    assert (found.media, found.text, found.payload) == (Attached("m-1_2", "image"), "", None)


def test_voice_with_and_without_what_was_said() -> None:
    heard = inbound(MsgType="voice", MediaId="m1", Format="amr", Recognition="我想试驾。")
    assert (heard.text, heard.notice, heard.media) == (
        "我想试驾。", None, Attached("m1", "voice"),
    )  # fmt: skip
    unheard = inbound(MsgType="voice", MediaId="m1", Format="amr")
    assert unheard.notice == messengers.VOICE
    assert unheard.media == Attached("m1", "voice")


@pytest.mark.parametrize(
    ("kind", "kept"), [("video", "video"), ("shortvideo", "video"), ("file", "file")]
)
def test_what_only_a_person_can_look_at(kind: str, kept: str) -> None:
    found = inbound(MsgType=kind, MediaId="m1", Title="合同.pdf")
    assert (found.payload, found.media) == ("/human_handoff", Attached("m1", kept))
    assert found.text


def test_location_and_link() -> None:
    place = inbound(MsgType="location", Location_X="30.2", Location_Y="120.1", Label="西湖区")
    assert place.text == f"{texts.LOCATION} 西湖区"
    bare = inbound(MsgType="location", Location_X="30.2", Location_Y="120.1", Label="")
    assert bare.text == f"{texts.LOCATION} 30.2, 120.1"
    link = inbound(MsgType="link", Title="山屿", Description="新", Url="https://example.com/1")
    assert link.text == "山屿\nhttps://example.com/1"


@pytest.mark.parametrize(
    "fields",
    [
        {"MsgType": "music"},
        {"MsgType": "text", "Content": "【收到不支持的消息类型，暂无法显示】"},
        {"MsgType": "image"},
        {"MsgType": "image", "MediaId": "../../etc"},
    ],
)
def test_what_nobody_can_read(fields: dict[str, str]) -> None:
    found = inbound(**fields)
    assert found.notice == messengers.UNSUPPORTED
    assert found.text == texts.UNKNOWN


@pytest.mark.parametrize(
    ("fields", "text", "payload"),
    [
        ({"Event": "subscribe"}, texts.FOLLOWED, "/greet"),
        (
            {"Event": "subscribe", "EventKey": "qrscene_12"},
            f"{texts.FOLLOWED_BY_CODE}（场景 12）",
            "/greet",
        ),
        ({"Event": "SCAN", "EventKey": "hall-2"}, f"{texts.SCANNED}（场景 hall-2）", "/greet"),
        ({"Event": "CLICK", "EventKey": "book_test_drive"}, "预约试驾", "/book_test_drive"),
        ({"Event": "CLICK", "EventKey": "V1"}, "V1", "/ask_warranty"),
    ],
)
def test_events_that_the_assistant_answers(fields: dict[str, str], text: str, payload: str) -> None:
    found = meaning(MsgType="event", **fields)
    assert isinstance(found, Said)
    assert (found.inbound.text, found.inbound.payload) == (text, payload)


@pytest.mark.parametrize(
    "fields",
    [
        {"Event": "VIEW", "EventKey": "https://example.com"},
        {"Event": "LOCATION", "Latitude": "30.2"},
        {"Event": "CLICK", "EventKey": "unknown"},
        {"Event": "scancode_push"},
        {"Event": "a new one"},
        {},
    ],
)
def test_events_that_concern_nobody(fields: dict[str, str]) -> None:
    assert meaning(MsgType="event", **fields) is None


def test_unsubscribing_and_what_became_of_a_template() -> None:
    assert meaning(MsgType="event", Event="unsubscribe") == Left("oReader-_1")
    for status, state in (
        ("success", "delivered"),
        ("failed:user block", "failed"),
        ("failed: system failed", "failed"),
    ):
        found = meaning(MsgType="event", Event="TEMPLATESENDJOBFINISH", MsgID="9", Status=status)
        assert found == Finished("9", state)


def test_the_key_that_tells_a_repetition() -> None:
    def key(**fields: str) -> str:
        found = meaning(**fields)
        assert isinstance(found, Said)
        return found.inbound.platform_id

    scan = {"MsgType": "event", "Event": "SCAN", "EventKey": "1"}
    assert key(**scan) == key(**scan)
    others = [{"CreateTime": "1700000001"}, {"EventKey": "2"}, {"Event": "subscribe"}]
    assert len({key(**{**scan, **other}) for other in others} | {key(**scan)}) == 4
    # Presses on a menu message have been seen without an id.
    said = {"MsgType": "text", "Content": "满意"}
    assert key(**said) == key(**said) != key(**{**said, "Content": "不满意"})


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"FromUserName": ""}, 400),
        ({"FromUserName": "o x"}, 400),
        ({"FromUserName": "o" * 129}, 400),
        ({"MsgType": ""}, 400),
        ({"MsgType": "text", "CreateTime": "yesterday"}, 400),
        ({"ToUserName": "gh_another", "MsgType": "text", "MsgId": "1"}, 403),
    ],
)
def test_what_wechat_would_never_send(fields: dict[str, str], status: int) -> None:
    with pytest.raises(Refused) as refused:
        meaning(**fields)
    assert refused.value.status == status


NAMES = st.sampled_from(
    ("FromUserName", "MsgType", "CreateTime", "MsgId", "Content", "Event", "EventKey", "MediaId",
     "Recognition", "Title", "Url", "Label", "Status", "MsgID", "bizmsgmenuid")
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(("text", "image", "voice", "video", "file", "event", "CLICK", "SCAN", "1")),
)


@given(st.dictionaries(NAMES, VALUES))
def test_any_fields_are_read_or_refused(fields: Mapping[str, str]) -> None:
    try:
        found = read({**BASE, **fields}, account="", commands=COMMANDS)
    except Refused as refused:
        assert refused.status in (400, 403)
    else:
        assert found is None or isinstance(found, Said | Left | Finished)
