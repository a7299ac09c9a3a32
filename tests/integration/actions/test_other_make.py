"""A car of another make in our workshop: it may come, but no price of ours is promised."""

from datetime import datetime

import pytest

from backend.appointments.outcomes import Refused
from backend.models import ServiceBooking
from backend.services import Services
from backend.workshop import service as workshop
from tests.integration.actions import demo
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import SHANGHAI, Dialogue, mention, names
from tests.integration.actions.records import rows

MINOR = mention("service_item", "minor_service")
SATURDAY = datetime(2026, 11, 28, 10, 0, tzinfo=SHANGHAI)
LATER = "到店检查后报价"


@both
async def test_no_price_is_told_and_none_is_booked(chat: Dialogue, services: Services) -> None:
    make = mention("make", "volkswagen", start=3, end=5)
    said = await chat.says("我的大众要做小保养", "book_maintenance", make, MINOR)
    assert names(said) == ["utter_other_make", "text", "utter_ask_service_time"]
    assert f"小保养：{LATER}" in said[1].text
    said += await chat.says("周六上午十点，浙A12345，王伟，13800000001", "inform")
    assert said[-1].response == "utter_confirm_service"
    assert LATER in said[-1].values["total"]
    said += await chat.says("确认", "affirm")
    assert "utter_service_booked" in names(said)
    (booking,) = await rows(services, ServiceBooking)
    assert (booking.model_id, booking.price, booking.starts_at) == (None, None, SATURDAY)
    told = "\n".join(one.shown("zh") for one in said)
    assert demo.yuan(sum(demo.service_price("minor_service"))) not in told


@pytest.mark.parametrize(
    ("other_make", "told"),
    [(True, sum(demo.service_price("minor_service"))), (False, None), (False, 1)],
)
async def test_a_sum_that_was_not_told_is_never_booked(
    services: Services, other_make: bool, told: int | None
) -> None:
    request = workshop.ServiceRequest(
        item_codes=("minor_service",), model_code=None, plate=None, mileage_km=None,
        starts_at=SATURDAY, name="王伟", phone="+8613800000001", language="zh",
        conversation_id=None, message_id="m-1", action="desk", note="", told_total=told,
        other_make=other_make, actor="staff:1",
    )  # fmt: skip
    async with services.database.transaction() as session:
        outcome = await workshop.book_service(session, services.clock.now(), request)
    assert isinstance(outcome, Refused)
    assert outcome.reason == "price_changed"
    assert await rows(services, ServiceBooking) == []
