"""Within the documented limits of the Cloud API, whatever is to be said."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.channels.base import Outgoing, Part
from backend.channels.whatsapp.composing import compose, template
from tests.fakes.whatsapp import _broken_interactive


def outgoing(*parts: Part, address: str = "8613800000001") -> Outgoing:
    return Outgoing(address, parts, "reply", "zh", "key")


def interactive(*parts: Part) -> Any:
    return compose(outgoing(*parts))[-1]["interactive"]


def offering(*titles: str, text: str = "？") -> Part:
    return Part(text, buttons=tuple((f"c{n}", title) for n, title in enumerate(titles)))


def test_a_text() -> None:
    [payload] = compose(outgoing(Part("你好 https://a.test")))
    assert payload == {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "8613800000001",
        "type": "text", "text": {"body": "你好 https://a.test", "preview_url": False},
        "biz_opaque_callback_data": "key",
    }  # fmt: skip


def test_a_customer_without_a_number_is_addressed_by_the_id() -> None:
    [payload] = compose(outgoing(Part("你好"), address="CN.13491208655302741918"))
    assert payload["recipient"] == "CN.13491208655302741918"
    assert "to" not in payload


def test_only_the_last_of_several_calls_stands_for_the_whole() -> None:
    payloads = compose(outgoing(offering("好", text="价" * 9000)))
    assert [payload.get("biz_opaque_callback_data") for payload in payloads] == [None, None, "key"]
    assert [payload["type"] for payload in payloads] == ["text", "text", "interactive"]


def test_buttons_while_they_fit_and_a_list_otherwise() -> None:
    kinds = {
        "three": interactive(offering("一", "二", "三"))["type"],
        "four": interactive(offering("一", "二", "三", "四"))["type"],
        "twenty": interactive(offering("价" * 20))["type"],
        "twenty-one": interactive(offering("价" * 21))["type"],
        "twice the same": interactive(offering("一", "一"))["type"],
        "long text": interactive(offering("一", text="价" * 1025))["type"],
    }
    assert kinds == {
        "three": "button", "four": "list", "twenty": "button", "twenty-one": "list",
        "twice the same": "list", "long text": "list",
    }  # fmt: skip


def test_a_row_shows_its_whole_title_below() -> None:
    long = "价" * 30
    rows = interactive(offering("一", "二", "三", long))["action"]["sections"][0]["rows"]
    assert rows[0] == {"id": "c0", "title": "一"}
    assert rows[3] == {"id": "c3", "title": "价" * 23 + "…", "description": long}


titles = st.text(min_size=1, max_size=90).filter(lambda text: text.strip())
cards = st.fixed_dictionaries(
    {"title": st.text(max_size=60)},
    optional={
        "subtitle": st.text(max_size=200),
        "facts": st.lists(st.fixed_dictionaries({"label": titles, "value": titles}), max_size=4),
        "buttons": st.lists(
            st.fixed_dictionaries({"title": titles, "choice": st.uuids().map(str)}), max_size=6
        ),
    },
)
parts = st.builds(
    Part,
    text=st.text(max_size=50) | st.integers(900, 5000).map(lambda size: "价" * size),
    buttons=st.lists(st.tuples(st.uuids().map(str), titles), max_size=12).map(tuple),
    cards=st.lists(cards, max_size=4).map(tuple),
)


@given(st.lists(parts, min_size=1, max_size=5).map(tuple))
def test_whatever_is_to_be_said_is_within_the_limits(said: tuple[Part, ...]) -> None:
    for payload in compose(outgoing(*said)):
        body: Any = payload
        if payload["type"] == "text":
            assert 0 < len(body["text"]["body"]) <= 4096
        else:
            assert _broken_interactive(body["interactive"]) == ""


def value(text: str) -> str:
    made: Any = template(outgoing(Part(text)), "remind", "zh_CN")
    assert made["template"]["name"] == "remind"
    found: str = made["template"]["components"][0]["parameters"][0]["text"]
    return found


def test_a_variable_of_a_template_is_one_line() -> None:
    assert value("明天\t10:00\n\n地址：  文一路      1 号\r\n") == "明天 10:00 · 地址： 文一路 1 号"
    assert len(value("价" * 5000)) == 900
