"""A price is told as the approved price list has it, in the customer's language."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.e2e import demo
from tests.e2e.conftest import NOW
from tests.e2e.customer import Customer, Office

Arrives = Callable[..., Customer]


@pytest.mark.parametrize(
    ("question", "model"),
    [
        ("山屿多少钱？", "shanyu"),
        ("归途M8什么价格", "guitu-m8"),
        ("How much is the Shanyu?", "shanyu"),
        ("what does the Xinghe E5 cost", "xinghe-e5"),
    ],
)
def test_a_price_question(arrives: Arrives, question: str, model: str) -> None:
    customer = arrives()
    answer = customer.say(question)
    assert demo.amounts(answer) == set(demo.trim_prices(model).values())
    chinese = any("\u4e00" <= char <= "\u9fff" for char in question)
    assert ("万元" in answer, "CNY" in answer) == (chinese, not chinese)


@pytest.mark.parametrize(
    ("question", "more"), [("山屿多少钱？", "高配呢？"), ("云驰什么价", "那山屿最高配呢")]
)
def test_the_thread_is_kept(arrives: Arrives, question: str, more: str) -> None:
    customer = arrives()
    answer = customer.say(question, more)
    assert demo.amounts(answer) == {max(demo.trim_prices("shanyu").values())}


def test_the_page_decides_before_any_word_does(arrives: Arrives) -> None:
    english, chinese = arrives("en-GB"), arrives("zh-CN")
    assert english.say("13800000001").isascii()
    assert not chinese.say("13800000001").isascii()


def test_staff_read_what_was_said_and_what_was_understood(arrives: Arrives, office: Office) -> None:
    customer = arrives("zh-CN")
    customer.say("请问山屿多少钱？")
    seen = office.conversation(customer)
    assert (seen["owner"], seen["language"], seen["locale"]) == ("assistant", "zh", "zh-CN")
    asked, *answers = seen["messages"]
    assert (asked["sender"], asked["text"]) == ("customer", "请问山屿多少钱？")
    assert (asked["channel"], asked["delivery"], asked["turn"]) == ("web", "received", "done")
    assert asked["intent"] == "ask_price"
    assert 0.5 < asked["confidence"] <= 1
    assert asked["ranking"][0]["intent"] == "ask_price"
    [model] = [one for one in asked["entities"] if one["entity"] == "model"]
    assert model["value"] == "shanyu"
    assert asked["text"][model["start"] : model["end"]] == model["text"] == "山屿"
    assert [one["text"] for one in answers] == [one["text"] for one in customer.heard]
    for answer in answers:
        assert (answer["sender"], answer["reply_to"]) == ("assistant", asked["id"])
        assert answer["delivery"] == "sent"
    since = datetime.fromisoformat(asked["sent_at"]) - NOW
    assert timedelta(0) <= since < timedelta(minutes=20)
    assert asked["sent_at"].endswith("+08:00")
