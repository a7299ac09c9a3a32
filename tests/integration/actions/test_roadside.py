"""A request for help where the car stands: on record at once, completed as it is told."""

import pytest
from sqlalchemy import select

from backend.diagnosis import roadside
from backend.models import Customer, RoadsideRequest
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.conftest import both
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.records import tasks

HOTLINE = demo.read("dealership")["dealership"]["hotline"]
BUTTON = '/report_fault{"start_with": "roadside"}'


async def requests(services: Services) -> list[RoadsideRequest]:
    async with services.database.reading() as session:
        return list(await session.scalars(select(RoadsideRequest).order_by(RoadsideRequest.id)))


@both
async def test_number_hotline_and_task_come_first(chat: Dialogue, services: Services) -> None:
    await chat.says("发动机故障灯在闪", "report_fault")
    said = await chat.presses(BUTTON)
    assert names(said) == ["utter_roadside_requested", "utter_ask_roadside_place"]
    assert said[0].values["hotline"] == HOTLINE
    (row,) = await requests(services)
    assert row.number == said[0].values["number"]
    assert row.number.startswith("RS")
    assert row.diagnosis_id is not None
    assert "danger" in [task.kind for task in await tasks(services)]
    said = await chat.says("望湖大道和滨江路口，往东方向", "ask_location")
    assert names(said) == ["utter_ask_roadside_phone"]
    said = await chat.says("13800000009", "inform")
    assert names(said) == ["utter_roadside_done"]
    assert chat.loop is None
    (row,) = await requests(services)
    assert row.place == "望湖大道和滨江路口，往东方向"
    assert row.phone == "+8613800000009"
    async with services.database.reading() as session:
        customer = await session.get(Customer, row.customer_id)
    assert customer is not None
    assert customer.phone == "+8613800000009"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("车坏在路上了，帮我叫个拖车", "report_fault"),
        ("需要道路救援", "human_handoff"),
        ("派个人来救我", "human_handoff"),
        ("can you send a tow truck", "nlu_fallback"),
        ("I need a tow", "human_handoff"),
    ],
)
async def test_words_ask_for_it_too(
    chat: Dialogue, services: Services, text: str, intent: str
) -> None:
    said = await chat.says(text, intent)
    assert "utter_roadside_requested" in names(said)
    assert chat.loop == "roadside_form"
    assert len(await requests(services)) == 1


@pytest.mark.parametrize(
    "text", ["道路救援免费吗", "拖车多少钱", "is roadside assistance included"]
)
async def test_a_question_about_it_asks_for_none(
    chat: Dialogue, services: Services, text: str
) -> None:
    await chat.says(text, "ask_warranty")
    assert await requests(services) == []


async def test_danger_is_said_before_the_request(chat: Dialogue) -> None:
    said = await chat.says("刹车失灵了，快派拖车过来", "report_fault")
    assert names(said)[0] == "utter_danger"
    assert "utter_roadside_requested" in names(said)


async def test_a_place_in_the_same_message_is_taken(english: Dialogue, services: Services) -> None:
    said = await english.says(
        "I'm stuck on the G60 motorway near exit 12, send a tow truck, 13800000008", "report_fault"
    )
    (row,) = await requests(services)
    assert "G60 motorway near exit 12" in row.place
    assert row.phone == "+8613800000008"
    assert names(said)[-1] == "utter_roadside_done"


async def test_danger_inside_the_form_is_said_first(chat: Dialogue) -> None:
    await chat.says("叫拖车", "report_fault")
    said = await chat.says("机舱冒烟了，在滨江路边", "report_fault")
    assert names(said)[0] == "utter_danger"
    assert chat.slots["roadside_place"] == "滨江路边"


async def test_a_question_in_between(chat: Dialogue) -> None:
    await chat.says("叫拖车", "report_fault")
    said = await chat.says("你们几点关门", "ask_hours")
    assert names(said)[-1] == "utter_ask_roadside_place"
    assert chat.loop == "roadside_form"


async def test_stopping_leaves_the_request_standing(chat: Dialogue, services: Services) -> None:
    await chat.says("叫拖车", "report_fault")
    said = await chat.says("算了", "stop")
    assert names(said) == ["utter_roadside_stopped"]
    assert chat.loop is None
    (row,) = await requests(services)
    assert row.state == "open"
    said = await chat.says("取消救援", "stop")
    assert names(said) == ["utter_roadside_cancelled"]
    (row,) = await requests(services)
    assert row.state == "cancelled"


async def test_it_is_called_off_inside_the_form(chat: Dialogue, services: Services) -> None:
    await chat.says("叫拖车", "report_fault")
    said = await chat.says("不用拖车了，朋友来了", "deny")
    assert "utter_roadside_cancelled" in names(said)
    assert chat.loop is None
    (row,) = await requests(services)
    assert row.state == "cancelled"


async def test_twice_is_once(chat: Dialogue, services: Services) -> None:
    await chat.says("叫拖车", "report_fault")
    await chat.says("算了", "stop")
    said = await chat.presses(BUTTON)
    assert "utter_roadside_stands" in names(said)
    assert len(await requests(services)) == 1


async def test_a_number_one_digit_short_is_asked_again(chat: Dialogue, services: Services) -> None:
    await chat.says("叫拖车", "report_fault")
    await chat.says("滨江路加油站旁边", "inform")
    said = await chat.says("1380000000", "inform")
    assert names(said)[0] in ("utter_phone_invalid", "utter_explain_roadside_phone")
    said = await chat.says("不方便留", "deny")
    assert names(said) == ["utter_roadside_done_without_phone"]
    (row,) = await requests(services)
    assert row.phone is None


async def test_it_opens_from_another_form(chat: Dialogue, services: Services) -> None:
    await chat.says("想试驾山屿", "book_test_drive", mention("model", "shanyu"))
    await chat.says("不试了，车抛锚了，叫个拖车", "report_fault")
    assert len(await requests(services)) <= 1


@both
async def test_staff_say_how_far_it_is(chat: Dialogue, services: Services) -> None:
    await chat.says("叫拖车", "report_fault")
    (row,) = await requests(services)
    async with services.database.transaction() as session:
        await roadside.move_on(session, services.clock.now(), row.number, "done", actor="staff:1")
    await chat.says("算了", "stop")
    said = await chat.says("再叫个拖车", "report_fault")
    assert "utter_roadside_requested" in names(said)
    assert [one.state for one in await requests(services)] == ["done", "open"]


@both
async def test_a_place_with_a_phone_after_a_breakdown_asks_for_help_there(
    chat: Dialogue, services: Services
) -> None:
    await chat.says("我车打不着火了 在高速上", "report_fault")
    said = await chat.says("沪杭高速嘉兴服务区附近 电话13800000331", "out_of_scope")
    assert names(said) == ["utter_roadside_requested", "utter_roadside_done"]
    (row,) = await requests(services)
    assert (row.place, row.phone) == ("沪杭高速嘉兴服务区附近", "+8613800000331")
    (waits,) = await chat.says("要多久来", "ask_finance")
    assert row.number in waits.text
    assert HOTLINE in waits.text


async def test_who_waits_for_no_help_is_not_told_of_any(chat: Dialogue) -> None:
    (said, *_) = await chat.says("要多久来", "ask_hours")
    assert "救援" not in said.text
