"""A test drive from the first word to the record that staff see, and the ways to leave it."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e import demo
from tests.e2e.customer import Customer, Office

Arrives = Callable[..., Customer]


@pytest.mark.parametrize(
    ("locale", "said", "question", "correction", "person", "phone", "yes", "expected"),
    [
        (
            "zh-CN",
            ["我想试驾山屿", "明天下午三点"],
            "山屿多少钱？",
            "改成周五下午四点吧",
            "我叫王伟",
            "13800000001",
            "确认",
            ("shanyu", "2026-11-27T16:00:00+08:00", "王伟", "+8613800000001"),
        ),
        (
            "en-GB",
            ["I'd like to book a test drive of the Yunchi", "tomorrow at 3pm"],
            "how much is it?",
            "no, make it Friday at 4pm",
            "My name is Tom Baker",
            "13800000002",
            "yes please",
            ("yunchi", "2026-11-27T16:00:00+08:00", "Tom Baker", "+8613800000002"),
        ),
    ],
    ids=["zh", "en"],
)
def test_a_test_drive_with_a_question_and_a_correction(
    arrives: Arrives,
    office: Office,
    locale: str,
    said: list[str],
    question: str,
    correction: str,
    person: str,
    phone: str,
    yes: str,
    expected: tuple[str, str, str, str],
) -> None:
    model, starts_at, name, number = expected
    customer = arrives(locale)
    customer.say(*said)
    answer = customer.say(question)
    assert demo.amounts(answer) == set(demo.trim_prices(model).values())
    asked_again = customer.heard[-1]["text"]
    customer.say(correction)
    assert customer.heard[-1]["text"] == asked_again
    customer.say(person)
    check = customer.say(phone)
    assert "16:00" in check
    assert "15:00" not in check
    assert name in check
    assert office.records(customer) == []
    customer.say(yes)
    [booked] = office.of("test-drives", customer)
    assert booked["number"] == customer.number
    assert booked["model"]["code"] == model
    assert booked["starts_at"] == starts_at
    assert (booked["customer"]["name"], booked["customer"]["phone"]) == (name, number)
    assert (booked["state"], booked["conversation_id"]) == ("booked", customer.id)
    assert booked["car"]["plate"]


def test_everything_in_one_message(arrives: Arrives, office: Office) -> None:
    customer = arrives()
    check = customer.say("我是李娜，想约周日上午十点试驾星禾E5，电话13800000003")
    assert "10:00" in check
    customer.press("确认预约")
    [booked] = office.of("test-drives", customer)
    assert booked["number"] == customer.number
    assert booked["model"]["code"] == "xinghe-e5"
    assert booked["starts_at"] == "2026-11-29T10:00:00+08:00"
    assert (booked["customer"]["name"], booked["customer"]["phone"]) == ("李娜", "+8613800000003")


@pytest.mark.parametrize(
    ("said", "stop", "after"),
    [
        (["我想试驾山屿", "周六下午两点"], "算了，不试了", ["王伟", "13800000001", "确认"]),
        (
            ["I want to test drive the Shanyu", "Saturday 2pm", "My name is Tom Baker"],
            "never mind, cancel",
            ["13800000002", "yes"],
        ),
    ],
    ids=["zh", "en"],
)
def test_a_stop_in_the_middle_books_nothing(
    arrives: Arrives, office: Office, said: list[str], stop: str, after: list[str]
) -> None:
    customer = arrives()
    customer.say(*said, stop)
    customer.say(*after)
    assert office.records(customer) == []


def test_a_stop_at_the_very_end_books_nothing(arrives: Arrives, office: Office) -> None:
    customer = arrives()
    customer.say("我是李娜，想约周日下午两点试驾青岚，电话13800000003")
    customer.press("取消")
    customer.say("确认")
    assert office.records(customer) == []


def test_a_confirmation_sent_again_books_once(arrives: Arrives, office: Office) -> None:
    customer = arrives()
    customer.say("我是赵敏，想约周日下午三点试驾远岳，电话13800000004")
    choice = customer.buttons["确认预约"]
    with ThreadPoolExecutor(8) as pool:
        posted = list(
            pool.map(lambda _: customer.post(client_message_id="confirm", choice=choice), range(8))
        )
    assert Counter(response.status_code for response in posted) == {202: 8}
    [accepted] = {(r.json()["message_id"], r.json()["seq"]) for r in posted}
    customer.seq = accepted[1]
    customer.listen()
    number = customer.number
    assert customer.post(client_message_id="confirm", choice=choice).json()["seq"] == accepted[1]
    # The same button once more, as another message: there is nothing left to confirm.
    customer.say("确认")
    [booked] = office.of("test-drives", customer)
    assert booked["number"] == number


def test_the_last_car_is_booked_once(arrives: Arrives, office: Office) -> None:
    """Two customers confirm the same car at the same time: one is booked, both get an answer."""
    customers = [arrives(), arrives()]
    for index, customer in enumerate(customers):
        check = customer.say(f"我是孙丽，想约12月5日上午十点试驾归途M8，电话1380000001{index}")
        assert "10:00" in check
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one.press("确认预约"), customers))
    booked = [len(office.of("test-drives", customer)) for customer in customers]
    assert sorted(booked) == [0, 1]
