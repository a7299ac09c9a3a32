"""What comes in between: danger while a form is open, doubt after an answer, what a check costs."""

import pytest

from backend.models import ServiceBooking, TestDriveBooking
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.drives import SHANYU, ready
from tests.integration.actions.records import rows, tasks

MINOR = mention("service_item", "minor_service")
HOTLINE = demo.read("dealership")["dealership"]["hotline"]


@pytest.mark.parametrize("intent", ["inform", "ask_maintenance_price", "nlu_fallback", "affirm"])
async def test_danger_closes_a_drive_whatever_it_is_taken_for(
    chat: Dialogue, services: Services, intent: str
) -> None:
    await ready(chat)
    said = await chat.says("我车机舱冒烟了", intent)
    assert names(said)[0] == "utter_danger"
    assert said[0].values["hotline"] == HOTLINE
    assert chat.loop is None
    assert chat.slots["requested_slot"] is None
    assert await rows(services, TestDriveBooking) == []
    assert [task.kind for task in await tasks(services)] == ["danger"]


async def test_danger_closes_a_visit(chat: Dialogue, services: Services) -> None:
    await chat.says("山屿周六上午十点做小保养", "book_maintenance", SHANYU, MINOR)
    said = await chat.says("刹车失灵了", "inform")
    assert names(said)[0] == "utter_danger"
    assert chat.loop is None
    assert await rows(services, ServiceBooking) == []


async def test_an_answer_in_doubt_is_not_counted(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("山屿咋样啊这个", "nlu_fallback", SHANYU)
    assert said.response is None
    (said,) = await chat.says("那个啥", "nlu_fallback")
    assert said.response == "utter_unsure"
    assert await tasks(services) == []


async def test_suggestions_under_another_intent_count(chat: Dialogue, services: Services) -> None:
    (said,) = await chat.says("嗯那个", "inform")
    assert said.response == "utter_unsure"
    said_then = await chat.says("就那个", "nlu_fallback")
    assert names(said_then) == ["utter_unsure_again", "utter_hand_over_open"]
    assert [task.kind for task in await tasks(services)] == ["handover"]


@pytest.mark.parametrize("intent", ["ask_price", "ask_onroad_price"])
async def test_how_much_after_a_fault_is_the_price_of_finding_it(
    chat: Dialogue, intent: str
) -> None:
    await chat.says("方向盘抖得厉害", "report_fault")
    said, *_ = await chat.says("要多少钱", intent)
    parts, labour = demo.service_price("diagnosis")
    assert demo.yuan(parts + labour) in said.text


async def test_how_much_a_car_costs_stays_a_question_about_the_car(chat: Dialogue) -> None:
    await chat.says("方向盘抖得厉害", "report_fault")
    said, *_ = await chat.says("山屿多少钱", "ask_price", SHANYU)
    cheapest = min(demo.trims_of("shanyu"), key=lambda code: demo.prices()[code])
    assert demo.wan(demo.prices()[cheapest]) in said.text
