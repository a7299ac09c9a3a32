"""Rasa hangs for a while: messages are taken all the same, and answered when it goes on."""

import os
import signal
from collections.abc import Callable

from tests.e2e.customer import Customer, Office
from tests.system import RunningSystem

Arrives = Callable[..., Customer]


def test_messages_to_a_rasa_that_hangs_are_answered_later(
    system: RunningSystem, arrives: Arrives, office: Office
) -> None:
    customers = [arrives("zh-CN") for _ in range(4)]
    os.kill(system.pid("rasa"), signal.SIGSTOP)
    try:
        for customer in customers:
            posted = [customer.post(text=text) for text in ("山屿多少钱？", "有天窗吗？")]
            assert [one.status_code for one in posted] == [202, 202]
            customer.seq = posted[-1].json()["seq"]
            shown = customer.read()
            assert [one["sender"] for one in shown["messages"]] == ["customer", "customer"]
            assert shown["typing"]
    finally:
        os.kill(system.pid("rasa"), signal.SIGCONT)
    for customer in customers:
        customer.listen()
        assert {one["sender"] for one in customer.heard} == {"assistant"}
        said = office.conversation(customer)["messages"]
        assert [one["turn"] for one in said if one["sender"] == "customer"] == ["done", "done"]
