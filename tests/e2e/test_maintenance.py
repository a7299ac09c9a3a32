"""A maintenance visit: its price is told before it is confirmed, and is the record's."""

from collections.abc import Callable

import pytest

from tests.e2e import demo
from tests.e2e.customer import Customer, Office

Arrives = Callable[..., Customer]


@pytest.mark.parametrize(
    ("said", "yes", "expected"),
    [
        (
            [
                "我要预约保养",
                "山屿，两万公里，做小保养",
                "周六上午九点",
                "浙A12345",
                "王伟 13800000003",
            ],
            "确认",
            ("minor_service", "2026-11-28T09:00:00+08:00", "浙A12345", 20_000, "王伟"),
        ),
        (
            [
                "I want to book a major service for my Shanyu",
                "Friday 10am",
                "浙A12346",
                "Tom Baker",
                "13800000004",
            ],
            "yes",
            ("major_service", "2026-11-27T10:00:00+08:00", "浙A12346", None, "Tom Baker"),
        ),
    ],
    ids=["zh", "en"],
)
def test_a_visit(
    arrives: Arrives,
    office: Office,
    said: list[str],
    yes: str,
    expected: tuple[str, str, str, int | None, str],
) -> None:
    item, starts_at, plate, mileage, name = expected
    price = demo.service_price(item, "shanyu")
    customer = arrives()
    check = customer.say(*said)
    assert price in demo.amounts(check)
    assert office.records(customer) == []
    customer.say(yes)
    [booked] = office.of("service-bookings", customer)
    assert booked["number"] == customer.number
    assert (booked["price"], booked["currency"]) == (price * 100, "CNY")
    assert [line["code"] for line in booked["items"]] == [item]
    assert sum(line["parts"] + line["labour"] for line in booked["items"]) == booked["price"]
    assert booked["starts_at"] == starts_at
    assert (booked["plate"], booked["mileage_km"]) == (plate, mileage)
    assert (booked["customer"]["name"], booked["state"]) == (name, "booked")


def test_a_change_of_mind_changes_the_price(arrives: Arrives, office: Office) -> None:
    customer = arrives()
    first = customer.say("山屿想做小保养", "周日上午十点", "浙A12347", "李娜 13800000005")
    assert demo.service_price("minor_service", "shanyu") in demo.amounts(first)
    second = customer.say("改成大保养吧")
    price = demo.service_price("major_service", "shanyu")
    assert price in demo.amounts(second)
    customer.say("确认")
    [booked] = office.of("service-bookings", customer)
    assert (booked["price"], booked["number"]) == (price * 100, customer.number)


def test_a_visit_given_up_leaves_no_record(arrives: Arrives, office: Office) -> None:
    customer = arrives()
    customer.say("山屿想做小保养", "周六下午三点", "浙A12348", "算了，不约了", "确认")
    assert office.records(customer) == []
