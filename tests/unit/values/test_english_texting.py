"""Values as English-speaking customers text them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from values import find_all

NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def kinds(text: str) -> dict[str, object]:
    return {mention.kind: mention.value for mention in find_all(text, now=NOW)}


@pytest.mark.parametrize(
    "text",
    [
        "order number is 88123",
        "my order no. 88123",
        "invoice number 88123",
        "订单号是88123",
        "合同编号88123",
    ],
)
def test_a_number_of_papers_is_no_money(text: str) -> None:
    assert "money" not in kinds(text)


@pytest.mark.parametrize(
    "text", ["my budget is 150000", "the number is 150000 yuan", "order it for 150000"]
)
def test_a_number_beside_an_order_may_be_money(text: str) -> None:
    assert "money" in kinds(text)


@pytest.mark.parametrize(
    "text", ["what if i only want to pay for two years", "how much deposit over two years"]
)
def test_years_that_are_paid_for_are_a_term(text: str) -> None:
    assert kinds(text)["months"] == {"months": 24}


@pytest.mark.parametrize("text", ["is it covered for two years", "it is two years old"])
def test_other_years_are_none(text: str) -> None:
    assert "months" not in kinds(text)


@pytest.mark.parametrize("text", ["thats done a million km", "it has a million kms on it"])
def test_a_million_kilometres(text: str) -> None:
    assert kinds(text)["mileage"] == {"km": 1_000_000, "approximate": False}
