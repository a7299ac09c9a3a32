"""Rasa dies with a message in its hands: the customer is answered all the same, and once."""

import os
import signal
import time
from collections.abc import Callable

from tests.e2e.customer import PATIENCE, Customer, Office
from tests.system import RunningSystem

Arrives = Callable[..., Customer]


def test_rasa_is_killed_while_a_booking_is_confirmed(
    system: RunningSystem, arrives: Arrives, office: Office
) -> None:
    customer = arrives("zh-CN")
    customer.say("我是周宁，想约12月6日上午十点试驾山屿，电话13800000011")
    choice = customer.buttons["确认预约"]
    # It still takes the request and never answers: the message is in flight for certain.
    os.kill(system.pid("rasa"), signal.SIGSTOP)
    posted = customer.post(client_message_id="confirm", choice=choice)
    assert posted.status_code == 202
    customer.seq = posted.json()["seq"]
    while office.conversation(customer)["messages"][-1]["turn"] != "running":
        assert customer.read()["typing"]
    killed = time.monotonic()
    system.kill("rasa")
    system.start("rasa")
    customer.listen()
    assert time.monotonic() - killed < PATIENCE
    booked = office.of("test-drives", customer)
    if customer.heard[0]["sender"] == "system":
        assert booked == []
        assert office.conversation(customer)["owner"] == "waiting"
    else:
        assert [one["number"] for one in booked] == [customer.number]
    # The client did not get the answer to its request and sends it again.
    assert customer.post(client_message_id="confirm", choice=choice).json() == posted.json()
    customer.say("山屿多少钱？")
    assert customer.heard[0]["sender"] == "assistant"
    assert len(office.of("test-drives", customer)) == len(booked)
