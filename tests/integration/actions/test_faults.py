"""A reported fault: what is dangerous is answered first, and stays with the conversation."""

import pytest

from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.dialogue import Dialogue, mention, names
from tests.integration.actions.records import tasks

HOTLINE = demo.read("dealership")["dealership"]["hotline"]


@pytest.mark.parametrize(
    "text",
    [
        "刹车突然失灵了，踩不住",
        "刹车踩下去没反应",
        "机舱冒烟了",
        "一股汽油味，好像漏油了",
        "刚才撞车了",
        "my brakes suddenly stopped working",
        "there is smoke coming out of the bonnet",
    ],
)
async def test_danger_comes_before_everything(
    chat: Dialogue, services: Services, text: str
) -> None:
    said = await chat.says(text, "report_fault")
    assert names(said)[0] == "utter_danger"
    assert said[0].values["hotline"] == HOTLINE
    assert said[0].values["advice"]
    assert [task.kind for task in await tasks(services)] == ["danger"]


async def test_danger_is_answered_under_another_intent_too(chat: Dialogue) -> None:
    said = await chat.says("刹车失灵了", "ask_maintenance_price")
    assert names(said)[0] == "utter_danger"


async def test_may_i_drive_on_is_answered_by_what_was_told(chat: Dialogue) -> None:
    await chat.says("刹车失灵了", "report_fault")
    said = await chat.says("那还能开回家吗", "report_fault")
    assert names(said)[0] in ("utter_may_drive_stop_now", "utter_danger")


async def test_danger_ends_a_booking_that_was_under_way(chat: Dialogue) -> None:
    await chat.says("周六下午三点试驾山屿", "book_test_drive", mention("model", "shanyu"))
    said = await chat.says("我的车刹车失灵了", "report_fault")
    assert names(said)[0] == "utter_danger"
    assert chat.loop is None


@pytest.mark.parametrize(
    ("told", "asked", "intent", "response"),
    [
        ("刹车软了，踩下去没劲", "还能开吗", "ask_config", "utter_may_drive_stop_now"),
        ("刹车软了，踩下去没劲", "我在高速上", "inform", "utter_motorway_stop_now"),
        ("刹车软了，踩下去没劲", "停路边了", "nlu_fallback", "utter_stopped_stop_now"),
        ("刹车软了，踩下去没劲", "危险吗", "report_fault", "utter_dangerous_stop_now"),
        ("方向盘抖得厉害", "还能开吗", "inform", "utter_may_drive_grave"),
        ("发动机黄灯一直亮", "还能开吗", "nlu_fallback", "utter_may_drive_mild"),
        ("车子怪怪的", "那我还能开回家吗", "ask_config", "utter_may_drive_unclear"),
    ],
)
async def test_what_follows_is_answered_by_the_fault(
    chat: Dialogue, told: str, asked: str, intent: str, response: str
) -> None:
    await chat.says(told, "report_fault")
    said = await chat.says(asked, intent)
    assert names(said) == [response]
    assert HOTLINE in said[0].shown("zh")
    assert said[0].payloads[0] == '/book_maintenance{"start_with": "diagnosis"}'
    assert chat.slots["topic"]["offer"] == "book_diagnosis"


async def test_english_follow_ups(english: Dialogue) -> None:
    await english.says("my brakes feel really soft", "report_fault")
    (said,) = await english.says("can I still drive it?", "ask_config")
    assert said.shown("en").startswith("No, ")
    (said,) = await english.says("im on the highway", "inform")
    assert "behind the barrier" in said.shown("en")
    assert "150 m" in said.shown("en")
    assert "122" in said.shown("en")
    (said,) = await english.says("is it dangerous", "nlu_fallback")
    assert said.shown("en").startswith("Yes, it is dangerous")


async def test_it_never_gets_less_grave(chat: Dialogue) -> None:
    await chat.says("刹车失灵了", "report_fault")
    said = await chat.says("空调也不凉", "report_fault")
    assert names(said)[0] == "utter_danger"
    assert chat.slots["topic"]["danger"] == "stop_now"
    (one,) = await chat.says("还能开吗", "inform")
    assert one.response == "utter_may_drive_stop_now"


async def test_it_gets_graver(english: Dialogue) -> None:
    said = await english.says("a yellow engine light is on", "report_fault")
    assert names(said)[0] == "utter_fault_mild"
    said = await english.says("now it is blinking", "inform")
    assert names(said)[0] == "utter_fault_grave"
    said = await english.says("it turned red", "inform")
    assert names(said)[0] == "utter_danger"
    assert english.slots["topic"]["danger"] == "stop_now"


async def test_an_unclear_symptom_is_no_all_clear(chat: Dialogue) -> None:
    await chat.says("空调不凉", "report_fault")
    said = await chat.says("车子感觉怪怪的", "report_fault")
    assert names(said)[0] == "utter_fault"
    await chat.says("空调还是不凉", "report_fault")
    (one,) = await chat.says("还能开吗", "inform")
    assert one.response == "utter_may_drive_unclear"


@pytest.mark.parametrize("text", ["能开发票吗", "能开到几点", "有高速领航吗", "周六能试驾吗"])
async def test_other_questions_stay_what_they_are(chat: Dialogue, text: str) -> None:
    await chat.says("发动机黄灯一直亮", "report_fault")
    said = await chat.says(text, "ask_hours")
    assert not any(
        (name or "").startswith(("utter_may_drive", "utter_motorway")) for name in names(said)
    )


async def test_without_a_fault_nothing_is_said_of_driving_on(chat: Dialogue) -> None:
    said = await chat.says("还能开吗", "ask_hours")
    assert names(said) == ["text"]


async def test_a_yes_afterwards_books_the_check(chat: Dialogue) -> None:
    await chat.says("空调不凉", "report_fault")
    await chat.says("不用问了", "deny")
    await chat.says("好的", "affirm")
    assert chat.loop == "maintenance_form"
