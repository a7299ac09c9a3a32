"""Names, numbers and hours as customers give them to an open form."""

from datetime import datetime, timedelta

import pytest

from backend.services import Services
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.drives import FORM, PHONE, SATURDAY, SHANYU, demo_trims, taken
from tests.integration.actions.records import tasks


async def asked_for_time(chat: Dialogue) -> None:
    (said,) = await chat.says("试驾山屿", "book_test_drive", SHANYU)
    assert said.response == "utter_ask_test_drive_time"


async def asked_for_name(chat: Dialogue) -> None:
    said = await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    assert names(said)[-1] == "utter_ask_customer_name"


async def test_a_bare_hour_when_the_hour_was_asked_for(chat: Dialogue) -> None:
    await asked_for_time(chat)
    (said,) = await chat.says("周六", "inform")
    assert said.response == "utter_ask_hour"
    await chat.says("15", "inform")
    assert chat.slots["test_drive_time"] == SATURDAY.isoformat()


async def test_a_bare_number_is_no_hour_when_something_else_was_asked(chat: Dialogue) -> None:
    await asked_for_name(chat)
    await chat.says("10", "inform")
    assert chat.slots["test_drive_time"] == SATURDAY.isoformat()


async def test_a_bare_hour_in_a_change(chat: Dialogue) -> None:
    await asked_for_name(chat)
    said = await chat.says("改成 16", "inform")
    assert names(said)[0] == "utter_time_changed"
    assert chat.slots["test_drive_time"] == (SATURDAY + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize("text", ["2月30号下午三点", "Feb 30 at 3pm", "11月31日"])
async def test_a_day_that_no_calendar_has(chat: Dialogue, text: str) -> None:
    await asked_for_time(chat)
    said = await chat.says(text, "inform")
    assert names(said)[0] == "utter_no_such_day"
    assert chat.slots["test_drive_time"] is None
    assert chat.loop == FORM


@pytest.mark.parametrize("text", ["随便", "都可以", "any time is fine"])
async def test_any_time_is_the_first_free_one(
    chat: Dialogue, services: Services, text: str
) -> None:
    await asked_for_time(chat)
    await chat.says("周六下午三点", "inform")
    free = datetime.fromisoformat(chat.slots["test_drive_time"])
    assert free == SATURDAY
    await taken(services, "shanyu", SATURDAY, times=len(demo_trims("shanyu")))
    # Taken meanwhile: the name makes no difference, the choice of the day does.
    said = await chat.says("改到周日", "inform")
    assert names(said)[0] == "utter_time_changed"
    other = Dialogue(services, id="d" * 32)
    await asked_for_time(other)
    await other.says(text, "inform")
    chosen = datetime.fromisoformat(other.slots["test_drive_time"])
    assert services.clock.now() < chosen <= services.clock.now() + timedelta(hours=2)


async def test_any_time_of_a_named_day_is_on_that_day(chat: Dialogue) -> None:
    await asked_for_time(chat)
    await chat.says("周六", "inform")
    await chat.says("都行", "inform")
    chosen = datetime.fromisoformat(chat.slots["test_drive_time"])
    assert chosen.date() == SATURDAY.date()


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "name"),
    [
        ("王伟", "inform", 0.95, "王伟"),
        ("王伟", "ask_models", 0.7, "王伟"),
        ("许诺", "ask_promotion", 0.6, "许诺"),
        ("李娜", "goodbye", 0.8, "李娜"),
        ("John Smith", "chitchat", 0.4, "John Smith"),
    ],
)
async def test_a_name_is_a_name_where_it_was_asked_for(
    chat: Dialogue, text: str, intent: str, confidence: float, name: str
) -> None:
    await asked_for_name(chat)
    said = await chat.says(text, intent, confidence=confidence)
    assert chat.slots["customer_name"] == name
    assert names(said) == ["utter_ask_customer_phone"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("为什么要名字", "ask_capabilities"), ("几点关门", "ask_hours"), ("随便", "inform")],
)
async def test_a_question_is_no_name(chat: Dialogue, text: str, intent: str) -> None:
    await asked_for_name(chat)
    await chat.says(text, intent)
    assert chat.slots["customer_name"] is None
    assert chat.loop == FORM


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王伟，13800000001", "王伟"),
        ("王伟 电话 13800000001", "王伟"),
        ("王伟手机号码是13800000001", "王伟"),
        ("under John Smith, 13800000001", "John Smith"),
        ("John Smith, phone 13800000001", "John Smith"),
    ],
)
async def test_a_name_beside_a_phone_with_what_leads_to_them(
    chat: Dialogue, text: str, name: str
) -> None:
    await asked_for_name(chat)
    said = await chat.says(text, "inform")
    assert (chat.slots["customer_name"], chat.slots["customer_phone"]) == (name, PHONE)
    assert names(said) == ["utter_confirm_test_drive"]


@pytest.mark.parametrize("text", ["1380000000", "138000000012", "12345", "23800000001"])
async def test_a_number_that_is_no_phone_is_asked_again_once(chat: Dialogue, text: str) -> None:
    await asked_for_name(chat)
    await chat.says("王伟", "inform")
    said = await chat.says(text, "inform")
    assert names(said) == ["utter_phone_invalid"]
    assert chat.slots["customer_phone"] is None
    (said_last,) = await chat.says("13800000001", "inform")
    assert said_last.response == "utter_confirm_test_drive"


async def test_the_number_of_a_model_is_no_hour(chat: Dialogue) -> None:
    await asked_for_name(chat)
    x7 = mention("model", "xinghe-x7", start=4, end=8)
    await chat.says("还是换成星禾X7吧", "inform", x7)
    assert chat.slots["test_drive_model"] == "xinghe-x7"
    assert chat.slots["test_drive_time"] == SATURDAY.isoformat()


async def test_a_surname_and_then_the_name(chat: Dialogue) -> None:
    await asked_for_name(chat)
    await chat.says("我姓周，周涛", "inform")
    assert chat.slots["customer_name"] == "周涛"


async def test_the_phone_is_asked_for_with_the_name_while_it_is_not_known(chat: Dialogue) -> None:
    said = await chat.says("周六下午三点试驾山屿", "book_test_drive", SHANYU)
    assert said[-1].shown("zh") == "怎么称呼您，手机号是多少？"
    said = await chat.says("13800000001", "inform")
    assert said[-1].shown("zh") == "怎么称呼您？"


async def test_what_to_bring_is_answered_inside_the_form(chat: Dialogue) -> None:
    await asked_for_name(chat)
    said = await chat.says("试驾要带什么", "book_test_drive")
    assert "驾驶证" in said[0].text
    assert names(said)[-1] == "utter_ask_customer_name"


async def test_no_advertising_is_passed_on_beside_an_answer(
    chat: Dialogue, services: Services
) -> None:
    await asked_for_name(chat)
    await chat.says("王伟", "inform")
    said = await chat.says("13800000001，别给我打广告电话", "nlu_fallback")
    assert names(said)[-1] == "utter_confirm_test_drive"
    assert [task.note for task in await tasks(services)] == ["13800000001，别给我打广告电话"]
