"""A complaint is lodged in the customer's words, numbered, and due at a time that is told."""

from collections.abc import Callable

import pytest

from tests.e2e.customer import Customer, Office

Arrives = Callable[..., Customer]


@pytest.mark.parametrize(
    ("said", "words", "phone"),
    [
        (["我要投诉，销售态度很差，等了两个小时没人理"], "等了两个小时没人理", "13800000006"),
        (
            ["I want to complain", "The salesman was rude and I waited two hours"],
            "The salesman was rude and I waited two hours",
            "13800000007",
        ),
    ],
    ids=["zh", "en"],
)
def test_a_complaint(
    arrives: Arrives, office: Office, said: list[str], words: str, phone: str
) -> None:
    customer = arrives()
    customer.say(*said)
    number = customer.number
    [lodged] = office.of("complaints", customer)
    assert lodged["number"] == number
    assert words in lodged["text"]
    assert lodged["state"] == "open"
    assert lodged["due_at"] > lodged["created_at"]
    assert lodged["due_at"][11:16] in customer.text
    customer.say(phone)
    [lodged] = office.of("complaints", customer)
    assert (lodged["number"], lodged["contact_phone"]) == (number, f"+86{phone}")
