"""Two processes of Rasa and two of the actions, on PostgreSQL and Redis, take turns."""

from itertools import cycle
from pathlib import Path
from uuid import uuid4

import httpx

from tests.e2e.conftest import NOW
from tests.e2e.customer import Customer, Office
from tests.postgres import PostgresServer
from tests.redis_server import RedisServer
from tests.system import RunningSystem

SAID = ("我想试驾山屿", "周五下午四点", "有天窗吗", "我叫王伟", "13800000001", "确认")


def test_a_booking_through_both(postgres_server: PostgresServer, tmp_path: Path) -> None:
    with RedisServer() as redis:
        settings = {
            "CHEFU_REDIS_URL": redis.url,
            "CHEFU_RASA_PROCESSES": "2",
            "CHEFU_ACTIONS_PROCESSES": "2",
        }
        address = postgres_server.new_database()
        with (
            RunningSystem(tmp_path, clock=NOW, database_url=address, settings=settings) as system,
            httpx.Client(base_url=system.base_url, timeout=40, trust_env=False) as client,
        ):
            customer = Customer.arrives(client, "zh-CN")
            assert len(system.rasa_urls) == 2
            for text, rasa in zip(SAID, cycle(system.rasa_urls), strict=False):
                answer = client.post(
                    f"{rasa}/webhooks/chefu/webhook",
                    headers={"X-Chefu-Secret": system.channel_secret},
                    json={"sender": customer.id, "message_id": uuid4().hex, "text": text},
                )
                assert answer.status_code == 200, answer.text
                assert answer.json()["messages"], text
            office = Office(client, system.staff_token())
            [booked] = office.of("test-drives", customer)
            assert booked["starts_at"] == "2026-11-27T16:00:00+08:00"
            assert booked["customer"]["name"] == "王伟"
            # Nothing of it is left where the turns of a conversation are kept.
            forgotten = client.post(
                f"{system.rasa_url}/webhooks/chefu/forget",
                headers={"X-Chefu-Secret": system.channel_secret},
                json={"sender": customer.id},
            )
            assert forgotten.json() == {"status": "ok"}
            for rasa in system.rasa_urls:
                answer = client.post(
                    f"{rasa}/webhooks/chefu/webhook",
                    headers={"X-Chefu-Secret": system.channel_secret},
                    json={"sender": customer.id, "message_id": uuid4().hex, "text": "再说一遍"},
                )
                assert "16:00" not in answer.text
