"""The same system with its store and Rasa's tracker on PostgreSQL."""

from pathlib import Path

import httpx

from tests.e2e import demo
from tests.e2e.conftest import NOW
from tests.e2e.customer import Customer, Office
from tests.postgres import PostgresServer
from tests.system import RunningSystem


def test_a_price_and_a_booking(postgres_server: PostgresServer, tmp_path: Path) -> None:
    address = postgres_server.new_database()
    with (
        RunningSystem(tmp_path, clock=NOW, database_url=address) as system,
        httpx.Client(base_url=system.base_url, timeout=40, trust_env=False) as client,
    ):
        office = Office(client, system.staff_token())
        customer = Customer.arrives(client, "zh-CN")
        told = customer.say("山屿多少钱？")
        assert demo.amounts(told) == set(demo.trim_prices("shanyu").values())
        customer.say("我想试驾山屿", "周五下午四点", "我叫王伟")
        # What the form knows is in the tracker, and outlives Rasa.
        system.restart("rasa")
        customer.say("13800000001", "确认")
        [booked] = office.of("test-drives", customer)
        assert booked["number"] == customer.number
        assert booked["starts_at"] == "2026-11-27T16:00:00+08:00"
        assert (booked["model"]["code"], booked["customer"]["name"]) == ("shanyu", "王伟")
        assert not (system.var / "chefu.db").exists()
